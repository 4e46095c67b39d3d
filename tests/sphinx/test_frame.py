"""The frame of the pages: the home page's lists, what stands under a page, who oversees whom."""

from __future__ import annotations

from pathlib import Path

from tests import sample
from tests.conftest import Built, sphinx_in_fork
from tests.sphinx.test_pages import EVENTS, one, soup
from tests.test_history import ADDRESS, commit

HOME = sample.HOME + "".join(f"\n:::{{generated}} {name}\n:::\n" for name in ("children", "recent", "disputed"))
SITE = sample.SITE.replace("[review", ADDRESS + "[review")
FRAME: dict[str, str | bytes | None] = {
    **EVENTS,
    "site.toml": SITE,
    "docs/index.md": HOME,
    "docs/indicators/index.md": sample.INDEX,
    "docs/indicators/users.md": sample.INDICATOR,
    "docs/about/oversight.md": "---\ndescription: Who.\n---\n# Who oversees whom\n\n:::{generated} oversight\n:::\n",
}


def test_the_home_page_has_search_topics_changes_and_disputes(built: Built) -> None:
    page = soup(built(FRAME), "index.html")
    article = one(page, "article")
    forms = article.select("form[role=search]")
    assert len(forms) == 1
    assert forms[0].find_previous("p").get_text() == "Start with a topic."
    assert len(article.select("ul.kb-children")) == 1
    assert "Networks What is built where" not in article.get_text(" ", strip=True)
    text = article.get_text(" ", strip=True)
    assert "corrected: A slip." in text
    assert "People online , 2024: 15.0 million people (Statistics Office); 13.2 million people (Union)." in text


def test_a_card_of_the_home_page_tells_what_is_counted_in_full(built: Built) -> None:
    long = "People who are ten or older and were online at least once in the twelve months before the survey"
    changes = {
        **FRAME,
        "site.toml": SITE.replace("[address]", 'key_figures = ["users"]\n[address]'),
        "docs/index.md": f"{HOME}\n:::{{generated}} key-figures\n:::\n",
        "docs/indicators/users.md": sample.INDICATOR.replace("People of ten and over", long),
    }
    out = built(changes)
    card = one(soup(out, "index.html"), "ul.kb-cards > li")
    assert one(card, "details p").get_text() == long
    assert "Statistics Office" in [line.get_text() for line in card.select(":scope > p")]
    assert not any("line-clamp" in sheet.read_text("utf-8") for sheet in out.glob("_static/lists.*.css"))


def test_new_pages_are_told_by_the_history(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site", FRAME)
    commit(root, "all", "2026-03-01")
    sample.write(root, {**FRAME, "docs/networks/speed.md": sample.OTHER_TOPIC.replace("# Spectrum", "# Speed")})
    last = commit(root, "one", "2026-03-04")
    assert sphinx_in_fork(root, tmp_path / "out", tmp_path / "doctrees")[0] == 0
    assert "4 March 2026: 1 new page: Speed" in soup(tmp_path / "out", "index.html").get_text()
    about = one(soup(tmp_path / "out", "networks/speed.html"), ".kb-about")
    assert f"First published 4 March 2026; last changed 4 March 2026, in version {last[:10]}." in about.get_text()
    assert about.select("p a")[0]["href"] == f"https://forge.example.org/notes/blob/{last}/docs/networks/speed.md"
    assert about.select("p a")[1]["href"] == "https://forge.example.org/notes/commits/main/docs/networks/speed.md"


def test_a_page_says_how_to_cite_it(built: Built) -> None:
    about = one(soup(built(FRAME), "networks/coverage.html"), ".kb-about")
    details = one(about, "details").get_text(" ", strip=True)
    assert "Contributors to Lesotho Telecom Notes. (2024, March 31). Mobile coverage." in details
    assert "@misc{networks-coverage," in details
    assert not soup(built(FRAME), "about/oversight.html").select(".kb-about")


def test_related_pages_share_sources_and_entries(built: Built) -> None:
    page = soup(built(FRAME), "networks/coverage.html")
    heading = next(rubric for rubric in page.select("p.rubric") if rubric.get_text() == "Related pages")
    assert "People online" in [link.get_text() for link in heading.find_next("p").select("a")]


def test_who_oversees_whom_is_a_tree_of_links(built: Built) -> None:
    tree = soup(built(FRAME), "about/oversight.html").select("article ul.kb-tree")[0]
    assert [link.get_text() for link in tree.select(":scope > li > p > a")] == ["Lesotho Communications Authority"]
    assert [link.get_text() for link in tree.select(":scope > li > ul a")] == ["Econet"]


def test_bodies_that_oversee_each_other_do_not_hang_the_build(built: Built) -> None:
    circle = sample.ENTRY.replace("entry_kind", "lead_body: econet\nentry_kind")
    page = soup(built({**FRAME, "docs/glossary/lca.md": circle}), "about/oversight.html")
    assert not page.select("ul.kb-tree a")


URDU = {
    **FRAME,
    "site.toml": SITE.replace("[address]", '[scripts]\nur = "Arabic"\n[address]'),
    "docs/networks/spectrum.md": sample.OTHER_TOPIC
    + "\nPeople say پی ٹی اے، 5G نیٹ ورک (in Urdu) & <b>.\n".replace("<b>", "more")
    + "\n```text\nاردو\n```\n\n## سوال\n\nText.\n",
}


def test_urdu_is_marked_by_itself(built: Built) -> None:
    page = soup(built(URDU), "networks/spectrum.html")
    marked = [node.get_text() for node in page.select("bdi[lang=ur]")]
    assert marked == ["پی ٹی اے، 5G نیٹ ورک", "اردو", "سوال", "سوال"]
    assert one(page, ".toc-tree bdi").get_text() == "سوال"
    assert not soup(built(FRAME), "networks/spectrum.html").select("bdi")
