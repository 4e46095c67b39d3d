"""The last look before a site may be published: every built page parsed, every file named.

Some holes exist only in the finished HTML, made by a theme or an extension; what is not on these lists is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.corpus import Corpus
from kb.finding import Finding

FILES = re.compile(
    r"objects\.inv|\.buildinfo|llms\.txt|feed\.xml|sitemap\.xml|_images/[\w-]+\.(?:png|jpg|webp)"
    r"|_static/[\w./-]+\.(?:css|js|svg|png|map|LICENSE\.txt)"
    r"|pagefind/[\w./-]+\.(?:js|json|pagefind|pf_fragment|pf_index)"
    r"|data/(?:[a-z]+/)?[a-z0-9-]+\.(?:json|csv|bib)"
)  # and the pages themselves, by name
ARTICLE = frozenset(
    "a aside article b bdi blockquote br button caption circle code col colgroup dd desc details div dl dt em "
    "figcaption figure form h1 h2 h3 h4 h5 h6 hr i img input label li nav noscript ol option p path pre section "
    "select small span strong sub summary sup svg table tbody td text th thead title tr ul use".split()
)
ANYWHERE = ARTICLE | frozenset(
    "html head meta link body script style header footer symbol g line polyline rect".split()
)
EMBEDDED = ("src", "data", "poster", "srcset", "background", "formaction", "srcdoc", "ping", "manifest")
_OWN_ONLY = ("form", "use", "image", "script")
_POINTERS = ("canonical", "alternate", "license", "author")  # link elements that load nothing
LOST = "404"  # the page for missing addresses: its links start at the site's root
SCHEMES = frozenset({"", "https", "mailto", "http"})  # http: sources, judged where they are read
ATTRIBUTES = re.compile(
    r"class|id|href|src|alt|title|role|lang|dir|colspan|rowspan|scope|start|type|name|value|for|open|hidden|tabindex|width"
    r"|height|checked|disabled|method|action|autocomplete|spellcheck|placeholder|aria-[a-z]+|data-[a-z-]+"
    r"|viewbox|viewBox|version|xmlns|d|x|y|cx|cy|r|text-anchor|rel|style"
)
_STYLE = re.compile(r"(?:(?:width|height): [\d.]+(?:%|em|px);?|\s)*")


def audit(out: Path, corpus: Corpus, since: float = 0) -> list[Finding]:
    """What may not be published, each with the file (below the site) and, where it is known, the page that made it.

    Pages written before ``since`` (seconds of the epoch) were looked at when they were written.
    """
    findings: list[Finding] = []
    pages = {f"{name}.html" for name in (*corpus.pages, *corpus.redirects, "search", LOST)}
    plain = {f"{name}.md" for name in corpus.pages}
    names: set[str] = set()
    for folder, folders, files in os.walk(out):
        inside = "" if folder == str(out) else f"{Path(folder).relative_to(out).as_posix()}/"
        names.update(f"{inside}{name}" for name in (*folders, *files))
    for name in sorted(names):
        status = os.lstat(out / name)
        if stat.S_ISLNK(status.st_mode):
            findings.append(_finding(corpus, name, "a link to another file is not published", "take it out"))
        elif not stat.S_ISREG(status.st_mode):
            continue
        elif name in pages:
            if status.st_mtime < since:
                continue
            html = (out / name).read_text("utf-8")
            redirect = name.removesuffix(".html") in corpus.redirects
            findings += [_finding(corpus, name, *fault) for fault in page(html, name, redirect)]
            if not redirect and (missing := [what for what, mark in _PARTS if mark not in html]):
                message = f"the page lacks its {' and its '.join(missing)}"
                findings.append(_finding(corpus, name, message, "look at the templates"))
        elif name not in plain and not FILES.fullmatch(name):
            findings.append(_finding(corpus, name, "a file of this kind or name is not published", "take it out"))
    return [*findings, *(_finding(corpus, *fault) for fault in _dead_data(out, names))]


def _dead_data(out: Path, names: set[str]) -> Iterator[tuple[str, str, str]]:
    """(file, message, remedy) for what the data files name and is not there."""
    for name, what in (("datapackage.json", "path"), ("pages.json", "id")):
        file = out / "data" / name
        data = json.loads(file.read_text("utf-8")) if file.exists() else []
        for row in data["resources"] if isinstance(data, dict) else data:
            if (f"data/{row['path']}" if what == "path" else f"{row['id']}.html") not in names:
                yield f"data/{name}", f"it names '{row[what]}', which is not there", "look at kb/export.py"


_PARTS = (
    ("security policy", '<meta http-equiv="Content-Security-Policy" content="default-src'),
    ("article", 'role="main"'),
)


def page(html: str, name: str, redirect: bool = False) -> Iterator[tuple[str, str]]:
    """(message, remedy) for everything in a built page that could act, lead astray, or break it."""
    tree = LexborHTMLParser(html)
    article = tree.css_first("article[role=main]")
    inside = {node.mem_id for node in article.traverse()} if article else set()
    ids: Counter[str] = Counter()
    up = None if name == f"{LOST}.html" else name.count("/")
    policy = ""
    for node in tree.root.traverse() if tree.root else ():
        tag = node.tag or ""
        if tag.startswith("-"):
            continue
        within = node.mem_id in inside
        attributes = node.attributes
        if tag not in (ARTICLE if within else ANYWHERE):
            yield f"the element <{tag}> may not stand here", "find the markup that makes it"
        if attributes:
            ids[attributes.get("id") or ""] += 1
            yield from _attributes(tag, attributes, within, up)
        if tag == "meta":
            kind = (attributes.get("http-equiv") or "").lower()
            if kind == "refresh" and not redirect:
                yield "the page would send readers elsewhere", "write a redirect into docs/redirects.txt"
            elif kind == "content-security-policy":
                policy += attributes.get("content") or ""
        elif tag == "script" and not attributes.get("src") and not _is_known(node, policy):
            yield "a script stands in the page that its policy does not name", "find the markup that makes it"
    for identity, count in ids.items():
        if identity and count > 1:
            yield f"the id '{identity}' stands {count} times", "rename a heading or a source"


def _is_known(script: LexborNode, policy: str) -> bool:
    if script.attributes.get("type") == "application/ld+json":
        return True  # data
    digest = base64.b64encode(hashlib.sha256(script.text().encode()).digest()).decode()
    return f"'sha256-{digest}'" in policy


def _attributes(tag: str, attributes: dict[str, str | None], within: bool, up: int | None) -> Iterator[tuple[str, str]]:
    own_only = tag in _OWN_ONLY or (tag == "link" and attributes.get("rel") not in _POINTERS)
    for key, given in attributes.items():
        value = given or ""
        if key.startswith("on"):
            yield f"the attribute {key} would run a script", "find the markup that makes it"
        elif (key in EMBEDDED or (own_only and key in ("href", "xlink:href", "action"))) and not _own(value):
            yield f"{key} loads '{value[:80]}' from elsewhere", "put the file into docs/"
        elif key in ("href", "xlink:href", "action"):
            if value.startswith(("#", "https://")):
                continue
            parts = urlsplit(_folded(value))
            if parts.scheme.lower() not in SCHEMES or "\\" in value:
                yield f"the address '{value[:80]}' is not allowed", "link to an https page"
            elif not parts.scheme and (parts.netloc or _leaves(parts.path, up)):
                yield f"the address '{value[:80]}' leads out of the site", "link to a page of ours"
        elif within and not ATTRIBUTES.fullmatch(key):
            yield f"the attribute {key} may not stand in a page", "find the markup that makes it"
        elif within and key == "style" and not _STYLE.fullmatch(value):
            yield f"the style '{value[:80]}' may not stand in a page", "find the markup that makes it"


def _leaves(path: str, up: int | None) -> bool:
    """Whether a path leads out of the site from a page ``up`` folders deep; None: a page that is shown anywhere."""
    return ".." in path if up is None else path.startswith("/") or path.count("../") > up


def _own(address: str) -> bool:
    return not re.match(r"[a-z][a-z0-9+.-]*:|//", _folded(address), re.I)


def _folded(address: str) -> str:
    """An address as browsers read it: without blanks and control characters."""
    return re.sub(r"[\x00-\x20]", "", address)


def _finding(corpus: Corpus, name: str, message: str, remedy: str) -> Finding:
    made = corpus.pages.get(name.removesuffix(".html"))
    return Finding(made.path if made else name, 1, "published-unsafe", f"{name}: {message}", remedy)
