"""A site in another language: words of frame and scripts from one catalogue, pages from those of their folders."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from playwright.sync_api import Browser

from tests import sample
from tests.conftest import Built, sphinx_in_fork, tree
from tests.sphinx.test_frame import FRAME, SITE
from tests.sphinx.test_pages import one, soup
from tests.test_browser import Served, opened

STATIC = Path(__file__).parents[2] / "kb/sphinx/static"
WORDS = {
    "Cite this page": "اس صفحے کا حوالہ", "Search": "تلاش", "Breadcrumbs": "راستہ", "As of {day}": "{day} تک",
    "March": "مارچ", "Status": "حیثیت", "active": "فعال", "regulator": "ضابطہ کار", "Mentioned in": "یہاں ذکر ہے",
    "Read as an excerpt on {day}.": "{day} کو پڑھا گیا۔", "{0} pages for “{2}”": "“{2}” کے {0} صفحے", "Close": "بند",
    "{0} page for “{2}”": "“{2}” کا {0} صفحہ", "Period": "مدت", "in {period}": "{period} میں", "Next": "اگلا",
}  # fmt: skip
GLOSSARY = {
    "Regulator of communications in Lesotho.": "لیسوتھو میں مواصلات کا ضابطہ کار۔",
    "Lesotho Communications Authority": "لیسوتھو مواصلات اتھارٹی",
}
NETWORKS = {
    "How many people have coverage?": "کتنے لوگوں کو کوریج ہے؟",
    "98 percent of people in March 2024 {cite}`times-2024-coverage`.": (
        "مارچ 2024 میں 98 فیصد {cite}`times-2024-coverage`۔"
    ),
}


def catalogue(words: dict[str, str]) -> bytes:
    made = Catalog(locale="ur", charset="utf-8")
    for message, said in words.items():
        made.add(message, said)
    file = BytesIO()
    write_po(file, made)
    return file.getvalue()


PLACE = "locale/ur/LC_MESSAGES"
URDU: dict[str, str | bytes | None] = {
    **FRAME,
    "site.toml": SITE.replace("fiscal", 'language = "ur"\nfiscal'),
    f"{PLACE}/sphinx.po": catalogue(WORDS),
    f"{PLACE}/glossary.po": catalogue(GLOSSARY),
    f"{PLACE}/networks.po": catalogue(NETWORKS),
}


def test_frame_answer_and_definition_speak_the_language(built: Built) -> None:
    page = soup(built(URDU), "networks/coverage.html")
    assert one(page, "html")["lang"] == "ur"
    assert one(page, ".kb-about summary").get_text() == "اس صفحے کا حوالہ"
    assert one(page, ".kb-crumbs")["aria-label"] == "راستہ"
    assert one(page, "input.sidebar-search")["placeholder"] == "تلاش"
    assert one(page, ".kb-question").get_text() == "کتنے لوگوں کو کوریج ہے؟"
    assert "مارچ 2024 میں 98 فیصد" in one(page, ".kb-answer").get_text()
    assert one(page, ".kb-answer a.footnote-reference").get_text() == "[1]"
    assert one(page, "#def-lca").get_text() == "لیسوتھو میں مواصلات کا ضابطہ کار۔"
    assert "31 مارچ 2024 تک" in one(page, ".kb-facts").get_text()
    assert "6 January 2026 کو پڑھا گیا۔" in one(page, "#cite-times-2024-coverage").get_text()
    entry = soup(built(URDU), "glossary/lca.html")
    assert one(entry, "h1").get_text().startswith("لیسوتھو مواصلات اتھارٹی")
    facts = one(entry, "dl.kb-facts").get_text(" ", strip=True)
    assert "ضابطہ کار" in facts
    assert "حیثیت فعال" in facts
    assert (
        "لیسوتھو میں مواصلات کا ضابطہ کار۔" in one(soup(built(URDU), "glossary/index.html"), "dl.glossary").get_text()
    )


@pytest.mark.browser
def test_scripts_speak_the_language(built: Built, served: Served, browser: Browser) -> None:
    with opened(browser, f"{served(built(URDU))}/networks/coverage.html") as page:
        page.keyboard.press("/")
        assert page.locator("#kb-dialog button").first.inner_text() == "بند"
        page.keyboard.type("spectrum")
        page.wait_for_selector("#kb-dialog .kb-excerpt")
        assert re.search("“spectrum” ک[اے] [0-9]+ صفح", page.locator("#kb-dialog [role=status]").inner_text())


def test_a_changed_catalogue_changes_what_it_should(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site", URDU)
    out, doctrees = tmp_path / "out", tmp_path / "doctrees"
    assert sphinx_in_fork(root, out, doctrees) == (0, "")
    for name, words in (("sphinx", {**WORDS, "Next": "آگے"}), ("glossary", {**GLOSSARY, "Names.": "نام۔"})):
        changed = sample.write(tmp_path / "changed", {**URDU, f"{PLACE}/{name}.po": catalogue(words)})
        shutil.copy(changed / f"{PLACE}/{name}.po", root / PLACE)
        assert sphinx_in_fork(root, out, doctrees) == (0, "")
        assert sphinx_in_fork(root, tmp_path / name, tmp_path / f"doctrees-{name}") == (0, "")
        assert tree(out) == tree(tmp_path / name)
    assert "نام۔" in (out / "index.html").read_text("utf-8")
    assert "آگے" in (out / "networks/coverage.html").read_text("utf-8")


def test_every_word_of_a_script_is_there_for_translators_and_written_at_build(built: Built) -> None:
    template = read_po(BytesIO((built(FRAME, builder="gettext") / "sphinx.pot").read_bytes()))
    asked = {word for file in STATIC.glob("*.js") for word in re.findall(r'\b_\("([^"]+)"\)', file.read_text("utf-8"))}
    assert len(asked) > 20
    ids = {str(message.id) for message in template}
    assert asked <= ids
    assert {"Cite this page", "As of {day}", "payment-system", "March", "Back to top"} <= ids
    assert WORDS.keys() <= ids
    for file in built(FRAME).glob("_static/*.js"):
        assert not re.search(r'\b_\("', file.read_text("utf-8")), file


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("[x](javascript:alert)", False), ("[x](http://other.example.org)", True), ("{raw}`x`", True),
        ("<b>x</b>", False),
    ],
)  # fmt: skip
def test_a_catalogue_brings_in_nothing_that_a_page_may_not_have(tmp_path: Path, said: str, refused: bool) -> None:
    root = sample.write(tmp_path / "site", {**URDU, f"{PLACE}/networks.po": catalogue({"What is built where.": said})})
    assert bool(sphinx_in_fork(root, tmp_path / "out", tmp_path / "doctrees")[0]) == refused
    if not refused:
        article = one(soup(tmp_path / "out", "networks/index.html"), "article")
        assert said in article.get_text()
        assert not article.select("b, a[href*='javascript']")
