"""Plain text becomes an article: its title, byline and headings are inferred."""

from __future__ import annotations

import re

from kb.importer import dates, furniture
from kb.importer.article import Article, Block, Refused, squeeze
from kb.importer.sentences import is_sentence

MAX_HEADING = 12  # words
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)\.?\s+\S")
_RULE = re.compile(r"^\s*([=\-~*_])\1{2,}\s*$")
_BYLINE = re.compile(r"(?i)^(?:by|von|par)\s+(?P<name>[^,|\d]{3,60}?)\s*(?:$|[,|]\s*(?=\d|[A-Z][a-z]{2,8}\.? \d))")
_DATELINE = re.compile(
    r"^(?P<place>[A-Z][A-Z ]{2,30})(?:,\s*(?P<date>[A-Z][\w. ]{2,12}\d{0,2},? \d{4}))?\s*[:–—-]+\s+(?=[A-Z\"“])"
)


def read(text: str, path: str = "") -> Article:
    """The article of a text. Raises :class:`Refused` when it has no sentence."""
    article = Article(path)
    parts = _parts(text)
    parts = _head(article, parts)
    article.blocks = _blocks(parts)
    if article.blocks and not article.published and (match := _DATELINE.match(article.blocks[0].text)):
        article.published = dates.parse(match["date"] or "")
    if not any(block.kind != "heading" for block in article.blocks):
        raise Refused("import-empty", "the file holds no text of an article", "give a file with sentences")
    if not article.title:
        article.title = _title_of(article)
    return article


def blocks(text: str) -> list[Block]:
    """The blocks of a text that has no title of its own."""
    return _blocks(_parts(text))


def _parts(text: str) -> list[list[str]]:
    """Paragraphs as lists of lines; rules below a line are taken out and set it apart, as do pages."""
    parts: list[list[str]] = [[]]
    for line in text.replace("\f", "\n\n").split("\n"):
        line = " ".join(line.split())
        if _RULE.match(line):
            if parts[-1]:
                last = parts[-1].pop()
                parts += [[last], []]
            continue
        if not line or (furniture.line(line) and not (_BYLINE.match(line) or dates.parse(line))):
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for part in parts if part]


def _head(article: Article, parts: list[list[str]]) -> list[list[str]]:
    """Take title, byline and date from the top."""
    for number, part in enumerate(parts[:4]):
        if match := re.match(r"(?i)title:\s*(.+)", part[0]):
            article.title = match[1]
            rest = [part[1:]] if part[1:] else []
            return rest + parts[number + 1 :]
    if not parts:
        return parts
    first = parts[0][0]
    short = len(first.split()) <= 2 * MAX_HEADING and not re.search(r"[.;,:]$", first)
    follows = parts[0][1:] or (parts[1] if len(parts) > 1 else [])
    if short and follows and (len(parts[0]) == 1 or _starts_anew(parts[0][1], first)):
        article.title = first
        parts = ([parts[0][1:]] if len(parts[0]) > 1 else []) + parts[1:]
    while parts:
        line = parts[0][0]
        match = _BYLINE.match(line)
        day = dates.parse(line)
        if not match and not (day and len(squeeze(dates.DATE.sub("", line))) < 16):
            break
        if match:
            article.author = match["name"].strip()
        article.published = article.published or day
        parts = ([parts[0][1:]] if len(parts[0]) > 1 else []) + parts[1:]
    return parts


def _starts_anew(line: str, before: str) -> bool:
    """Whether a line below a title is no part of it."""
    return bool(_BYLINE.match(line) or _DATELINE.match(line) or dates.parse(line)) or (
        is_sentence(line) and len(before) < 75
    )


def _blocks(parts: list[list[str]]) -> list[Block]:
    found: list[Block] = []
    for number, lines in enumerate(parts):
        last = number + 1 == len(parts)
        if len(lines) > 1 and all(re.match(r"[-*•–]\s|\d+[.)]\s", line) for line in lines):
            found += [Block("item", re.sub(r"^(?:[-*•–]|\d+[.)])\s+", "", line)) for line in lines]
        elif len(lines) == 1 and not last and _is_heading(lines[0]):
            level = len(match[1].split(".")) + 1 if (match := _NUMBERED.match(lines[0])) else 2
            found.append(Block("heading", lines[0], level))
        else:
            text = " ".join(lines)
            found.append(Block("paragraph", text))
    while found and found[-1].kind == "heading":
        found.pop()
    return found


def _is_heading(line: str) -> bool:
    return (
        len(line.split()) <= MAX_HEADING and not re.search(r"[.!:;,…۔\"”]$", line) and bool(re.search(r"[^\W\d]", line))
    )


def _title_of(article: Article) -> str:
    """The first sentence, where it is short: some texts have their title on the first line of their lead."""
    text = next(block.text for block in article.blocks if block.kind != "heading")
    first = re.split(r"(?<=[^.])\.\s", text, maxsplit=1)[0]
    return first.rstrip(".") if len(first.split()) <= 2 * MAX_HEADING else " ".join(first.split()[:MAX_HEADING])
