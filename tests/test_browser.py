"""The site as a reader has it: typed searches, definitions on hover, keyboard, no message, no violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import sample
from tests.conftest import Built
from tests.sample import ENTRY as ENTRY_OF_LAW
from tests.sphinx.test_pages import FIGURES
from tests.sphinx.test_tools import WHOLE

pytestmark = pytest.mark.browser
ALL: dict[str, str | bytes | None] = {**WHOLE, **FIGURES}
Served = Callable[[Path], str]

PAGES = (
    "index.html", "networks/index.html", "networks/coverage.html", "glossary/index.html", "glossary/lca.html",
    "articles/coverage.html", "indicators/coverage.html", "indicators/users.html", "audits/2026-02-01-networks.html",
    "sources/index.html", "glossary/econet.html", "about/lists.html", "about/status.html", "about/timeline.html",
    "about/due.html", "about/corrections.html", "about/wanted.html",
    "about/oversight.html", "search.html?q=coverage", "search.html?q=zzzzqqqq",
)  # fmt: skip


@contextmanager
def opened(browser: Browser, url: str, width: int = 1280, scheme: str = "light") -> Iterator[Page]:
    """A page, and afterwards the claim that the console stayed silent and nothing was asked from elsewhere."""
    dark = "dark" if scheme == "dark" else "light"
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=dark)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    yield page
    assert said == []
    assert [address for address in asked if not address.startswith(("http://127.0.0.1", "data:", "blob:"))] == []
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(built: Built, served: Served, browser: Browser, width: int) -> None:
    base = served(built(ALL))
    for name in PAGES:
        with opened(browser, f"{base}/{name}", width) as page:
            for scheme, options in (("light", None), ("dark", {"runOnly": ["color-contrast"]})):  # nothing else differs
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                result = Axe().run(page, options=options).response
                found = {violation["id"]: violation["nodes"] for violation in result["violations"]}
                assert found == {}, (name, scheme)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, name


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("LCA", "glossary/lca.html"), ("lesotho telecommunications authority", "glossary/lca.html"),
        ("who holds spectrum", "networks/spectrum.html"), ("signal", "networks/coverage.html"),
        ("98 percent", "networks/coverage.html"), ("2000", "networks/coverage.html"),
    ],
)  # fmt: skip
def test_typed_searches_find_the_page(built: Built, served: Served, browser: Browser, query: str, first: str) -> None:
    base = served(built())
    with opened(browser, f"{base}/index.html") as page:
        page.keyboard.press("/")
        page.keyboard.type(query)
        page.keyboard.press("Enter")
        page.wait_for_selector("#search-results li a")
        links = page.eval_on_selector_all(
            "#search-results > li", "rows => rows.map(row => row.querySelector('a').href)"
        )
        assert first in [link.removeprefix(f"{base}/") for link in links][:3]


def test_sections_are_results_of_their_own(built: Built, served: Served, browser: Browser) -> None:
    with opened(browser, f"{served(built())}/search.html?q=speed+measured") as page:
        page.wait_for_selector('#search-results a[href$="#what-is-not-measured"]')


def test_nothing_found_is_said(built: Built, served: Served, browser: Browser) -> None:
    with opened(browser, f"{served(built())}/search.html") as page:
        page.fill("#kb-query", "<b>zzzzqqqq</b>")
        expect(page.locator("#search-summary")).to_contain_text("Nothing was found for “<b>zzzzqqqq</b>”")
        assert page.locator("#search-summary b").count() == 0
        assert "q=%3Cb" in page.url


def test_a_finger_is_not_told_of_a_key(built: Built, served: Served, browser: Browser) -> None:
    for touch, words in ((True, "Search"), (False, "Search ( / )")):
        context = browser.new_context(has_touch=touch, is_mobile=touch)
        page = context.new_page()
        page.goto(f"{served(built())}/index.html")
        expect(page.locator(".sidebar-search")).to_have_attribute("placeholder", words)
        context.close()


def test_a_mark_in_a_table_stands_by_the_sign_that_follows(built: Built, served: Served, browser: Browser) -> None:
    row = "\n| What | When |\n|---|---|\n| 98 percent {cite}`times-2024-coverage`, of people | 2024 |\n"
    changes = {"docs/networks/coverage.md": sample.TOPIC + row}
    with opened(browser, f"{served(built(changes))}/networks/coverage.html") as page:
        mark = page.locator("td a.footnote-reference")
        words = "mark => { const r = new Range(); r.selectNodeContents(mark); return r.getBoundingClientRect().right; }"
        box = mark.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["x"] + box["width"] - mark.evaluate(words) < 1


def test_search_works_below_a_sub_path(built: Built, served: Served, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "kb").symlink_to(built())
    base = served(tmp_path)
    with opened(browser, f"{base}/kb/search.html?q=coverage") as page:
        page.wait_for_selector("#search-results li a")
        assert page.locator("#search-results a").first.get_attribute("href") == "/kb/networks/coverage.html"


def test_definitions_show_on_hover_and_focus_and_leave_on_escape(
    built: Built, served: Served, browser: Browser
) -> None:
    with opened(browser, f"{served(built())}/networks/coverage.html") as page:
        link, tip = page.locator("article a.kb-term").first, page.locator("#kb-tip")
        link.hover()
        assert tip.inner_text() == "Regulator of communications in Lesotho."
        tip.hover()
        page.wait_for_timeout(400)
        assert tip.is_visible()
        page.keyboard.press("Escape")
        assert tip.is_hidden()
        link.focus()
        assert tip.is_visible()


def test_notes_open_in_place(built: Built, served: Served, browser: Browser) -> None:
    with opened(browser, f"{served(built())}/networks/coverage.html", 360) as page:
        mark, tip = page.locator("article a.footnote-reference").first, page.locator("#kb-tip")
        mark.hover()
        expect(tip).to_contain_text("Palesa Mokoena. The Times. Coverage reaches 98%")
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        top = page.evaluate("scrollY")
        mark.click()
        expect(tip).to_be_visible()
        assert (page.evaluate("scrollY"), "#" in page.url) == (top, False)
        box = tip.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.href") == "https://times.example.org/coverage"
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        assert page.evaluate("document.activeElement.className").startswith("footnote-reference")
        mark.click()
        tip.get_by_text("Note [1]").click()
        assert page.url.endswith("#cite-times-2024-coverage")


def test_notes_are_ordinary_notes_without_javascript(built: Built, served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served(built())}/networks/coverage.html")
    page.locator("article a.footnote-reference").first.click()
    assert page.url.endswith("#cite-times-2024-coverage")
    context.close()


def test_without_javascript_the_search_page_leads_on(built: Built, served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served(built())}/search.html")
    assert page.locator("noscript a, main a, article a").count() >= 2
    context.close()


def test_the_status_board_filters_and_sorts(built: Built, served: Served, browser: Browser) -> None:
    law = ENTRY_OF_LAW.replace("# Lesotho Communications Authority", "# Act of 2000").replace("acronym: LCA\n", "")
    law = law.replace("other_names: [Lesotho Telecommunications Authority]\n", "").replace("regulator", "law", 2)
    with opened(browser, f"{served(built({**ALL, 'docs/glossary/act.md': law}))}/about/status.html") as page:
        names = page.locator("table.kb-board tbody tr:visible td:first-child")
        assert names.all_inner_texts() == ["Act of 2000", "Econet"]
        page.get_by_role("button", name="Name").click()
        page.get_by_role("button", name="Name").click()
        assert names.all_inner_texts() == ["Econet", "Act of 2000"]
        page.get_by_label("Kind").select_option("law")
        assert names.all_inner_texts() == ["Act of 2000"]


def test_the_status_board_is_complete_without_javascript(built: Built, served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served(built(ALL))}/about/status.html")
    assert page.locator("table.kb-board tbody tr:visible").count() == 1
    assert page.locator("select").count() == 0
    context.close()


def test_overdue_is_told_by_the_readers_clock(built: Built, served: Served, browser: Browser) -> None:
    with opened(browser, f"{served(built())}/networks/coverage.html") as page:
        assert "next review due 30 September 2024 (overdue)" in page.locator(".kb-facts").inner_text()
