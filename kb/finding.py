"""What a check found: one line for a person, one object for a machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

GUIDE = "about/rules.html"  # below the address of the site
RULES = {
    # files
    "file-name": "A file's name is its address for ever, on every system and in every link.",
    "file-kind": "docs/ holds what readers read: Markdown pages, YAML data, redirects and pictures.",
    "file-folder": "Folders are one level deep, and each has an index page that lists what is in it.",
    "file-size": "A page that is very long cannot be read on a phone, nor reviewed.",
    "file-twice": "Names that differ only in case, or a page and a folder of one name, are one file on some systems.",
    # text
    "text-encoding": "Everything is UTF-8, so that Urdu and English reach every reader alike.",
    "text-control": "Invisible characters can hide text from a reviewer or reverse it on the screen.",
    "text-empty": "A page without text answers nothing.",
    # front matter and data files
    "yaml-missing": "The front matter is the record: without it a page has no kind, date or definition.",
    "yaml-syntax": "The record must be readable before anything in it can be checked.",
    "yaml-plain": "Anchors, aliases, tags and merge keys make a file say something else than it shows.",
    "yaml-duplicate": "Of two values for one key one would be lost without a word.",
    "key-unknown": "A misspelt key would be ignored without a word.",
    "key-missing": "Lists, dates and search are made from these keys.",
    "value-wrong": "A value of the wrong form would be shown wrongly or not at all.",
    # page
    "title-missing": "The first heading is the page's title, in lists, search and the browser's tab.",
    "title-again": "A page has one title; sections start with ##.",
    "heading-skip": "Screen readers and the table of contents follow the levels of headings.",
    "outline-left": "What `new` wrote to be replaced is no text of the page.",
    "syntax-unsafe": "Raw HTML and includes could change the page around them, or read files that are not ours.",
    "syntax-unknown": "Only the markup that the guide lists is sure to be shown the same everywhere.",
    "syntax-deep": "Text that is nested too deeply is dropped by Markdown without a word.",
    "fence-open": "A box that is not closed swallows the rest of the page.",
    "published-unsafe": "What a reader's browser gets is looked at once more; some holes exist only there.",
    "build-stopped": "A page that makes the build crash or hang must be named, whoever is at fault.",
    "picture-wrong": "A picture must be what its name says, and small enough for a phone on a slow line.",
    "link-scheme": "Readers are sent to https pages only; source records may hold http.",
    "link-address": "An address must lead where a reader sees that it leads.",
    "link-missing": "A dead link is a dead end.",
    "link-text": "A link without words cannot be read aloud.",
    "link-dead": "When a source dies, its fact dies; an archived copy or another source keeps it.",
    "link-exception": "An exception that nobody looks at again hides the next fault.",
    # across pages
    "source-unknown": "A footnote must lead somewhere.",
    "source-unused": "A source that nothing cites is not maintained by anybody.",
    "source-duplicate": "One source has one record, so that a correction reaches every page.",
    "term-unknown": "A marked term leads to its entry.",
    "name-near": "A name that is almost an entry's name is mostly that name misspelt, and would not link.",
    "name-taken": "A name that means two things would link to the wrong one.",
    "record-unknown": "A record that names another one must name one that exists.",
    "redirect-wrong": "An old address must lead to a page in one step.",
    "primary-uncited": "A source named as primary carries something on the page.",
    "figure-unknown": "A figure that is quoted stands once, as data, and moves everywhere.",
    "figure-uncited": "A figure that nobody can trace is what readers find everywhere else.",
    "word-vague": "Praise and undated words age unseen; what happened, when, can be checked.",
    "status-contradicts": "A status is what the last dated event left; otherwise one of the two is wrong or missing.",
    "wording-copied": "Text that is not ours to publish is told in our own words, or quoted in a few and cited.",
    "rival-open": "Where publishers differ, a reader must learn which figure is quoted, and why.",
}


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One fault: where it is, which rule it breaks, what is wrong and what to do.

    ``path`` is relative to the checked root, ``line`` counts from 1, ``column`` from 1 or is 0 where unknown. ``fix``
    is there where one change is surely meant: what stands once on the line, and what to write instead.
    """

    path: str
    line: int
    rule: str
    message: str
    remedy: str
    column: int = 0
    fix: tuple[str, str] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"no rule {self.rule}")

    def __str__(self) -> str:
        place = f"{_one_line(self.path)}:{self.line}" + (f":{self.column}" if self.column else "")
        return f"{place}: {self.rule}: {_one_line(self.message)}; {_one_line(self.remedy)}"


def as_text(findings: Iterable[Finding], site: str = "") -> str:
    """One line each."""
    return "".join(f"{finding}\n" for finding in findings)


def as_json(findings: Iterable[Finding], site: str = "") -> str:
    """A JSON list of objects with the fields of :class:`Finding`, the rule's reason and its place in the guide."""
    rows = [{**asdict(f), "reason": RULES[f.rule], "guide": link(f.rule, site)} for f in findings]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def as_github(findings: Iterable[Finding], site: str = "") -> str:
    """Workflow commands that GitHub shows beside the line of the pull request."""
    return "".join(
        f"::error file={_property(f.path)},line={f.line}{f',col={f.column}' if f.column else ''},"
        f"title={_property(f.rule)}::{_data(f'{f.message}; {f.remedy} ({RULES[f.rule]} {link(f.rule, site)})')}\n"
        for f in findings
    )


def as_markdown(findings: Iterable[Finding]) -> str:
    """A table for the summary of a run in CI."""
    rows = [f"| {_cell(f'{f.path}:{f.line}')} | {f.rule} | {_cell(f'{f.message}; {f.remedy}')} |\n" for f in findings]
    if not rows:
        return "### Check\n\nNothing to mend.\n"
    head = f"### Check: {len(rows)} to mend\n\n| Where | Rule | What is wrong, and what to do |\n|---|---|---|\n"
    return head + "".join(rows)


def reasons(findings: Iterable[Finding], site: str = "") -> str:
    """Why each broken rule exists, a line each."""
    return "".join(f"why {rule}: {RULES[rule]} {link(rule, site)}\n" for rule in sorted({f.rule for f in findings}))


def link(rule: str, site: str = "") -> str:
    """The place of a rule in the guide, below the site's address where it is known."""
    return f"{site.rstrip('/')}/{GUIDE}#{rule}".lstrip("/")


def _cell(text: str) -> str:
    """Text as it is, in a cell of a Markdown table."""
    return re.sub(r"([\\`*_{}\[\]<>|#&@:])", r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
