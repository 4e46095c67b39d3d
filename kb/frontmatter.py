"""Front matter and data files: YAML that says what it shows, with the line of every value.

Every scalar is text (the models give it a type): YAML itself would turn ``NO`` into false and ``3.80`` into 3.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from kb.finding import Finding

Path = tuple[str | int, ...]
Lines = dict[Path, int]

FENCE = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)
MAX_DEPTH = 6
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Exception):
    """The text can't be read as a record; holds the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def split(text: str, path: str) -> tuple[str, str, int]:
    """``(yaml, body, first line of the body)``. Raises :class:`Refused` when there is no closed front matter."""
    match = FENCE.match(text)
    if match:
        return match[1], text[match.end() :], text.count("\n", 0, match.end()) + 1
    if text.startswith("---"):
        message, remedy = "the front matter is not closed", "end it with a line of three hyphens (---)"
    else:
        message, remedy = "the page has no front matter", "start it with a line ---, its fields, and a line ---"
    raise Refused(Finding(path, 1, "yaml-missing", message, remedy))


def blank(text: str) -> str:
    """The text with its front matter replaced by as many empty lines."""
    return FENCE.sub(lambda match: "\n" * match[0].count("\n"), text, count=1)


def read(text: str, path: str, first_line: int = 1) -> tuple[Any, Lines]:
    """Nested dicts, lists and strings, and the line on which each value (by its path of keys) starts.

    Raises :class:`Refused` for bad syntax, anchors, aliases, tags, merge keys, duplicate keys and deep nesting.
    """
    reader = _Reader(path, first_line)
    try:
        return reader.document(yaml.parse(text, Loader=_LOADER)), reader.lines
    except yaml.MarkedYAMLError as error:
        raise Refused(_unreadable(error, path, first_line)) from error
    except yaml.YAMLError as error:  # characters YAML does not allow carry no mark
        message = f"YAML cannot be read: {str(error).splitlines()[0]}"
        raise Refused(Finding(path, first_line, "yaml-syntax", message, "delete unusual characters")) from error


_SLIPS = (  # (what the parser says, what is wrong, what to do)
    ("quoted scalar", "a quotation mark is opened here and not closed", "end the text with the same mark"),
    ("mapping values are not allowed", "a second colon with a blank after it", "put the text into quotation marks"),
    ("found character that cannot start", "a text starts with a sign that YAML keeps for itself, or a tab stands here",
     "put the text into quotation marks; indent with blanks"),
    ("escape", "a backslash in a text between double quotes", "use single quotes, or write two backslashes"),
    ("flow", "a bracket is opened here and not closed, or a comma is missing", "look at the brackets and commas"),
    ("expected ':'", "a line without `key: value`", "write `key: value`, or indent it below its key"),
    ("block", "the line is indented otherwise than the ones above it", "indent it as far as the line above"),
)  # fmt: skip


def _unreadable(error: yaml.MarkedYAMLError, path: str, first_line: int) -> Finding:
    """The parser's complaint in words for people who do not know YAML, at the place where the slip begins."""
    said = f"{error.context or ''} {error.problem or ''}"
    opened = any(word in said for word in ("quoted scalar", "flow"))
    mark: Any = (error.context_mark if opened else error.problem_mark) or error.problem_mark or error.context_mark
    message, remedy = f"the record cannot be read here: {said.strip()}", "look at indentation, colons and quotes"
    for part, what, advice in _SLIPS:
        if part in said:
            message, remedy = what, advice
            break
    line, column = (mark.line, mark.column + 1) if mark else (0, 0)
    return Finding(path, first_line + line, "yaml-syntax", message, remedy, column)


class _Reader:
    def __init__(self, path: str, first_line: int) -> None:
        self.path, self.first_line = path, first_line
        self.lines: Lines = {}

    def line(self, event: Any) -> int:
        """The line of the file on which an event starts."""
        return self.first_line + int(event.start_mark.line)

    def refuse(self, event: Any, rule: str, message: str, remedy: str) -> Refused:
        return Refused(Finding(self.path, self.line(event), rule, message, remedy))

    def document(self, events: Iterator[Any]) -> Any:
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refuse(event, "yaml-syntax", "a second YAML document starts here", "keep one")
                value = self.node(next(events), events, ())
        return value

    def node(self, event: Any, events: Iterator[Any], at: Path) -> Any:
        self.plain(event)
        self.lines[at] = self.line(event)
        if len(at) > MAX_DEPTH:
            raise self.refuse(event, "yaml-syntax", "values are nested too deeply", "flatten them as the guide shows")
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self.node(event, events, (*at, len(items))))
            return items
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            self.plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refuse(event, "yaml-syntax", "a key is not plain text", "write `key: value`")
            key = event.value
            if key == "<<":
                raise self.refuse(event, "yaml-plain", "merge keys (<<) are not allowed", "write the values out")
            if key in mapping:
                raise self.refuse(event, "yaml-duplicate", f"the key '{key}' stands twice", "keep one of them")
            line = self.line(event)
            mapping[key] = self.node(next(events), events, (*at, key))
            self.lines[(*at, key)] = line
        return mapping

    def plain(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse(
                event,
                "yaml-plain",
                "anchors and aliases (& and *) are not allowed",
                "write the value out, or quote a text that starts with & or *",
            )
        if getattr(event, "tag", None):
            raise self.refuse(event, "yaml-plain", "tags (!) are not allowed", "quote a text that starts with !")
