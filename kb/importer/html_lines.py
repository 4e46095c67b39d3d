"""A page becomes its lines: the tree is walked once, furniture is left out, and each line says where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.importer import furniture
from kb.importer.article import Kind
from kb.importer.sentences import is_sentence

BLOCKS = frozenset(
    """address article blockquote body center dd div dl dt fieldset h1 h2 h3 h4 h5 h6 header hr html li main ol p pre
    section table tbody td th thead tfoot tr ul caption figure details summary noframes amp-story""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset("b strong u th".split())


@dataclass(slots=True)
class _Run:
    text: str
    bold: bool
    size: int
    link: bool


@dataclass(slots=True)
class Piece:
    """A line of the page and what is known of its place."""

    kind: Kind
    text: str
    box: int
    level: int = 0
    bold: bool = False
    size: int = 0
    linked: bool = False  # all of it is one link
    loose: bool = False  # it stands in a box that says nothing: div, span, td
    links: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


class Walk:
    """One pass over the tree, without recursion: pages are nested as deeply as anybody likes."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree = tree
        self.parents: dict[int, int] = {}
        self.found: list[Piece] = []
        self.runs: list[_Run] = []
        self.links: list[str] = []
        self.open: list[tuple[int, str]] = []  # block elements
        self.bold = self.link = self.header = self.quote = self.item = 0
        self.sizes: list[int] = []
        self.words = len((tree.body.text() if tree.body else "").split())

    def pieces(self) -> list[Piece]:
        root = self.tree.body
        node: LexborNode | None = root
        top = root.mem_id if root else 0
        while node is not None:
            if self.enter(node) and node.child is not None:
                node = node.child
                continue
            while node is not None and node.mem_id != top and node.next is None:
                node = node.parent
                if node is not None:
                    self.leave(node)
            if node is None or node.mem_id == top:
                break
            node = node.next
        self.flush()
        return self.found

    def enter(self, node: LexborNode) -> bool:
        """Take a node in; whether to look inside."""
        tag = node.tag or ""
        if tag == "-text":
            self.runs.append(
                _Run(node.text_content or "", self.bold > 0, self.sizes[-1] if self.sizes else 0, self.link > 0)
            )
            return False
        if tag.startswith("-") or tag in furniture.TAGS:
            return False
        if tag in ("br",):
            self.runs.append(_Run("\n", False, 0, False))
            return False
        attributes = node.attributes
        if tag not in ("html", "body", "main", "article") and furniture.named(attributes) and not self.large(node):
            if tag in BLOCKS:
                self.flush()
            return False
        if tag == "table" and (rows := _table(node)):
            self.flush()
            for cells in rows:
                self.found.append(
                    Piece("row", " | ".join(cells), node.parent.mem_id if node.parent else 0, cells=cells)
                )
            return False
        if tag == "pre":
            self.flush()
            self.found.append(Piece("code", node.text().strip("\n"), node.mem_id))
            return False
        if node.child is None:
            if tag in BLOCKS:
                self.flush()
            return False
        if tag in BLOCKS:
            self.flush()
            parent = self.open[-1][0] if self.open else 0
            self.parents[node.mem_id] = parent
            self.open.append((node.mem_id, tag))
        self.step(tag, attributes, 1)
        return True

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in BLOCKS:
            self.flush()
            if self.open and self.open[-1][0] == node.mem_id:
                self.open.pop()
        self.step(tag, node.attributes, -1)

    def step(self, tag: str, attributes: dict[str, str | None], by: int) -> None:
        if tag in _BOLD:
            self.bold += by
        elif tag == "a":
            self.link += by
            href = attributes.get("href") or ""
            if by > 0 and re.match(r"https?://", href):
                self.links.append(href)
        elif tag == "header":
            self.header += by
        elif tag == "blockquote":
            self.quote += by
        elif tag == "li":
            self.item += by
        elif tag == "font":
            if by > 0:
                size = re.sub(r"\D", "", attributes.get("size") or "")
                self.sizes.append(int(size[:2]) if size else (self.sizes[-1] if self.sizes else 0))
            else:
                self.sizes.pop()

    def large(self, node: LexborNode) -> bool:
        """Whether a box holds most of the page: then its name says nothing."""
        return len(node.text().split()) * 2 > self.words

    def flush(self) -> None:
        """The runs since the last block become lines."""
        runs, links, self.runs, self.links = self.runs, tuple(self.links), [], []
        lines: list[list[_Run]] = [[]]
        for run in runs:
            if run.text == "\n" and not run.bold and not run.link and run.size == 0:
                lines.append([])
            else:
                lines[-1].append(run)
        box, tag = self.open[-1] if self.open else (0, "body")
        broken = len(lines) > 1
        made: list[Piece] = []
        for line in lines:
            text = clean("".join(run.text for run in line))
            words = [run for run in line if run.text.strip()]
            if not text:
                made.append(Piece("code", "", box))
                continue
            bold = all(run.bold for run in words)
            size = max(run.size for run in words) if all(run.size for run in words) else 0
            before = made[-1] if made else None
            plainly = before is not None and not before.bold and not bold and before.size == size
            if broken and before and plainly and len(before.text) > 40 and not is_sentence(before.text):
                before.text = f"{before.text} {text}"
                continue
            kind: Kind = "quote" if self.quote else "item" if self.item else "paragraph"
            level = 0
            if tag in _HEADINGS:
                kind, level = "heading", _HEADINGS[tag]
            elif tag == "caption":
                kind = "caption"
            elif self.header:
                continue
            loose = tag not in ("p", "li", "blockquote", "dd", *_HEADINGS)
            linked = all(run.link for run in words)
            made.append(Piece(kind, text, box, level, bold, size, linked, loose))
        made = [piece for piece in made if piece.text]
        if made and links:
            made[-1].links = links
        self.found += made


def clean(text: str) -> str:
    """A text in one line, without invisible letters."""
    text = re.sub("[\u00ad\u200b\ufeff]", "", text)
    return " ".join(text.split())


def _table(node: LexborNode) -> list[tuple[str, ...]]:
    """The rows of a table that holds data; nothing for one that holds the page."""
    if any(inner.mem_id != node.mem_id for inner in node.css("table")):
        return []
    rows = []
    for row in node.css("tr"):
        cells = tuple(clean(cell.text()) for cell in row.css("td, th"))
        if len(cells) < 2 or max(map(len, cells)) > 120:
            return []
        rows.append(cells)
    linked = sum(len(link.text()) for link in node.css("a")) * 2 > len(node.text())
    return rows if len(rows) > 1 and not linked else []
