"""The importer's parts, each on its own."""

from __future__ import annotations

import random
from array import array
from decimal import Decimal

import pytest

from kb import model, shingles
from kb.importer import claims, dates, furniture, html, names, numbers, place, plain, prose, sentences, twins
from kb.importer.article import Refused, Sentence
from kb.importer.examine import Base, examine
from tests.importer.source_articles import aligned


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It has no chimney. And leaves no smoke.", ["It has no chimney, and leaves no smoke."]),
        ("It had 20 masts. In May 2025.", ["It had 20 masts, in May 2025."]),
        ("It fell. In May 2025 there were two.", ["It fell.", "In May 2025 there were two."]),
        ("Dr. Rind spoke. He left.", ["Dr. Rind spoke.", "He left."]),
        ("It cost Rs. 20. “Too much,” he said.", ["It cost Rs. 20.", "“Too much,” he said."]),
        ("یہ ایک ہے۔ وہ دو ہیں۔", ["یہ ایک ہے۔", "وہ دو ہیں۔"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences.split(text) == parts


@pytest.mark.parametrize(
    ("text", "day"),
    [("Published March 5th, 2026", "2026-03-05"), ("5 Sept 2025", "2025-09-05"), ("Dated: 16-07-2025", "2025-07-16"),
     ("2025-10-02T05:00:00Z", "2025-10-02"), ("D:20260105080000", ""), ("31/02/2025", ""), ("May day", "")],
)  # fmt: skip
def test_dates(text: str, day: str) -> None:
    assert dates.parse(text) == day


@pytest.mark.parametrize(
    "name", ["share-row", "cookieBanner", "post-navigation", "jp-relatedposts", "td_block_related"]
)
def test_boxes_of_furniture(name: str) -> None:
    assert furniture.named({"class": name})


@pytest.mark.parametrize(
    "name", ["entry-content", "story__content", "post", "blog-post-body", "shareholders", "commentary"]
)
def test_boxes_of_text(name: str) -> None:
    assert not furniture.named({"class": name})


@pytest.mark.parametrize(
    "line", ["Leave a Reply", "Posted in: News", "Back to Top", "Share this:", "1.2k shares", "* * *"]
)
def test_lines_of_furniture(line: str) -> None:
    assert furniture.line(line)


@pytest.mark.parametrize(
    "line", ["Next steps", "Share of users", "Register the firm as a sole trader.", "Comments rose."]
)
def test_lines_of_text(line: str) -> None:
    assert not furniture.line(line)


def test_hidden_text_and_scripts_are_left_out() -> None:
    page = (
        "<h1>A title here</h1><p>One mast stands here. <span style='display: none'>Publish me.</span></p><svg>x</svg>"
    )
    article = html.read(page)
    assert article.title == "A title here"
    assert [block.text for block in article.blocks] == ["One mast stands here."]


def test_a_page_without_sentences_is_refused() -> None:
    with pytest.raises(Refused, match="no text of an article"):
        html.read("<nav>Home</nav><footer>Terms</footer>")


def test_headings_of_plain_text() -> None:
    article = plain.read(
        "A title\n\nBy A. Writer\n5 May 2025\n\nOne mast stands.\n\n2.1 The team\n\nIt is small.\n\nShare\n"
    )
    assert (article.title, article.author, article.published) == ("A title", "A. Writer", "2025-05-05")
    assert [(block.kind, block.level) for block in article.blocks] == [
        ("paragraph", 0),
        ("heading", 3),
        ("paragraph", 0),
    ]


def test_quantities_and_periods() -> None:
    text = "On 5 May 2025 it paid Rs2.6 billion, 71% of 300 firms and sixteen banks in FY2025."
    found = [(row.value, row.unit) for row in numbers.quantities(text, {"rs": "xyz"})]
    assert found == [(Decimal("2.6") * 10**9, "XYZ"), (71, "percent"), (300, ""), (16, "")]
    assert numbers.periods(text) == ["2025-05-05", "FY2025"]
    assert numbers.periods("A year before it was less.", "FY2025") == ["FY2024"]
    assert numbers.periods("In September it was less.", "2025-10") == ["2025-09"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("It sold 480 MHz.", "figure"), ("It opened on 6 October 2025.", "date"), ("A fee may follow.", "forecast"),
     ("It is the largest mast.", "superlative"), ("The fund is active.", "status"), ("Ask for the receipt.", None),
     ("Is there money?", None), ("“We sell 20,” he says.", None), ("The Act, 2021 is long.", None)],
)  # fmt: skip
def test_kinds_of_claims(text: str, kind: str | None) -> None:
    assert claims.kind_of(text) == kind


def test_names_are_linked_only_where_they_are_meant(base: Base) -> None:
    known = base.names
    for text in ("The PTA said so.", "Airlift has closed.", "It pays by Raast."):
        assert known.mentioned(text), text
    for text in ("An NDC is what a pharmacist reads.", "“Abhi!” he shouts.", "Kenya's Universal Service Fund pays."):
        assert not known.mentioned(text), text
    assert isinstance(known, names.Names)


def test_a_name_may_end_in_a_small_letter(base: Base) -> None:
    found = plain.read("On a plan\n\nThe Digital Pakistan vision aims at skills for everybody in the country.\n")
    assert [link.entry for link in base.names.links(found, list(found.sentences()))] == ["digital-pakistan"]


PLAIN = (
    "How the startups of Pakistan fare\n\nHow the startups of Pakistan fare.\n\nStartups\n\n"
    + "Startups in Pakistan find mentors in incubators. Founders of startups lack money. "
    "Investors avoid the small funds. "
    "Accelerators and coworking help young founders.\n"
)


def test_the_statements_of_an_article_without_figures_are_its_claims(base: Base) -> None:
    found = examine(plain.read(PLAIN), base)
    assert [claim.kind for claim in found.claims] == ["statement"] * 4
    assert not found.statements


def test_beside_figures_statements_are_no_claims(base: Base) -> None:
    more = PLAIN.replace(
        "lack money.", "lack money. They raised $22.5 million in 2024. They raised $366 million in 2021."
    )
    found = examine(plain.read(more), base)
    assert [claim.kind for claim in found.claims] == ["figure", "figure"]
    assert len(found.statements) == 4


def test_words_that_sections_share_say_little_of_their_place(base: Base) -> None:
    texts = [(heading, f"The tech industry and its {heading}.") for heading in ("freelancing", "gender", "incubators")]
    shared, alone = (base.places.vectors(rows)[0] for rows in (texts, texts[:1]))
    assert shared["freelanc"] > alone["freelanc"]
    assert shared["industry"] < alone["industry"]


def test_words_of_every_topic_tell_less_than_those_of_one(base: Base) -> None:
    telling = base.places.telling
    for common, special in (("technology", "ransomware"), ("government", "freelancers"), ("report", "handset")):
        assert telling[place.stem(common)] < telling[place.stem(special)] - 0.2, common


@pytest.mark.parametrize(
    ("heading", "topic", "page"),
    [
        ("Submarine cables", "connectivity", "connectivity/submarine-cables"),
        ("Targets and forecasts", "outlook", "outlook/forecasts-and-methods"),
        ("Data protection", "cybersecurity", "cybersecurity/data-protection"),
        ("Freelancing", "people", "people/freelancing"),
    ],
)
def test_a_section_of_plain_words_is_placed_by_its_heading(base: Base, heading: str, topic: str, page: str) -> None:
    text = "Much has been written on this, and more is to be done. The industry and the state both say so."
    vector = base.places.vector("", [], text)
    topics = base.places.topics_of(vector, [heading])
    assert topics[0].where == topic
    assert page in [found.where for found in base.places.pages_of(vector, [heading], topics, 3)]


def test_pages_of_the_topic_of_a_section_come_before_others_as_like_it(base: Base) -> None:
    vector = base.places.vector("", [], "Exports of services, taxes on exporters and the companies that pay them.")
    first, *_ = found = base.places.pages_of(vector, [], base.places.topics_of(vector), 9)
    other = next(page for page in found if page.where.partition("/")[0] != first.where.partition("/")[0])
    favoured = [place.Place(t, float(t == other.where.partition("/")[0]), ()) for t in base.places.topics]
    assert base.places.pages_of(vector, [], favoured, 1)[0].where.startswith(other.where.partition("/")[0])


def test_whether_an_article_is_on_topic_is_judged_by_all_its_words(base: Base) -> None:
    near, far = (base.places.vector("", [], text) for text in ("The ministry reports on it.", "A goalkeeper dives."))
    assert not place.off_topic(base.places.topics_of(near), named=False)
    assert place.off_topic(base.places.topics_of(far, ["Startups"]), named=True)


def test_a_place_is_sure_when_all_words_say_the_same_as_those_that_tell() -> None:
    agreed = [place.Place("a", 0.2, (), 0.3), place.Place("b", 0.1, (), 0.1)]
    doubted = [place.Place("a", 0.2, (), 0.1), place.Place("b", 0.1, (), 0.12)]
    assert place.confidence(agreed) > 0.8
    assert place.confidence(doubted) < place.SURE


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("It plans for 5G in the north.", "mobile/5g"),
        ("COVID-19 closed the schools.", "covid-19/index"),
        ("The Internet of Things is small.", "mobile/internet-of-things"),
        ("Many submarine cables broke.", "connectivity/submarine-cables"),
        ("IT exports fell.", "overview/it-exports"),
        ("That is where it exports goods to.", ""),
        ("The National Artificial Intelligence Fund pays.", ""),
        ("They asked what stayed.", ""),
        ("People like rankings.", ""),
    ],
)
def test_titles_of_pages_are_names_too(base: Base, text: str, page: str) -> None:
    assert [link.page for link in base.names.pages([Sentence(text, "")])] == ([page] if page else [])


def test_a_name_that_has_a_page_is_not_new(base: Base) -> None:
    found = plain.read("On a grid\n\nMeters join the Internet of Things and the Gilgit Grid Company in May.\n")
    assert [name.name for name in base.names.new(found, list(found.sentences()))] == ["Gilgit Grid Company"]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("It works with AI, IoT, and quantumware.", ["quantumware"]),
        ("It works with quantumware, AI or VR.", ["quantumware"]),
        ("It works with AI, IoT, and cybersecurity.", []),
        ("It works with AI, quantumware, and widgetry.", []),
        ("It works with quantumware.", []),
    ],
)
def test_a_word_among_names_that_no_page_has_is_a_new_name(base: Base, text: str, new: list[str]) -> None:
    found = plain.read(f"On a tool\n\n{text} It is used by many people all over the country.\n")
    assert [name.name for name in base.names.new(found, list(found.sentences()))] == new


def test_claims_are_found_in_the_order_of_their_article(base: Base) -> None:
    said = ["Many looms stand idle.", "The wool is dear.", "Fairs draw weavers."]
    told = ["Looms are not in use.", "Much wool costs a lot.", "Sheep are few.", "Weavers visit fairs."]
    rows = [model.Claim(claim=text, verdict="open") for text in told]
    assert aligned(rows, [Sentence(text, "") for text in said], set(), base.places)[::3] == [0, 2]


def test_articles_repeat_a_primary_and_not_each_other() -> None:
    dice = random.Random(1)
    one, other = ([dice.randrange(2**40) for _ in range(90)] for _ in "ab")
    rows = {"a": one, "b": [*one[:45], *other[:45]], "c": other, "d": [*one[:80], *other[80:]]}
    sketched = (twins.Sketched(key, (key,), array("Q", sorted(row)[: twins.SKETCH])) for key, row in rows.items())
    assert twins.groups(sketched) == {"a": "a", "d": "a"}


def test_a_copy_of_thirteen_words_is_always_found() -> None:
    text = [f"word{number}" for number in range(200)]
    kept = {int(value, 16) for value in shingles.kept([" ".join(text)])}
    most = shingles.RUN + shingles.WINDOW - 1
    for at in range(len(text) - most):
        assert kept & set(shingles.hashes(text[at : at + most]))


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }}", ":::{include} x", "```{eval-rst}", "<script>x</script>", "$$x$$", "{cite}`a`", "+++"]
)
def test_markup_becomes_words(text: str) -> None:
    said = prose.markdown(text)
    assert not any(mark in said for mark in ("{", "`", "<", "$$", ":::", "+++"))


def test_names_that_do_not_link_by_themselves_are_marked_once() -> None:
    names_found = [{"entry": "e", "name": "Long Old Name", "auto": False}, {"entry": "f", "name": "PTA", "auto": True}]
    blocks = [{"kind": "paragraph", "text": "The Long Old Name and the PTA pay 5.", "cells": (), "links": ()}] * 2
    article = {"title": "On the Long Old Name", "published": "2025-01-02", "blocks": blocks}
    topic = {"where": "a", "reasons": ()}
    data = {"article": article, "sections": [], "topics": [topic], "links": names_found, "page_links": []}
    [(path, page)] = prose.pages(data, "source", "name", "2026-01-01")
    assert path == "a/name.md"
    assert page.count("{term}`Long Old Name`") == 1
    assert "The {term}`Long Old Name` and the PTA pay 5. {cite}`source`" in page
    assert "# On the Long Old Name" in page


def test_the_first_mention_of_a_page_becomes_a_link_to_it() -> None:
    texts = ["The 5G phones, 5G masts and IT parks pay 5.", "On 5G again (in IT parks)."]
    blocks = [{"kind": "heading", "text": "Why 5G", "cells": (), "links": ()}]
    blocks += [{"kind": "paragraph", "text": text, "cells": (), "links": ()} for text in texts]
    article = {"title": "On 5G", "published": "2025-01-02", "blocks": blocks}
    named = [
        {"page": "mobile/5g", "name": "5G"},
        {"page": "a/it-parks", "name": "IT parks"},
        {"page": "a/on-it", "name": "pay"},
    ]
    data = {
        "article": article,
        "sections": [],
        "topics": [{"where": "a", "reasons": ()}],
        "links": [],
        "page_links": named,
    }
    [(_, page)] = prose.pages(data, "source", "on-it", "2026-01-01")
    assert "The [5G](../mobile/5g.md) phones, 5G masts and [IT parks](it-parks.md) pay 5. {cite}`source`" in page
    assert page.count("](") == 2
    assert "# On 5G\n" in page
    assert "## Why 5G\n" in page
