"""What a page says and uses, read from its Markdown without Sphinx: title, headings, citations, terms, links, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from kb import evidence, frontmatter, guard, model
from kb.finding import Finding
from kb.text import WORD, slug

_DIRECTIVE = re.compile(r"\{([^}]*)\}")
_BODY = re.compile(
    r"\b(?:[A-Z][\w&'-]+ (?:(?:of|for|and|in|on|the) )*){1,6}"
    r"(?:Act|Policy|Authority|Fund|Board|Council|Bill|Rules|Commission|Ordinance|Regulations)\b(?:,? \d{4})?"
)
MAX_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Use:
    """A citation, term or link: what it names and the line on which it stands."""

    target: str
    line: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its anchor."""

    level: int
    text: str
    anchor: str
    line: int


@dataclass(slots=True)
class Page:
    """A page as the rest of the knowledge base sees it. ``docname`` is its path without suffix."""

    docname: str
    path: str
    record: model.Page
    lines: frontmatter.Lines
    title: str = ""
    title_line: int = 1
    body_line: int = 1
    headings: list[Heading] = field(default_factory=list)
    cites: list[Use] = field(default_factory=list)
    terms: list[Use] = field(default_factory=list)
    links: list[Use] = field(default_factory=list)
    figures: list[Use] = field(default_factory=list)  # quotations of indicators
    charts: list[Use] = field(default_factory=list)
    generated: list[Use] = field(default_factory=list)
    bodies: frozenset[str] = frozenset()  # names that look like bodies and laws: "… Board", "… Act 2025"
    words: frozenset[str] = frozenset()
    text: str = ""  # record and body as written
    evidence: evidence.Evidence | None = None  # of pages that state facts
    findings: list[Finding] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """The folder the page stands in; empty for pages at the top."""
        return self.docname.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The last part of the page's path."""
        return self.docname.rpartition("/")[2]

    def line(self, *at: str | int) -> int:
        """The line of a front-matter value."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)

    def target(self, link: str) -> tuple[str, str] | None:
        """``(docname, anchor)`` of a link to a page of ours; None for links that leave the site."""
        if ":" in link.partition("#")[0] or link.startswith("//"):
            return None
        file, _, anchor = link.partition("#")
        if not file:
            return self.docname, anchor
        parts = [] if file.startswith("/") else self.folder.split("/") if self.folder else []
        for part in file.strip("/").split("/"):
            if part == "..":
                if not parts:
                    return "..", anchor
                parts.pop()
            elif part != ".":
                parts.append(part)
        return "/".join(parts).removesuffix(".md"), anchor


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """The Markdown that the guide documents: CommonMark, tables, definition lists, roles, fences.

    Task lists are left to MyST: here their boxes would arrive as HTML. Every address becomes a link, so that those
    that Markdown itself would quietly print as text are judged too.
    """
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    for plugin in (colon_fence_plugin, deflist_plugin, myst_role_plugin):
        markdown.use(plugin)
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


def read(docname: str, path: str, text: str) -> Page | list[Finding]:
    """The page, or what makes it unreadable. Faults that leave it readable are in ``Page.findings``."""
    kind = model.kind_of(docname)
    if not text.strip():
        return [
            Finding(path, 1, "text-empty", "the page is empty", "write the record and the page, or delete the file")
        ]
    try:
        head, body, body_line = frontmatter.split(text, path)
        data, lines = frontmatter.read(head, path, 2)
    except frontmatter.Refused as error:
        return [error.finding]
    record = model.validate(kind, data or {}, lines, path)
    if isinstance(record, list):
        return record
    page = Page(docname, path, record, lines, body_line=body_line)
    page.words = frozenset(WORD.findall(head))  # what the record says is shown on the page too
    page.text = f"{head}\n{body}"
    _read_body(page, body)
    for at, inline in _record_markdown(record):
        _read_inline(page, inline, page.line(*at))
    if len(text.encode()) > MAX_BYTES:
        message = f"the page has {len(text.encode()) // 1000} kB"
        page.findings.append(Finding(path, 1, "file-size", message, f"split it; {MAX_BYTES // 1000} kB is the most"))
    return page


def _record_markdown(record: model.Page) -> Iterator[tuple[frontmatter.Path, str]]:
    """The fields that hold inline Markdown, with their place."""
    if isinstance(record, model.Topic):
        yield ("answer",), record.answer
    if isinstance(record, model.Article):
        for number, claim in enumerate(record.claims):
            if claim.evidence:
                yield ("claims", number, "evidence"), claim.evidence


def _read_inline(page: Page, text: str, line: int) -> None:
    words: set[str] = set()
    for token in parser().parseInline(text):
        _inline(page, token, line, words)
    page.words |= words


def _read_body(page: Page, body: str) -> None:
    words: set[str] = set()
    anchors: dict[str, int] = {}
    environment: dict[str, Any] = {}
    tokens = parser().parse(body, environment)
    if isinstance(page.record, model.Topic | model.Entry | model.Indicator | model.Index | model.Article):
        page.evidence = evidence.read(tokens, page.body_line)
    page.bodies = frozenset(_BODY.findall(body))
    lines = body.split("\n")
    _report(page, guard.text(body, page.body_line))
    _report(page, guard.structure(tokens, lines, page.body_line))
    _report(page, guard.references(environment.get("references", {}), page.body_line))
    level = 0
    for position, token in enumerate(tokens):
        line = page.body_line + (token.map[0] if token.map else 0)
        if token.type == "heading_open":
            inline = tokens[position + 1]
            level = _heading(page, int(token.tag[1]), plain(inline), line, level, anchors)
        elif token.type == "inline":
            _inline(page, token, line, words)
        elif token.type in ("fence", "colon_fence"):
            _fence(page, token, line, words)
        elif token.type == "html_block":
            _html(page, line)
    if not page.title:
        remedy = "write `# ` and the title on the first line after the front matter"
        page.findings.append(Finding(page.path, page.body_line, "title-missing", "the page has no title", remedy))
    page.words = frozenset(words | page.words)


def _report(page: Page, faults: Iterator[guard.Fault]) -> None:
    page.findings += [Finding(page.path, *fault) for fault in faults]


def _heading(page: Page, level: int, text: str, line: int, before: int, anchors: dict[str, int]) -> int:
    if level == 1 and page.title:
        message = "a second first-level heading"
        page.findings.append(Finding(page.path, line, "title-again", message, "write ## for a section"))
    elif level == 1:
        page.title, page.title_line = text, line
    elif not page.title:
        page.findings.append(
            Finding(
                page.path, line, "title-missing", "a section stands before the title", "start with `# ` and the title"
            )
        )
        page.title, page.title_line = text, line
    if before and level > before + 1:
        message = f"a heading of level {level} follows one of level {before}"
        page.findings.append(Finding(page.path, line, "heading-skip", message, f"write {'#' * (before + 1)}"))
    anchor = slug(text)
    count = anchors.get(anchor, 0)
    anchors[anchor] = count + 1
    page.headings.append(Heading(level, text, f"{anchor}-{count}" if count else anchor, line))
    return level


def plain(inline: Token) -> str:
    """The text of an inline token without its markup."""
    parts: list[str] = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline", "myst_role"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(plain(child))
    return "".join(parts).strip()


def _inline(page: Page, token: Token, line: int, words: set[str]) -> None:
    if token.type == "inline" and not token.children and token.content:
        words.update(WORD.findall(token.content))
    _report(page, guard.paragraph(token.content, line))
    children = token.children or ()
    for position, child in enumerate(children):
        if child.type == "text":
            words.update(WORD.findall(child.content))
        elif child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "myst_role":
            _role(page, child, line, words)
        elif child.type == "link_open":
            _link(page, str(child.attrs.get("href", "")), _link_text(children[position + 1 :]), line)
        elif child.type == "image":
            _picture(page, str(child.attrs.get("src", "")), plain(child), line)
        elif child.type == "html_inline":
            _html(page, line)


def _link_text(rest: tuple[Token, ...] | list[Token]) -> str:
    parts: list[str] = []
    for token in rest:
        if token.type == "link_close":
            break
        parts.append(plain(token) if token.type == "image" else token.content)
    return "".join(parts).strip()


def _role(page: Page, token: Token, line: int, words: set[str]) -> None:
    name = str(token.meta.get("name", ""))
    content = token.content
    if name == "cite":
        for key in content.split(";"):
            page.cites.append(Use(key.strip(), line))
    elif name == "term":
        page.terms.append(Use(content.strip(), line))
    elif name == "indicator":
        page.figures.append(Use(content.strip(), line))
    elif name == "computed":
        words.update(WORD.findall(content))
    else:
        _markup(page, line, f"the role {{{name}}}", name, guard.ROLES)


def _link(page: Page, href: str, text: str, line: int) -> None:
    if not text:
        message = f"the link to '{href}' has no words"
        page.findings.append(Finding(page.path, line, "link-text", message, "write [words](address)"))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href) or href.startswith(("//", "\\")):
        if fault := guard.address(href):
            remedy = "link to the https page, or cite a source"
            page.findings.append(Finding(page.path, line, "link-scheme", fault, remedy))
        elif shown := guard.misleading(text, href):
            message = f"the words name {shown}, but the link leads elsewhere"
            page.findings.append(Finding(page.path, line, "link-text", message, "write what the link leads to"))
        return
    page.links.append(Use(href, line, text))


def _picture(page: Page, src: str, alt: str, line: int) -> None:
    if not alt:
        message = f"the picture '{src}' has no description"
        page.findings.append(Finding(page.path, line, "link-text", message, "say in a few words what it shows"))
    if ":" in src or src.startswith("//"):
        message = f"the picture '{src}' would be loaded from elsewhere"
        page.findings.append(Finding(page.path, line, "link-scheme", message, "put the file into docs/ and name it"))
    else:
        page.links.append(Use(src, line, alt or src))


def _fence(page: Page, token: Token, line: int, words: set[str]) -> None:
    info = token.info.strip()
    match = _DIRECTIVE.match(info)
    if not match:
        return
    name = match[1].strip()
    if name not in guard.DIRECTIVES:
        _markup(page, line, f"the directive {{{name}}}", name, guard.DIRECTIVES)
        return
    _report(page, guard.options(name, token.content, line))
    argument = info.partition("}")[2].strip()
    target = re.search(r"^\s*:link:\s*(\S+)$", token.content, re.M)
    if target and re.search(r"^\s*:link-type:\s*doc$", token.content, re.M):
        page.links.append(Use(f"{target[1]}.md", line, argument))
    if name in ("figure", "image"):
        alt = re.search(r"^\s*:alt:\s*(\S.*)$", token.content, re.M)
        _picture(page, argument, alt[1] if alt else "", line)
    elif argument and name not in ("code-block", "chart", "generated"):
        for inner in parser().parseInline(argument):
            _inline(page, inner, line, words)
    if name in ("chart", "generated"):
        uses = page.charts if name == "chart" else page.generated
        uses.append(Use(info.partition("}")[2].strip(), line))
    if name in ("chart", "generated", "code-block"):
        return
    nested = parser().parse(_body_of(token.content))
    _report(page, guard.structure(nested, _body_of(token.content).split("\n"), line + 1))
    for inner in nested:
        at = line + 1 + (inner.map[0] if inner.map else 0)
        if inner.type == "inline":
            _inline(page, inner, at, words)
        elif inner.type in ("fence", "colon_fence"):
            _fence(page, inner, at, words)
        elif inner.type == "html_block":
            _html(page, at)
        elif inner.type == "heading_open":
            message = "a heading stands inside a box"
            page.findings.append(
                Finding(page.path, at, "heading-skip", message, "use bold text, or close the box first")
            )


def _body_of(content: str) -> str:
    """The content of a directive with its options blanked, so that line numbers are kept."""
    rows = content.split("\n")
    for number, row in enumerate(rows):
        if not re.match(r"\s*:[\w-]+:", row):
            break
        rows[number] = ""
    return "\n".join(rows)


def _html(page: Page, line: int) -> None:
    message = "HTML is not allowed in a page"
    page.findings.append(Finding(page.path, line, "syntax-unsafe", message, "write Markdown, or put it in `code`"))


def _markup(page: Page, line: int, what: str, name: str, known: Iterable[str]) -> None:
    rule = "syntax-unsafe" if name in guard.UNSAFE else "syntax-unknown"
    remedy = f"use one of {', '.join(sorted(known))}"
    page.findings.append(Finding(page.path, line, rule, f"{what} is not allowed in a page", remedy))
