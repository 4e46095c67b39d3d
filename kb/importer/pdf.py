"""Text PDFs become articles: running lines go, words broken at line ends are joined, large lines are headings."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdf

from kb.importer import dates, furniture
from kb.importer.article import Article, Block, Refused

MAX_PAGES = 1000
LARGER = 1.1  # than the body: a heading


@dataclass(slots=True)
class _Line:
    text: str
    x: float
    y: float
    size: float
    bold: bool
    page: int


def read(data: bytes, path: str = "") -> Article:
    """The article of a PDF. Raises :class:`Refused` for files that are locked, damaged, too long or only pictures."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("import-locked", "the PDF is protected by a password", "save a copy without one")
        if len(reader.pages) > MAX_PAGES:
            raise Refused("import-size", f"the PDF has {len(reader.pages)} pages", f"{MAX_PAGES} is the most; split it")
        lines = [line for number, page in enumerate(reader.pages) for line in _lines(page, number)]
        info = reader.metadata
        count = len(reader.pages)
    except Refused:
        raise
    except Exception as error:  # whatever a damaged file makes the reader raise
        raise Refused(
            "import-damaged", f"the PDF cannot be read ({type(error).__name__})", "save it again, or give its text"
        ) from None
    if not any(len(line.text.split()) > 3 for line in lines):
        raise Refused(
            "import-empty", "the PDF holds no text, only a scan or pictures", "run text recognition on it first"
        )
    article = Article(path)
    if info:
        article.title, article.author = (info.title or "").strip(), (info.author or "").strip()
        article.published = dates.parse(str(info.creation_date or ""))
    _blocks(article, _without_running(lines, count))
    return article


def _lines(page: Any, number: int) -> list[_Line]:
    """The lines of a page in the order in which it writes them: columns follow each other."""
    found: list[_Line] = []

    def take(text: str, matrix: Any, at: list[float], font: Any, size: float) -> None:
        if not text.strip():
            return
        x, y = at[4], at[5]
        height = abs(size * (at[3] or at[0] or 1))
        bold = bool(font) and "bold" in str(font.get("/BaseFont", "")).lower()
        last = found[-1] if found else None
        if (
            last
            and abs(last.y - y) < 2
            and x > last.x
            and x - last.x < 400
            and abs(last.size - height) < 0.5
            and not text.startswith("\n")
        ):
            last.text += text.replace("\n", " ")
        else:
            found.append(_Line(text.strip("\n"), x, y, height, bold, number))

    page.extract_text(visitor_text=take)
    for line in found:
        line.text = " ".join(line.text.split())
    return [line for line in found if line.text]


def _without_running(lines: list[_Line], pages: int) -> list[_Line]:
    """Without the lines that stand at the same height of most pages, their numbers aside, or small at the edge."""
    body = Counter(round(line.size, 1) for line in lines for _ in line.text.split()).most_common(1)[0][0]
    times = Counter((re.sub(r"\d+", "", line.text), round(line.y)) for line in lines)
    top = {n: max(line.y for line in lines if line.page == n) for n in {line.page for line in lines}}
    low = {n: min(line.y for line in lines if line.page == n) for n in top}
    kept = []
    for line in lines:
        repeated = pages > 1 and times[(re.sub(r"\d+", "", line.text), round(line.y))] * 2 > pages
        edge = line.y in (top[line.page], low[line.page]) and line.size < 0.85 * body
        if not repeated and not edge and not furniture.line(line.text):
            kept.append(line)
    return kept


def _blocks(article: Article, lines: list[_Line]) -> None:
    body = Counter(round(line.size, 1) for line in lines for _ in line.text.split()).most_common(1)[0][0]
    steps = Counter(round(a.y - b.y) for a, b in pairwise(lines) if a.page == b.page and a.y > b.y)
    leading = steps.most_common(1)[0][0] if steps else 0
    sizes = sorted({round(line.size, 1) for line in lines if line.size > LARGER * body}, reverse=True)
    blocks: list[Block] = []
    before: _Line | None = None
    for line in lines:
        size = round(line.size, 1)
        heading = size in sizes or (line.bold and len(line.text.split()) <= 12 and not line.text.endswith("."))
        level = sizes.index(size) + 1 if size in sizes else len(sizes) + 1
        last = blocks[-1] if blocks else None
        gap = before is not None and before.page == line.page and before.y - line.y > 1.5 * leading > 0
        if heading and last and last.kind == "heading" and last.level == level and not gap:
            blocks[-1] = Block("heading", f"{last.text} {line.text}", level)
        elif heading:
            blocks.append(Block("heading", line.text, level))
        elif last and last.kind == "paragraph" and not gap:
            blocks[-1] = Block("paragraph", _joined(last.text, line.text))
        else:
            blocks.append(Block("paragraph", line.text))
        before = line
    if blocks and blocks[0].kind == "heading":
        article.title = blocks.pop(0).text
    if blocks and blocks[0].kind == "paragraph":
        blocks[0] = _undated(article, blocks[0])
    while blocks and blocks[-1].kind == "heading":
        blocks.pop()
    article.blocks = [block for block in blocks if block.text]


def _undated(article: Article, block: Block) -> Block:
    """The first paragraph without a date that stands before it."""
    match = dates.DATE.match(block.text)
    if not match:
        return block
    article.published = article.published or dates.parse(match[0])
    return Block("paragraph", block.text[match.end() :].strip())


def _joined(before: str, text: str) -> str:
    if re.search(r"[^\W\d]-$", before) and text[:1].islower():
        return before[:-1] + text
    return f"{before} {text}"
