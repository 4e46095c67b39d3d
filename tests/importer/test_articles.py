"""The importer's test set is what its README says: whole, consistent and small."""

from __future__ import annotations

import html
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.importer import make
from tests.importer.make import ARTICLES, Truth

DOCS = Path(__file__).parents[2] / "docs"
TRUTHS = make.truths()
READ = [truth for truth in TRUTHS if "refused" not in truth]

KEYS = set(
    """file form encoding damage running follows title author published publisher url language headings furniture keep
    tables topics sections links may_link no_links new_names no_names sources claims not_claims group primary inert
    refused may_refuse""".split()
)
KINDS = {"figure", "date", "forecast", "superlative", "status"}
HOLDS = {"agrees", "differs", "newer", "unknown"}
FORMS = {  # at least so many of each
    "html": 10, "wordpress": 2, "blogger": 1, "medium": 1, "amp": 1, "newspaper": 1, "portal": 2, "soup": 1,
    "breaks": 1, "layout-tables": 1, "jsonld": 1, "multipage": 1, "liveblog": 1, "text": 10, "markdown": 4,
    "docx": 2, "docx-bold": 1, "pdf": 1, "pdf-columns": 1, "urdu": 1, "mixed": 1, "duplicate": 7, "off-topic": 3,
    "long": 1, "hostile": 5, "refused": 10,
}  # fmt: skip
FURNITURE = ("cookie", "share", "related", "newsletter", "comment", "Posted in", "Leave a Reply", "Back to Top")


def squeeze(text: str) -> str:
    """Letters and digits alone."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def plain(name: str) -> str:
    """The text of an article without its markup."""
    text = make.source(name)
    if name.endswith(".html"):
        return html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\[([-!]).*?\1\]|\]\([^)]*\)|\[\^\d\]", "", text)


def sentences(truth: Truth) -> list[str]:
    """All that must survive."""
    return [*truth.get("keep", ()), *truth.get("not_claims", ()), *(claim["text"] for claim in truth.get("claims", ()))]


def test_enough_of_every_form() -> None:
    assert len(READ) >= 44
    counted = Counter(truth["form"] for truth in TRUTHS)
    assert {form: least for form, least in FORMS.items() if counted[form] < least} == {}
    assert {truth.get("encoding") for truth in TRUTHS} == {None, "windows-1252", "latin-1", "utf-16", "utf-8-sig"}
    lines = " ".join(line for truth in READ for line in truth.get("furniture", ())).casefold()
    assert [word for word in FURNITURE if word.casefold() not in lines] == []
    kinds = Counter(claim["kind"] for truth in READ for claim in truth.get("claims", ()))
    holds = Counter(claim.get("holds") for truth in READ for claim in truth.get("claims", ()))
    assert min(kinds[kind] for kind in KINDS) >= 10
    assert min(holds[answer] for answer in HOLDS) >= 5
    assert len({truth["topics"][0] for truth in READ if truth["topics"]}) >= 12


def test_every_file_belongs_to_one_truth() -> None:
    owned = [name for truth in TRUTHS for name in (truth["file"], *truth.get("follows", ()))]
    assert len(owned) == len(set(owned))
    stored = {path.name for path in ARTICLES.iterdir() if path.suffix != ".yaml"}
    assert stored <= {name for file in owned for name in (file, f"{file}.md")}
    assert [file for file in owned if not make.source(file) and file not in stored] == [
        truth["file"] for truth in TRUTHS if truth.get("damage") in ("empty", "blank", "scan", "picture")
    ]
    assert all((ARTICLES / f"{truth['file']}.yaml").exists() for truth in TRUTHS)


def test_the_set_is_small() -> None:
    assert sum(path.stat().st_size for path in ARTICLES.parent.rglob("*") if path.suffix != ".pyc") < 600_000


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth["file"])
def test_a_truth_is_well_formed(truth: Truth) -> None:
    assert set(truth) <= KEYS
    if "refused" in truth:
        assert set(truth) <= {"file", "form", "damage", "refused"}
        return
    assert truth["title"]
    for claim in truth.get("claims", ()):
        assert set(claim) <= {"text", "kind", "holds", "ref"}
        assert claim["kind"] in KINDS
        assert claim.get("holds", "unknown") in HOLDS
        assert ("ref" in claim) == (claim.get("holds", "unknown") != "unknown"), claim
    slugs = [*truth.get("links", ()), *truth.get("may_link", ()), *truth.get("no_links", ())]
    assert len(slugs) == len(set(slugs))
    assert [slug for slug in slugs if not (DOCS / "glossary" / f"{slug}.md").exists()] == []
    assert set(truth.get("sections", ())) <= set(truth.get("headings", ()))
    topics = [*truth["topics"], *truth.get("sections", {}).values()]
    assert [topic for topic in topics if not (DOCS / topic / "index.md").exists()] == []


@pytest.mark.parametrize("truth", READ, ids=lambda truth: truth["file"])
def test_a_truth_is_about_its_article(truth: Truth) -> None:
    files = (truth["file"], *truth.get("follows", ()))
    raw = "".join(map(make.source, files))
    text = squeeze("".join(map(plain, files)))
    cells = [cell for row in truth.get("tables", ()) for cell in row]
    names = [*truth.get("links", {}).values(), *truth.get("may_link", {}).values(), *truth.get("no_links", {}).values()]
    expected = [truth["title"], *sentences(truth), *cells, *names, *truth.get("new_names", ())]
    assert [line for line in expected if squeeze(line) not in text] == []
    assert [line for line in (*truth.get("sources", ()), *truth.get("inert", ())) if line not in raw] == []
    if not truth["file"].endswith((".docx", ".pdf")):  # these are given their author and date when they are made
        said = html.unescape(raw)
        assert [key for key in ("author", "publisher", "url") if truth.get(key, "") not in said] == []
        year = truth.get("published", "")[:4]
        assert year in said
    people = set(truth.get("no_names", ())) - {truth.get("author")}
    assert [name for name in people if squeeze(name) not in text] == []
    if truth.get("damage") != "long":
        at = 0
        for heading in map(squeeze, truth.get("headings", ())):
            at = text.index(heading, at) + len(heading)


@pytest.mark.parametrize("truth", READ, ids=lambda truth: truth["file"])
def test_furniture_is_there_and_is_not_what_must_survive(truth: Truth) -> None:
    files = (truth["file"], *truth.get("follows", ()))
    furniture = [line for line in truth.get("furniture", ()) if line not in truth.get("running", ())]
    texts = squeeze(html.unescape("".join(map(make.source, files)))), squeeze("".join(map(plain, files)))
    assert [line for line in furniture if not any(squeeze(line) in text for text in texts)] == []
    kept = "\n".join([truth["title"], *truth.get("headings", ()), *sentences(truth)])
    assert [line for line in furniture if re.search(rf"(?<!\w){re.escape(line)}(?!\w)", kept)] == []


def test_claims_and_other_sentences_are_told_apart() -> None:
    for truth in READ:
        rows = sentences(truth)
        assert len(rows) == len(set(rows)), truth["file"]


def test_references_exist() -> None:
    for truth in READ:
        for claim in truth.get("claims", ()):
            name, _, series = claim.get("ref", "").partition("/")
            if not series:
                assert not name or (DOCS / "glossary" / f"{name}.md").exists(), claim
            elif (DOCS / "indicators" / f"{name}.md").exists():
                record = yaml.safe_load((DOCS / "indicators" / f"{name}.md").read_text("utf-8").split("---")[1])
                series, _, period = series.partition("@")
                rows = [row for row in record["observations"] if row["series"] == series]
                assert [row for row in rows if not period or str(row["period"]) == period], claim
            else:
                assert (DOCS / f"{claim['ref']}.md").exists(), claim


def test_groups_have_one_primary() -> None:
    groups = Counter(truth["group"] for truth in READ if "group" in truth)
    assert groups == {"cloud-skills": 6, "cable-repair": 2}
    assert Counter(truth["group"] for truth in READ if truth.get("primary")) == dict.fromkeys(groups, 1)


def test_making_it_twice_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    make.make(tmp_path)
    files = sorted(path.name for path in made.iterdir())
    assert [name for name in files if (made / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_made_files_are_what_they_are_said_to_be(made: Path) -> None:
    assert len((made / "long.txt").read_text("utf-8").split()) >= 120_000
    assert (made / "nested.html").read_bytes().count(b"<div>") == make.NESTED
    assert b"\0" in (made / "nul.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        (made / "cut.txt").read_text("utf-8")
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(made / "torn.docx")
    with zipfile.ZipFile(made / "bomb.docx") as bomb:
        assert bomb.getinfo("word/document.xml").file_size > 250_000_000
    assert (made / "bomb.docx").stat().st_size < 1_000_000
    assert b"/Encrypt" in (made / "locked.pdf").read_bytes()
    assert b" Tj" not in (made / "scan.pdf").read_bytes()


@pytest.mark.parametrize("truth", [t for t in READ if t["file"].endswith(".docx")], ids=lambda truth: truth["file"])
def test_word_files_hold_their_text(truth: Truth, made: Path) -> None:
    with zipfile.ZipFile(made / truth["file"]) as archive:
        assert all(ElementTree.fromstring(archive.read(name)) is not None for name in archive.namelist())
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    text = squeeze("".join(node.text or "" for node in root.iter() if node.tag.endswith("}t")))
    assert [line for line in sentences(truth) if squeeze(line) not in text] == []


@pytest.mark.parametrize("truth", [t for t in READ if t["file"].endswith(".pdf")], ids=lambda truth: truth["file"])
def test_pdf_files_hold_their_text_and_repeat_their_running_lines(truth: Truth, made: Path) -> None:
    data = (made / truth["file"]).read_bytes().decode("cp1252", "replace")
    shown = [line.replace("\\", "") for line in re.findall(r"\((.*)\) Tj", data)]
    text = squeeze("".join(line for line in shown if not line.startswith(tuple(truth["running"]))))
    assert [line for line in sentences(truth) if squeeze(line) not in text] == []
    pages = data.count("/Type /Page ")
    assert all(sum(line.startswith(start) for line in shown) == pages for start in truth["running"])
    start = int(data.rsplit("startxref\n", 1)[1].split()[0])
    assert (made / truth["file"]).read_bytes()[start:].startswith(b"xref")
    assert truth["form"] == "pdf-columns" or (pages >= 3 and any(line.endswith("-") for line in shown))
