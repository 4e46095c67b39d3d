"""What a first view weighs and whether it stands still; five readers' errands, on a small screen, by keyboard too."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Built
from tests.sphinx.test_tools import WHOLE

pytestmark = pytest.mark.browser
Served = Callable[[Path], str]
FIRST_VIEW = 25_000  # bytes, gzip
REQUESTS = 5
_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@contextmanager
def phone(browser: Browser, url: str, script: str = "") -> Iterator[tuple[Page, list[str]]]:
    """A page on a small screen, and the files that it asked for."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, accept_downloads=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if script:
        page.add_init_script(script)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    yield page, asked
    context.close()


@pytest.mark.parametrize(
    "name",
    ["index.html", "networks/coverage.html", "glossary/lca.html", "indicators/users.html", "about/timeline.html"],
)
def test_a_first_view_is_light_and_stands_still(built: Built, served: Served, browser: Browser, name: str) -> None:
    out = built(WHOLE)
    base = served(out)
    with phone(browser, f"{base}/{name}", _SHIFTS) as (page, asked):
        assert page.evaluate("window.shifted") < 0.005
        files = [address.removeprefix(f"{base}/").partition("?")[0] for address in asked]
        assert len(files) <= REQUESTS, files
        assert sum(len(gzip.compress((out / file).read_bytes())) for file in files) <= FIRST_VIEW


def press_until(page: Page, name: str) -> None:
    """Tab to the link or button of a name, as a reader without a mouse does, and press Enter."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not reach '{name}'")


def follow(page: Page, name: str, keyboard: bool) -> None:
    """Follow a link, or open a box, by click or by keyboard."""
    if keyboard:
        press_until(page, name)
    else:
        page.get_by_text(name, exact=True).first.click()
    page.wait_for_load_state("networkidle")


by = pytest.mark.parametrize("keyboard", [False, True], ids=["click", "keyboard"])
FORGE = "https://forge.example.org/notes"


def reported(page: Page, keyboard: bool) -> str:
    """The address that "Report an error" opens; nothing outside is asked in a test."""
    page.route(f"{FORGE}/**", lambda route: route.abort())
    with page.expect_request(f"{FORGE}/**") as asked:
        follow(page, "Report an error", keyboard)
    return asked.value.url


@by
def test_a_reader_disputes_a_figure(built: Built, served: Served, browser: Browser, keyboard: bool) -> None:
    with phone(browser, f"{served(built(WHOLE))}/index.html") as (page, _):
        follow(page, "People online", keyboard)
        expect(page.locator("dl.kb-facts")).to_contain_text("Statistics Office; Union; Regulator")
        mark = page.locator("article a.footnote-reference").first
        if keyboard:
            mark.focus()
        else:
            mark.click()
        expect(page.locator("#kb-tip")).to_contain_text("Coverage reaches 98%")
        expect(page.locator("article")).to_contain_text("2024: Union. It counts everybody.")
        page.keyboard.press("Escape")
        assert reported(page, keyboard) == f"{FORGE}/issues/new?template=correction.yml&page=indicators/users"


@by
def test_a_reader_cites_a_page(built: Built, served: Served, browser: Browser, keyboard: bool) -> None:
    with phone(browser, f"{served(built(WHOLE))}/networks/coverage.html") as (page, _):
        follow(page, "Cite this page", keyboard)
        about = page.locator(".kb-about details")
        expect(about).to_contain_text("Contributors to Lesotho Telecom Notes. (2024, March 31). Mobile coverage.")
        assert about.get_by_label("BibTeX").inner_text().startswith("@misc{networks-coverage,")
        assert '"type":"webpage"' in about.get_by_label("CSL-JSON").inner_text()


@by
def test_a_reader_gets_a_series_as_csv(built: Built, served: Served, browser: Browser, keyboard: bool) -> None:
    with phone(browser, f"{served(built(WHOLE))}/networks/coverage.html") as (page, _):
        with page.expect_download() as started:
            if keyboard:
                press_until(page, "CSV")
            else:
                page.get_by_text("CSV", exact=True).first.click()
        rows = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8"))))
        assert ("survey", "2024", "15.0") in [(row["series"], row["period"], row["value"]) for row in rows]


@by
def test_a_reader_finds_what_changed(built: Built, served: Served, browser: Browser, keyboard: bool) -> None:
    with phone(browser, f"{served(built(WHOLE))}/index.html") as (page, _):
        expect(page.locator("article")).to_contain_text("3 February 2026: Mobile coverage, corrected: A slip.")
        follow(page, "Mobile coverage", keyboard)
        expect(page.locator("article")).to_contain_text("It said: 97 percent. It says: 98 percent. Why: A slip.")


@by
def test_a_reader_reports_an_error(built: Built, served: Served, browser: Browser, keyboard: bool) -> None:
    with phone(browser, f"{served(built(WHOLE))}/glossary/lca.html") as (page, _):
        assert reported(page, keyboard) == f"{FORGE}/issues/new?template=correction.yml&page=glossary/lca"


def test_a_lost_reader_finds_the_page(built: Built, served: Served, browser: Browser, tmp_path: Path) -> None:
    out = built(WHOLE)
    (tmp_path / "kb").symlink_to(out)
    base = served(tmp_path)
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    said: list[str] = []
    page.on(
        "response",
        lambda answer: said.append(answer.url) if answer.status >= 400 and "/old/" not in answer.url else None,
    )
    page.route("**/old/**", lambda route: route.fulfill(status=404, content_type="text/html", path=out / "404.html"))
    page.goto(f"{base}/kb/old/deep/mobile-coverage.html")
    expect(page.locator("h1")).to_contain_text("There is no page at this address")
    expect(page.locator("#kb-query")).to_have_value("mobile coverage")
    expect(page.locator("#search-results a").first).to_have_attribute("href", "/kb/networks/coverage.html")
    assert Axe().run(page).response["violations"] == []
    assert said == []
    context.close()
