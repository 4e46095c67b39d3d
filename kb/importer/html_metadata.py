"""What a page says of itself: author, day, publisher, address and language, from its head and its JSON-LD."""

from __future__ import annotations

import json
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from kb.importer import dates
from kb.importer.article import Article
from kb.importer.html_lines import clean


def fill(article: Article, tree: LexborHTMLParser, data: dict[str, Any]) -> None:
    """What an article record holds of its page, from the head and from the object of its JSON-LD."""
    article.author = _name(data.get("author")) or meta(tree, "author") or meta(tree, "article:author")
    if article.author.startswith("http"):
        article.author = ""
    if not article.author:
        for query in ("[rel=author]", "[itemprop=author]", ".author", "[class*=byline]", "[itemprop=name]"):
            if (node := tree.css_first(query)) and (text := clean(node.text())):
                article.author = re.sub(r"(?i)^(?:posted\s+)?by\s+", "", text)[:80]
                break
    stamp = str(data.get("datePublished") or "")
    for name in ("article:published_time", "date", "DC.date", "dc.date.issued", "pubdate", "datePublished"):
        stamp = stamp or meta(tree, name)
    for query, key in (
        ("[itemprop=datePublished]", "datetime"),
        ("time[datetime]", "datetime"),
        ("abbr.published", "title"),
    ):
        if not stamp and (node := tree.css_first(query)):
            stamp = node.attributes.get(key) or node.text()
    article.published = dates.parse(stamp)
    article.publisher = meta(tree, "og:site_name") or _name(data.get("publisher"))
    for address in (_href(tree, "link[rel=canonical]"), str(data.get("url") or ""), meta(tree, "og:url")):
        if re.match(r"https?://\S+$", address):
            article.url = address
            break
    html = tree.css_first("html")
    article.language = ((html.attributes.get("lang") or "") if html else "").split("-")[0].lower()
    article.following = _href(tree, "link[rel=next]")
    article.preceding = bool(_href(tree, "link[rel=prev]"))


def meta(tree: LexborHTMLParser, name: str) -> str:
    """The content of a meta element."""
    for key in ("property", "name", "itemprop"):
        if node := tree.css_first(f"meta[{key}='{name}']"):
            return clean(node.attributes.get("content") or "")
    return ""


def _href(tree: LexborHTMLParser, query: str) -> str:
    node = tree.css_first(query)
    return (node.attributes.get("href") or "") if node else ""


def _name(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value)))
    if isinstance(value, dict):
        value = value.get("name")
    return clean(value) if isinstance(value, str) else ""


def linked_data(tree: LexborHTMLParser) -> dict[str, Any]:
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
