"""What programs read: Markdown, feed, sitemap, llms.txt, JSON-LD, and the page for missing addresses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests import sample
from tests.conftest import Built, sphinx_in_fork, tree
from tests.sphinx.test_frame import FRAME
from tests.sphinx.test_pages import QUOTING, one, soup
from tests.test_history import commit

BASE = "https://notes.example.org/kb/"
ATOM = "{http://www.w3.org/2005/Atom}"
WHOLE: dict[str, str | bytes | None] = {**FRAME, "docs/networks/coverage.md": QUOTING}


def test_a_page_as_markdown_has_values_terms_and_sources(built: Built) -> None:
    text = (built(WHOLE) / "networks/coverage.md").read_text("utf-8")
    assert text.startswith(
        "# Mobile coverage\n\nHow many people have coverage?\n\n98 percent of people in March 2024 [^1]."
    )
    assert "from 10.0 million people in 2019 to 12.5 million people in 2023 (+25%) [^1], a quarter more" in text
    assert "The [LCA](../glossary/lca.md) reports coverage" in text
    assert (
        "[^2]: Government Printer. [Lesotho Telecommunications Authority Act](https://gazette.example.org/2000/act)"
        in text
    )
    assert "| 2024 | Statistics Office | 15.0 [^1] | actual |" in text
    assert "(spectrum.md)" in text
    assert "---\n" not in text
    assert "{" not in text


def test_every_page_has_its_markdown_and_names_it(built: Built) -> None:
    out = built(WHOLE)
    for file in out.rglob("*.html"):
        page = soup(out, file.relative_to(out).as_posix())
        for link in page.select('link[type="text/markdown"]'):
            assert (file.parent / str(link["href"])).read_text("utf-8").startswith("# "), file
    assert len(list(out.rglob("*.md"))) == len(json.loads((out / "data/pages.json").read_text("utf-8")))


def test_the_feed_tells_of_changes_and_not_of_builds(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site", WHOLE)
    commit(root, "all", "2026-02-02")
    trees = []
    for number in range(2):
        assert sphinx_in_fork(root, tmp_path / f"out{number}", tmp_path / f"doctrees{number}")[0] == 0
        trees.append((tmp_path / f"out{number}" / "feed.xml").read_text("utf-8"))
    assert trees[0] == trees[1]
    feed = ET.fromstring(trees[0])
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    first = entries[0]
    assert first.findtext(f"{ATOM}title") == "Mobile coverage: corrected: A slip."
    assert first.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2026-02-03T00:00:00Z"
    assert "New page: Econet" in [entry.findtext(f"{ATOM}title") for entry in entries]
    for part in (feed, *entries):  # RFC 4287, 4.1.1 and 4.1.2: exactly one of each
        assert [len(part.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert all(re.fullmatch(r"\S+:\S+", str(node.text)) for node in part.findall(f"{ATOM}id"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    links = {str(link.get("href")) for link in feed.iter(f"{ATOM}link") if link.get("rel") != "self"}
    for link in links:
        assert (tmp_path / "out0" / link.removeprefix(BASE)).is_file(), link


def test_the_sitemap_lists_every_page(built: Built) -> None:
    out = built(WHOLE)
    urls = ET.parse(out / "sitemap.xml").getroot()
    found = {str(place.text) for place in urls.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    pages = json.loads((out / "data/pages.json").read_text("utf-8"))
    assert found == {f"{BASE}{page['id']}.html" for page in pages}
    assert one(soup(out, "networks/coverage.html"), "link[rel=canonical]")["href"] in found


def test_without_an_address_there_is_neither_feed_nor_sitemap(built: Built) -> None:
    assert not {"feed.xml", "sitemap.xml"} & tree(built()).keys()
    assert not soup(built(), "index.html").select('link[type="application/atom+xml"]')


def test_llms_txt_leads_to_every_page(built: Built) -> None:
    out = built(WHOLE)
    text = (out / "llms.txt").read_text("utf-8")
    assert text.startswith("# Lesotho Telecom Notes\n")
    assert f"- [Mobile coverage]({BASE}networks/coverage.md): How much of the country has coverage." in text
    for link in re.findall(r"\]\((\S+)\)", text):
        assert (out / link.removeprefix(BASE)).is_file(), link


def _linked(out: Path, page: str) -> dict[str, dict[str, Any]]:
    script = one(soup(out, page), 'script[type="application/ld+json"]')
    data = json.loads(str(script.string))
    assert data["@context"] == "https://schema.org"
    return {item["@type"]: item for item in data["@graph"]}


def test_json_ld_says_what_a_page_is(built: Built) -> None:
    out = built(WHOLE)
    term = _linked(out, "glossary/lca.html")["DefinedTerm"]
    assert (term["name"], term["alternateName"]) == (
        "Lesotho Communications Authority",
        ["LCA", "Lesotho Telecommunications Authority"],
    )
    data = _linked(out, "indicators/users.html")["Dataset"]
    assert data["temporalCoverage"] == "2019-01/2024-12"
    for file in data["distribution"]:
        assert (out / file["contentUrl"].removeprefix(BASE)).is_file()
    steps = _linked(out, "networks/coverage.html")["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"]) for step in steps] == [
        (1, "Lesotho Telecom Notes"), (2, "Networks"), (3, "Mobile coverage"),
    ]  # fmt: skip
    assert "application/ld+json" not in (out / "index.html").read_text("utf-8")


def test_json_ld_cannot_end_its_script(built: Built) -> None:
    title = sample.OTHER_TOPIC.replace("# Spectrum", r"# A \</script>\<b> page")
    html = (built({"docs/networks/spectrum.md": title}) / "networks/spectrum.html").read_text("utf-8")
    assert r"\u003c/script>" in html
    assert "<b> page" not in html


def test_previews_have_title_and_description(built: Built) -> None:
    page = soup(built(WHOLE), "networks/coverage.html")
    found = {str(tag["property"]): tag["content"] for tag in page.select("meta[property]")}
    assert found["og:title"] == "Mobile coverage"
    assert found["og:description"] == "How much of the country has coverage."
    assert found["og:url"] == f"{BASE}networks/coverage.html"


def test_the_page_for_missing_addresses_starts_at_the_root(built: Built) -> None:
    page = soup(built(WHOLE), "404.html")
    links = [str(tag.get("href") or tag.get("src")) for tag in page.select("a[href], link[href], script[src]")]
    ours = [link for link in links if not link.startswith(("#", "https://"))]
    assert ours
    assert all(link.startswith("/kb/") for link in ours), ours
    assert one(page, "html")["data-content_root"] == "/kb/"


def test_the_book_is_what_its_standard_asks_for(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772323200")
    out = built({**WHOLE, "docs/networks/drawn.md": QUOTING.replace("# Mobile coverage", "# Drawn")}, builder="epub")
    (book,) = out.glob("*.epub")
    assert book.name == "lesotho-telecom-notes-2026-03-01.epub"
    listed = (out / "content.opf").read_text("utf-8")
    for file in out.rglob("*.xhtml"):
        content = file.read_text("utf-8")
        ET.fromstring(content)
        name = file.relative_to(out).as_posix()
        drawn = f'href="{name}" media-type="application/xhtml+xml" properties="svg"' in listed
        assert drawn == ("<svg" in content), name
        assert content.count("<svg") == content.count('<svg xmlns="http://www.w3.org/2000/svg"'), name
    assert "search.xhtml" not in listed
    assert "kb.css" not in listed
    assert "Mobile coverage" in (out / "nav.xhtml").read_text("utf-8")
    checker = shutil.which("epubcheck")
    if checker and shutil.which("java"):
        result = subprocess.run(
            ["java", "-jar", str(Path(checker).resolve()), str(book)], capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr


def test_text_and_definitions_are_there_for_translators(built: Built) -> None:
    text = (built(builder="gettext") / "glossary.pot").read_text("utf-8")
    for message in ("Regulator of communications in Lesotho.", "Lesotho Communications Authority"):
        assert f'msgid "{message}"' in text
    assert "98 percent of people in March 2024" in (built(builder="gettext") / "networks.pot").read_text("utf-8")
