"""What a page shows of other files: lists, sidebar, neighbours, definitions, dates.

The layer that writes HTML shows what these functions return, and :func:`outside` hashes the same, so that a page is
written again exactly when something it shows has changed.
"""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kb import chart, csl, model, series, template
from kb.corpus import Corpus, digest, mentioned, used_sources
from kb.finding import RULES
from kb.history import Change, History
from kb.links import collect, ledger
from kb.links.health import Health, health
from kb.page import Page
from kb.related import related
from kb.series import Disagreement
from kb.words import _

SIDEBAR_LINKS = 40
TOP_LINKS = 30  # of the sidebar, for topics and the folders that are none
RECENT = 5  # rows of the home page's lists
APART = ("glossary", "indicators", "articles", "sources", "audits", "about")  # folders that are not topics


@dataclass(frozen=True, slots=True)
class Row:
    """A page in a list."""

    docname: str
    title: str
    description: str
    kind: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """How much rests on one publisher."""

    name: str
    kinds: str
    count: int
    newest: str


@dataclass(frozen=True, slots=True)
class Dates:
    """When a page was true, when it was checked, when it is due."""

    as_of: datetime.date | None
    review_by: datetime.date | None
    checks: tuple[tuple[str, datetime.date], ...]  # (audit's docname, day), newest first


@dataclass(frozen=True, slots=True)
class Branch:
    """A sidebar: the top level, and under one of its rows the pages of that folder."""

    top: tuple[Row, ...]
    folder: str
    inner: tuple[Row, ...]
    more: int  # pages of the folder that are not among ``inner``
    topics: int  # of the site, where not all are among ``top``; otherwise none


ORGANISATIONS = frozenset({
    "ministry", "regulator", "agency", "council", "bank", "wallet", "operator", "company", "investor", "association",
    "university", "court",
})  # fmt: skip
_KINDS = (
    model.Topic, model.Entry, model.Event, model.Indicator, model.Series, model.Observation, model.Preferred,
    model.Break, model.Article, model.Section, model.Claim, model.Audit, model.AuditedClaim, csl.Source, csl.Custom,
    csl.Reading, model.LinkException,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind of record, as the guide lists it."""

    name: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """A row of the status board."""

    row: Row
    topic: str
    as_of: datetime.date
    last: model.Event | None


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A card of the home page."""

    row: Row
    value: str
    when: str
    publisher: str
    definition: str
    spark: str  # SVG


@dataclass(frozen=True, slots=True)
class Overseen:
    """A body with those that it leads, owns or oversees."""

    row: Row
    below: tuple[Overseen, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What needs work."""

    names: tuple[tuple[str, int], ...]  # names of bodies and laws without an entry, and on how many pages they stand
    thin: tuple[Row, ...]  # topic pages that rest on one publisher
    bare: tuple[Row, ...]  # entries without an event


def fields() -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Every kind of record with its fields."""
    return tuple(
        (
            kind.__name__,
            tuple(
                Field(field.alias or name, field.is_required(), field.description or "")
                for name, field in kind.model_fields.items()
            ),
        )
        for kind in _KINDS
    )


class Views:
    """The views of one corpus, each computed once."""

    def __init__(
        self,
        corpus: Corpus,
        today: datetime.date | None = None,
        asked: Mapping[str, ledger.Row] | None = None,
        history: History | None = None,
        said: Callable[[str, str], str] = lambda docname, text: text,
    ) -> None:
        self.corpus = corpus
        self._said = said  # a page's title or description in the site's language
        self.history = history or History()
        self.today = today or build_day()
        self.asked = asked  # the link ledger, where there is one
        self._notes: dict[str, str] = {}

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """None is left of them where a build environment is pickled: for the next build, and by processes that read."""
        return type(None), ()

    def row(self, docname: str) -> Row:
        """The page as a row of a list."""
        page = self.corpus.pages[docname]
        record = page.record
        title, description = self._said(docname, page.title), self._said(docname, record.description)
        if isinstance(record, model.Entry):
            return Row(docname, title, description, record.entry_kind, record.status)
        return Row(docname, title, description)

    @cached_property
    def by_folder(self) -> Mapping[str, tuple[Row, ...]]:
        """Folder -> its pages (index left out) and those that ask to be listed there too, in reading order."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for docname, page in self.corpus.pages.items():
            if page.name != "index":
                for folder in dict.fromkeys((page.folder, *page.record.also_in)):
                    rows[folder].append(self.row(docname))
        return {folder: self._ordered(folder, listed) for folder, listed in rows.items()}

    def _ordered(self, folder: str, rows: list[Row]) -> tuple[Row, ...]:
        index = self.corpus.pages.get(f"{folder}/index" if folder else "index")
        order = index.record.order if index and isinstance(index.record, model.Index) else ()
        place = {f"{folder}/{name}": number for number, name in enumerate(order)}

        def key(row: Row) -> tuple[int, str, str]:
            newest_first = "" if folder != "audits" else "".join(chr(0x7F - ord(c) % 0x7F) for c in row.docname)
            return place.get(row.docname, len(place)), newest_first, row.title.casefold()

        return tuple(sorted(rows, key=key))

    @cached_property
    def top(self) -> tuple[Row, ...]:
        """The top level: topics in the home page's order, then the folders that are not topics."""
        folders = [*self.corpus.topics, *APART]
        return tuple(self.row(f"{f}/index") for f in folders if f"{f}/index" in self.corpus.pages)

    def children(self, index: Page) -> tuple[Row, ...]:
        """What an index page lists."""
        return self.top if index.docname == "index" else self.by_folder.get(index.folder, ())

    @cached_property
    def glossary(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Entries by first letter."""
        letters: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.by_folder.get("glossary", ()), key=lambda row: row.title.casefold()):
            first = row.title[:1].upper()
            letters[first if first.isalpha() else "0–9"].append(row)
        return tuple((letter, tuple(rows)) for letter, rows in sorted(letters.items()))

    @cached_property
    def publishers(self) -> tuple[Publisher, ...]:
        """Publishers of the sources, most used first."""
        groups = defaultdict(list)
        for located in self.corpus.sources.values():
            groups[located.source.publisher].append(located.source)
        rows = [
            Publisher(
                name,
                ", ".join(sorted({source.custom.kind for source in sources})),
                len(sources),
                max((source.issued or "" for source in sources), default=""),
            )
            for name, sources in groups.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-row.count, row.name.casefold())))

    @cached_property
    def disagreements(self) -> tuple[tuple[Row, model.Indicator, tuple[Disagreement, ...]], ...]:
        """Indicators whose series differ, with the periods."""
        found = []
        for row in self.by_folder.get("indicators", ()):
            record = self.corpus.pages[row.docname].record
            if isinstance(record, model.Indicator) and (periods := series.disagreements(record)):
                found.append((row, record, tuple(periods)))
        return tuple(found)

    def generated(self, name: str, folder: str = "") -> object:
        """What the directive ``generated`` shows under a name of :data:`kb.markup.GENERATED`, on a page of a folder."""
        made: dict[str, Callable[[], object]] = {
            "disagreements": lambda: self.disagreements,
            "fields": fields,
            "status": lambda: self.initiatives,
            "timeline": lambda: self.timeline(folder),
            "due": lambda: (self.today, self.due_by_topic),
            "corrections": lambda: self.corrections,
            "changes": lambda: (self.changes, self.new_pages),
            "recent": lambda: (self.changes[:RECENT], self.new_pages[:1]),
            "disputed": lambda: self.disputed,
            "children": lambda: self.top if not folder else self.by_folder.get(folder, ()),
            "oversight": lambda: self.oversight,
            "wanted": lambda: self.wanted,
            "key-figures": lambda: self.key_figures,
            "rules": lambda: RULES,
            "templates": lambda: self.templates,
            "links": lambda: self.links,
        }
        return made[name]()

    @cached_property
    def _home(self) -> Mapping[str, str]:
        """Entry -> the topic folder whose pages name it most."""
        topics = set(self.corpus.topics)
        home = {}
        for entry, rows in self._mentions.items():
            count = Counter(folder for row in rows if (folder := row.docname.partition("/")[0]) in topics)
            if count:
                home[entry] = min(count, key=lambda folder: (-count[folder], folder))
        return home

    @cached_property
    def _mentions(self) -> Mapping[str, tuple[Row, ...]]:
        """Entry -> the pages that name it, topics first."""
        table = self.corpus.linked_names
        rows: dict[str, list[Row]] = defaultdict(list)
        for docname, page in self.corpus.pages.items():
            if isinstance(page.record, model.Topic | model.Entry):
                terms = (self.corpus.entry_named(use.target) for use in page.terms)
                entries = {entry.name for entry in terms if entry}
                targets = (
                    target[0].removeprefix("glossary/") for use in page.links if (target := page.target(use.target))
                )
                entries |= self.corpus.entries.keys() & set(targets)
                for first in page.words & table.keys():
                    for name, words, entry in table[first]:
                        if entry not in entries and page.words.issuperset(words) and names(page.text, name):
                            entries.add(entry)
                for entry in entries - {page.name if page.folder == "glossary" else ""}:
                    rows[entry].append(self.row(docname))
        topics = set(self.corpus.topics)

        def key(row: Row) -> tuple[bool, str]:
            return row.docname.partition("/")[0] not in topics, row.title.casefold()

        return {entry: tuple(sorted(found, key=key)) for entry, found in rows.items()}

    def mentioned_on(self, page: Page) -> tuple[Row, ...]:
        """The pages that name an entry."""
        return self._mentions.get(page.name, ()) if isinstance(page.record, model.Entry) else ()

    @cached_property
    def _related(self) -> Mapping[str, tuple[str, ...]]:
        """Page -> topic pages and indicators with which it shares entries and sources."""
        kinds = model.Topic | model.Indicator
        able = {name for name, page in self.corpus.pages.items() if isinstance(page.record, kinds)}
        shared = {f"source {key}": names & able for key, names in self.corpus.cited_by.items()}
        for entry, rows in self._mentions.items():
            shared[f"entry {entry}"] = {row.docname for row in rows} & able
        return related(shared)

    def related_to(self, page: Page) -> tuple[Row, ...]:
        """The pages nearest to a topic page or indicator, nearest first."""
        return tuple(self.row(name) for name in self._related.get(page.docname, ()))

    def changes_of(self, page: Page) -> tuple[Change, ...]:
        """The commits that touched a page, newest first; none where the history is not known."""
        return tuple(self.history.pages.get(page.docname, ()))

    @cached_property
    def initiatives(self) -> tuple[Initiative, ...]:
        """Laws, policies, programmes, funds, zones…: everything that has a status to follow, by name."""
        found = []
        for name, page in self.corpus.entries.items():
            record = page.record
            assert isinstance(record, model.Entry)
            if record.entry_kind not in ORGANISATIONS:
                last = record.events[-1] if record.events else None
                topic = self._home.get(name, "")
                title = self.row(f"{topic}/index").title if topic else ""
                found.append(Initiative(self.row(page.docname), title, record.as_of, last))
        return tuple(sorted(found, key=lambda item: item.row.title.casefold()))

    def timeline(self, folder: str = "") -> tuple[tuple[Row, model.Event], ...]:
        """Events of all entries, or of those that belong to a topic, newest first."""
        topics = set(self.corpus.topics)
        found = [
            (self.row(page.docname), event)
            for name, page in self.corpus.entries.items()
            if isinstance(page.record, model.Entry) and (folder not in topics or self._home.get(name) == folder)
            for event in page.record.events
        ]
        return tuple(sorted(found, key=lambda item: (item[1].date, item[0].title), reverse=True))

    @cached_property
    def due(self) -> tuple[tuple[datetime.date, Row], ...]:
        """Pages by the day on which they are to be looked at again, oldest first."""
        days = ((self.dates(page).review_by, self.row(name)) for name, page in self.corpus.pages.items())
        return tuple(sorted(((day, row) for day, row in days if day), key=lambda item: (item[0], item[1].docname)))

    @cached_property
    def due_by_topic(self) -> tuple[tuple[str, tuple[tuple[datetime.date, Row], ...]], ...]:
        """The same by the topic that the page or entry belongs to, as (its title, its rows)."""
        groups: dict[str, list[tuple[datetime.date, Row]]] = defaultdict(list)
        for day, row in self.due:
            folder, _, name = row.docname.rpartition("/")
            groups[self._home.get(name, folder) if folder == "glossary" else folder].append((day, row))
        titles = {row.docname.rpartition("/")[0]: row.title for row in self.top}
        order = [*titles, *(folder for folder in groups if folder not in titles)]
        return tuple((titles.get(name, name or "Home"), tuple(groups[name])) for name in order if name in groups)

    @cached_property
    def corrections(self) -> tuple[tuple[model.Correction, Row | None], ...]:
        """Corrections, newest first, with their page as it is called now."""
        found = []
        for correction, _line in self.corpus.corrections:
            redirect = self.corpus.redirects.get(correction.page)
            name = redirect.new if redirect else correction.page
            found.append((correction, self.row(name) if name in self.corpus.pages else None))
        return tuple(sorted(found, key=lambda item: (item[0].date, item[0].page), reverse=True))

    @cached_property
    def changes(self) -> tuple[tuple[datetime.date, str, Row], ...]:
        """Corrections and re-checks, newest first."""
        found = [
            (correction.date, _("corrected: {why}").format(why=correction.why), row)
            for correction, row in self.corrections
            if row
        ]
        for name, page in self.corpus.pages.items():
            if isinstance(page.record, model.Audit):
                wrong = sum(claim.outcome != "right" for claim in page.record.claims)
                words = _("re-checked: {number} claims, {wrong} mended")
                said = words.format(number=len(page.record.claims), wrong=wrong)
                found.append((page.record.as_of, said, self.row(name)))
        return tuple(sorted(found, key=lambda item: (item[0], item[2].docname), reverse=True))

    @cached_property
    def new_pages(self) -> tuple[tuple[datetime.date, tuple[Row, ...]], ...]:
        """Topic pages, entries and indicators by the day of their first commit, newest first; moved ones are old."""
        moved = {redirect.new for redirect in self.corpus.redirects.values()}
        days: dict[datetime.date, list[Row]] = defaultdict(list)
        for name, page in self.corpus.pages.items():
            changes = self.changes_of(page)
            if changes and name not in moved and isinstance(page.record, model.Topic | model.Entry | model.Indicator):
                days[changes[-1].day].append(self.row(name))
        return tuple((day, tuple(days[day])) for day in sorted(days, reverse=True))

    @cached_property
    def disputed(self) -> tuple[tuple[Row, model.Indicator, Disagreement], ...]:
        """The newest period in dispute of some indicators: key figures first, then the newest."""
        key = [f"indicators/{target.partition('/')[0]}" for target in self.corpus.site.key_figures]
        found = [
            (row, record, max(periods, key=lambda one: chart.moment(one.period)))
            for row, record, periods in self.disagreements
        ]

        def place(item: tuple[Row, model.Indicator, Disagreement]) -> tuple[int, float, str]:
            row, _, last = item
            return key.index(row.docname) if row.docname in key else len(key), -chart.moment(last.period), row.title

        return tuple(sorted(found, key=place)[:RECENT])

    @cached_property
    def oversight(self) -> tuple[Overseen, ...]:
        """Who leads, owns or oversees whom: bodies that nobody oversees, each with what is below it, by name."""
        below: dict[str, list[str]] = defaultdict(list)
        for name, page in self.corpus.entries.items():
            if isinstance(page.record, model.Entry) and page.record.lead_body in self.corpus.entries:
                below[page.record.lead_body].append(name)

        def tree(name: str, above: tuple[str, ...]) -> Overseen:
            rest = sorted(
                set(below.get(name, ())) - set(above), key=lambda one: self.corpus.entries[one].title.casefold()
            )
            return Overseen(self.row(f"glossary/{name}"), tuple(tree(one, (*above, one)) for one in rest))

        under = {name for names in below.values() for name in names}
        roots = sorted(set(below) - under, key=lambda one: self.corpus.entries[one].title.casefold())
        return tuple(tree(name, (name,)) for name in roots)

    @cached_property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        """The indicators that ``site.toml`` puts on the home page, each with its latest value."""
        found = []
        for target in self.corpus.site.key_figures:
            slug, _, name = target.partition("/")
            record = self.corpus.indicators.get(slug)
            if record is None:
                continue
            chosen = name or series.default_series(record).id
            last = series.latest(record, chosen)
            if last:
                row = self.row(f"indicators/{slug}")
                value = series.amount(record, last.value)
                counted = next(one for one in record.series if one.id == chosen)
                when, spark = series.when(record, last), chart.spark(record, chosen)
                found.append(KeyFigure(row, value, when, counted.publisher, counted.definition, spark))
        return tuple(found)

    @cached_property
    def links(self) -> Health | None:
        """How the links that leave the site stand; None without a ledger."""
        return None if self.asked is None else health(collect.links(self.corpus), self.asked, self.today)

    def gone(self, key: str) -> csl.Gone | None:
        """What readers are told of a source whose page is dead."""
        source = self.corpus.sources[key].source
        row = (self.asked or {}).get(source.url or "")
        if row is None or row.verdict != "dead":
            return None
        return csl.Gone(row.alive, source.custom.archive or row.archive)

    @cached_property
    def wanted(self) -> Wanted:
        """What needs work: names without an entry, pages on one publisher, entries without an event."""
        corpus = self.corpus
        wanted: Counter[str] = Counter()
        thin = []
        for name, page in corpus.pages.items():
            if isinstance(page.record, model.Topic | model.Entry):
                for found in page.bodies:
                    plain = re.sub(r"^(?:The|A|An|Since|Under|In|By) (?:the )?", "", found)
                    folded = plain.lower()
                    if " " in plain and not any(folded[at:] in corpus.names for at in range(len(folded))):
                        wanted[plain] += 1
            if isinstance(page.record, model.Topic):
                located = (corpus.sources.get(use.target) for use in page.cites)
                cited = {source.source.publisher for source in located if source}
                if len(cited) < 2:
                    thin.append(self.row(name))
        bare = [
            self.row(page.docname)
            for page in corpus.entries.values()
            if isinstance(page.record, model.Entry) and not page.record.events
        ]
        often = sorted(((name, count) for name, count in wanted.items()), key=lambda item: (-item[1], item[0]))
        return Wanted(tuple(often), tuple(thin), tuple(bare))

    @cached_property
    def templates(self) -> tuple[tuple[str, str, str], ...]:
        """Kind, first text of a page of it, and where it can be created on the web (empty: nowhere)."""
        address = self.corpus.site.address
        return tuple((k, template.record(k, template.TITLE), template.create_link(k, address)) for k in template.KINDS)

    def branch(self, page: Page) -> Branch:
        """The page's sidebar, the same object for all pages of a folder."""
        return self._branches[page.folder if page.folder in self._branches else ""]

    @cached_property
    def _branches(self) -> dict[str, Branch]:
        room = TOP_LINKS - len(APART)
        shown = {row for row in self.top if row.docname.partition("/")[0] in APART} | set(self.top[:room])
        topics = 0 if len(shown) == len(self.top) else len(self.corpus.topics)
        branches = {"": Branch(tuple(row for row in self.top if row in shown), "", (), 0, topics)}
        for own in self.top:
            folder = own.docname.rpartition("/")[0]
            top = tuple(row for row in self.top if row in shown or row == own)
            rows = tuple(r for r in self.by_folder.get(folder, ()) if r.docname.startswith(f"{folder}/"))
            if folder in ("glossary", "audits"):
                rows, more = (), 0
            else:
                room = max(SIDEBAR_LINKS - len(top), 8)
                rows, more = (rows, 0) if len(rows) <= room else (rows[:room], len(rows) - room)
            branches[folder] = Branch(top, folder, rows, more, topics)
        return branches

    def neighbours(self, page: Page) -> tuple[Row | None, Row | None]:
        """The pages before and after it within its folder; entries have none."""
        if page.folder in ("", "glossary", "audits", "sources") or page.name == "index":
            return None, None
        rows, places = self._sequence[page.folder]
        place = places[page.docname]
        before = rows[place - 1] if place else self.row(f"{page.folder}/index")
        return before, rows[place + 1] if place + 1 < len(rows) else None

    @cached_property
    def _sequence(self) -> dict[str, tuple[tuple[Row, ...], dict[str, int]]]:
        own = {f: tuple(r for r in rows if r.docname.startswith(f"{f}/")) for f, rows in self.by_folder.items()}
        return {f: (rows, {row.docname: number for number, row in enumerate(rows)}) for f, rows in own.items()}

    def dates(self, page: Page) -> Dates:
        """The dates that a page prints."""
        record = page.record
        due = record.review_by
        months = self.corpus.site.review_months.get(type(record).__name__.lower())
        if due is None and record.as_of and months:
            due = _months_later(record.as_of, months)
        checks = tuple(
            (audit.docname, audit.record.as_of)
            for audit in self.corpus.checks.get(page.docname, ())
            if audit.record.as_of
        )
        return Dates(record.as_of, due, checks)

    def page_targets(self, page: Page) -> Iterable[str]:
        """Pages that the record names and whose titles are shown."""
        record = page.record
        if isinstance(record, model.Article):
            yield from (section.page for section in record.sections)
            yield from (claim.page for claim in record.claims if claim.page)
        elif isinstance(record, model.Audit):
            yield from dict.fromkeys(claim.page for claim in record.claims)
        elif isinstance(record, model.Entry):
            for name in (record.lead_body, record.superseded_by):
                if name:
                    yield f"glossary/{name}"

    def outside(self, page: Page) -> tuple[object, ...]:
        """Everything the page shows that stands in other files."""
        corpus = self.corpus
        quoted = [key for quotation in corpus.quoted(page) for key in quotation.sources]
        charted = [row.source for _, record in self.charted(page) for row in record.observations]
        keys = dict.fromkeys((*used_sources(page), *quoted, *charted))
        shown = [self._noted(key) for key in keys if key in corpus.sources]
        terms = {entry for use in page.terms if (found := corpus.entry_named(use.target)) for entry in (found.name,)}
        defined = {name: self.row(f"glossary/{name}") for name in sorted({*mentioned(corpus, page), *terms})}
        definitions = [
            (name, row.title, row.description, self._linked_by_entry.get(name)) for name, row in defined.items()
        ]
        links = []
        for use in page.links:
            target = page.target(use.target)
            if target and target[1] and target[0] in corpus.pages:
                links.append((target, [heading.anchor for heading in corpus.pages[target[0]].headings]))
        titles = [(name, self.row(name).title if name in corpus.pages else None) for name in self.page_targets(page)]
        listings = [self.generated(use.target, page.folder) for use in page.generated]
        if page.name == "index":
            special = {"glossary": self.glossary, "sources": self.publishers}
            listings.append(special.get(page.folder) or self.children(page))
        history = [item for item in self.corrections if item[1] and item[1].docname == page.docname]
        site = (corpus.site.title, corpus.site.tagline, corpus.site.address, corpus.site.scripts)
        return (
            site, history, self.changes_of(page), self.related_to(page), self.mentioned_on(page), shown, definitions,
            links, titles, listings, self.neighbours(page), self.dates(page),
            self._branch_digests[self.branch(page).folder],
        )  # fmt: skip

    def _noted(self, key: str) -> str:
        """What a note of a source depends on, written out once a source."""
        if key not in self._notes:
            self._notes[key] = repr((self.corpus.sources[key].source, self.gone(key)))
        return self._notes[key]

    def charted(self, page: Page) -> list[tuple[str, model.Indicator]]:
        """Title and record of the indicators whose charts stand on a page."""
        slugs = (use.target.partition(" ")[0] for use in page.charts)
        indicators = self.corpus.indicators
        return [
            (self.corpus.pages[f"indicators/{slug}"].title, indicators[slug]) for slug in slugs if slug in indicators
        ]

    def all_quoted(self) -> dict[str, str]:
        """Docname -> digest of the figures and charts on the page: when it changes, the page is read again.

        Their notes have to be numbered with the page's others, which happens when it is read.
        """
        return {
            docname: digest((self.corpus.quoted(page), self.charted(page)))
            for docname, page in self.corpus.pages.items()
            if page.figures or page.charts
        }

    @cached_property
    def _branch_digests(self) -> dict[str, str]:
        return {folder: digest(branch) for folder, branch in self._branches.items()}

    @cached_property
    def _linked_by_entry(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for rows in self.corpus.linked_names.values():
            for name, _words, entry in rows:
                names[entry].append(name)
        return {entry: sorted(found) for entry, found in names.items()}

    def all_outside(self) -> dict[str, str]:
        """Docname -> digest of :meth:`outside`."""
        return {docname: digest(self.outside(page)) for docname, page in self.corpus.pages.items()}


def affected(old: Mapping[str, str], new: Mapping[str, str]) -> set[str]:
    """Pages to write again, from two results of :meth:`Views.all_outside`.

    Pages whose own file changed are known without it.
    """
    return {docname for docname, value in new.items() if old.get(docname) != value}


def names(content: str, name: str) -> bool:
    """Whether a text holds a name as a whole word."""
    start = content.find(name)
    while start >= 0:
        before, after = content[start - 1 : start] if start else "", content[start + len(name) : start + len(name) + 1]
        if not re.match(r"\w", before) and not re.match(r"\w", after):
            return True
        start = content.find(name, start + 1)
    return False


def build_day() -> datetime.date:
    """Today in UTC; SOURCE_DATE_EPOCH overrides it, so that a build can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    return now.date()


def _months_later(day: datetime.date, months: int) -> datetime.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
