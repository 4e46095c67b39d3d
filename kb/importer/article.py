"""An article as the importer sees it, whatever file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from kb.importer import sentences

Kind = Literal["heading", "paragraph", "item", "row", "quote", "code", "caption"]


class Refused(Exception):
    """The file cannot be imported; holds the rule, what is wrong and what to do."""

    def __init__(self, rule: str, message: str, remedy: str) -> None:
        super().__init__(f"{rule}: {message}; {remedy}")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list, a row of a table (its cells) …"""

    kind: Kind
    text: str
    level: int = 0
    links: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the heading under which it stands; empty above the first."""

    text: str
    section: str


@dataclass(slots=True)
class Article:
    """Title, who wrote and published it, when and where, and its blocks in order. Empty: it does not say."""

    path: str = ""
    title: str = ""
    author: str = ""
    published: str = ""
    publisher: str = ""
    url: str = ""
    language: str = ""
    following: str = ""  # the file that holds its next page
    preceding: bool = False  # it is a later page of another file
    blocks: list[Block] = field(default_factory=list)

    @property
    def headings(self) -> list[Block]:
        """The headings below the title."""
        return [block for block in self.blocks if block.kind == "heading"]

    @property
    def sections(self) -> list[tuple[str, list[Block]]]:
        """(heading, its blocks); the lead has no heading and is left out when it is empty."""
        found: list[tuple[str, list[Block]]] = [("", [])]
        for block in self.blocks:
            if block.kind == "heading":
                found.append((block.text, []))
            else:
                found[-1][1].append(block)
        return [row for row in found if row[0] or row[1]]

    @property
    def links(self) -> list[str]:
        """Addresses that its text links to."""
        return list(dict.fromkeys(link for block in self.blocks for link in block.links))

    def sentences(self) -> Iterator[Sentence]:
        """Its sentences, tables and code left out."""
        for heading, blocks in self.sections:
            for block in blocks:
                if block.kind in ("paragraph", "item", "quote"):
                    yield from (Sentence(text, heading) for text in sentences.split(block.text))

    @property
    def text(self) -> str:
        """All its words, title first."""
        return "\n".join([self.title, *(block.text for block in self.blocks)])


def squeeze(text: str) -> str:
    """Letters and digits alone, in lower case: the form in which two spellings of a line are equal."""
    return re.sub(r"[\W_]+", "", text.casefold())
