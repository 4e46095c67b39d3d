"""One article is judged against the knowledge base: where it belongs, whom it names, what it claims."""

from __future__ import annotations

import hashlib
import re
from array import array
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kb import corpus, shingles
from kb.importer import claims, holds, names, numbers, place, read, twins
from kb.importer.article import Article, Refused, squeeze
from kb.importer.claims import Found as Statement

PAGES = 3  # proposed for a section
FEW_CLAIMS = 0.25  # of an article with a smaller share of figures, dates and forecasts the statements are the claims
MAX_STATED = 200  # statements that are taken for claims


@dataclass(slots=True)
class Section:
    """A headed section, its topic and the pages that it is like, with the words that say so."""

    heading: str
    topic: str
    pages: list[place.Place]
    score: float


@dataclass(slots=True)
class Claim:
    """A sentence to check and what the knowledge base holds on it."""

    text: str
    section: str
    kind: str
    holds: str
    ref: str
    shown: str
    entries: list[str]


@dataclass(slots=True)
class Examined:
    """All that is known of an article after it was read and judged."""

    article: Article
    topics: list[place.Place]
    confidence: float
    off_topic: bool
    sections: list[Section]
    links: list[names.Link]
    page_links: list[names.PageLink]
    new_names: list[names.NewName]
    claims: list[Claim]
    statements: list[Statement]
    shingles: list[str]
    sketch: list[int] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return asdict(self)


class Base:
    """The knowledge base, prepared once for many articles."""

    def __init__(self, root: Path) -> None:
        self.corpus = corpus.load(root)
        self.places = place.Places(self.corpus)
        self.names = names.Names(self.corpus, self.places.idf)
        self.knowledge = holds.Knowledge(self.corpus)

    def digest(self) -> str:
        """Changes when anything does that articles are judged by."""
        hashed = hashlib.blake2b(digest_size=8)
        for name in sorted(self.corpus.pages):
            if name.partition("/")[0] in (*self.corpus.topics, "glossary", "indicators"):
                hashed.update(f"{name}\0{self.corpus.pages[name].text}\0".encode())
        hashed.update(repr(self.corpus.site).encode())
        for module in sorted(Path(__file__).parent.glob("*.py")):
            hashed.update(module.read_bytes())
        return hashed.hexdigest()


def load(path: Path) -> Article:
    """The article of a file, with the pages that follow it. Raises :class:`Refused`."""
    return load_pages(path)[0]


def load_pages(path: Path) -> tuple[Article, list[str]]:
    """The article of a file, and the names of the files that hold its further pages."""
    article = read.read(path)
    seen = {path.name: 0}
    following = article.following
    while re.fullmatch(r"[\w.-]+", following) and following not in seen and (path.parent / following).is_file():
        seen[following] = 1
        try:
            more = read.read(path.parent / following)
        except Refused:
            break
        article.blocks += more.blocks
        following = more.following
    return article, list(seen)[1:]


def examine(article: Article, base: Base) -> Examined:
    """Judge an article."""
    lines = list(article.sentences())
    links = base.names.links(article, lines)
    headings = [block.text for block in article.headings]
    vector = base.places.vector(article.title, headings, article.text, base.names.stray(links))
    topics = base.places.topics_of(vector, headings, [link.entry for link in links])
    off_topic = place.off_topic(topics, named=bool(links))
    sections = [] if off_topic else _sections(article, base)
    if not off_topic:
        topics = place.of_many(base.places, [section.topic for section in sections if section.heading], topics)
    found, statements = ([], []) if off_topic else _claims(article, base)
    return Examined(
        article=article,
        topics=topics[:5],
        confidence=0.0 if off_topic else place.confidence(topics),
        off_topic=off_topic,
        sections=sections,
        links=[] if off_topic else links,
        page_links=[] if off_topic else base.names.pages(lines),
        new_names=[] if off_topic else base.names.new(article, lines),
        claims=found,
        statements=statements,
        shingles=shingles.kept(block.text for block in article.blocks if block.kind not in ("heading", "row", "code")),
        sketch=twins.sketch(block.text for block in article.blocks if block.kind not in ("heading", "code")),
    )


def _sections(article: Article, base: Base) -> list[Section]:
    found = []
    texts = [
        (heading or article.title, " ".join(block.text for block in blocks)) for heading, blocks in article.sections
    ]
    for (heading, _), vector in zip(article.sections, base.places.vectors(texts), strict=True):
        topics = base.places.topics_of(vector, [heading])
        pages = base.places.pages_of(vector, [heading], topics, PAGES)
        found.append(Section(heading, topics[0].where, pages, topics[0].score))
    return found


def _claims(article: Article, base: Base) -> tuple[list[Claim], list[Statement]]:
    """The claims, and the sentences that state something without anything that can be counted or dated.

    An article that has hardly any figures is judged by what it states: then its statements are claims too.
    """
    told: list[Claim] = []
    digits = base.corpus.names_with_digits
    before, context, entries = "", "", []
    year, title = article.published[:4], squeeze(article.title)
    for sentence in article.sentences():
        here = base.names.mentioned(sentence.text)
        if here or not re.search(r"(?i)\b(?:its?|they|their|this|these)\b", sentence.text):
            entries = here
        claim, held = claims.find(sentence, digits), holds.Held()
        if claim:
            held = base.knowledge.ask(claim, entries, before, context, year, article.title)
        elif claims.states(sentence.text) and squeeze(sentence.text) != title:
            claim = Statement(sentence.text, sentence.section, "statement")
        if claim:
            told.append(Claim(claim.text, claim.section, claim.kind, held.answer, held.ref, held.shown, entries))
        named = numbers.periods(sentence.text, context, year)
        context = named[0] if named else context
        before = sentence.text
    found = [claim for claim in told if claim.kind != "statement"]
    if len(told) <= MAX_STATED and len(found) < FEW_CLAIMS * len(told):
        return told, []
    return found, [Statement(row.text, row.section, "statement") for row in told if row.kind == "statement"]


def order(article: dict[str, Any], name: str) -> list[str]:
    """What puts an article before others that say the same: an earlier date, an address, more words, a plainer name."""
    words = sum(len(block["text"].split()) for block in article["blocks"])
    return [
        article["published"] or "9999",
        "" if article["url"] else "1",
        f"{10**9 - words:010}",
        f"{len(name):04}",
        name,
    ]


def grouped(read: dict[str, Examined]) -> dict[str, str]:
    """Key -> key of the primary article, for those that say the same; they stand where their primary does."""
    sketched = (
        twins.Sketched(key, tuple(order(asdict(found.article), key)), array("Q", found.sketch))
        for key, found in read.items()
    )
    groups = twins.groups(sketched)
    for key, primary in groups.items():
        read[key].topics, read[key].confidence = read[primary].topics, read[primary].confidence
    return groups
