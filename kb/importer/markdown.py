"""Markdown becomes an article; its front matter (YAML or TOML) gives author, date and address."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from kb import frontmatter
from kb.importer import dates, furniture, plain
from kb.importer.article import Article, Block, Kind, Refused, squeeze

_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)


def read(text: str, path: str = "") -> Article:
    """The article of a Markdown file. Raises :class:`Refused` when it has no text."""
    article = Article(path)
    data, body = _front(text, path)
    article.author = data.get("author", "")
    article.published = dates.parse(data.get("date", data.get("published", "")))
    article.publisher = data.get("site", data.get("publisher", ""))
    address = next((data[key] for key in ("canonical", "url", "canonical_url") if key in data), "")
    article.url = address if re.match(r"https?://\S+$", address) else ""
    article.language = data.get("lang", data.get("language", ""))
    try:
        tokens = MarkdownIt("commonmark").enable("table").use(footnote_plugin).parse(body)
    except RecursionError:
        raise Refused("import-deep", "the text is nested beyond reading", "make it flatter") from None
    article.blocks = list(_trim(article, _blocks(tokens)))
    article.title = article.title or data.get("title", "")
    if not any(block.kind != "heading" for block in article.blocks):
        raise Refused("import-empty", "the file holds no text of an article", "give a file with sentences")
    if not article.title:
        article.title = plain.read(body, path).title
    return article


def _front(text: str, path: str) -> tuple[dict[str, str], str]:
    """(front matter as texts, body); front matter that cannot be read is passed over."""
    if match := _TOML.match(text):
        try:
            data: Any = tomllib.loads(match[1])
        except tomllib.TOMLDecodeError:
            data = {}
        return {key: str(value) for key, value in data.items()}, text[match.end() :]
    if match := frontmatter.FENCE.match(text):
        try:
            data, _ = frontmatter.read(match[1], path)
        except frontmatter.Refused as error:
            found = error.finding
            raise Refused(
                "import-front-matter", f"its front matter cannot be read: {found.message}", found.remedy
            ) from None
        plainly = {k: v for k, v in data.items() if isinstance(v, str)} if isinstance(data, dict) else {}
        return plainly, text[match.end() :]
    return {}, text


def _trim(article: Article, blocks: list[Block]) -> list[Block]:
    """Without the title, and without a byline or a date below it."""
    if blocks and blocks[0].kind == "heading" and (blocks[0].level == 1 or not any(b.level == 1 for b in blocks)):
        article.title = blocks.pop(0).text
    while blocks and blocks[0].kind == "paragraph":
        day = dates.parse(blocks[0].text)
        by = re.match(r"(?i)by\s+([^,\d]{3,60})", blocks[0].text)
        if not (by or (day and len(squeeze(dates.DATE.sub("", blocks[0].text))) < 16)) or len(blocks[0].text) > 90:
            break
        article.published = article.published or day
        article.author = article.author or (by[1].strip() if by else "")
        blocks.pop(0)
    while blocks and blocks[-1].kind == "heading":
        blocks.pop()
    return blocks


def _blocks(tokens: list[Token]) -> list[Block]:
    found: list[Block] = []
    inside: list[str] = []
    cells: list[str] = []
    level = 0
    for token in tokens:
        if token.nesting > 0:
            inside.append(token.type)
            level = int(token.tag[1]) if token.type == "heading_open" else level
        elif token.nesting < 0:
            inside.pop()
            if token.type == "tr_close":
                found.append(Block("row", " | ".join(cells), cells=tuple(cells)))
                cells = []
        elif token.type == "fence":
            found.append(Block("code", f"{token.info}\n{token.content}".strip()))
        elif token.type == "code_block":
            found.append(Block("code", token.content.strip()))
        elif token.type == "inline":
            text, links = _inline(token)
            if "tr_open" in inside:
                cells.append(text)
                continue
            kind: Kind = "paragraph"
            if inside[-1] == "heading_open":
                kind = "heading"
            elif "blockquote_open" in inside:
                kind = "quote"
            elif "list_item_open" in inside:
                kind = "item"
            if text and not (kind != "heading" and furniture.line(text)):
                found.append(Block(kind, text, level if kind == "heading" else 0, links))
    return found


def _inline(token: Token) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []
    links: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "link_open" and re.match(r"https?://", str(child.attrs.get("href", ""))):
            links.append(str(child.attrs["href"]))
    return " ".join("".join(parts).split()), tuple(links)
