"""HTML, clean or awful, becomes an article: the tree is walked once, furniture is left out, the text's box is found."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.importer import dates, furniture, plain
from kb.importer.article import Article, Block, Kind, Refused, squeeze
from kb.importer.sentences import is_sentence

_BLOCKS = frozenset(
    """address article blockquote body center dd div dl dt fieldset h1 h2 h3 h4 h5 h6 header hr html li main ol p pre
    section table tbody td th thead tfoot tr ul caption figure details summary noframes amp-story""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset("b strong u th".split())
_SEPARATOR = re.compile(r"\s+[|–—•·»:-]+\s+|\s*::\s*|:\s+|\s+-\s+")
_WRITER = re.compile(r"(?i)(?:the|our) (?:writer|author|columnist|reporter)\b")
MAX_HEADING = 14  # words
TEXT_SHARE = 0.85  # of all sentences stand in the article's own box


@dataclass(slots=True)
class _Run:
    text: str
    bold: bool
    size: int
    link: bool


@dataclass(slots=True)
class _Piece:
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


def read(text: str, path: str = "") -> Article:
    """The article of a page. Raises :class:`Refused` when there is none."""
    if frames := re.search(r"(?is)<noframes[^>]*>(.*?)(?:</noframes>|$)", text):
        text = re.sub(r"(?is)<frameset.*", "", text) + frames[1]
    tree = LexborHTMLParser(text)
    article = Article(path)
    data = _linked_data(tree)
    pieces = _Walk(tree).pieces()
    _metadata(article, tree, data)
    body = str(data.get("articleBody") or "")
    if body and not any(is_sentence(piece.text) for piece in pieces):
        article.title = article.title or str(data.get("headline") or "")
        article.blocks = plain.blocks(body)
    else:
        _content(article, tree, pieces, str(data.get("headline") or ""))
    if not any(block.kind != "heading" and is_sentence(block.text) for block in article.blocks):
        raise Refused("import-empty", "the page holds no text of an article", "save the page with its text, or copy it")
    return article


# ---- the tree becomes lines


class _Walk:
    """One pass over the tree, without recursion: pages are nested as deeply as anybody likes."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree = tree
        self.parents: dict[int, int] = {}
        self.found: list[_Piece] = []
        self.runs: list[_Run] = []
        self.links: list[str] = []
        self.open: list[tuple[int, str]] = []  # block elements
        self.bold = self.link = self.header = self.quote = self.item = 0
        self.sizes: list[int] = []
        self.words = len((tree.body.text() if tree.body else "").split())

    def pieces(self) -> list[_Piece]:
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
            if tag in _BLOCKS:
                self.flush()
            return False
        if tag == "table" and (rows := _table(node)):
            self.flush()
            for cells in rows:
                self.found.append(
                    _Piece("row", " | ".join(cells), node.parent.mem_id if node.parent else 0, cells=cells)
                )
            return False
        if tag == "pre":
            self.flush()
            self.found.append(_Piece("code", node.text().strip("\n"), node.mem_id))
            return False
        if node.child is None:
            if tag in _BLOCKS:
                self.flush()
            return False
        if tag in _BLOCKS:
            self.flush()
            parent = self.open[-1][0] if self.open else 0
            self.parents[node.mem_id] = parent
            self.open.append((node.mem_id, tag))
        self.step(tag, attributes, 1)
        return True

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS:
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
        made: list[_Piece] = []
        for line in lines:
            text = _clean("".join(run.text for run in line))
            words = [run for run in line if run.text.strip()]
            if not text:
                made.append(_Piece("code", "", box))
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
            made.append(_Piece(kind, text, box, level, bold, size, linked, loose))
        made = [piece for piece in made if piece.text]
        if made and links:
            made[-1].links = links
        self.found += made


def _clean(text: str) -> str:
    text = re.sub("[\u00ad\u200b\ufeff]", "", text)
    return " ".join(text.split())


def _table(node: LexborNode) -> list[tuple[str, ...]]:
    """The rows of a table that holds data; nothing for one that holds the page."""
    if any(inner.mem_id != node.mem_id for inner in node.css("table")):
        return []
    rows = []
    for row in node.css("tr"):
        cells = tuple(_clean(cell.text()) for cell in row.css("td, th"))
        if len(cells) < 2 or max(map(len, cells)) > 120:
            return []
        rows.append(cells)
    linked = sum(len(link.text()) for link in node.css("a")) * 2 > len(node.text())
    return rows if len(rows) > 1 and not linked else []


# ---- which lines are the article


def _content(article: Article, tree: LexborHTMLParser, pieces: list[_Piece], headline: str) -> None:
    pieces = [piece for piece in pieces if piece.kind in ("row", "code") or not furniture.line(piece.text)]
    start = _title(article, tree, pieces, headline)
    after = pieces[start:]
    kept = [piece for piece in after if piece.box in _inside(tree, after)]
    first = next((at for at, piece in enumerate(kept) if piece.kind != "heading" and is_sentence(piece.text)), 0)
    for piece in after[: after.index(kept[first])] if kept else ():
        _byline(article, piece.text)
    blocks: list[Block] = []
    for at, piece in enumerate(kept):
        if at < first and piece.kind != "heading":
            continue
        heading = _heading(piece)
        if heading and (dates.DATE.search(piece.text) and not _without_date(piece.text)):
            _byline(article, piece.text)
        elif heading:
            blocks.append(Block("heading", piece.text, piece.level or 2))
        elif piece.kind in ("row", "code", "caption", "item", "quote"):
            if not (piece.kind == "item" and piece.linked and not is_sentence(piece.text)):
                blocks.append(Block(piece.kind, piece.text, links=piece.links, cells=piece.cells))
        elif _told(piece):
            blocks.append(Block("paragraph", piece.text, links=piece.links))
    article.blocks = _trimmed(blocks)


def _told(piece: _Piece) -> bool:
    """Whether a line is part of the text: a sentence, or in a paragraph of its own and long enough."""
    if is_sentence(piece.text):
        return not piece.linked or piece.text.endswith(".")
    return not piece.loose and not piece.linked and len(piece.text.split()) > 5


def _without_date(text: str) -> str:
    rest = re.sub(
        r"(?i)\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b|published|updated|dated|posted|on\b|at\b|:|,",
        "",
        text,
    )
    return squeeze(dates.DATE.sub("", rest))


def _heading(piece: _Piece) -> bool:
    if piece.kind == "heading":
        return True
    short = len(piece.text.split()) <= MAX_HEADING and not re.search(r"[.!:;,]$", piece.text)
    return piece.kind == "paragraph" and short and (piece.bold or piece.size > 3) and not piece.linked


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Without headings at the end that nothing follows, and without those that nothing of their own rank follows."""
    while blocks and _WRITER.match(blocks[-1].text) and len(blocks[-1].text.split()) <= 40:
        blocks = blocks[:-1]
    kept: list[Block] = []
    for block in reversed(blocks):
        if block.kind == "heading" and (not kept or (kept[-1].kind == "heading" and kept[-1].level <= block.level)):
            continue
        kept.append(block)
    return kept[::-1]


def _inside(tree: LexborHTMLParser, pieces: list[_Piece]) -> set[int]:
    """The boxes of the article: those below the deepest one that holds nearly all sentences."""
    parents: dict[int, int] = {}
    articles: set[int] = set()
    lines: set[int] = set()
    for node in _boxes(tree):
        parents[node.mem_id] = _parent_box(node)
        if node.tag in ("p", "li", "blockquote", "dd"):
            lines.add(node.mem_id)
        if node.tag == "article":
            articles.add(node.mem_id)
    weight: dict[int, int] = defaultdict(int)
    total = 0
    for piece in pieces:
        if piece.kind in ("paragraph", "item", "quote") and is_sentence(piece.text):
            words = len(piece.text.split())
            total += words
            box = piece.box
            while box:
                weight[box] += words
                box = parents.get(box, 0)
    full = {box for box, words in weight.items() if box not in lines and words >= TEXT_SHARE * total}
    deepest = next(iter(full - {parents.get(box, 0) for box in full}), 0)
    up = deepest
    while up and up not in articles:
        up = parents.get(up, 0)
    root = up or deepest
    inside = set()
    for piece in pieces:
        box = piece.box
        while box and box != root:
            box = parents.get(box, 0)
        if box == root:
            inside.add(piece.box)
    return inside


def _boxes(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    for node in tree.root.traverse() if tree.root else ():
        if node.tag in _BLOCKS:
            yield node


def _parent_box(node: LexborNode) -> int:
    parent = node.parent
    while parent is not None and parent.tag not in _BLOCKS:
        parent = parent.parent
    return parent.mem_id if parent is not None else 0


# ---- what the page says of itself


def _title(article: Article, tree: LexborHTMLParser, pieces: list[_Piece], headline: str) -> int:
    """Find the title; the number of the first line after it."""
    shown = {squeeze(piece.text): at for at, piece in reversed(list(enumerate(pieces)))}
    said = _clean(node.text()) if (node := tree.css_first("title")) else ""
    parts = [part for part in _SEPARATOR.split(said) if part]
    spans = {said[said.find(a) : said.find(b) + len(b)] for i, a in enumerate(parts) for b in parts[i:]}
    wholes = [headline, _meta(tree, "og:title"), *sorted(spans, key=len, reverse=True)]
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "heading" and piece.level == 1), None)
    at: int | None = None
    for whole in wholes:
        if whole and squeeze(whole) in shown:
            at = shown[squeeze(whole)]
            break
    if at is None:
        at = first
    if at is None:
        lead = next((n for n, piece in enumerate(pieces) if is_sentence(piece.text)), 0)
        large = [(piece.size, -n) for n, piece in enumerate(pieces[:lead]) if piece.size > 3 or piece.bold]
        at = -max(large)[1] if large else None
    if at is not None:
        article.title = pieces[at].text
    else:
        article.title = article.title or headline or (max(parts, key=len) if parts else "")
    if not article.publisher:
        bare = said.replace(article.title, "") if article.title in said else said
        rest = [
            part
            for part in _SEPARATOR.split(f" {bare} ")
            if part.strip(" |–—•·»:-") and not re.match(r"(?i)\s*page \d", part)
        ]
        if rest and said != article.title:
            article.publisher = (rest[-1] if said.startswith(article.title) else rest[0]).strip(" |–—•·»:-")
    return 0 if at is None else at + 1


def _byline(article: Article, text: str) -> None:
    """Author and date from a line under the title."""
    article.published = article.published or dates.parse(text)
    match = re.match(r"(?i)by\s+([^,|·•\d]{3,60})", text)
    if match and not article.author:
        article.author = match[1].strip(" -–—")


def _metadata(article: Article, tree: LexborHTMLParser, data: dict[str, Any]) -> None:
    article.author = _name(data.get("author")) or _meta(tree, "author") or _meta(tree, "article:author")
    if article.author.startswith("http"):
        article.author = ""
    if not article.author:
        for query in ("[rel=author]", "[itemprop=author]", ".author", "[class*=byline]", "[itemprop=name]"):
            if (node := tree.css_first(query)) and (text := _clean(node.text())):
                article.author = re.sub(r"(?i)^(?:posted\s+)?by\s+", "", text)[:80]
                break
    stamp = str(data.get("datePublished") or "")
    for name in ("article:published_time", "date", "DC.date", "dc.date.issued", "pubdate", "datePublished"):
        stamp = stamp or _meta(tree, name)
    for query, key in (
        ("[itemprop=datePublished]", "datetime"),
        ("time[datetime]", "datetime"),
        ("abbr.published", "title"),
    ):
        if not stamp and (node := tree.css_first(query)):
            stamp = node.attributes.get(key) or node.text()
    article.published = dates.parse(stamp)
    article.publisher = _meta(tree, "og:site_name") or _name(data.get("publisher"))
    for address in (_href(tree, "link[rel=canonical]"), str(data.get("url") or ""), _meta(tree, "og:url")):
        if re.match(r"https?://\S+$", address):
            article.url = address
            break
    html = tree.css_first("html")
    article.language = ((html.attributes.get("lang") or "") if html else "").split("-")[0].lower()
    article.following = _href(tree, "link[rel=next]")
    article.preceding = bool(_href(tree, "link[rel=prev]"))


def _meta(tree: LexborHTMLParser, name: str) -> str:
    for key in ("property", "name", "itemprop"):
        if node := tree.css_first(f"meta[{key}='{name}']"):
            return _clean(node.attributes.get("content") or "")
    return ""


def _href(tree: LexborHTMLParser, query: str) -> str:
    node = tree.css_first(query)
    return (node.attributes.get("href") or "") if node else ""


def _name(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value)))
    if isinstance(value, dict):
        value = value.get("name")
    return _clean(value) if isinstance(value, str) else ""


def _linked_data(tree: LexborHTMLParser) -> dict[str, Any]:
    """The object of a page's JSON-LD that is an article."""
    for node in tree.css("script[type='application/ld+json']"):
        try:
            queue = [json.loads(node.text(), strict=False)]
        except (ValueError, RecursionError):
            continue
        while queue:
            item = queue.pop(0)
            if isinstance(item, list):
                queue += item
            elif isinstance(item, dict):
                if re.search(r"Article|Posting|Report", str(item.get("@type"))):
                    return item
                queue += [item.get("@graph")]
    return {}
