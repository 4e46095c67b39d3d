"""Open data: what the site publishes beside its pages, made from the records in a stable order.

Rows whose source forbids reuse (``custom.reuse``) stay on their pages and are left out here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from kb import csl, model
from kb.corpus import Corpus, names_of
from kb.page import Page

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
SCHEMAS: dict[str, type[model.Model]] = {
    "topic": model.Topic,
    "entry": model.Entry,
    "indicator": model.Indicator,
    "article": model.Article,
    "audit": model.Audit,
    "source": csl.Source,
}
_WRITE = json.JSONEncoder(ensure_ascii=False).encode
COLUMNS = ("series", "period", "value", "status", "source", "note")


def files(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """(name, content) of every data file."""
    sources = [corpus.sources[key].source for key in sorted(corpus.sources)]
    indicators = [(page, record) for page in _sorted(corpus) if isinstance(record := page.record, model.Indicator)]
    yield "sources.json", _json([csl.csl_json(source) for source in sources])
    yield "sources.bib", "\n".join(csl.bibtex(source) for source in sources)
    yield "indicators.json", _json([indicator(corpus, page, record) for page, record in indicators])
    for page, record in indicators:
        yield f"indicators/{page.name}.json", _json(indicator(corpus, page, record))
        yield f"indicators/{page.name}.csv", table(corpus, record)
    yield "glossary.json", _json([_entry(page) for page in _sorted(corpus) if isinstance(page.record, model.Entry)])
    yield "pages.json", _json([_page(page) for page in _sorted(corpus)])
    yield "articles.json", _json([_plain(page) for page in _sorted(corpus) if isinstance(page.record, model.Article)])
    for name, kind in SCHEMAS.items():
        yield f"schemas/{name}.json", _json(kind.model_json_schema(by_alias=True))
    yield "datapackage.json", _json(package(corpus, [page.name for page, _ in indicators]))


def _sorted(corpus: Corpus) -> list[Page]:
    return [corpus.pages[docname] for docname in sorted(corpus.pages)]


def _json(value: object) -> str:
    """A list with one record a line; with an indent, Python's slow writer would be taken."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_WRITE, value)) + "\n]\n"
    return _WRITE(value) + "\n"


def _plain(page: Page) -> dict[str, Any]:
    """The record as plain values, with its page."""
    record = page.record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"id": page.docname, "title": page.title, **record}


def _page(page: Page) -> dict[str, Any]:
    record = page.record
    return {
        "id": page.docname,
        "kind": type(record).__name__.lower(),
        "title": page.title,
        "description": record.description,
        "as_of": record.as_of.isoformat() if record.as_of else None,
        "sources": sorted({use.target for use in page.cites}),
    }


def _entry(page: Page) -> dict[str, Any]:
    return {**_plain(page), "names": list(names_of(page))}


def reusable(corpus: Corpus, record: model.Indicator) -> list[model.Observation]:
    """The observations whose source does not forbid reuse."""
    return [row for row in record.observations if not corpus.sources[row.source].source.custom.reuse]


def indicator(corpus: Corpus, page: Page, record: model.Indicator) -> dict[str, Any]:
    """An indicator with its series and the observations that may be reused."""
    rows = reusable(corpus, record)
    plain = _plain(page)
    plain["observations"] = [row.model_dump(mode="json", exclude_none=True) for row in rows]
    if len(rows) < len(record.observations):
        plain["left_out"] = len(record.observations) - len(rows)
    return plain


def table(corpus: Corpus, record: model.Indicator) -> str:
    """The observations that may be reused, as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in reusable(corpus, record):
        writer.writerow([row.series, row.period, row.value, row.status, row.source, row.note or ""])
    return out.getvalue()


def package(corpus: Corpus, indicators: list[str]) -> dict[str, Any]:
    """A Data Package (https://datapackage.org) that lists the files."""
    fields = [{"name": name, "type": "number" if name == "value" else "string"} for name in COLUMNS]
    resources: list[dict[str, Any]] = [
        {
            "name": slug,
            "title": corpus.pages[f"indicators/{slug}"].title,
            "path": f"indicators/{slug}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {"fields": fields},
        }
        for slug in indicators
    ]
    resources += [
        {"name": name, "path": f"{name}.json", "format": "json", "mediatype": "application/json"}
        for name in ("glossary", "indicators", "pages", "articles", "sources")
    ]
    return {
        "name": "knowledge-base",
        "title": corpus.site.title,
        "description": corpus.site.tagline or corpus.site.title,
        "licenses": [LICENCE],
        "resources": resources,
    }
