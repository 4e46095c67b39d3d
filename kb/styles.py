"""Style sheets without the rules that no page can use: what is sent is what a page of the site names.

A rule stays when every class, id and element that its selector asks for stands in a page or in a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|url\([^)"\']*\)|[{};]')
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
_ASKED = re.compile(r"(?:[.#]|(?<![\w.#:-])(?=[a-z]))([A-Za-z_][\w-]*)")
_ATTRIBUTE = re.compile(r"\[[^]]*\]")
_VARIABLE = re.compile(r'(--[\w-]+)\s*:(?:[^;{}"\'()]|"[^"]*"|\'[^\']*\'|\((?:[^()]|\([^()]*\))*\))*(?:;|(?=\}))')
_USE = re.compile(r"var\(\s*(--[\w-]+)")
_NAMES = re.compile(r'<([a-z][a-z0-9]*)|\s(?:class|id)="([^"]*)"')
_WORD = re.compile(r"[A-Za-z_][\w-]{2,}")  # shorter ones are variables


def named(html: str) -> set[str]:
    """Elements, classes and ids of a page."""
    names: set[str] = set()
    found = set(_NAMES.findall(html))
    for tag, values in found:
        names.add(tag)
        names.update(values.split())
    return names


def words(script: str) -> set[str]:
    """Everything in a script that may be a class, an id or an element."""
    return set(_WORD.findall(script))


def bare(script: str) -> str:
    """A script of ours without its comments, which stand on lines of their own, and without indents."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def kept(sheets: Mapping[str, str], names: set[str], scripts: Iterable[str] = ()) -> dict[str, str]:
    """The sheets without rules for what is not among ``names``, and without variables that no sheet or script uses."""
    left = {key: "".join(_rules(_COMMENT.sub("", css), names)) for key, css in sheets.items()}
    elsewhere = {name for script in scripts for name in re.findall(r"--[\w-]+", script)}
    while True:
        used = elsewhere.union(*(_USE.findall(css) for css in left.values()))
        fewer = {key: _VARIABLE.sub(partial(_if_used, used), css) for key, css in left.items()}
        if fewer == left:
            return {key: re.sub(r"[^{}]+\{\}", "", css) for key, css in left.items()}
        left = fewer


def _if_used(used: set[str], variable: re.Match[str]) -> str:
    return variable[0] if variable[1] in used else ""


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """(selector or at-rule, what stands in its braces) of each rule; the second is empty for ``@import …;``."""
    start = opened = depth = 0
    for piece in _PIECE.finditer(css):
        sign = piece[0]
        if sign == "{":
            depth += 1
            if depth == 1:
                opened = piece.start()
        elif sign == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : piece.start()].strip()
                start = piece.end()
        elif sign == ";" and not depth:
            start = piece.end()


def _rules(css: str, names: set[str]) -> Iterator[str]:
    for head, body in _blocks(css):
        if head.startswith(("@media", "@supports")):
            if inner := "".join(_rules(body, names)):
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        elif selectors := [one for one in _selectors(head) if _wanted(one, names)]:
            yield f"{','.join(selectors)}{{{_tight(body)}}}"


def _tight(body: str) -> str:
    return re.sub(r"(?<=[:;,]) | (?=[;!])|;$", "", " ".join(body.split()))


def _selectors(head: str) -> list[str]:
    return [one.strip() for one in re.split(r",(?![^(]*\))", head)]


def _wanted(selector: str, names: set[str]) -> bool:
    plain = _ATTRIBUTE.sub("", selector)
    while _IN_PARENTHESES.search(plain):
        plain = _IN_PARENTHESES.sub("", plain)
    return all(name in names for name in _ASKED.findall(plain))
