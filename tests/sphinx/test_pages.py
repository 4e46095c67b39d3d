"""What a built page shows: the tiny site, looked at as HTML."""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from kb import check, published, template
from kb.sphinx.terms import mentions
from tests import sample
from tests.conftest import Built


def soup(out: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((out / page).read_text("utf-8"), "html.parser")


def one(parent: BeautifulSoup | Tag, selector: str) -> Tag:
    found = parent.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def test_notes_are_numbered_once_a_source_in_order_of_citation(built: Built) -> None:
    page = soup(built(), "networks/coverage.html")
    assert [mark.get_text() for mark in page.select("a.footnote-reference")] == ["[1]", "[1]", "[2]", "[1]", "[2]"]
    notes = page.select("aside.footnote")
    assert [note["id"] for note in notes] == ["cite-times-2024-coverage", "cite-gazette-2000-act"]
    assert len(notes[0].select("a[role=doc-backlink]")) == 3
    for mark in page.select("a.footnote-reference"):
        assert page.find(id=str(mark["href"])[1:])


def test_accessed_is_printed_for_live_readings_only(built: Built) -> None:
    newspaper, gazette = soup(built(), "networks/coverage.html").select("aside.footnote")
    assert "Accessed" not in newspaper.get_text()
    assert "Accessed 5 January 2026" in gazette.get_text()


def test_the_book_has_each_note_once_and_no_dangling_ids(built: Built) -> None:
    out = built(builder="epub")
    page = soup(out, "networks/coverage.xhtml")
    assert len(page.select("aside.footnote")) == 2
    assert "https://times.example.org" not in page.select("aside.footnote")[0].get_text()
    described = page.select("[aria-describedby]")
    assert [link for link in described if not page.find(id=link["aria-describedby"])] == []
    spine = BeautifulSoup((out / "content.opf").read_text("utf-8"), "html.parser")
    assert len(spine.select("itemref")) >= 7


def test_first_mentions_link_by_themselves_once(built: Built) -> None:
    page = soup(built(), "networks/coverage.html")
    links = page.select("article a.kb-term")
    assert [link.get_text() for link in links] == ["LCA"]
    assert links[0]["href"] == "../glossary/lca.html"
    block = one(page, "#kb-definitions")
    assert block.find_parent("article") is None
    assert one(block, f"#{links[0]['aria-describedby']}").get_text() == "Regulator of communications in Lesotho."


def test_a_marked_term_takes_any_case_and_is_not_linked_again(built: Built) -> None:
    links = soup(built(), "networks/spectrum.html").select("article a.kb-term")
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("Econet", "../glossary/econet.html"),
        ("lca", "../glossary/lca.html"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The PTA and PTAs", [("PTA", "pta")]),
        ("Digital Nation Act of Digital Nation", [("Digital Nation Act", "act"), ("Digital Nation", "nation")]),
        ("P@SHA says", [("P@SHA", "psha")]),
        ("digital nation", []),
        ("(PTA)", [("PTA", "pta")]),
    ],
)
def test_the_longest_name_wins(text: str, found: list[tuple[str, str]]) -> None:
    table = {
        "PTA": [("PTA", ("PTA",), "pta")],
        "P": [("P@SHA", ("P", "SHA"), "psha")],
        "Digital": [
            ("Digital Nation Act", ("Digital", "Nation", "Act"), "act"),
            ("Digital Nation", ("Digital", "Nation"), "nation"),
        ],
    }
    assert [(text[start:end], entry) for start, end, entry in mentions(text, table)] == found


def test_terms_are_in_the_inventory(built: Built) -> None:
    from sphinx.util.inventory import InventoryFile

    data = (built() / "objects.inv").read_bytes()
    terms = InventoryFile.loads(data, uri="").data["std:term"]
    assert terms["lca"].uri.startswith("glossary/lca.html")
    assert "lesotho telecommunications authority" in terms


def test_the_glossary_lists_every_entry(built: Built) -> None:
    page = soup(built(), "glossary/index.html")
    assert [term.get_text() for term in page.select("dl.glossary dt")] == ["Econet", "Lesotho Communications Authority"]
    assert "regulator, active. Regulator of communications" in page.get_text()


def test_an_index_lists_its_children_with_descriptions(built: Built) -> None:
    page = soup(built(), "networks/index.html")
    rows = page.select("ul.kb-children > li")
    assert [row.get_text(" ", strip=True) for row in rows] == [
        "Mobile coverage How much of the country has coverage.",
        "Spectrum Who holds spectrum.",
    ]


def test_answer_facts_and_text_stand_in_this_order(built: Built) -> None:
    article = one(soup(built(), "networks/coverage.html"), "article[role=main]").get_text(" ", strip=True)
    places = [
        article.index(part)
        for part in (
            "Mobile coverage",
            "How many people",
            "98 percent",
            "As of 31 March 2024",
            "The LCA",
            "What is not",
        )
    ]
    assert places == sorted(places)


def test_an_entry_shows_kind_status_names_and_timeline(built: Built) -> None:
    text = one(soup(built(), "glossary/lca.html"), "article").get_text(" ", strip=True)
    assert "Kind Regulator Status active Since June 2000 Also called LCA, Lesotho Telecommunications Authority" in text
    assert "Dates As of 31 March 2024 · next review due 31 March 2025" in text
    assert "Timeline" in text
    assert "5 June 2000 (enacted): Set up by law." in text
    facts = one(soup(built(), "glossary/econet.html"), "dl.kb-facts").get_text(" ", strip=True)
    assert facts.startswith("Kind Operator Status active Under Lesotho Communications Authority Dates As of")


def test_sidebar_holds_top_level_and_own_branch(built: Built) -> None:
    page = soup(built(), "networks/coverage.html")
    links = {link.get_text(): link["href"] for link in page.select(".sidebar-tree a")}
    assert links == {
        "Networks": "../networks/index.html",
        "Mobile coverage": "../networks/coverage.html",
        "Spectrum": "../networks/spectrum.html",
        "Glossary": "../glossary/index.html",
        "Sources": "../sources/index.html",
    }
    assert one(page, ".sidebar-tree [aria-current=page]").get_text() == "Mobile coverage"
    assert not soup(built(), "glossary/lca.html").select(".sidebar-tree .toctree-l2")


def test_previous_and_next_stay_within_the_topic(built: Built) -> None:
    page = soup(built(), "networks/coverage.html")
    assert one(page, "a.prev-page")["href"] == "index.html"
    assert one(page, "a.next-page")["href"] == "spectrum.html"
    assert [crumb["href"] for crumb in page.select(".kb-crumbs a")] == ["../index.html", "index.html"]
    assert not soup(built(), "glossary/lca.html").select("a.next-page")


def test_a_long_branch_is_cut_with_a_link_to_all(built: Built) -> None:
    many = {
        f"docs/networks/page-{number}.md": sample.OTHER_TOPIC.replace("# Spectrum", f"# Page {number:02}")
        for number in range(60)
    }
    links = soup(built(dict(many)), "networks/page-3.html").select(".sidebar-tree a")
    assert len(links) <= 45
    assert "All 62 pages in Networks" in [link.get_text() for link in links]


def test_many_topics_are_cut_with_a_link_to_all_and_the_own_one(built: Built) -> None:
    many = {
        f"docs/topic-{number:02}/index.md": sample.TOPIC_INDEX.replace("# Networks", f"# Topic {number:02}")
        for number in range(40)
    }
    for name, own in (("index", "Topic 00"), ("topic-39/index", "Topic 39"), ("glossary/lca", "Glossary")):
        links = [link.get_text() for link in soup(built(dict(many)), f"{name}.html").select(".sidebar-tree a")]
        assert len(links) <= 31
        assert {own, "All 41 topics", "Glossary", "Networks"} <= set(links)
        assert "Topic 30" not in links


def test_head_has_policy_and_description(built: Built) -> None:
    page = soup(built(), "networks/coverage.html")
    policy = str(one(page, 'meta[http-equiv="Content-Security-Policy"]')["content"])
    assert policy.startswith("default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-")
    assert one(page, "meta[name=description]")["content"] == "How much of the country has coverage."
    inline = [script for script in page.select("script:not([type])") if not script.get("src")]
    assert len(inline) == 1
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(str(inline[0].string).encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy


def test_nothing_comes_from_outside(built: Built) -> None:
    for file in built().rglob("*.html"):
        page = BeautifulSoup(file.read_text("utf-8"), "html.parser")
        loaded = [
            tag.get("src") or tag.get("href") for tag in page.select("script[src], link[rel=stylesheet], img[src]")
        ]
        assert not [address for address in loaded if "//" in str(address)]


def test_redirects_are_small_pages(built: Built) -> None:
    page = soup(built(), "networks/signal.html")
    assert one(page, "meta[http-equiv=refresh]")["content"] == "0; url=../networks/coverage.html"


def test_data_files(built: Built) -> None:
    rows = json.loads((built() / "data/sources.json").read_text("utf-8"))
    assert [row["id"] for row in rows] == ["gazette-2000-act", "times-2024-coverage"]
    assert (built() / "data/sources.bib").read_text("utf-8").count("@misc{") == 2


def test_only_what_the_build_lists_is_published(built: Built) -> None:
    names = {file.relative_to(built()).parts[0] for file in built().rglob("*") if file.is_file()}
    assert names == {
        "index.html", "search.html", "404.html", "index.md", "llms.txt", "objects.inv", ".buildinfo", "_static",
        "pagefind", "data", "networks", "glossary", "sources",
    }  # fmt: skip


ARTICLE = """\
---
description: What an article says.
source: times-2024-coverage
sections:
  - {heading: Coverage, page: networks/coverage}
claims:
  - claim: Everyone is covered
    verdict: imprecise
    evidence: "98 percent are {cite}`gazette-2000-act`."
    page: networks/coverage
  - {claim: "Speeds rise", verdict: open}
---
# Coverage article
"""
INDEX = sample.INDEX
INDICATOR = """\
---
description: Share of people with coverage.
unit: percent
scale: one
frequency: calendar
concept: coverage
as_of: "2024-03-31"
series: [{id: times, publisher: The Times, definition: Share of people, default: true}]
observations: [{series: times, period: "2024", value: "98.0", source: times-2024-coverage, quote: 98 percent}]
---
# Coverage share
"""
AUDIT = """\
---
description: Re-check.
area: networks
seed: all
as_of: "2026-02-01"
claims:
  - {page: networks/coverage, claim: "98 percent", source: times-2024-coverage, quote: "98 percent", outcome: right}
---
# Re-check of networks
"""
KINDS: dict[str, str | bytes | None] = {
    "docs/articles/index.md": INDEX,
    "docs/articles/coverage.md": ARTICLE,
    "docs/indicators/index.md": INDEX,
    "docs/indicators/coverage.md": INDICATOR,
    "docs/audits/index.md": INDEX,
    "docs/audits/2026-02-01-networks.md": AUDIT,
}


def test_articles_indicators_and_audits_are_pages(built: Built) -> None:
    out = built(KINDS)
    article = one(soup(out, "articles/coverage.html"), "article").get_text(" ", strip=True)
    assert "imprecise : Everyone is covered. Evidence: 98 percent are" in article
    assert "open : Speeds rise." in article
    link = soup(out, "articles/coverage.html").select('article a[href="../networks/coverage.html"]')
    assert {found.get_text() for found in link} == {"Mobile coverage"}
    assert "98.0" in soup(out, "indicators/coverage.html").select("td")[1].get_text()
    assert "1 right" in soup(out, "audits/2026-02-01-networks.html").get_text()


def test_the_checked_line_comes_from_the_audits(built: Built) -> None:
    page = soup(built(KINDS), "networks/coverage.html")
    link = one(page, '.kb-facts a[href="../audits/2026-02-01-networks.html"]')
    assert link.get_text() == "checked 1 February 2026"
    assert not re.search("checked", soup(built(), "networks/coverage.html").select(".kb-facts")[0].get_text())


QUOTING = sample.TOPIC.replace(
    "It was set up", "People online were {indicator}`users@2019..2023`, {computed}`a quarter more`. It was set up"
).replace("## What is", ":::{chart} users\n:::\n\n## What is")
FIGURES: dict[str, str | bytes | None] = {
    "docs/indicators/index.md": INDEX,
    "docs/indicators/users.md": sample.INDICATOR,
    "docs/networks/coverage.md": QUOTING,
    "docs/about/index.md": INDEX,
    "docs/about/lists.md": (
        "---\ndescription: Lists.\n---\n# Lists\n\n:::{generated} disagreements\n:::\n\n:::{generated} fields\n:::\n"
    ),
}


def test_figures_stand_in_prose_with_their_notes(built: Built) -> None:
    page = soup(built(FIGURES), "networks/coverage.html")
    figure = one(page, ".kb-figure")
    assert figure.get_text() == "from 10.0 million people in 2019 to 12.5 million people in 2023 (+25%)"
    mark = figure.find_next("a", class_="footnote-reference")
    assert isinstance(mark, Tag)
    assert mark["href"] == "#cite-times-2024-coverage"


def test_a_chart_has_picture_table_and_data(built: Built) -> None:
    out = built(FIGURES)
    box = one(soup(out, "networks/coverage.html"), ".kb-chart")
    svg = one(box, "svg[role=img]")
    for name in str(svg["aria-labelledby"]).split():
        assert one(svg, f"#{name}").get_text()
    assert len(box.select("details tbody tr")) == 6
    links = {link.get_text(): str(link["href"]) for link in box.select(".kb-caption a")}
    assert links["People online"] == "../indicators/users.html"
    for kind in ("CSV", "JSON"):
        assert (out / "networks" / links[kind]).resolve().exists()


def test_an_indicator_opens_with_its_latest_value_and_picture(built: Built) -> None:
    page = soup(built(FIGURES), "indicators/users.html")
    text = one(page, "article").get_text(" ", strip=True)
    assert "15.0 million people in 2024 (actual; Statistics Office): People of ten and over." in text
    assert len(page.select("article svg")) == 1
    assert not page.select(".kb-chart details")
    assert "2024: Union. It counts everybody." in text
    facts = one(page, "dl.kb-facts").get_text(" ", strip=True)
    assert facts.startswith("Unit million people Published by Statistics Office; Union; Regulator Periods 2019 to 2024")


def test_generated_lists(built: Built) -> None:
    text = one(soup(built(FIGURES), "about/lists.html"), "article").get_text(" ", strip=True)
    assert "2024 Statistics Office: People of ten and over 15.0 million people" in text
    assert "13.2 million people yes: It counts everybody" in text
    assert "superseded_by no Id of the entry that took its place." in text


def test_figures_are_published_as_data(built: Built) -> None:
    data = built(FIGURES) / "data"
    rows = list(csv.DictReader((data / "indicators/users.csv").open(encoding="utf-8", newline="")))
    assert [(row["series"], row["period"], row["value"]) for row in rows][:2] == [
        ("survey", "2019", "10.0"),
        ("survey", "2023", "12.5"),
    ]
    (record,) = json.loads((data / "indicators.json").read_text("utf-8"))
    assert record["id"] == "indicators/users"
    assert record["observations"][0]["value"] == "10.0"
    resources = json.loads((data / "datapackage.json").read_text("utf-8"))["resources"]
    assert all((data / resource["path"]).exists() for resource in resources)


def test_rows_that_may_not_be_reused_stay_out_of_the_files(built: Built) -> None:
    closed = sample.SOURCES.replace("kind: press", "kind: press\n    reuse: not for commercial use")
    out = built({**FIGURES, "docs/sources/main.yaml": closed})
    (record,) = json.loads((out / "data/indicators.json").read_text("utf-8"))
    assert [row["series"] for row in record["observations"]] == ["model", "lines"]
    assert record["left_out"] == 4
    assert "12.5" not in (out / "data/indicators/users.csv").read_text("utf-8")
    assert "12.5" in (out / "indicators/users.html").read_text("utf-8")


CLOSED = sample.OTHER_ENTRY.replace("status: active", "status: superseded\nsuperseded_by: lca")
LISTS = ("status", "timeline", "due", "corrections", "changes", "wanted")
EVENTS: dict[str, str | bytes | None] = {
    **KINDS,
    "docs/glossary/econet.md": CLOSED.replace("entry_kind: operator", "entry_kind: network"),
    "docs/corrections.yaml": (
        '- {date: "2026-02-03", page: networks/signal, was: "97 percent.", is: "98 percent.", why: "A slip."}\n'
    ),
    "docs/about/index.md": INDEX,
    **{
        f"docs/about/{name}.md": f"---\ndescription: List.\n---\n# List {name}\n\n:::{{generated}} {name}\n:::\n"
        for name in LISTS
    },
}


@pytest.fixture
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772323200")  # 1 March 2026


def article(out: Path, page: str) -> str:
    return one(soup(out, page), "article").get_text(" ", strip=True)


@pytest.mark.usefixtures("fixed_day")
def test_generated_pages_show_statuses_events_and_work(built: Built) -> None:
    out = built(EVENTS)
    board = one(soup(out, "about/status.html"), "table.kb-board")
    assert [cell.get_text(strip=True) for cell in board.select("tbody td")] == [
        "Econet", "network", "Networks", "superseded", "2024-03-31", "–",
    ]  # fmt: skip
    assert "5 June 2000 Lesotho Communications Authority (enacted): Set up by law." in article(
        out, "about/timeline.html"
    )
    assert one(soup(out, "about/timeline.html"), ".kb-letters a")["href"] == "#year-2000"
    assert soup(out, "about/timeline.html").find(id="year-2000")
    due = article(out, "about/due.html")
    assert "On 1 March 2026 (UTC), 4 of 4 pages were overdue." in due
    assert "Networks: 4 of 4 overdue" in due
    assert due.index("Spectrum , was due 1 August 2024") < due.index("Mobile coverage , was due 30 September 2024")
    assert "3 February 2026 : Mobile coverage . It said: 97 percent. It says: 98 percent." in article(
        out, "about/corrections.html"
    )
    assert "3 February 2026 : Mobile coverage , corrected: A slip." in article(out, "about/changes.html")
    assert "Entries without an event Econet" in article(out, "about/wanted.html")


@pytest.mark.usefixtures("fixed_day")
def test_banner_and_history_stand_on_the_page(built: Built) -> None:
    out = built(EVENTS)
    banner = one(soup(out, "glossary/econet.html"), ".kb-banner")
    assert banner.get_text() == ("This has been superseded. Its place was taken by Lesotho Communications Authority.")
    assert "Corrections 3 February 2026 : It said: 97 percent." in article(out, "networks/coverage.html")
    assert "Corrections" not in article(out, "networks/spectrum.html")
    assert one(soup(out, "networks/coverage.html"), "[data-due]")["data-due"] == "2024-09-30"


def test_links_to_the_repository_stand_where_the_site_names_one(built: Built) -> None:
    site = sample.SITE.replace(
        "[review",
        '[address]\nrepository = "https://github.com/o/r"\nbranch = "main"\ncontact = "a@example.org"\n[review',
    )
    about: dict[str, str | bytes | None] = {
        "docs/about/index.md": sample.INDEX,
        "docs/about/templates.md": "---\ndescription: T.\n---\n# Templates\n\n:::{generated} templates\n:::\n",
    }
    bare, named = built(about), built({**about, "site.toml": site})
    page = (named / "networks/coverage.html").read_text("utf-8")
    assert 'href="https://github.com/o/r/edit/main/docs/networks/coverage.md"' in page
    assert "/issues/new?template=correction.yml&amp;page=networks/coverage" in page
    assert 'href="mailto:a@example.org"' in page
    assert "mailto:" not in (bare / "networks/coverage.html").read_text("utf-8")
    assert "Edit this page" not in (named / "search.html").read_text("utf-8")
    assert "Edit this page" not in (bare / "networks/coverage.html").read_text("utf-8")
    loaded, findings = check.check(named.parents[1])
    assert loaded
    assert findings == published.audit(named, loaded) == []
    text = (named / "about/templates.html").read_text("utf-8")
    links = re.findall(r'href="(https://github.com/o/r/new/main/docs/[^"]+)"', text)
    assert len(links) == len(template.KINDS)
    for kind, link in zip(template.KINDS, links, strict=True):
        query = parse_qs(urlsplit(unescape(link)).query)
        assert query["value"] == [template.record(kind, template.TITLE)]
        assert len(link) < 8_000
    assert "/new/main/" not in (bare / "about/templates.html").read_text("utf-8")
    assert "entry_kind" in (bare / "about/templates.html").read_text("utf-8")
