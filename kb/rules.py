"""Rules that look across records. Each is a small function over the corpus that yields findings.

Rules about one file's form are judged where it is read (:mod:`kb.text`, :mod:`kb.frontmatter`, :mod:`kb.model`,
:mod:`kb.page`); the reason of every rule stands in :data:`kb.finding.RULES`.
"""

from __future__ import annotations

import difflib
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from kb import evidence, model, series, shingles, site, template
from kb.corpus import CORRECTIONS, DOCS, EXCEPTIONS, REDIRECTS, SOURCES, Corpus, names_of, record_sources
from kb.finding import Finding
from kb.links import collect
from kb.markup import GENERATED
from kb.page import Page

Rule = Callable[[Corpus], Iterator[Finding]]


def judge(corpus: Corpus) -> list[Finding]:
    """Every fault of a corpus, in the order of files and lines."""
    findings = set(corpus.findings)
    for rule in ACROSS:
        findings.update(rule(corpus))
    return sorted(findings)


def _near(name: str, known: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(name, list(known), 1, 0.75)
    return f"did you mean '{close[0]}'?" if close else otherwise


def folders_have_an_index(corpus: Corpus) -> Iterator[Finding]:
    if "index" not in corpus.addresses:
        yield Finding(f"{DOCS}/index.md", 1, "file-folder", "the home page is missing", "add docs/index.md")
    for folder in sorted({page.folder for page in corpus.pages.values()} - {""}):
        path = f"{DOCS}/{folder}/index.md"
        if f"{folder}/index" not in corpus.addresses:
            yield Finding(path, 1, "file-folder", f"the folder '{folder}' has no index page", f"add {path}")


def citations_have_a_source(corpus: Corpus) -> Iterator[Finding]:
    if any(finding.path.startswith(f"{DOCS}/{SOURCES}/") for finding in corpus.findings):
        return  # mend the source records first: those that cannot be read are not missing
    for page in corpus.pages.values():
        for use, line in _named_sources(page):
            if use not in corpus.sources:
                remedy = _near(use, corpus.sources, "add it to a file in docs/sources/")
                yield Finding(page.path, line, "source-unknown", f"no source has the id '{use}'", remedy)


def _named_sources(page: Page) -> Iterator[tuple[str, int]]:
    yield from ((use.target, use.line) for use in page.cites)
    yield from ((source, page.line(*place)) for source, place in record_sources(page))


def answers_have_a_source(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        record = page.record
        if isinstance(record, model.Topic) and not re.search(r"\{(cite|indicator)\}`", record.answer):
            remedy = "end it with {cite}`id-of-the-source`"
            yield Finding(page.path, page.line("answer"), "figure-uncited", "the answer names no source", remedy)


def outlines_are_filled_in(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        if not template.LINES.isdisjoint(page.text.split("\n")):
            for number, line in enumerate(page.text.split("\n"), 2):  # the first is the one before the record
                if line in template.LINES:
                    message = f"a line of the outline is left: '{_shortened(line)}'"
                    yield Finding(page.path, number, "outline-left", message, "write your own text in its place")


def figures_exist(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        for use in page.figures:
            try:
                series.quote(corpus.indicators, use.target)
            except series.Unknown as error:
                message, _, remedy = str(error).partition("; ")
                yield Finding(page.path, use.line, "figure-unknown", message, remedy)
        for use in page.charts:
            slug, *names = use.target.split()
            record = corpus.indicators.get(slug)
            known = [row.id for row in record.series] if record else []
            if record is None:
                remedy = _near(slug, corpus.indicators, "name an indicator of docs/indicators/")
                yield Finding(page.path, use.line, "figure-unknown", f"no indicator has the id '{slug}'", remedy)
            elif unknown := [name for name in names if name not in known]:
                message = f"the indicator has no series '{unknown[0]}'"
                yield Finding(page.path, use.line, "figure-unknown", message, f"it has {', '.join(known)}")
        for use in page.generated:
            if use.target not in GENERATED:
                message = f"there is no generated list '{use.target}'"
                yield Finding(page.path, use.line, "syntax-unknown", message, f"use one of {', '.join(GENERATED)}")


def figures_have_a_source(corpus: Corpus) -> Iterator[Finding]:
    names = corpus.names_with_digits
    for page in corpus.pages.values():
        if page.evidence is None:
            continue
        for block in evidence.without_source(page.evidence, names):
            message = f"a figure without a source: '{_shortened(block.text)}'"
            remedy = (
                "add {cite} or {indicator} to the paragraph or row, or {computed} if it is arithmetic on cited figures"
            )
            yield Finding(page.path, block.line, "figure-uncited", message, remedy)
        for line, word, advice in page.evidence.words:
            yield Finding(page.path, line, "word-vague", f"'{word}' says nothing that can be checked", advice)


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:57] + "…"


def key_figures_exist(corpus: Corpus) -> Iterator[Finding]:
    unread = any(finding.path.startswith(f"{DOCS}/indicators/") for finding in corpus.findings)
    for target in corpus.site.key_figures:
        slug, _, name = target.partition("/")
        record = corpus.indicators.get(slug)
        if not unread and (record is None or (name and name not in {one.id for one in record.series})):
            remedy = _near(slug, corpus.indicators, "name an indicator, or indicator/series")
            yield Finding(site.NAME, 1, "figure-unknown", f"key_figures: there is no indicator '{target}'", remedy)


def statuses_fit_events(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.entries.values():
        record = page.record
        assert isinstance(record, model.Entry)
        allowed = model.statuses_after(record.events, record.start is not None)
        if allowed is not None and record.status not in allowed:
            message = f"the status is '{record.status}', but by its events it is {' or '.join(sorted(allowed))}"
            remedy = "mend the status, add the event that changed it, or call a step that changed nothing a milestone"
            yield Finding(page.path, page.line("status"), "status-contradicts", message, remedy)


def corrections_name_pages(corpus: Corpus) -> Iterator[Finding]:
    path = f"{DOCS}/{CORRECTIONS}"
    for correction, line in corpus.corrections:
        if correction.page not in corpus.addresses and correction.page not in corpus.redirects:
            remedy = _near(correction.page, corpus.pages, "write the path of a page, without .md")
            yield Finding(path, line, "record-unknown", f"there is no page '{correction.page}'", remedy)
        if correction.source and correction.source not in corpus.sources:
            remedy = _near(correction.source, corpus.sources, "add it to a file in docs/sources/")
            yield Finding(path, line, "source-unknown", f"no source has the id '{correction.source}'", remedy)


def rivals_are_decided(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        record = page.record
        if not isinstance(record, model.Indicator):
            continue
        for found in series.disagreements(record):
            if not any(rival.preferred for rival in found.rivals):
                values = ", ".join(f"{rival.series.id} {rival.observation.value}" for rival in found.rivals)
                message = f"series differ for {found.period} ({values}) and none is preferred"
                remedy = (
                    "add a row to preferred with the reason; a series that measures something else gets its own concept"
                )
                yield Finding(page.path, page.line("observations"), "rival-open", message, remedy)
        before: dict[tuple[str, str], model.Observation] = {}
        for number, row in enumerate(record.observations):
            first = before.setdefault((row.series, row.period), row)
            if first.value != row.value and row.status != "revised" and not row.note:
                message = f"{row.series} has two values for {row.period}: {first.value} and {row.value}"
                remedy = "mark the later one as revised, or say in a note why they differ"
                yield Finding(page.path, page.line("observations", number), "rival-open", message, remedy)


def sources_are_used(corpus: Corpus) -> Iterator[Finding]:
    unreadable = any(finding.path.endswith(".md") for finding in corpus.findings)
    for key, located in corpus.sources.items():
        if key not in corpus.cited_by and not unreadable:
            message = f"nothing cites the source '{key}'"
            yield Finding(located.path, located.line, "source-unused", message, "cite it, or delete the record")


def sources_stand_once(corpus: Corpus) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for key, located in corpus.sources.items():
        address = located.source.url
        if address and (other := first.setdefault(address.rstrip("/"), key)) != key:
            message = f"'{key}' has the address of '{other}'"
            yield Finding(
                located.path, located.line, "source-duplicate", message, f"cite '{other}' and delete this one"
            )


def primary_sources_are_cited(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        record = page.record
        if isinstance(record, model.Topic) and not isinstance(record.primary, str):
            cited = {use.target for use in page.cites}
            cited |= {key for quotation in corpus.quoted(page) for key in quotation.sources}
            for number, key in enumerate(record.primary):
                line = page.line("primary", number)
                if key not in cited:
                    message = f"the page does not cite its primary source '{key}'"
                    yield Finding(page.path, line, "primary-uncited", message, "cite it, or take it out of primary")
                elif key in corpus.sources and corpus.sources[key].source.custom.kind not in ("primary", "data"):
                    kind = corpus.sources[key].source.custom.kind
                    message = f"the source '{key}' is of kind {kind}, not primary or data"
                    yield Finding(page.path, line, "primary-uncited", message, "name a primary one, or 'none found: …'")


def terms_have_an_entry(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        for use in page.terms:
            if corpus.entry_named(use.target) is None and f"glossary/{use.target}" not in corpus.addresses:
                remedy = _near(use.target.lower(), corpus.names, "add the entry, or write the name without {term}")
                if len(corpus.names.get(use.target.lower(), ())) > 1:
                    remedy = "several entries share the name; write the entry's id"
                yield Finding(page.path, use.line, "term-unknown", f"no entry is named '{use.target}'", remedy)


def names_are_spelt_as_their_entries(corpus: Corpus) -> Iterator[Finding]:
    """Names like "… Board" and "… Act" of which one word is almost, but not quite, that of an entry's name."""
    but_one: dict[tuple[int, tuple[str, ...]], list[tuple[int, list[str]]]] = defaultdict(list)
    for place, known in enumerate(corpus.names):
        for key in _all_but_one(known.split()):
            but_one[key].append((place, known.split()))
    for page in corpus.pages.values():
        bodies = page.bodies if isinstance(page.record, model.Topic | model.Entry) else {}
        for name, line in bodies.items():
            words = name.removeprefix("The ").lower().split()
            if " ".join(words) in corpus.names:
                continue
            alike = (other for key in _all_but_one(words) for other in but_one.get(key, ()))
            _, near = min((one for one in alike if _one_slip(words, one[1])), default=(0, None))
            if near:
                entry = corpus.names[" ".join(near)][0]
                meant = next(n for n in names_of(entry) if n.lower().split() == near)
                remedy = f"did you mean '{meant}'? If it is something else, give it an entry"
                yield Finding(page.path, line, "name-near", f"'{name}' is no entry's name", remedy)


def _all_but_one(words: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(the place of a word, the others) for each word."""
    for place in range(len(words)):
        yield place, (*words[:place], *words[place + 1 :])


def _one_slip(words: list[str], meant: list[str]) -> bool:
    """Whether two names of as many words differ in one of them."""
    differ = [pair for pair in zip(words, meant, strict=True) if pair[0] != pair[1]]
    return len(differ) == 1 and _misspelt(*differ[0])


def _misspelt(word: str, meant: str) -> bool:
    """Whether two words differ as by a slip: long, without digits, alike but for a letter or two."""
    alike = difflib.SequenceMatcher(None, word, meant).ratio() >= 0.85
    return alike and min(len(word), len(meant)) >= 5 and not re.search(r"\d", word + meant)


def names_mean_one_thing(corpus: Corpus) -> Iterator[Finding]:
    for name, entries in corpus.names.items():
        if len(entries) < 2:
            continue
        for entry in entries[1:]:
            if not all(_shares(other, name) for other in entries):
                message = f"the name '{name}' also belongs to {entries[0].path}"
                remedy = "use another name, or list it under shared_names in both"
                yield Finding(entry.path, entry.title_line, "name-taken", message, remedy)


def _shares(entry: Page, name: str) -> bool:
    record = entry.record
    return isinstance(record, model.Entry) and name in {shared.lower() for shared in record.shared_names}


def records_name_records(corpus: Corpus) -> Iterator[Finding]:
    topics = set(corpus.topics)
    for page in corpus.pages.values():
        record = page.record
        for number, topic in enumerate(record.also_in):
            if topic not in topics:
                remedy = _near(topic, topics, f"topics are {', '.join(sorted(topics))}")
                line = page.line("also_in", number)
                yield Finding(page.path, line, "record-unknown", f"there is no topic '{topic}'", remedy)
        for what, target, line in _named_pages(page):
            if target not in corpus.addresses:
                remedy = _near(target, corpus.pages, "write the path of a page, or take it out")
                yield Finding(page.path, line, "record-unknown", f"{what}: there is no page '{target}'", remedy)
        if isinstance(record, model.Entry):
            names = names_of(page)
            for field, listed in (("autolink", record.autolink or ()), ("shared_names", record.shared_names)):
                for number, name in enumerate(listed):
                    if name.lower() not in {known.lower() for known in names}:
                        message = f"{field}: '{name}' is none of the entry's names"
                        remedy = _near(name, names, f"its names are {', '.join(names)}")
                        yield Finding(page.path, page.line(field, number), "record-unknown", message, remedy)


def _named_pages(page: Page) -> Iterator[tuple[str, str, int]]:
    record = page.record
    if isinstance(record, model.Index):
        folder = f"{page.folder}/" if page.folder else ""
        for number, name in enumerate(record.order):
            target = f"{folder}{name}" if folder else f"{name}/index"
            yield "order", target, page.line("order", number)
    elif isinstance(record, model.Entry):
        for field, entry in (("lead_body", record.lead_body), ("superseded_by", record.superseded_by)):
            if entry:
                yield field, f"glossary/{entry}", page.line(field)
    elif isinstance(record, model.Article):
        for number, section in enumerate(record.sections):
            yield "sections", section.page, page.line("sections", number, "page")
        for number, claim in enumerate(record.claims):
            if claim.page:
                yield "claims", claim.page, page.line("claims", number, "page")
    elif isinstance(record, model.Audit):
        for number, checked in enumerate(record.claims):
            yield "claims", checked.page, page.line("claims", number, "page")


def links_lead_somewhere(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        for use in page.links:
            found = page.target(use.target)
            if found is None:
                continue
            docname, anchor = found
            if not use.target.startswith("#") and not use.target.partition("#")[0].endswith(".md"):
                message = f"the link '{use.target}' does not name a page file"
                file, mark, part = use.target.partition("#")
                written = f"{file.removesuffix('.html')}.md{mark}{part}"
                fix = (f"({use.target})", f"({written})") if docname.removesuffix(".html") in corpus.addresses else None
                remedy = f"did you mean '{written}'?" if fix else "link to the .md file of the page"
                yield Finding(page.path, use.line, "link-missing", message, remedy, fix=fix)
            elif docname not in corpus.addresses:
                near = _near(docname, corpus.pages, "link to a page that exists, or take the link out")
                yield Finding(page.path, use.line, "link-missing", f"there is no page '{docname}'", near)
            elif (
                anchor
                and docname in corpus.pages
                and anchor not in {heading.anchor for heading in corpus.pages[docname].headings}
            ):
                known = [heading.anchor for heading in corpus.pages[docname].headings]
                message = f"the page '{docname}' has no section '#{anchor}'"
                remedy = _near(anchor, known, f"its sections are {', '.join('#' + k for k in known[1:]) or 'none'}")
                yield Finding(page.path, use.line, "link-missing", message, remedy)


def pictures_are_there(corpus: Corpus) -> Iterator[Finding]:
    for page in corpus.pages.values():
        for use in page.pictures:
            found = page.target(use.target)
            name = found[0] if found else use.target
            if name not in corpus.pictures:
                near = _near(name, corpus.pictures, "put the file into docs/")
                yield Finding(page.path, use.line, "link-missing", f"there is no picture '{name}'", near)


def redirects_lead_to_pages(corpus: Corpus) -> Iterator[Finding]:
    path = f"{DOCS}/{REDIRECTS}"
    for old, redirect in corpus.redirects.items():
        fix: tuple[str, str] | None = None
        if old in corpus.pages:
            message, remedy = f"'{old}' is a page", "delete the line, or rename the page"
        elif redirect.new in corpus.redirects:
            end = _last(corpus, old)
            fix = (f" {redirect.new}", f" {end}") if end else None
            message = f"'{old}' leads to '{redirect.new}', which is redirected itself"
            remedy = f"write: {old} {end}" if end else "break the loop: name a page that exists"
        elif redirect.new not in corpus.addresses:
            message = f"'{old}' leads to '{redirect.new}', which is no page"
            remedy = _near(redirect.new, corpus.pages, "name a page that exists, without .md")
        else:
            continue
        yield Finding(path, redirect.line, "redirect-wrong", message, remedy, fix=fix)


def exceptions_name_links(corpus: Corpus) -> Iterator[Finding]:
    named = collect.links(corpus) if corpus.exceptions else {}
    for exception, line in corpus.exceptions:
        if not any(exception.covers(url) for url in named):
            message = f"no page or source has the address '{exception.pattern}'"
            yield Finding(
                f"{DOCS}/{EXCEPTIONS}", line, "link-exception", message, "delete the row, or mend the pattern"
            )


def _last(corpus: Corpus, old: str) -> str | None:
    seen: set[str] = set()
    while old in corpus.redirects and old not in seen:
        seen.add(old)
        old = corpus.redirects[old].new
    return old if old in corpus.pages else None


_SHORT = 2**32 - 1  # so much of a hash is kept of each run of a page's words
_QUOTED = re.compile(r"“[^”]{1,200}”|\"[^\"\n]{1,200}\"|^\s*(?:- )?quote:.*$|\bquote: .*?(?=, \w+: |\}$)", re.M)


def wording_is_ours(corpus: Corpus) -> Iterator[Finding]:
    """No page has a sentence of an article that was read without the right to publish it; quotations are not judged."""
    owners: dict[int, str] = {}
    for item in corpus.pages.values():
        if isinstance(item.record, model.Article) and not item.record.licence:
            owners.update(
                {int(value, 16): item.path for value in item.record.shingles if re.fullmatch(r"[0-9a-f]{10}", value)}
            )
    if not owners:
        return
    short = {value & _SHORT for value in owners}
    for item in corpus.pages.values():
        if not item.hashes:
            paragraphs = (shingles.words(_QUOTED.sub(" \n ", part)) for part in re.split(r"\n\s*\n", item.text))
            every = (value & _SHORT for paragraph in paragraphs for value in shingles.hashes(paragraph))
            item.hashes = array("I", every).tobytes()
        if short.isdisjoint(array("I", item.hashes)):
            continue
        first = 1
        for paragraph in re.split(r"\n\s*\n", item.text):
            start, first = first, first + paragraph.count("\n") + 2
            found = shingles.words(_QUOTED.sub(" \n ", paragraph))
            at = next((n for n, value in enumerate(shingles.hashes(found)) if value in owners), None)
            if at is not None:
                message = (
                    f"'{' '.join(found[at : at + shingles.RUN])}' is the wording of an article that may only be read"
                )
                owner = owners[next(iter(shingles.hashes(found[at : at + shingles.RUN])))]
                remedy = f"say it in your own words, or quote and cite it ({owner})"
                yield Finding(item.path, start, "wording-copied", message, remedy)


ACROSS: tuple[Rule, ...] = (
    folders_have_an_index,
    citations_have_a_source,
    outlines_are_filled_in,
    answers_have_a_source,
    figures_exist,
    figures_have_a_source,
    rivals_are_decided,
    key_figures_exist,
    statuses_fit_events,
    corrections_name_pages,
    sources_are_used,
    sources_stand_once,
    primary_sources_are_cited,
    terms_have_an_entry,
    names_are_spelt_as_their_entries,
    names_mean_one_thing,
    records_name_records,
    links_lead_somewhere,
    pictures_are_there,
    redirects_lead_to_pages,
    exceptions_name_links,
    wording_is_ours,
)
