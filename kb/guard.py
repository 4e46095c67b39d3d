"""What the tokens of a page may be: kinds, boxes with their options, depth, counts, fences that are closed.

:mod:`kb.page` reads a page and asks here at each step. Every function yields ``(line, rule, message, remedy)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from kb import markup, text
from kb.address import short

Fault = tuple[int, str, str, str]

_CONTAINERS = ("blockquote_open", "list_item_open", "dd_open", "footnote_reference_open")
_OPTION = re.compile(r"\s*:([A-Za-z0-9_-]+):(?:[ \t]+(.*?))?[ \t]*")
_SEPARATOR = re.compile(r"^\s*(?:\^{3,}|\+{3,})\s*$", re.M)
_STARTS_A_BLOCK = re.compile(r":{3,}|`{3,}|~{3,}|%|\+{3,}|\([^)]*\)=|<!--|\{[\w-]+\}(?!`)")


class TooMuch(Exception):
    """A page holds more of something than any page needs; raised before the costly half of parsing."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


def limit(markdown: MarkdownIt) -> MarkdownIt:
    """The parser, made to stop between blocks and words of a page that holds too much."""
    markdown.core.ruler.before("inline", "limits", _count)
    return markdown


def _count(state: StateCore) -> None:
    """Counts run on in ``env``, so that the boxes of a page count together."""
    counts: dict[str, int] = state.env.setdefault("counts", dict.fromkeys(markup.MAX_COUNTS, 0))
    for token in state.tokens:
        line = token.map[0] if token.map else 0
        if token.type == "inline":
            counts["square brackets"] += token.content.count("[")
            counts["emphasis marks"] += token.content.count("*") + token.content.count("_")
        elif token.type == "heading_open":
            counts["headings"] += 1
        elif token.type in ("th_open", "td_open"):
            counts["table cells"] += 1
        elif token.type in ("fence", "colon_fence"):
            counts["boxes"] += 1
        else:
            continue
        exceeded(counts, line)


def exceeded(counts: Mapping[str, int], line: int) -> None:
    """Raises :class:`TooMuch` for the first count above its limit."""
    for what, most in markup.MAX_COUNTS.items():
        if counts[what] > most:
            raise TooMuch(line, f"the page holds more than {most} {what}", "split the page, or move data to a record")


def lines(body: str, first: int) -> Iterator[Fault]:
    """What must be known before the parser sees a line."""
    most = markup.MAX_COUNTS["bars in one line"]
    for number, line in enumerate(body.split("\n"), first):
        if line.count("|") > most:
            yield number, "file-size", f"the line has more than {most} bars", "split the table"
            return


# ---- blocks ----------------------------------------------------------------------------------------------------------


def blocks(tokens: Sequence[Token], first: int, depth: int, inside: str) -> Iterator[Fault]:
    """Kinds of tokens, depth, closed fences, and what may stand in the box that holds them."""
    only = markup.BOXES[inside].only if inside else ""
    for position, token in enumerate(tokens):
        line = first + (token.map[0] if token.map else 0)
        task = token.type == "list_item_open" and "checked" in token.meta
        if task and tokens[position + 1].type != "paragraph_open":
            yield line, "syntax-unknown", "a task that does not start with words", "write words after [ ]"
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "hr" and (depth or inside):  # at the start of a box MyST reads --- as the start of a record
            message = "a line across the page stands inside a box, list or quotation"
            yield line, "syntax-unknown", message, "take it out"
        if token.type in _CONTAINERS:
            depth += 1
            if depth == markup.MAX_DEPTH + 1:
                message = f"more than {markup.MAX_DEPTH} lists, quotations and boxes in each other"
                yield line, "syntax-deep", message, "make it flatter"
        elif token.type.replace("_close", "_open") in _CONTAINERS:
            depth -= 1
        elif token.type in ("fence", "colon_fence") and not closed(token):
            message = f"the box or code that starts with {token.markup} is not closed"
            yield line, "fence-open", message, f"end it with a line {token.markup}"
        if kind not in markup.TOKENS and token.type not in markup.SINGLE_TOKENS and token.nesting >= 0:
            what, remedy = _NOT_ALLOWED.get(kind, (f"'{kind}'", "take it out"))
            yield line, "syntax-unknown", f"{what} is not allowed in a page", remedy
        if only and not token.level and (token.type not in ("colon_fence", "fence") or _name(token) != only):
            message = f"{{{inside}}} holds something else than {{{only}}}"
            yield line, "syntax-unknown", message, f"put it into a {{{only}}}"
            only = ""


FOOTNOTE = ("a footnote", "cite a source with {cite}, or write the remark in brackets")
_NOT_ALLOWED = {
    "myst_line_comment": ("a comment", "it would vanish from the page without a word; delete it"),
    "myst_block_break": ("a block break", "delete it"),
    "myst_target": ("a label", "link to a page or to a heading instead"),
    "footnote_reference": FOOTNOTE,
}


def closed(token: Token) -> bool:
    """Whether a fence ends with a line of its own, not with the end of the page or of the box around it."""
    assert token.map
    return token.map[1] - token.map[0] == token.content.count("\n") + 2


def _name(token: Token) -> str:
    name = (token.info.split(maxsplit=1) or [""])[0]
    return name[1:-1] if name.startswith("{") and name.endswith("}") else ""


def box(token: Token) -> tuple[str, str]:
    """(first word after the fence, the rest)."""
    name, _, rest = token.info.strip().partition(" ")
    parts = token.info.split(maxsplit=1)
    return (parts[0], parts[1].strip()) if len(parts) > 1 else (name, rest)


def language(word: str, rest: str, line: int) -> Iterator[Fault]:
    """A block of code: its language must be one whose colouring is quick and known."""
    if word.startswith("{"):
        yield line, "syntax-unknown", f"'{short(word)}' is no name of a box", "write {name}, then a blank"
    elif word and word.lower() not in markup.LANGUAGES:
        known = ", ".join(sorted(markup.LANGUAGES))
        yield line, "syntax-unknown", f"'{short(word)}' is not a language that the guide lists", f"use one of {known}"
    elif rest:
        yield line, "syntax-unknown", f"'{short(rest)}' stands after the language", "use {code-block} and its options"


def options(name: str, content: str, line: int) -> tuple[dict[str, str], str, list[Fault]]:
    """(options, body with empty lines in their place, faults) of a box's content, read as MyST reads it."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    known = markup.BOXES[name].options
    rows = content.split("\n")
    if content.startswith("---"):
        faults.append((line + 1, "syntax-unknown", "options between lines of ---", "write each as a line :name: value"))
        return found, content, faults
    for number, row in enumerate(rows):
        start = row.lstrip()
        if not start.startswith(":") or start.startswith(":::"):
            break
        at = line + 1 + number
        match = _OPTION.fullmatch(row)
        key, value = (match[1], match[2] or "") if match else ("", "")
        if not match:
            faults.append((at, "syntax-unknown", f"'{short(start)}' is no option", "write :name: value"))
        elif key not in known:
            allowed = ", ".join(known) or "none"
            faults.append((at, "syntax-unknown", f"{{{name}}} has no option '{short(key)}'", f"its options: {allowed}"))
        elif key in found:
            faults.append((at, "syntax-unknown", f"the option '{key}' stands twice", "keep one"))
        elif message := _value_fault(known[key], value):
            faults.append((at, "value-wrong", f"{key}: {message}", "see the guide for its values"))
        found[key] = value.strip('"')
        rows[number] = ""
    if separator := _SEPARATOR.search("\n".join(rows)) if "header" in known else None:
        at = line + 1 + separator.string.count("\n", 0, separator.start())
        faults.append((at, "syntax-unknown", f"the line {separator[0]}", "use the options :header: and :footer:"))
    return found, "\n".join(rows), faults


def _value_fault(pattern: str, value: str) -> str:
    if pattern in (markup.ADDRESS, markup.PICTURE):
        return "" if re.fullmatch(r"[^\s\"'<>`{}|\\]+", value) else f"'{short(value)}' is no address"
    if pattern == markup.FLAG:
        return f"it takes no value, but '{short(value)}' stands there" if value else ""
    if len(value) > 300:
        return "the text is longer than 300 characters"
    return "" if re.fullmatch(pattern, value) else f"'{short(value)}' cannot stand here"


def first_line(name: str, rest: str, found: Mapping[str, str], line: int) -> Iterator[Fault]:
    """What stands after the name of a box."""
    kind = markup.BOXES[name]
    if kind.required and not rest:
        what = {"title": "a title", "picture": "the file of a picture"}.get(kind.argument, "a word")
        yield line, "syntax-unknown", f"{{{name}}} lacks {what}", f"write it after {{{name}}}"
    if kind.argument == "columns" and rest and not re.fullmatch(markup.COLUMNS, rest):
        yield line, "syntax-unknown", f"'{short(rest)}' are no numbers of columns", "write one or four, as in 1 2 2 3"
    if kind.argument == "body" and rest and (found or kind.only):
        yield line, "syntax-unknown", "text on the first line of a box with options", "start it on a line of its own"
    if kind.argument == "language" and rest.lower() not in markup.LANGUAGES | {""}:
        known = ", ".join(sorted(markup.LANGUAGES))
        yield line, "syntax-unknown", f"'{short(rest)}' is not a language that the guide lists", f"use one of {known}"


def rows_of_list_table(tokens: Sequence[Token], line: int) -> Iterator[Fault]:
    """A table from lists is one list of rows, each one list of equally many cells."""
    rows: list[int] = []
    shape = [(t.type, t.level) for t in tokens if t.nesting or t.type in ("fence", "colon_fence", "hr", "code_block")]
    sound = bool(shape) and shape[0] == ("bullet_list_open", 0) and shape[-1] == ("bullet_list_close", 0)
    sound = sound and sum(level == 0 for _, level in shape) == 2
    for kind, level in shape if sound else []:
        if level == 1 and kind == "list_item_open":
            rows.append(0)
        elif level == 2 and kind not in ("bullet_list_open", "bullet_list_close"):
            sound = False
        elif level == 3 and kind == "list_item_open":
            rows[-1] += 1
    if not sound or not rows or len(set(rows)) != 1:
        yield line, "syntax-unknown", "the rows of {list-table} do not have equally many cells", "write * - a, then - b"


# ---- words -----------------------------------------------------------------------------------------------------------


def hidden(content: str, line: int) -> Iterator[Fault]:
    """Invisible characters that were written as entities (``&#8203;``)."""
    for finding in text.control_characters(content, ""):
        yield line, "text-control", finding.message + ", written as an entity", finding.remedy
        return


_NO_MARKUP = (
    (re.compile(r"\{\{|\{%"), "syntax-unsafe", "a substitution", "write the text out, or put it in `code`"),
    (re.compile(r"\$\$"), "syntax-unknown", "a formula", "write it in words or in `code`"),
)


def words(content: str, line: int) -> Iterator[Fault]:
    """Markup of other systems in a text: here it would be shown as it is, elsewhere it is a program."""
    if "{" not in content and "$$" not in content:
        return
    for pattern, rule, what, remedy in _NO_MARKUP:
        if pattern.search(content):
            yield line, rule, f"{what} is not allowed in a page", remedy


def record(data: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str, str, str]]:
    """Texts of a record that would start a box when they are shown: (place, rule, message, remedy)."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in ("search_terms", "unit"):
                yield from record(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from record(value, (*at, number))
    elif isinstance(data, str) and (match := _STARTS_A_BLOCK.match(data.strip())):
        message = f"the text starts with '{match[0]}', which is markup"
        yield at, "syntax-unsafe", message, "start it with a word"
