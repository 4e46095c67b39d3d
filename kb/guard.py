"""What contributed Markdown may hold: everything that is not listed here is refused.

A page is data. The stock stack would run parts of it as a program, read files for it, or carry its scripts into the
site; each function here closes one such way, over tokens rather than by searching the text (a search finds too much and
too little). Functions yield ``(line, rule, message, remedy)``.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from markdown_it.token import Token

Fault = tuple[int, str, str, str]

# Directive -> the options it may have. Their values are judged in :func:`options`.
DIRECTIVES: dict[str, frozenset[str]] = {
    "note": frozenset(),
    "tip": frozenset(),
    "warning": frozenset(),
    "important": frozenset(),
    "seealso": frozenset(),
    "admonition": frozenset(),
    "code-block": frozenset(),
    "figure": frozenset({"alt"}),
    "image": frozenset({"alt"}),
    "list-table": frozenset({"header-rows", "widths"}),
    "grid": frozenset({"gutter"}),
    "grid-item-card": frozenset({"link", "link-type"}),
    "card": frozenset({"link", "link-type"}),
    "tab-set": frozenset(),
    "tab-item": frozenset(),
    "dropdown": frozenset({"open"}),
    "chart": frozenset(),
    "generated": frozenset(),
}
ROLES = frozenset({"cite", "term", "indicator", "computed"})
UNSAFE = frozenset({
    "raw", "include", "literalinclude", "eval-rst", "csv-table", "only", "ifconfig", "meta", "role", "default-role",
    "download", "toctree", "math", "highlight", "index", "glossary", "substitution", "button-link", "button-ref",
    "article-info", "octicon", "fas", "fab", "material-regular",
})  # fmt: skip

MAX_DEPTH = 8  # lists and quotations in each other; markdown-it drops text without a word at 20
MAX_LINE = 5_000  # characters
MOST = {"links": 500, "headings": 150, "table cells": 3_000, "boxes": 100}

_LINE_SYNTAX: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\(\S.*\)=\s*$"), "a label", "link to a page or to a heading instead"),
    (re.compile(r"%"), "a comment", "it would vanish from the page without a word; delete it"),
    (re.compile(r"\+\+\+"), "a block break", "delete it"),
    (re.compile(r"\$\$"), "a formula", "write it in words or in `code`"),
)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_SUBSTITUTION = re.compile(r"\{\{|\{%")
_OPTION = re.compile(r":([\w-]+):(.*)")
_FENCE_END = re.compile(r"\s*(`{3,}|~{3,}|:{3,})\s*$")


def text(body: str, first_line: int) -> Iterator[Fault]:
    """Lines that are too long."""
    for number, line in enumerate(body.split("\n"), first_line):
        if len(line) > MAX_LINE:
            message = f"the line has {len(line)} characters"
            yield number, "file-size", message, f"break it into lines of at most {MAX_LINE}"


def structure(tokens: Sequence[Token], lines: Sequence[str], first_line: int) -> Iterator[Fault]:
    """Nesting, open fences, and more of one thing than a page can show."""
    count = dict.fromkeys(MOST, 0)
    depth = 0
    deep = False
    for token in tokens:
        line = first_line + (token.map[0] if token.map else 0)
        if token.type in ("list_item_open", "blockquote_open"):
            depth += 1
            if depth > MAX_DEPTH and not deep:
                deep = True
                message = f"lists or quotations stand more than {MAX_DEPTH} deep in each other"
                yield line, "syntax-deep", message, "write them side by side, or as sections"
        elif token.type in ("list_item_close", "blockquote_close"):
            depth -= 1
        elif token.type == "heading_open":
            count["headings"] += 1
        elif token.type in ("td_open", "th_open"):
            count["table cells"] += 1
        elif token.type in ("fence", "colon_fence"):
            count["boxes"] += 1
            if token.map and not _closed(token, lines):
                message = f"the box that starts with {token.markup} is not closed"
                yield line, "fence-open", message, f"end it with a line {token.markup}"
        elif token.type == "inline":
            count["links"] += sum(child.type in ("link_open", "image") for child in token.children or ())
    for what, number in count.items():
        if number > MOST[what]:
            yield first_line, "file-size", f"the page holds {number} {what}", f"split it; {MOST[what]} are the most"


def _closed(token: Token, lines: Sequence[str]) -> bool:
    assert token.map
    last = lines[token.map[1] - 1] if token.map[1] <= len(lines) else ""
    match = _FENCE_END.fullmatch(last.lstrip("> \t"))
    return token.map[1] - token.map[0] > 1 and bool(match) and match is not None and match[1].startswith(token.markup)


def references(found: dict[str, Any], first_line: int) -> Iterator[Fault]:
    """Definitions of footnotes, which plain Markdown reads as definitions of links."""
    for name, reference in found.items():
        if name.startswith("^"):
            line = first_line + reference.get("map", [0])[0]
            remedy = "cite a source with {cite}, or write the remark in brackets"
            yield line, "syntax-unknown", "a footnote is not allowed in a page", remedy


def paragraph(content: str, line: int) -> Iterator[Fault]:
    """Markup of MyST that reads as text in plain Markdown: labels, comments, footnotes, substitutions."""
    for offset, row in enumerate(content.split("\n")):
        for pattern, what, remedy in _LINE_SYNTAX:
            if pattern.match(row):
                yield line + offset, "syntax-unknown", f"{what} is not allowed in a page", remedy
    plain = re.sub(r"(`+).+?\1", "", content, flags=re.S)
    if _FOOTNOTE.search(plain):
        remedy = "cite a source with {cite}, or write the remark in brackets"
        yield line, "syntax-unknown", "a footnote is not allowed in a page", remedy
    if _SUBSTITUTION.search(plain):
        yield (
            line,
            "syntax-unsafe",
            "a substitution is not allowed in a page",
            "write the text out, or put it in `code`",
        )


def options(name: str, content: str, line: int) -> Iterator[Fault]:
    """The options of a directive: known ones, with values that stay within the site."""
    rows = content.split("\n")
    if rows and rows[0].strip() == "---":
        yield line + 1, "syntax-unknown", "options between lines of hyphens", "write each as `:name: value`"
        return
    for offset, row in enumerate(rows, 1):
        match = _OPTION.match(row.strip())
        if not match:
            return
        key, value = match[1], match[2].strip()
        if key not in DIRECTIVES[name]:
            known = ", ".join(sorted(DIRECTIVES[name])) or "none"
            message = f"the option '{key}' of {{{name}}} is not allowed in a page"
            yield line + offset, "syntax-unknown", message, f"leave it out; allowed are {known}"
        elif key == "link" and (fault := address(value) if _has_scheme(value) else _inside(value)):
            yield line + offset, "link-scheme", fault, "link to a page of the site, or to an https page"
        elif key == "link-type" and value not in ("doc", "url"):
            yield line + offset, "syntax-unknown", f"the link type '{value}' is not allowed", "write doc or url"
        elif key in ("header-rows", "gutter") and not re.fullmatch(r"[0-5]( [0-5]){0,3}", value):
            yield line + offset, "value-wrong", f"'{value}' is no small number", "write 0 to 5"


def _has_scheme(value: str) -> bool:
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value)) or value.startswith("//")


def _inside(value: str) -> str:
    return "" if re.fullmatch(r"(\.\./|/)?[a-z0-9/-]+", value) else f"'{value}' is no path of a page"


def address(href: str, schemes: tuple[str, ...] = ("https", "mailto")) -> str:
    """What is wrong with an address that leaves the site; empty when nothing is."""
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp") for character in href) or "\\" in href:
        return f"'{_shown(href)}' holds characters that browsers read in another way"
    try:
        parts = urlsplit(href)
        port = parts.port
    except ValueError:
        return f"'{_shown(href)}' cannot be read as an address"
    if parts.scheme.lower() not in schemes:
        return f"'{_shown(href)}' is not an https or mailto address"
    if parts.scheme.lower() == "mailto":
        return "" if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", parts.path) else f"'{_shown(href)}' is no mail address"
    return _host(href, parts, port)


def _host(href: str, parts: SplitResult, port: int | None) -> str:
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None:
        return f"'{_shown(href)}' holds a user name, which can hide where it leads"
    if port is not None:
        return f"'{_shown(href)}' names a port"
    if unicodedata.normalize("NFKC", host) != host or "%" in host:
        return f"'{_shown(host)}' is read as another host name"
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return f"'{host}' is a number, not a host name"
    labels = host.rstrip(".").split(".")
    if len(labels) < 2 or re.fullmatch(r"(0x[0-9a-f]+|\d+)", labels[-1]):
        return f"'{host}' is not the name of a public host"
    try:
        written = host.encode("idna").decode("idna")
    except UnicodeError:
        return f"'{_shown(host)}' is no valid host name"
    for label in written.split("."):
        scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
        if len(scripts) > 1:
            return f"'{written}' mixes letters of different scripts"
    return ""


def misleading(words: str, href: str) -> str:
    """The host that a link's words name, when its address leads to another one."""
    match = re.match(r"\s*(?:https?://|www\.)?((?:[\w-]+\.)+[a-z]{2,})(?=[/\s]|$)", words.lower())
    if not match or not re.match(r"\s*(https?://|www\.)|\S+\.\S+/?\s*$", words.lower()):
        return ""
    host = (urlsplit(href).hostname or "").removeprefix("www.")
    shown = match[1].removeprefix("www.")
    return "" if host == shown or host.endswith(f".{shown}") else shown


def _shown(value: str) -> str:
    return value if len(value) <= 80 else value[:77] + "…"
