"""A page's Markdown as Sphinx gets it: without front matter, with what the record adds. Line numbers are kept.

The roles ``page`` and directive ``answer`` that stand in the result are of our own making; pages cannot use them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from kb import csl, model, series
from kb.page import Page


def source(page: Page, text: str, definition: bool = False) -> str:
    """The text for Sphinx: answer under the title, record rendered at the end; for translators the definition too."""
    lines = text.split("\n")
    head, body = lines[: page.body_line - 1], lines[page.body_line - 1 :]
    blank = [""] * len(head)
    record = page.record
    if isinstance(record, model.Topic):
        at = page.title_line - page.body_line
        blank[:5] = [body[at], "", ":::{answer} " + record.question, record.answer, ":::"]
        body[at] = ""
    added = list(_added(record))
    if definition:
        added += ["", escape(record.description)]
    if isinstance(record, model.Indicator):
        at = page.title_line - page.body_line
        blank[:7] = [body[at], "", *_latest(record), "", f":::{{chart}} {page.name}", ":::", ""]
        body[at] = ""
    return "\n".join([*blank, *body, *(["", *added] if added else []), ""])


def _added(record: model.Page) -> Iterator[str]:
    if isinstance(record, model.Entry):
        yield from _timeline(record)
    elif isinstance(record, model.Indicator):
        yield from _observations(record)
    elif isinstance(record, model.Article):
        yield from _article(record)
    elif isinstance(record, model.Audit):
        yield from _audit(record)


def _timeline(record: model.Entry) -> Iterator[str]:
    if record.events:
        yield "## Timeline"
        yield ""
    for event in record.events:
        yield f"- **{csl.written(event.date)}** ({event.kind}): {_sentence(event.what)} {_cite(event.source)}"


def _latest(record: model.Indicator) -> list[str]:
    chosen = series.default_series(record)
    row = series.latest(record, chosen.id)
    if row is None:
        return ["**No value has been counted yet**, only targets."]
    value = escape(series.amount(record, row.value))
    publisher = escape(chosen.publisher)
    said = " ".join(_sentence(text) for text in (chosen.definition, row.note) if text)
    return [f"**{value}** {series.when(record, row)} ({row.status}; {publisher}): {said} {_cite(row.source)}"]


def _observations(record: model.Indicator) -> Iterator[str]:
    scale = "" if record.scale == "one" else f"{record.scale} "
    for row_series in record.series:
        rows = [row for row in record.observations if row.series == row_series.id]
        if not rows:
            continue
        names = dict.fromkeys((row_series.publisher, series.called(record, row_series.id)))
        yield f"## {': '.join(map(escape, names))}"
        yield ""
        yield f"{_sentence(row_series.definition)} Unit: {scale}{escape(record.unit)}."
        yield ""
        yield "| Period | Value | Status | Note |"
        yield "|---|---:|---|---|"
        for row in rows:
            value = f"{series.grouped(row.value)} {_cite(row.source)}"
            yield f"| {series.label(row.period)} | {value} | {row.status} | {escape(row.note or '')} |"
        yield ""
    if record.breaks:
        yield "## Where the counting changed"
        yield ""
    for change in record.breaks:
        name = escape(series.called(record, change.series))
        yield f"- {name}, from {series.label(change.period)}: {_sentence(change.why)}"
    if record.preferred:
        yield ""
        yield "## Which figure to quote"
        yield ""
    for choice in record.preferred:
        name = escape(series.called(record, choice.series))
        yield f"- {series.label(choice.period)}: {name}. {_sentence(choice.reason)}"


def _article(record: model.Article) -> Iterator[str]:
    yield "## Its sections and our pages"
    yield ""
    for heading, rows in itertools.groupby(record.sections, key=lambda section: section.heading):
        yield f"- {escape(heading)}: {' · '.join(f'{{page}}`{row.page}`' for row in rows)}"
    yield ""
    yield "## Its claims and what the sources say"
    yield ""
    for claim in record.claims:
        page = f" See {{page}}`{claim.page}`." if claim.page else ""
        evidence = f" *Evidence:* {claim.evidence}" if claim.evidence else ""
        yield f"- **{claim.verdict.replace('-', ' ')}**: {_sentence(claim.claim)}{evidence}{page}"


def _audit(record: model.Audit) -> Iterator[str]:
    outcomes = [claim.outcome for claim in record.claims]
    counts = ", ".join(f"{outcomes.count(kind)} {kind.replace('-', ' ')}" for kind in dict.fromkeys(outcomes))
    yield f"Claims: {len(outcomes)} ({counts}). Seed: {escape(record.seed)}."
    for page in dict.fromkeys(claim.page for claim in record.claims):
        yield ""
        yield f"- {{page}}`{page}`"
        for claim in record.claims:
            if claim.page == page:
                cite = f" {_cite(claim.source)}" if claim.source else ""
                quote = f" Source: “{escape(claim.quote)}”." if claim.quote else ""
                mended = f" Mended: {_sentence(claim.correction)}" if claim.correction else ""
                yield f"  - **{claim.outcome.replace('-', ' ')}**: {_sentence(claim.claim)}{cite}{quote}{mended}"


def _cite(source: str) -> str:
    return f"{{cite}}`{source}`"


def _sentence(text: str) -> str:
    text = escape(text)
    return text if text[-1:] in ".?!…”" else text + "."


def escape(text: str) -> str:
    """Plain text as Markdown that reads the same."""
    return "".join("\\" + c if c in "\\`*_{}[]<>|#$" else c for c in text)
