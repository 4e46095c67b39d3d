"""HTML, clean or awful, becomes an article: of the lines of a page those that are its title and its text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.importer import dates, furniture, html_metadata, plain
from kb.importer.article import Article, Block, Refused, squeeze
from kb.importer.html_lines import BLOCKS, Piece, Walk, clean
from kb.importer.sentences import is_sentence

_SEPARATOR = re.compile(r"\s+[|–—•·»:-]+\s+|\s*::\s*|:\s+|\s+-\s+")
_WRITER = re.compile(r"(?i)(?:the|our) (?:writer|author|columnist|reporter)\b")
MAX_HEADING = 14  # words
TEXT_SHARE = 0.85  # of all sentences stand in the article's own box


def read(text: str, path: str = "") -> Article:
    """The article of a page. Raises :class:`Refused` when there is none."""
    if frames := re.search(r"(?is)<noframes[^>]*>(.*?)(?:</noframes>|$)", text):
        text = re.sub(r"(?is)<frameset.*", "", text) + frames[1]
    tree = LexborHTMLParser(text)
    article = Article(path)
    data = html_metadata.linked_data(tree)
    pieces = Walk(tree).pieces()
    html_metadata.fill(article, tree, data)
    body = str(data.get("articleBody") or "")
    if body and not any(is_sentence(piece.text) for piece in pieces):
        article.title = article.title or str(data.get("headline") or "")
        article.blocks = plain.blocks(body)
    else:
        _content(article, tree, pieces, str(data.get("headline") or ""))
    if not any(block.kind != "heading" and is_sentence(block.text) for block in article.blocks):
        raise Refused("import-empty", "the page holds no text of an article", "save the page with its text, or copy it")
    return article


def _content(article: Article, tree: LexborHTMLParser, pieces: list[Piece], headline: str) -> None:
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


def _told(piece: Piece) -> bool:
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


def _heading(piece: Piece) -> bool:
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


def _inside(tree: LexborHTMLParser, pieces: list[Piece]) -> set[int]:
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
        if node.tag in BLOCKS:
            yield node


def _parent_box(node: LexborNode) -> int:
    parent = node.parent
    while parent is not None and parent.tag not in BLOCKS:
        parent = parent.parent
    return parent.mem_id if parent is not None else 0


# ---- the title and what stands under it


def _title(article: Article, tree: LexborHTMLParser, pieces: list[Piece], headline: str) -> int:
    """Find the title; the number of the first line after it."""
    shown = {squeeze(piece.text): at for at, piece in reversed(list(enumerate(pieces)))}
    said = clean(node.text()) if (node := tree.css_first("title")) else ""
    parts = [part for part in _SEPARATOR.split(said) if part]
    spans = {said[said.find(a) : said.find(b) + len(b)] for i, a in enumerate(parts) for b in parts[i:]}
    wholes = [headline, html_metadata.meta(tree, "og:title"), *sorted(spans, key=len, reverse=True)]
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
