"""The last look before a site may be published: every built page parsed, every file named.

Some holes exist only in the finished HTML, made by a theme or an extension; what is not on these lists is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.corpus import Corpus
from kb.finding import Finding

FILES = re.compile(
    r"([a-z0-9-]+/)?[a-z0-9-]+\.html|objects\.inv|\.buildinfo|_static/[\w./-]+\.(?:css|js|svg|png|map|LICENSE\.txt)"
    r"|_images/[\w.-]+\.(?:png|jpg|webp)|pagefind/[\w./-]+|data/(?:[a-z]+/)?[a-z0-9-]+\.(?:json|csv|bib)"
)
ARTICLE = frozenset(
    "a aside article b blockquote br button circle code col colgroup dd desc details div dl dt em figcaption figure "
    "form h1 h2 h3 h4 h5 h6 hr i img input label li nav noscript ol option p path pre section select small span "
    "strong sub summary sup svg table tbody td text th thead title tr ul use".split()
)
ANYWHERE = ARTICLE | frozenset(
    "html head meta link body script style header footer symbol g line polyline rect".split()
)
EMBEDDED = ("src", "data", "poster", "srcset", "background", "formaction")
SCHEMES = frozenset({"", "https", "mailto", "http"})  # http: sources, judged where they are read
ATTRIBUTES = re.compile(
    r"class|id|href|src|alt|title|role|lang|dir|colspan|rowspan|scope|start|type|name|value|for|open|hidden|tabindex|width"
    r"|height|checked|disabled|method|action|autocomplete|spellcheck|placeholder|aria-[a-z]+|data-[a-z-]+"
    r"|viewbox|viewBox|version|xmlns|d|x|y|cx|cy|r|text-anchor|rel|style"
)
_STYLE = re.compile(r"(width: [\d.]+%;?|\s)*")


def audit(out: Path, corpus: Corpus) -> list[Finding]:
    """What may not be published, each with the file (below the site) and, where it is known, the page that made it."""
    findings: list[Finding] = []
    for file in sorted(out.rglob("*")):
        if file.is_file():
            name = file.relative_to(out).as_posix()
            if not FILES.fullmatch(name):
                findings.append(_finding(corpus, name, "a file of this kind or name is not published", "take it out"))
            elif file.suffix == ".html" and not name.startswith("_static/"):
                html = file.read_text("utf-8")
                findings += [_finding(corpus, name, *fault) for fault in page(html, name)]
    return findings


def page(html: str, name: str) -> Iterator[tuple[str, str]]:
    """(message, remedy) for everything in a built page that could act, lead astray, or break it."""
    tree = LexborHTMLParser(html)
    article = tree.css_first("article[role=main]")
    redirect = article is None and tree.css_first("meta[http-equiv=refresh]") is not None
    inside = {node.mem_id for node in article.traverse()} if article else set()
    ids: Counter[str] = Counter()
    for node in tree.root.traverse() if tree.root else ():
        tag = node.tag or ""
        if tag.startswith("-"):
            continue
        within = node.mem_id in inside
        if tag not in (ARTICLE if within else ANYWHERE):
            yield f"the element <{tag}> may not stand here", "find the markup that makes it"
        ids[node.attributes.get("id") or ""] += 1
        yield from _attributes(node, within)
        if tag == "meta" and (node.attributes.get("http-equiv") or "").lower() == "refresh" and not redirect:
            yield "the page would send readers elsewhere", "write a redirect into docs/redirects.txt"
        if tag == "script" and not _own(node.attributes.get("src") or "_") and "data-" not in str(node.attributes):
            yield "a script is loaded from elsewhere", "take it out"
    for identity, count in ids.items():
        if identity and count > 1:
            yield f"the id '{identity}' stands {count} times", "rename a heading or a source"


def _attributes(node: LexborNode, within: bool) -> Iterator[tuple[str, str]]:
    for key, value in node.attributes.items():
        value = value or ""
        if key.startswith("on"):
            yield f"the attribute {key} would run a script", "find the markup that makes it"
        elif key in EMBEDDED and not _own(value):
            yield f"{key} loads '{value[:80]}' from elsewhere", "put the file into docs/"
        elif key in ("href", "xlink:href", "action") and urlsplit(_folded(value)).scheme not in SCHEMES:
            yield f"the address '{value[:80]}' is not allowed", "link to an https page"
        elif within and not ATTRIBUTES.fullmatch(key):
            yield f"the attribute {key} may not stand in a page", "find the markup that makes it"
        elif within and key == "style" and not _STYLE.fullmatch(value):
            yield f"the style '{value[:80]}' may not stand in a page", "find the markup that makes it"


def _own(address: str) -> bool:
    return not re.match(r"[a-z][a-z0-9+.-]*:|//", _folded(address), re.I)


def _folded(address: str) -> str:
    """An address as browsers read it: without blanks and control characters."""
    return re.sub(r"[\x00-\x20]", "", address)


def _finding(corpus: Corpus, name: str, message: str, remedy: str) -> Finding:
    made = corpus.pages.get(name.removesuffix(".html"))
    return Finding(made.path if made else name, 1, "published-unsafe", f"{name}: {message}", remedy)
