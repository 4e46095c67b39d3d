"""What a page is, for programs: JSON-LD in the words of schema.org."""

from __future__ import annotations

from typing import Any

from kb import model, series
from kb.corpus import Corpus, names_of
from kb.export import LICENCE
from kb.page import Page


def graph(corpus: Corpus, page: Page, parents: list[tuple[str, str]], root: str) -> dict[str, Any]:
    """A page and the way to it (title and address of each page above); ``root`` stands before addresses of ours."""
    crumbs = [*parents, (page.title, f"{root}{page.docname}.html")]
    items: list[dict[str, Any]] = []
    if len(crumbs) > 1:
        steps = [
            {"@type": "ListItem", "position": number, "name": title, "item": address}
            for number, (title, address) in enumerate(crumbs, 1)
        ]
        items.append({"@type": "BreadcrumbList", "itemListElement": steps})
    record = page.record
    if isinstance(record, model.Entry):
        items.append(_term(corpus, page, root))
    elif isinstance(record, model.Indicator):
        items.append(_dataset(corpus, page, record, root))
    return {"@context": "https://schema.org", "@graph": items} if items else {}


def _term(corpus: Corpus, page: Page, root: str) -> dict[str, Any]:
    names = names_of(page)[1:]
    glossary = {
        "@type": "DefinedTermSet",
        "name": corpus.pages["glossary/index"].title,
        "url": f"{root}glossary/index.html",
    }
    term = {
        "@type": "DefinedTerm",
        "url": f"{root}{page.docname}.html",
        "name": page.title,
        "description": page.record.description,
        "termCode": page.name,
        "inDefinedTermSet": glossary,
    }
    return {**term, "alternateName": list(names)} if names else term


def _dataset(corpus: Corpus, page: Page, record: model.Indicator, root: str) -> dict[str, Any]:
    periods = {row.period for row in record.observations if row.status != "target"}
    data = f"{root}data/indicators/{page.name}"
    chosen = series.default_series(record)
    found: dict[str, Any] = {
        "@type": "Dataset",
        "url": f"{root}{page.docname}.html",
        "name": page.title,
        "description": f"{record.description} {chosen.definition} ({chosen.publisher})",
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": corpus.site.title},
        "variableMeasured": page.title,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{data}.{ending}"}
            for kind, ending in (("text/csv", "csv"), ("application/json", "json"))
        ],
    }
    if periods:
        spans = [series.span(period, corpus.site.fiscal_year_start) for period in periods]
        found["temporalCoverage"] = f"{min(first for first, _ in spans)}/{max(last for _, last in spans)}"
    return found
