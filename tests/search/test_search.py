"""The search as readers have it: dialog and page, by keyboard, filtered, under a policy, below a path, from disk."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kb import corpus, offline, wordlists
from kb.sphinx import search
from tests import sample
from tests.conftest import Built, Quiet
from tests.search.test_query import HOSTILE
from tests.test_browser import opened

pytestmark = pytest.mark.browser
Served = Callable[[Path], str]

SITE: dict[str, str | bytes | None] = {
    "site.toml": sample.SITE.replace(
        "[review_months]",
        '[address]\nrepository = "https://forge.example.org/notes"\n[search]\nstop = "kya hai"\n'
        '[search.letters]\n"ك" = "ک"\n[search.words]\ncoverage = ["ہواری"]\n[review_months]',
    ),
    "docs/glossary/lca.md": sample.ENTRY.replace(
        "entry_kind: regulator", "urdu: {name: کمیونیکیشن اتھارٹی, source: gazette-2000-act}\nentry_kind: regulator"
    ),
}


def hits(page: Page) -> list[str]:
    """Paths of the results."""
    paths = "rows => rows.map(row => row.querySelector('a').pathname)"
    found: list[str] = page.eval_on_selector_all("#search-results > li", paths)
    return found


@pytest.fixture
def base(built: Built, served: Served) -> str:
    """The sample with a repository and an Urdu name."""
    return served(built(SITE))


def test_dialog_by_keyboard_alone(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/networks/spectrum.html") as page:
        start = page.locator("article a").first
        start.focus()
        page.keyboard.press("Control+k")
        field = page.locator("#kb-dialog input")
        expect(field).to_be_focused()
        page.keyboard.type("coverage")
        expect(page.locator("#kb-dialog [role=status]")).to_contain_text("for “coverage”")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#kb-dialog .kb-hit").first).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(field).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#kb-dialog")).to_be_hidden()
        expect(start).to_be_focused()
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/networks/coverage.html")


def test_dialog_shows_definition_status_section_and_two_lines(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/index.html") as page:
        page.click(".sidebar-search")
        page.keyboard.type("lca")
        first = page.locator("#kb-dialog li").first
        expect(first).to_contain_text("Regulator of communications in Lesotho.")
        expect(first.locator(".kb-badge")).to_have_text("regulator, active")
        page.keyboard.press("Control+a")
        page.keyboard.type("speed measured")
        section = page.locator("#kb-dialog .kb-section a").first
        expect(section).to_have_attribute("href", re.compile("#what-is-not-measured$"))
        excerpt = page.locator("#kb-dialog .kb-excerpt").first
        expect(excerpt).to_have_attribute("dir", "auto")
        assert excerpt.evaluate("node => node.offsetHeight <= 2.2 * parseFloat(getComputedStyle(node).lineHeight)")
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".sidebar-search")).to_be_focused()


def test_the_dialog_fits_a_phone(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/index.html") as page:
        page.set_viewport_size({"width": 360, "height": 740})
        page.keyboard.press("/")
        page.keyboard.type("coverage")
        close = page.get_by_role("button", name="Close").bounding_box()
        box = page.locator("#kb-dialog").bounding_box()
        assert close
        assert box
        assert 0 <= box["x"] < close["x"] + close["width"] <= box["x"] + box["width"] <= 360


def test_text_typed_into_the_sidebar_moves_into_the_dialog(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/index.html") as page:
        page.locator(".sidebar-search").focus()
        page.keyboard.type("spectrum")
        expect(page.locator("#kb-dialog input")).to_have_value("spectrum")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=spectrum")
        page.wait_for_selector("#search-summary:not(:empty)")


def test_addresses_are_shared_and_back_goes_back(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/search.html?q=coverage") as page:
        page.wait_for_selector("#search-summary:not(:empty)")
        page.fill("#kb-query", "spectrum")
        page.keyboard.press("Enter")
        expect(page.locator("#search-summary")).to_contain_text("“spectrum”")
        assert hits(page)[0] == "/networks/spectrum.html"
        page.go_back()
        expect(page.locator("#search-summary")).to_contain_text("“coverage”")
        expect(page.locator("#kb-query")).to_have_value("coverage")
        page.locator("#search-results a").first.click()
        page.wait_for_url("**/networks/coverage.html")
        page.go_back()
        expect(page.locator("#search-summary")).to_contain_text("“coverage”")


def test_filters_count_and_stand_in_the_address(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/search.html?q=lesotho+regulator+coverage") as page:
        page.wait_for_selector("#search-results li")
        everything = len(hits(page))
        page.click("#search-filters summary")
        kind = page.locator("[name=kind]")
        expect(kind.locator("option").nth(0)).to_have_text(f"All ({everything})")
        counts = dict(re.findall(r"(\w+) \((\d+)\)", " ".join(kind.locator("option").all_inner_texts())))
        assert sum(int(count) for name, count in counts.items() if name != "All") == everything
        kind.select_option("entry")
        expect(page.locator("#search-results > li")).to_have_count(int(counts["Names"]))
        assert all(path.startswith("/glossary/") for path in hits(page))
        assert "kind=entry" in page.url
        page.reload()
        expect(page.locator("#search-results > li")).to_have_count(int(counts["Names"]))
        expect(page.locator("[name=kind]")).to_have_value("entry")
        page.go_back()
        expect(page.locator("#search-results > li")).to_have_count(everything)


def test_a_slip_is_mended_and_can_be_searched_as_typed(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/search.html?q=spectrm") as page:
        expect(page.locator("#search-notice")).to_contain_text("Showing results for spectrum.")
        assert hits(page)[0] == "/networks/spectrum.html"
        page.click("#search-notice a")
        expect(page.locator("#search-summary")).to_have_text("Nothing was found for “spectrm”.")
        expect(page.locator("#search-notice")).to_be_hidden()
        assert "as=typed" in page.url
        assert hits(page) == []


def test_nothing_found_names_the_nearest_and_offers_to_tell(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/search.html?q=econometrics+%3Cb%3E") as page:
        expect(page.locator("#search-summary")).to_have_text("Nothing was found for “econometrics <b>”.")
        expect(page.locator("#search-empty li a").first).to_have_text("Econet")
        link = page.locator("#search-empty a[href^='https://forge.example.org/notes/issues/new?']")
        assert "econometrics%20%3Cb%3E" in (link.get_attribute("href") or "")
        assert hits(page) == []


@pytest.mark.parametrize("query", ["کمیونیکیشن اتھارٹی", "كمیونیکیشن", "کمیونیکیشن اتھارٹی kya hai"])
def test_urdu_names_are_found_however_the_keyboard_writes_them(base: str, browser: Browser, query: str) -> None:
    with opened(browser, f"{base}/search.html?q={query}") as page:
        page.wait_for_selector("#search-results li")
        assert hits(page)[0] == "/glossary/lca.html"
        assert page.evaluate("getComputedStyle(document.querySelector('#kb-query')).direction") == "rtl"


def test_other_languages_words_are_searched_as_ours(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/search.html?q=ہواری") as page:
        page.wait_for_selector("#search-results li")
        assert hits(page)[0] == "/networks/coverage.html"
        expect(page.locator("#search-notice")).to_contain_text("coverage")


@pytest.fixture
def strict(built: Built, tmp_path: Path) -> Iterator[str]:
    """The site below a sub-path, with its policy as a header too."""
    out = built(SITE)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', (out / "index.html").read_text("utf-8"))
    assert policy
    (tmp_path / "notes").symlink_to(out)

    class Strict(Quiet):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy[1])
            super().end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/notes"
    server.shutdown()


def test_below_a_sub_path_under_the_policy_as_header_and_as_meta(strict: str, browser: Browser) -> None:
    with opened(browser, f"{strict}/networks/spectrum.html") as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("coverage")
        expect(page.locator("#kb-dialog .kb-hit").first).to_have_attribute("href", "/notes/networks/coverage.html")
        page.keyboard.press("Enter")
        page.wait_for_url("**/notes/search.html?q=coverage")
        page.wait_for_selector("#search-results .kb-excerpt")
        assert hits(page)[0] == "/notes/networks/coverage.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(base: str, browser: Browser, scheme: str) -> None:
    def judged(page: Page) -> None:
        found = {violation["id"]: violation["nodes"] for violation in Axe().run(page).response["violations"]}
        assert found == {}

    with opened(browser, f"{base}/search.html?q=coverag", 360, scheme) as page:
        page.wait_for_selector("#search-results .kb-excerpt")
        page.click("#search-filters summary")
        page.wait_for_selector("[name=kind] option", state="attached")
        judged(page)
        page.fill("#kb-query", "econometrics")
        page.wait_for_selector("#search-empty:not([hidden])")
        judged(page)
    with opened(browser, f"{base}/index.html", 1280, scheme) as page:
        page.keyboard.press("Control+k")
        judged(page)
        page.keyboard.type("lca")
        page.wait_for_selector("#kb-dialog .kb-excerpt")
        judged(page)


def test_hostile_queries_inject_nothing(base: str, browser: Browser) -> None:
    with opened(browser, f"{base}/search.html") as page:
        page.on("dialog", lambda dialog: pytest.fail("injected"))
        submit = "(field, text) => { field.value = text; field.form.requestSubmit(); }"
        for query in HOSTILE:
            page.locator("#kb-query").evaluate(submit, query)
            page.wait_for_timeout(120)
            assert page.locator("main img, article img, article script, #search-summary *").count() == 0
        page.fill("#kb-query", "coverage")
        expect(page.locator("#search-summary")).to_contain_text("“coverage”")
        assert hits(page)[0] == "/networks/coverage.html"


def test_files_of_the_index_are_numbered_and_the_search_page_starts_their_table(
    built: Built, base: str, browser: Browser
) -> None:
    out = built(SITE)
    (table,) = (out / "pagefind").glob("pagefind.*.json")
    assert f"pagefind/{table.name}" in (out / "search.html").read_text("utf-8")
    (script,) = (out / "_static").glob("search.*.js")
    write = """async ([script, address]) => {
        const [search, table] = await Promise.all([import(script), fetch(address)]);
        return [...search.written(await table.json())];
    }"""
    with opened(browser, f"{base}/index.html") as page:
        written = bytes(page.evaluate(write, [f"/_static/{script.name}", f"/pagefind/{table.name}"]))
    (_, pages, parts, *_), _ = search._cbor(written.removeprefix(b"pagefind_dcd"))
    for folder, names in (("fragment", [name for name, _ in pages]), ("index", [name for _, _, name in parts])):
        files = [file for file in (out / "pagefind" / folder).rglob("*") if file.is_file()]
        assert {f"{table.name.split('.')[1]}/{file.stem}" for file in files} == set(names)
        assert len(files) == len(names)


def test_every_word_is_found_in_its_part_of_the_index(
    built: Built, served: Served, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shutil.copytree(built(SITE), tmp_path / "site")
    loaded = corpus.load(built(SITE).parents[1])
    html = {name: (site / f"{name}.html").read_text("utf-8") for name in loaded.pages}
    searched = {
        name: wordlists.article(html[name]) for name, page in loaded.pages.items() if wordlists.is_searched(page)
    }
    articles = {name: article for name, article in searched.items() if article}
    articles["networks/spectrum"] += "<p>Zürich zeta 𝐚b \ue000c nilami نیلامی</p>"
    monkeypatch.setattr(search, "_CHUNK", "8")
    shutil.rmtree(site / "pagefind")
    search.write(loaded, articles, site / "pagefind")
    assert len(list(site.glob("pagefind/index/*/*"))) > 20
    words = {word for article in articles.values() for word in re.findall(r"[^\W_]+", wordlists.plain(article).lower())}
    unfound = """async (words) => {
        const engine = await import("/pagefind/pagefind.js");
        const hits = await Promise.all(words.map(async (word) => (await engine.search(`"${word}"`)).results.length));
        return words.filter((_, number) => !hits[number]);
    }"""
    with opened(browser, f"{served(site)}/index.html") as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("coverage")
        page.wait_for_selector("#kb-dialog li .kb-excerpt")
        assert page.evaluate(unfound, sorted(words)) == []


@pytest.mark.parametrize(("number", "rounded"), [(0, 0), (7, 7), (9, 8), (255, 224), (640, 640), (703, 640)])
def test_lengths_of_pages_are_rounded_to_three_digits(number: int, rounded: int) -> None:
    assert search._rounded(number) == rounded


def test_a_table_of_another_form_is_refused() -> None:
    assert search._cbor(b"\x83\x05\x19\x01\x00\x62\xc3\xa9") == ([5, 256, "é"], 8)
    with pytest.raises(search.SearchFailed, match="kind 5"):
        search._cbor(b"\xa1\x05\x05")


def test_motion_is_reduced_when_asked(base: str, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{base}/index.html")
    page.keyboard.press("Control+k")
    style = "getComputedStyle(document.querySelector('#kb-dialog'))"
    assert page.evaluate(f"[{style}.transitionDuration, {style}.animationName]") == ["0s", "none"]
    context.close()


def test_a_copy_on_disk_is_searched(built: Built, browser: Browser, tmp_path: Path) -> None:
    out = built(SITE)
    first, second = tmp_path / "one.zip", tmp_path / "two.zip"
    offline.write(out.parents[1], first)
    offline.write(out.parents[1], second)
    assert first.read_bytes() == second.read_bytes()
    zipfile.ZipFile(first).extractall(tmp_path / "copy")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else said.append(request.url))
    page.goto((tmp_path / "copy/search.html").as_uri() + "?q=spectrm")
    expect(page.locator("#search-notice")).to_contain_text("Showing results for spectrum")
    page.wait_for_selector("#search-results .kb-excerpt mark")
    assert hits(page)[0].endswith("/networks/spectrum.html")
    page.click("#search-filters summary")
    expect(page.locator("[name=topic] option").first).to_contain_text("All (")
    page.goto((tmp_path / "copy/networks/coverage.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("lesotho telecommunications authority")
    expect(page.locator("#kb-dialog [role=status]")).to_contain_text("“lesotho telecommunications authority”")
    expect(page.locator("#kb-dialog li").first).to_contain_text("regulator, active")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/lca.html")
    assert said == []
    page.close()
