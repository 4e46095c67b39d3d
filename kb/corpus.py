"""All records of a knowledge base in one object, and which pages a change of one record reaches."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kb import csl, frontmatter, limits, model, page, series, site, text, tree
from kb.finding import Finding

DOCS = "docs"
REDIRECTS, CORRECTIONS, EXCEPTIONS, SOURCES = tree.REDIRECTS, tree.CORRECTIONS, tree.EXCEPTIONS, tree.SOURCES


@dataclass(frozen=True, slots=True)
class Located:
    """A source record and where it stands."""

    source: csl.Source
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old address and the page that took its place."""

    new: str
    line: int


@dataclass(slots=True)
class _File:
    """What was read from one file, kept while the file does not change."""

    stamp: tuple[int, int]
    value: Any
    findings: list[Finding]


Files = dict[str, _File]  # by path below docs/


@dataclass
class Corpus:
    """Everything that was read below ``docs/``; ``findings`` says what could not be, or not wholly."""

    site: site.Site
    pages: dict[str, page.Page] = field(default_factory=dict)
    sources: dict[str, Located] = field(default_factory=dict)
    redirects: dict[str, Redirect] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)  # paths below docs/
    corrections: list[tuple[model.Correction, int]] = field(default_factory=list)  # with their lines
    exceptions: list[tuple[model.LinkException, int]] = field(default_factory=list)  # with their lines
    findings: list[Finding] = field(default_factory=list)
    files: Files = field(default_factory=dict)

    @cached_property
    def addresses(self) -> set[str]:
        """Docnames of all pages, also of those that could not be read: what links to them is not at fault."""
        return {name.removesuffix(".md") for name in self.files if name.endswith(".md")}

    @cached_property
    def entries(self) -> dict[str, page.Page]:
        """Entry pages by their id."""
        return {p.name: p for p in self.pages.values() if isinstance(p.record, model.Entry)}

    @cached_property
    def indicators(self) -> dict[str, model.Indicator]:
        """Indicator records by their id."""
        return {p.name: p.record for p in self.pages.values() if isinstance(p.record, model.Indicator)}

    def quoted(self, item: page.Page) -> list[series.Quotation]:
        """The figures that a page quotes from indicators; those that do not exist are left out."""
        if item.docname in self._quoted:
            return self._quoted[item.docname]
        found = self._quoted[item.docname] = []
        for use in item.figures:
            with contextlib.suppress(series.Unknown):
                found.append(series.quote(self.indicators, use.target))
        return found

    @cached_property
    def _quoted(self) -> dict[str, list[series.Quotation]]:
        return {}

    @cached_property
    def topics(self) -> list[str]:
        """Topic folders, in the order of the home page."""
        folders = {p.folder for p in self.pages.values() if p.folder} - set(model.FOLDERS)
        home = self.pages.get("index")
        order = home.record.order if home and isinstance(home.record, model.Index) else ()
        return [name for name in order if name in folders] + sorted(folders - set(order))

    @cached_property
    def names(self) -> dict[str, list[page.Page]]:
        """Every name in lower case, with the entries that carry it."""
        names: dict[str, list[page.Page]] = defaultdict(list)
        for entry in self.entries.values():
            for name in dict.fromkeys(n.lower() for n in names_of(entry)):
                names[name].append(entry)
        return dict(names)

    def entry_named(self, name: str) -> page.Page | None:
        """The entry a name or id means, in any case of letters; None when there is none or several."""
        found = self.names.get(" ".join(name.split()).lower(), [])
        if len(found) == 1:
            return found[0]
        return self.entries.get(name)

    @cached_property
    def names_with_digits(self) -> re.Pattern[str]:
        """Matches names of entries and titles of pages that hold a digit: their digits are no figures."""
        titles = {p.title for p in self.pages.values()}
        names = titles.union(*(names_of(entry) for entry in self.entries.values()))
        longest_first = sorted((name for name in names if re.search(r"\d", name)), key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @cached_property
    def linked_names(self) -> dict[str, list[tuple[str, tuple[str, ...], str]]]:
        """Names that link by themselves, by first word: (name, its words, id of the entry), longest first."""
        table: dict[str, list[tuple[str, tuple[str, ...], str]]] = defaultdict(list)
        never = set(self.site.names.never_link)
        for entry in self.entries.values():
            record = entry.record
            assert isinstance(record, model.Entry)
            for name in record.autolink if record.autolink is not None else names_of(entry):
                words = tuple(text.WORD.findall(name))
                shared = len(self.names.get(name.lower(), ())) > 1
                if words and not shared and name not in never:
                    table[words[0]].append((name, words, entry.name))
        return {first: sorted(rows, key=lambda row: (-len(row[0]), row[0])) for first, rows in table.items()}

    @cached_property
    def cited_by(self) -> dict[str, set[str]]:
        """Source id -> pages (docnames) on which its note stands or whose record names it."""
        pages: dict[str, set[str]] = defaultdict(set)
        for docname, item in self.pages.items():
            quoted = (source for quotation in self.quoted(item) for source in quotation.sources)
            for source in (*used_sources(item), *quoted):
                pages[source].add(docname)
        for correction, _ in self.corrections:
            if correction.source:
                pages[correction.source].add(correction.page)
        return dict(pages)

    @cached_property
    def checks(self) -> dict[str, list[page.Page]]:
        """Docname -> the audits that looked at it, newest first."""
        checks: dict[str, list[page.Page]] = defaultdict(list)
        for item in self.pages.values():
            if isinstance(item.record, model.Audit):
                for docname in dict.fromkeys(claim.page for claim in item.record.claims):
                    checks[docname].append(item)
        return {docname: sorted(audits, key=lambda a: a.docname, reverse=True) for docname, audits in checks.items()}

    def __getstate__(self) -> dict[str, Any]:
        """Without what can be computed from the rest."""
        derived = {n for n, v in vars(type(self)).items() if isinstance(v, cached_property)}
        return {key: value for key, value in self.__dict__.items() if key not in derived}


def names_of(entry: page.Page) -> tuple[str, ...]:
    """All the names of an entry, title first."""
    record = entry.record
    assert isinstance(record, model.Entry)
    urdu = (record.urdu.name,) if record.urdu else ()
    acronym = (record.acronym,) if record.acronym else ()
    return tuple(dict.fromkeys((entry.title, *acronym, *record.other_names, *urdu)))


def record_sources(item: page.Page) -> Iterator[tuple[str, frontmatter.Path]]:
    """Ids of the sources that a page's record names, with their places in it."""
    record = item.record
    if isinstance(record, model.Entry):
        yield from ((event.source, ("events", number, "source")) for number, event in enumerate(record.events))
        if record.urdu:
            yield record.urdu.source, ("urdu", "source")
    elif isinstance(record, model.Indicator):
        for number, row in enumerate(record.observations):
            yield row.source, ("observations", number, "source")
    elif isinstance(record, model.Article):
        yield record.source, ("source",)
    elif isinstance(record, model.Audit):
        for number, claim in enumerate(record.claims):
            if claim.source:
                yield claim.source, ("claims", number, "source")


def used_sources(item: page.Page) -> Iterator[str]:
    """Ids of the sources that a page cites or its record names."""
    yield from (use.target for use in item.cites)
    yield from (source for source, _ in record_sources(item))


# ---- reading -------------------------------------------------------------------------------------------------------


def load(root: Path, known: Files | None = None) -> Corpus:
    """Everything below ``root/docs``. Files that did not change since they were ``known`` are not read again.

    Raises :class:`kb.frontmatter.Refused` when ``site.toml`` cannot be used.
    """
    corpus = Corpus(site.load(root))
    known = known or {}
    docs = root / DOCS
    if docs.is_symlink() or not docs.is_dir():
        corpus.findings.append(Finding(DOCS, 1, "file-kind", "there is no folder docs/", "create it with an index.md"))
        return corpus
    for relative, file, status in sorted(tree.walk(docs, DOCS, corpus.findings), key=lambda found: found[0]):
        if file.suffix in tree.PICTURES:
            corpus.pictures.add(relative)
            continue
        stamp = (status.st_mtime_ns, status.st_size)
        old = known.get(relative)
        entry = old if old and old.stamp == stamp else _File(stamp, *_read(relative, file))
        corpus.files[relative] = entry
        corpus.findings += entry.findings
        value = entry.value
        if isinstance(value, page.Page):
            corpus.pages[value.docname] = value
            corpus.findings += value.findings
        elif relative == REDIRECTS and value:
            corpus.redirects = value
        elif relative == CORRECTIONS and value:
            corpus.corrections = value
        elif relative == EXCEPTIONS and value:
            corpus.exceptions = value
        elif isinstance(value, list):
            for located in value:
                first = corpus.sources.setdefault(located.source.id, located)
                if first is not located:
                    message = f"the id '{located.source.id}' is taken by {first.path}:{first.line}"
                    corpus.findings.append(
                        Finding(
                            located.path, located.line, "source-duplicate", message, "use that record, or another id"
                        )
                    )
    return corpus


def _read(relative: str, file: Path) -> tuple[Any, list[Finding]]:
    path = f"{DOCS}/{relative}"
    result = limits.watched(path, lambda: _read_content(relative, path, file))
    return (None, [result]) if isinstance(result, Finding) else result


def _read_content(relative: str, path: str, file: Path) -> tuple[Any, list[Finding]]:
    content, findings = text.decode(file.read_bytes(), path)
    if findings := findings or text.too_long(content, path):
        return None, findings
    if relative.endswith(".md"):
        result = page.read(relative.removesuffix(".md"), path, content)
        return (None, result) if isinstance(result, list) else (result, [])
    if relative == REDIRECTS:
        return _read_redirects(content, path)
    if relative == CORRECTIONS:
        return _read_rows(model.Correction, content, path)
    if relative == EXCEPTIONS:
        return _read_rows(model.LinkException, content, path)
    sources, findings = _read_rows(csl.Source, content, path)
    return [Located(source, path, line) for source, line in sources], findings


M = TypeVar("M", bound=model.Model)


def _read_rows(kind: type[M], content: str, path: str) -> tuple[list[tuple[M, int]], list[Finding]]:
    """The records of a file that is a list of them, with their lines."""
    try:
        data, lines = frontmatter.read(content, path)
    except frontmatter.Refused as error:
        return [], [error.finding]
    if data is None:
        return [], []
    if not isinstance(data, list):
        message = "the file is not a list of records"
        return [], [Finding(path, 1, "value-wrong", message, "start each record with `- ` and its first key")]
    rows: list[tuple[M, int]] = []
    findings: list[Finding] = []
    by_item: dict[str | int, frontmatter.Lines] = defaultdict(dict)
    for at, line in lines.items():
        if at:
            by_item[at[0]][at[1:]] = line
    for number, item in enumerate(data):
        first = by_item[number][()]
        record = model.validate(kind, item, by_item[number], path, first)
        if isinstance(record, list):
            findings += record
        else:
            rows.append((record, first))
    return rows, findings


_OURS = tree.TAKEN | tree.TAKEN_FOLDERS  # addresses that the site writes itself


def _read_redirects(content: str, path: str) -> tuple[dict[str, Redirect], list[Finding]]:
    redirects: dict[str, Redirect] = {}
    findings: list[Finding] = []
    for number, line in enumerate(content.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        parts = line.split()
        old = parts[0].split("/")
        if len(parts) != 2:
            findings.append(Finding(path, number, "redirect-wrong", f"'{line}' is not two addresses", "write: old new"))
        elif parts[0] in redirects:
            findings.append(Finding(path, number, "redirect-wrong", f"'{parts[0]}' stands twice", "keep one line"))
        elif len(old) > 4 or not all(tree.NAME.fullmatch(p) for p in old) or {parts[0], old[0]} & _OURS:
            message, remedy = f"'{parts[0]}' cannot be an address", "write it without suffix, as it was under docs/"
            findings.append(Finding(path, number, "redirect-wrong", message, remedy))
        else:
            redirects[parts[0]] = Redirect(parts[1], number)
    return redirects, findings


# ---- what depends on what ------------------------------------------------------------------------------------------


def mentioned(corpus: Corpus, item: page.Page) -> list[str]:
    """Ids of the entries one of whose self-linking names may stand on the page (all its words do)."""
    found: dict[str, None] = {}
    table = corpus.linked_names
    on_page = item.words.union(*(text.WORD.findall(quotation.text) for quotation in corpus.quoted(item)))
    for first in on_page & table.keys():
        for _, words, entry in table[first]:
            if entry not in found and on_page.issuperset(words):
                found[entry] = None
    own = item.name if isinstance(item.record, model.Entry) else ""
    return sorted(entry for entry in found if entry != own)


def digest(value: object) -> str:
    """A short hash of plain values."""
    return hashlib.blake2b(repr(value).encode(), digest_size=10).hexdigest()
