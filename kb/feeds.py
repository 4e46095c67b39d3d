"""What programs read of the whole site: the feed of changes (Atom), the list of addresses (sitemap), ``llms.txt``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from kb import citing
from kb.corpus import digest
from kb.views import Row, Views

MOST = 60  # entries of the feed
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: a correction, a re-check or a new page."""

    day: datetime.date
    key: str
    title: str
    summary: str
    row: Row


def entries(views: Views) -> list[Entry]:
    """Changes that a reader may want to know of, newest first."""
    found = [
        Entry(day, digest((day, said, row.docname)), f"{row.title}: {said}"[:200], said, row)
        for day, said, row in views.changes
    ]
    for day, rows in views.new_pages:
        found += [Entry(day, "new", f"New page: {row.title}", row.description, row) for row in rows]
    return sorted(found, key=lambda entry: entry.day, reverse=True)[:MOST]


def atom(views: Views) -> str:
    """The feed (RFC 4287). Nothing in it changes with a build, only with a change."""
    site = views.corpus.site
    base = site.address.base_url.rstrip("/")
    host = urlsplit(base).hostname or "localhost"
    made = entries(views)
    newest = max((page.record.as_of for page in views.corpus.pages.values() if page.record.as_of), default=None)
    updated = made[0].day if made else newest or datetime.date(1970, 1, 1)
    parts = [
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(site.language)}>',
        f"<id>{escape(base)}/</id><title>{escape(site.title)}</title>",
        f"<updated>{_moment(updated)}</updated>",
        f"<author><name>Contributors to {escape(site.title)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(f"{base}/feed.xml")}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(f"{base}/index.html")}/>',
    ]
    for entry in made:
        identity = f"tag:{host},{entry.day.isoformat()}:{entry.row.docname}:{entry.key}"
        parts.append(
            f"<entry><id>{escape(identity)}</id><title>{escape(entry.title)}</title>"
            f"<updated>{_moment(entry.day)}</updated><summary>{escape(entry.summary)}</summary>"
            f"<link href={quoteattr(citing.address(site, entry.row.docname))}/></entry>"
        )
    return "\n".join([*parts, "</feed>\n"])


def sitemap(views: Views) -> str:
    """The addresses of all pages (sitemaps.org), with the day of their last change where it is known."""
    parts = [f'{_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for docname in sorted(views.corpus.pages):
        changes = views.changes_of(views.corpus.pages[docname])
        last = f"<lastmod>{changes[0].day.isoformat()}</lastmod>" if changes else ""
        parts.append(f"<url><loc>{escape(citing.address(views.corpus.site, docname))}</loc>{last}</url>")
    return "\n".join([*parts, "</urlset>\n"])


def llms(views: Views) -> str:
    """Every page by folder with its description, for language models (llmstxt.org); links lead to the Markdown."""
    site = views.corpus.site
    base = f"{site.address.base_url.rstrip('/')}/" if site.address.base_url else ""
    lines = [f"# {site.title}", ""]
    if site.tagline:
        lines += [f"> {site.tagline}", ""]
    lines.append("Each page is there as Markdown too, under its address with .md in place of .html. Open data: data/.")
    for row in views.top:
        folder = row.docname.rpartition("/")[0]
        lines += ["", f"## {row.title}", ""]
        own = (one for one in views.by_folder.get(folder, ()) if one.docname.startswith(f"{folder}/"))
        lines += [f"- [{one.title}]({base}{one.docname}.md): {one.description}" for one in (row, *own)]
    return "\n".join([*lines, ""])


def files(views: Views) -> Iterator[tuple[str, str]]:
    """(name, content) of what is published; without the site's own address there is neither feed nor sitemap."""
    yield "llms.txt", llms(views)
    if views.corpus.site.address.base_url:
        yield "feed.xml", atom(views)
        yield "sitemap.xml", sitemap(views)


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
