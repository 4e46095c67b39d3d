"""Figures without a source, and words that say nothing: judged block by block over parsed tokens.

A block is a paragraph, a list item or a table row. One that holds a figure needs ``{cite}`` or ``{indicator}``
in it, or says with ``{computed}`` that the figure is arithmetic on cited ones. Digits within names (5G, FY2025,
COVID-19, names of entries and pages) are no figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

_ROLE = re.compile(r"\{(\w+)\}`[^`]*`")
_CODE = re.compile(r"(`+).+?\1")
_TARGET = re.compile(r"\]\([^)]*\)")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_NAME = re.compile(r"\b[A-Za-z]+[-/]?\d[\w-]*|\b\d+[A-Za-z]\w*")  # 5G, FY2025, COVID-19, AAE-1, 2Africa
_FIGURE = re.compile(r"\d[\d,.]*")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

# Sentences that need no source though they hold a figure: rule -> what they look like.
EXEMPT: dict[str, re.Pattern[str]] = {
    # says what is not known; nothing can be cited for that
    "absence": re.compile(
        r"\b(not (?:found|seen|shown|published|known)|no (?:\w+ )?(?:source|figure|report|breakdown|count)s?)\b", re.I
    ),
    # leads over to the list or table below it, whose rows carry the sources
    "lead-in": re.compile(r":\s*\Z"),
}

VAGUE: dict[str, str] = {
    "recently": "say when",
    "currently": "say as of when",
    "nowadays": "say as of when",
    "in recent years": "name the years",
    "at present": "say as of when",
    "these days": "say as of when",
    "the latest": "name the date or edition",
    "soon": "name the announced date",
    "so far": "say up to when",
}
PRAISE: dict[str, str] = {
    "world-class": "say what is measured",
    "cutting-edge": "say what it does",
    "state-of-the-art": "say what it does",
    "vibrant": "give the number",
    "thriving": "give the number",
    "booming": "give the number",
    "flourishing": "give the number",
    "burgeoning": "give the number",
    "remarkable": "give the number and let readers judge",
    "impressive": "give the number and let readers judge",
    "unprecedented": "say compared with what",
    "game-changer": "say what changed",
    "game-changing": "say what changed",
    "revolutionise": "say what changed",
    "revolutionize": "say what changed",
    "poised to": "say who announced what, for when",
    "leading the way": "say what it did first, and when",
    "rich talent pool": "give the number",
    "tech-savvy": "say what was measured",
    "exciting": "leave it out",
}
_WORDS = re.compile(rf"\b(?:{'|'.join(map(re.escape, (*VAGUE, *PRAISE)))})\b")  # in lower case


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or table row that is to be looked at again with all records at hand."""

    line: int
    text: str  # what needs a source: without roles, code, addresses and exempt sentences
    exempt: tuple[tuple[str, int], ...]  # (rule, figures that need no source by it)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page's blocks hold."""

    figures: int  # in all blocks
    cited: int  # in blocks with a source
    computed: int  # in blocks that are arithmetic
    bare: tuple[Block, ...]  # blocks with figures and without a source
    words: tuple[tuple[int, str, str], ...]  # (line, word, what to write instead)


def read(tokens: Sequence[Token], first_line: int) -> Evidence:
    """The evidence of a parsed body that starts on ``first_line`` of its file."""
    count: Counter[str] = Counter()
    bare: list[Block] = []
    words: list[tuple[int, str, str]] = []
    for line, content, heading in _blocks(tokens, first_line):
        roles = {match[1] for match in _ROLE.finditer(content)}
        text = _TARGET.sub("]", _CODE.sub("", _ROLE.sub("", content)))
        words += [(line, *found) for found in judged_words(text)]
        figures = len(_FIGURE.findall(_NAME.sub("", text))) if _DIGIT.search(text) else 0
        count["figures"] += figures
        if roles & {"cite", "indicator"}:
            count["cited"] += figures
        elif "computed" in roles:
            count["computed"] += figures
        elif figures and not heading:
            bare.append(_block(line, text))
        elif heading:
            count["figures"] -= figures
    return Evidence(count["figures"], count["cited"], count["computed"], tuple(bare), tuple(words))


def _block(line: int, text: str) -> Block:
    exempt: Counter[str] = Counter()
    kept = []
    for sentence in _SENTENCE.split(text):
        rule = next((name for name, pattern in EXEMPT.items() if pattern.search(sentence)), "")
        if rule:
            exempt[rule] += len(_FIGURE.findall(_NAME.sub("", sentence)))
        else:
            kept.append(sentence)
    return Block(line, " ".join(kept), tuple(exempt.items()))


def judged_words(text: str) -> Iterator[tuple[str, str]]:
    """(word, what to write instead) for vague words in a text without a year, and for praise; quotations are let be."""
    if not _WORDS.search(text.lower()):
        return
    own = _QUOTED.sub("", text)
    dated = bool(_YEAR.search(own))
    for word in dict.fromkeys(match[0] for match in _WORDS.finditer(own.lower())):
        if word in PRAISE:
            yield word, PRAISE[word]
        elif not dated:
            yield word, VAGUE[word]


def _blocks(tokens: Sequence[Token], first_line: int) -> Iterator[tuple[int, str, bool]]:
    """(line, content, whether it is the head of a table) of each block; headings of sections are left out."""
    row: list[str] | None = None
    head = False
    line = first_line
    before = ""
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type == "thead_open":
            head = True
        elif token.type == "thead_close":
            head = False
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield line, " | ".join(row), head
            row = None
        elif token.type == "inline" and row is not None:
            row.append(token.content)
        elif token.type == "inline" and before != "heading_open":
            yield line, token.content, False
        before = token.type


def without_source(evidence: Evidence, names: re.Pattern[str]) -> Iterator[Block]:
    """Blocks that hold a figure even when known names are taken out."""
    for block in evidence.bare:
        if _FIGURE.search(_NAME.sub("", names.sub("", block.text))):
            yield block


def exempted(all_evidence: Iterable[Evidence]) -> Counter[str]:
    """Rule -> figures in blocks that it exempts."""
    count: Counter[str] = Counter()
    for evidence in all_evidence:
        for block in evidence.bare:
            count.update(dict(block.exempt))
    return count
