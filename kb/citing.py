"""How to cite a page of ours: in words (APA), as BibTeX and as CSL-JSON, with the version that was read."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb import csl
from kb.history import Change
from kb.page import Page
from kb.site import Site


@dataclass(frozen=True, slots=True)
class Citation:
    """The three forms; the address is empty when the site has none."""

    words: str
    address: str
    bibtex: str
    csl_json: str


def permalink(site: Site, docname: str, commit: str) -> str:
    """The page's source at a commit, which stays as it is; empty without a repository."""
    return f"{site.address.repository.rstrip('/')}/blob/{commit}/docs/{docname}.md" if site.address.repository else ""


def address(site: Site, docname: str) -> str:
    """The page's own address; empty when the site has none."""
    return f"{site.address.base_url.rstrip('/')}/{docname}.html" if site.address.base_url else ""


def cite(site: Site, page: Page, last: Change | None) -> Citation:
    """A page as it was after its last change; without a history, as of its record's date."""
    day = last.day if last else page.record.as_of
    by = f"Contributors to {site.title}"
    version = last.commit[:10] if last else ""
    url = (permalink(site, page.docname, last.commit) if last else "") or address(site, page.docname)
    when = f"{day.year}, {csl.MONTHS[day.month - 1]} {day.day}" if day else "n.d."
    words = f"{by}. ({when}). {page.title}{f' (Version {version})' if version else ''}. {site.title}."
    identity = page.docname.replace("/", "-")
    fields = {
        "author": f"{{{csl.bibtex_text(by)}}}",
        "title": f"{{{csl.bibtex_text(page.title)}}}",
        "howpublished": csl.bibtex_text(site.title),
        "year": str(day.year) if day else "",
        "month": str(day.month) if day else "",
        "note": f"Version {version}" if version else "",
        "url": csl.bibtex_address(url),
    }
    item = {
        "id": identity,
        "type": "webpage",
        "title": page.title,
        "container-title": site.title,
        "author": [{"literal": by}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "version": version,
        "URL": url,
        "language": site.language,
    }
    data = {key: value for key, value in item.items() if value}
    return Citation(
        words,
        url,
        csl.bibtex_entry("misc", identity, fields),
        json.dumps([data], ensure_ascii=False, separators=(",", ":")),
    )
