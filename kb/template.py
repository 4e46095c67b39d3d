"""The first text of a page of each kind: every field explained, required ones empty, then an outline."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, get_args, get_origin
from urllib.parse import quote

from kb import model
from kb.corpus import DOCS
from kb.site import Address

TITLE = "Title of the page"
KINDS: dict[str, tuple[type[model.Page], str]] = {
    "topic": (model.Topic, ""),
    "entry": (model.Entry, "glossary"),
    "indicator": (model.Indicator, "indicators"),
    "article": (model.Article, "articles"),
}
OUTLINE: dict[str, str] = {
    "topic": (
        "Say in one or two sentences what the page is about, each fact with its source.\n\n"
        "## A question that readers ask\n\nAnswer it here, with the date, the figure, its unit and its source.\n\n"
        "## What is not known about the matter\n\nName the matter above, and say what was looked for and not found.\n"
    ),
    "entry": "Say in a few short paragraphs what it is, who leads it and where it stands, each with its source.\n",
    "indicator": "Say what is counted, by whom, and what a reader must know to use the figures.\n",
    "article": "Say what the article is, when it was written if it says so, and how to read the verdicts.\n",
}
EXAMPLES: dict[str, str] = {
    "as_of": '""  # YYYY-MM-DD',
    "urdu": '{name: "", source: ""}',
    "answer": '""  # ends with {cite}`id-of-a-source`',
    "primary": '[]  # or "none found: " and where you looked',
    "series": '\n  - {id: "", publisher: "", definition: "", default: true}',
    "observations": '\n  - {series: "", period: "", value: "", source: "", quote: ""}',
    "sections": '\n  - {heading: "", page: ""}',
    "claims": '\n  - {claim: "", verdict: open}',
    "autolink": '[""]',
    "preferred": '\n#  - {period: "", series: "", reason: ""}',
    "breaks": '\n#  - {series: "", period: "", why: ""}',
    "events": '\n#  - {date: "", kind: launched, what: "", source: "", quote: ""}',
}


LINES = frozenset(line for text in OUTLINE.values() for line in text.splitlines() if line)


def slug(title: str) -> str:
    """The file name of a title: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def record(kind: str, title: str) -> str:
    """The text of a new page: required fields empty, optional ones as comments, then an outline."""
    lines = ["---"]
    for name, field in KINDS[kind][0].model_fields.items():
        optional = not field.is_required()
        choices = _choices(field.annotation)
        said = (field.description or "").rstrip(".") + (f": {', '.join(choices)}" if choices else "")
        lines.append(f"# {name}: {said}{' (optional)' if optional else ''}")
        value = EXAMPLES.get(name) or ('[""]' if get_origin(field.annotation) is tuple else '""')
        lines.append(f"#{name}: {value}" if optional else f"{name}: {value}")
    return "\n".join([*lines, "---", f"# {title}", "", OUTLINE[kind]])


def _choices(annotation: Any) -> tuple[str, ...]:
    return tuple(value for value in get_args(annotation) if isinstance(value, str))


def create_link(kind: str, address: Address) -> str:
    """Where GitHub starts a file with this text in its editor; empty where the site table names no repository."""
    if not address.repository:
        return ""
    folder = KINDS[kind][1] or "name-of-the-topic"
    place = f"{address.repository.rstrip('/')}/new/{quote(address.branch)}/{DOCS}/{folder}"
    return f"{place}?filename=name-of-the-page.md&value={quote(record(kind, TITLE))}"
