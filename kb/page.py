"""What a page says and uses, read from its Markdown without Sphinx: title, headings, citations, terms, links, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block.fence import make_fence_rule
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from kb import address, csl, evidence, frontmatter, guard, markup, model
from kb import text as texts
from kb.finding import Finding
from kb.text import WORD, slug

PICTURES = (".png", ".jpg", ".webp")
_BODY = re.compile(
    r"\b(?:[A-Z][\w&'-]+ (?:(?:of|for|and|in|on|the) )*){1,6}"
    r"(?:Act|Policy|Authority|Fund|Board|Council|Bill|Rules|Commission|Ordinance|Regulations)\b(?:,? \d{4})?"
)
_GLUED = re.compile(r"\s*^(#[^#\s][^\n`]*)$", re.M)
_HALF_ROLE = re.compile(r"(\{(?:cite|term|indicator|computed)\})(\s*)$")
_WRITTEN = frozenset(
    (*csl.MONTHS, *"Claims Evidence Mended Seed See Source Unit".split())
)  # by kb.render, outside titles
MAX_BYTES = 200_000


class Use(NamedTuple):
    """A citation, term or link: what it names and the line on which it stands."""

    target: str
    line: int
    text: str = ""


class Heading(NamedTuple):
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
    links: list[Use] = field(default_factory=list)  # to pages of ours
    addresses: list[Use] = field(default_factory=list)  # of the web
    pictures: list[Use] = field(default_factory=list)
    figures: list[Use] = field(default_factory=list)  # quotations of indicators
    charts: list[Use] = field(default_factory=list)
    generated: list[Use] = field(default_factory=list)
    bodies: dict[str, int] = field(default_factory=dict)  # names like "… Board", "… Act 2025", with their first lines
    words: frozenset[str] = frozenset()
    text: str = ""  # record and body as written
    evidence: evidence.Evidence | None = None  # of pages that state facts
    hashes: bytes = b""  # of its runs of words, once they were held against articles (kb.rules)
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
        file, _, anchor = unquote(link).partition("#")
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
    """The Markdown that MyST reads: CommonMark, tables, definition and task lists, footnotes, roles, fences.

    It must not differ from MyST's own: what one of the two takes for text could be a box for the other. HTML is read,
    to be refused by name; every address becomes a link, so that those that Markdown would print as text are judged too.
    """
    markdown = MarkdownIt("commonmark", {"html": True, "tasklists": True}).enable("table")
    markdown.use(myst_block_plugin).use(myst_role_plugin)
    markdown.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    colons = make_fence_rule(markers=(":",), token_type="colon_fence")
    before: Any = {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]}  # its type is not published
    markdown.block.ruler.before("fence", "colon_fence", colons, before)
    markdown.use(deflist_plugin)
    markdown.validateLink = lambda url: True  # type: ignore[method-assign] # meant to be replaced, says its guide
    return guard.limit(markdown)


def read(docname: str, path: str, text: str) -> Page | list[Finding]:
    """The page, or what makes it unreadable. Faults that leave it readable are in ``Page.findings``."""
    kind = model.kind_of(docname)
    if not text.strip():
        return [
            Finding(path, 1, "text-empty", "the page is empty", "write the record and the page, or delete the file")
        ]
    if len(text.encode()) > MAX_BYTES:
        message = f"the page has {len(text.encode()) // 1000} kB"
        return [Finding(path, 1, "file-size", message, f"split it; {MAX_BYTES // 1000} kB is the most")]
    if faults := texts.too_long(text, path):
        return faults
    try:
        head, body, body_line = frontmatter.split(text, path)
        data, lines = frontmatter.read(head, path, 2)
    except frontmatter.Refused as error:
        return [error.finding]
    record = model.validate(kind, data or {}, lines, path)
    if isinstance(record, list):
        return record
    page = Page(docname, path, record, lines, body_line=body_line, text=f"{head}\n{body}")
    for found in _BODY.finditer(body):
        page.bodies.setdefault(found[0], body_line + body.count("\n", 0, found.start()))
    for at, rule, message, remedy in guard.record(data):
        page.findings.append(Finding(path, page.line(*at), rule, message, remedy))
    reader = _Reader(page)
    reader.words.update(_WRITTEN, WORD.findall(head))  # what the record says is shown on the page too
    try:
        reader.body(body)
        for at, inline in _record_markdown(record):
            reader.field(inline, page.line(*at))
    except guard.TooMuch as error:
        return [Finding(path, body_line + error.line, "file-size", error.message, error.remedy)]
    except RecursionError:
        return [Finding(path, body_line, "syntax-deep", "the page is nested beyond reading", "make it flatter")]
    reader.close()
    return page


def _record_markdown(record: model.Page) -> Iterator[tuple[frontmatter.Path, str]]:
    """The fields that hold inline Markdown, with their place."""
    if isinstance(record, model.Topic):
        yield ("answer",), record.answer
    if isinstance(record, model.Article):
        for number, claim in enumerate(record.claims):
            if claim.evidence:
                yield ("claims", number, "evidence"), claim.evidence


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


class _Reader:
    """One pass over a page's tokens, boxes inside boxes included: what it says, what it uses, what is wrong."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.env: dict[str, Any] = {"counts": dict.fromkeys(markup.MAX_COUNTS, 0)}
        self.words: set[str] = set()
        self.anchors: dict[str, int] = {}
        self.level = 0
        self.glued = False
        self.known: set[str] = set()

    def fault(self, line: int, rule: str, message: str, remedy: str, fix: tuple[str, str] | None = None) -> None:
        self.page.findings.append(Finding(self.page.path, line, rule, message, remedy, fix=fix))

    def count(self, what: str, line: int) -> None:
        self.env["counts"][what] += 1
        guard.exceeded(self.env["counts"], line - self.page.body_line)

    def body(self, text: str) -> None:
        for fault in guard.lines(text, self.page.body_line):
            raise guard.TooMuch(fault[0] - self.page.body_line, fault[2], fault[3])
        if glued := _GLUED.match(text):
            self.glued = True
            line = self.page.body_line + text.count("\n", 0, glued.start(1))
            fix = (glued[1], f"# {glued[1][1:]}")
            self.fault(line, "title-missing", "the title has no blank after its #", f"write {fix[1]}", fix)
        tokens = self.blocks(text, self.page.body_line, 0, "")
        if isinstance(self.page.record, model.Topic | model.Entry | model.Indicator | model.Index | model.Article):
            self.page.evidence = evidence.read(tokens, self.page.body_line)

    def field(self, text: str, line: int) -> None:
        """A field of the record, which must be one line of words."""
        tokens = parser().parse(text.replace("\n", " "), self.env)
        if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
            self.fault(line, "syntax-unsafe", "a field of the record holds more than words", "write one plain sentence")
        for token in tokens:
            if token.type == "inline":
                self.inline(token, line)

    def close(self) -> None:
        """What is known at the end of a page."""
        page = self.page
        if not page.title and not self.glued:
            remedy = "write `# ` and the title on the first line after the front matter"
            self.fault(page.body_line, "title-missing", "the page has no title", remedy)
        page.words = frozenset(self.words)

    # ---- blocks

    def blocks(self, text: str, first: int, depth: int, inside: str) -> list[Token]:
        tokens = parser().parse(text if text.endswith("\n") else text + "\n", self.env)
        for fault in guard.blocks(tokens, first, depth, inside):
            self.fault(*fault)
        self.definitions(first)
        for position, token in enumerate(tokens):
            line = first + (token.map[0] if token.map else 0)
            if token.type == "inline":
                self.inline(token, line)
            elif token.type in ("fence", "colon_fence"):
                self.fence(token, line, depth, inside)
            elif token.type == "html_block":
                self.html(line)
            elif token.type == "heading_open":
                self.heading(token, plain(tokens[position + 1]), line, inside)
        return tokens

    def definitions(self, first: int) -> None:
        """Addresses that stand apart from their links; those of links are judged where the links are."""
        for row in self.env.pop("duplicate_refs", ()):
            message = f"the address [{address.short(row['label'].lower())}] is defined twice"
            self.fault(first + row["map"][0], "syntax-unknown", message, "keep one definition")
        for label, row in self.env.get("references", {}).items():
            if label not in self.known:
                self.known.add(label)
                if address.leaves(row["href"]) and (fault := address.fault(row["href"])):
                    self.fault(first + row["map"][0], *fault)

    def heading(self, token: Token, text: str, line: int, inside: str) -> None:
        page, level = self.page, int(token.tag[1])
        if inside or token.level:
            where = "box" if inside else "list or quotation"
            self.fault(line, "heading-skip", f"a heading stands inside a {where}", "use bold text, or close it first")
            return
        if level == 1 and page.title:
            self.fault(line, "title-again", "a second first-level heading", "write ## for a section")
        elif level == 1:
            page.title, page.title_line = text, line
            if not text:
                self.fault(line, "title-missing", "the title has no words", "write the title after `# `")
            elif not token.markup.startswith("#"):
                self.fault(line, "title-missing", "the title is underlined", "write `# ` before it instead")
        elif not page.title:
            if not self.glued:
                self.fault(line, "title-missing", "a section stands before the title", "start with `# ` and the title")
            page.title, page.title_line = text, line
        if self.level and level > self.level + 1:
            message = f"a heading of level {level} follows one of level {self.level}"
            fix = (f"{'#' * level} ", f"{'#' * (self.level + 1)} ")
            self.fault(line, "heading-skip", message, f"write {'#' * (self.level + 1)}", fix)
        self.level = level
        anchor = slug(text)
        count = self.anchors.get(anchor, 0)
        self.anchors[anchor] = count + 1
        page.headings.append(Heading(level, text, f"{anchor}-{count}" if count else anchor, line))

    def fence(self, token: Token, line: int, depth: int, inside: str) -> None:
        word, rest = guard.box(token)
        if not (word.startswith("{") and word.endswith("}")):
            if token.type == "colon_fence":
                self.fault(line, "syntax-unknown", "a box without a name", "write :::{note}, or take the colons out")
                return
            for fault in guard.language(word, rest, line):
                self.fault(*fault)
            return
        name = word[1:-1]
        if name not in markup.BOXES:
            self.unknown(line, f"the directive {{{address.short(name)}}}", name in markup.UNSAFE, markup.BOXES)
            return
        kind = markup.BOXES[name]
        if kind.inside and kind.inside != inside:
            message = f"{{{name}}} stands outside of a {{{kind.inside}}}"
            self.fault(line, "syntax-unknown", message, f"put it into a {{{kind.inside}}}")
        options, body, faults = guard.options(name, token.content, line)
        for fault in (*faults, *guard.first_line(name, rest, options, line)):
            self.fault(*fault)
        for key, value in options.items():
            form = kind.options.get(key)
            if form == markup.PICTURE:
                self.picture(value, options.get("img-alt", ""), line)
            elif form == markup.ADDRESS:
                self.card_link(value, options.get("link-type", "url"), rest or "a card", line)
            elif form == markup.TEXT:
                self.words.update(WORD.findall(value))
        if kind.argument == "picture":
            self.picture(rest, options.get("alt", ""), line)
        elif name == "chart":
            self.page.charts.append(Use(rest, line))
        elif name == "generated":
            self.page.generated.append(Use(rest, line))
        elif kind.argument == "title":
            self.inline(parser().parseInline(rest, self.env)[0], line)
        if kind.body == "nothing" and body.strip():
            self.fault(line, "syntax-unknown", f"{{{name}}} holds text", "write the text outside of it")
        if kind.body != "blocks":
            return
        if depth >= markup.MAX_DEPTH:
            message = f"more than {markup.MAX_DEPTH} lists, quotations and boxes in each other"
            self.fault(line, "syntax-deep", message, "make it flatter")
            return
        if kind.argument == "body" and rest:
            tokens = self.blocks(f"{rest}\n{body}", line, depth + 1, name)
        else:
            tokens = self.blocks(body, line + 1, depth + 1, name)
        if not tokens and name != "figure":
            self.fault(line, "syntax-unknown", f"{{{name}}} is empty", "write its text, or delete it")
        elif name == "list-table":
            for fault in guard.rows_of_list_table(tokens, line):
                self.fault(*fault)
        elif name == "figure" and tokens and tokens[0].type != "paragraph_open":
            self.fault(
                line, "syntax-unknown", "the caption is not a paragraph", "start {figure}'s text with a sentence"
            )

    def card_link(self, value: str, kind: str, words: str, line: int) -> None:
        if kind == "doc":
            self.link(f"{value}.md", words, line)
        elif address.leaves(value):
            self.link(value, words, line)
        else:
            message = f"the card's link '{address.short(value)}' is no https address"
            self.fault(line, "link-scheme", message, "for a page of ours add :link-type: doc and leave out .md")

    # ---- words

    def inline(self, token: Token, line: int) -> None:
        children = token.children or []
        depth = 0
        if "&" in token.content:
            for fault in guard.hidden("".join(c.content for c in children if c.type == "text"), line):
                self.fault(*fault)
        for position, child in enumerate(children):
            depth += child.nesting
            if child.type == "text" and (half := _HALF_ROLE.search(child.content)):
                follows = children[position + 1] if position + 1 < len(children) else None
                apart = bool(half[2]) and follows is not None and follows.type == "code_inline"
                fix = (f"{half[0]}`", f"{half[1]}`") if apart else None
                message = f"{half[1]} stands apart from what it marks"
                self.fault(line, "syntax-unknown", message, f"write {half[1]}`…` without a blank", fix)
            if depth > markup.MAX_DEPTH:
                self.fault(line, "syntax-deep", "marks of emphasis are nested too deeply", "take some of them out")
                return
            if child.type == "text":
                self.words.update(WORD.findall(child.content))
                for fault in guard.words(child.content, line):
                    self.fault(*fault)
            elif child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "myst_role":
                self.role(child, line)
            elif child.type == "footnote_ref":
                what, remedy = guard.FOOTNOTE
                self.fault(line, "syntax-unknown", f"{what} is not allowed in a page", remedy)
            elif child.type == "link_open":
                self.link(str(child.attrs.get("href", "")), _link_text(children[position + 1 :]), line)
            elif child.type == "image":
                self.picture(str(child.attrs.get("src", "")), plain(child), line)
            elif child.type == "html_inline":
                self.html(line)
            elif child.type.removesuffix("_open").removesuffix("_close") not in markup.TOKENS | markup.SINGLE_TOKENS:
                self.fault(line, "syntax-unknown", f"'{child.type}'", "take it out")

    def role(self, token: Token, line: int) -> None:
        name = str(token.meta.get("name", ""))
        content = token.content
        self.count("notes", line)
        if name == "cite":
            for key in content.split(";"):
                self.page.cites.append(Use(key.strip(), line))
        elif name == "term":
            self.page.terms.append(Use(content.strip(), line))
        elif name == "indicator":
            self.page.figures.append(Use(content.strip(), line))
        elif name == "computed":
            self.words.update(WORD.findall(content))
        else:
            self.unknown(line, f"the role {{{name}}}", name in markup.UNSAFE, markup.ROLES)

    def link(self, href: str, text: str, line: int) -> None:
        self.count("links", line)
        if not text:
            message = f"the link to '{address.short(href)}' has no words"
            self.fault(line, "link-text", message, "write [words](address)")
        if fault := address.promise_fault(text, href):
            self.fault(line, *fault)
        if not address.leaves(href):
            if re.search(r"[:\\]", unquote(href).partition("#")[0]):
                message = f"'{address.short(href)}' is no path of a page"
                self.fault(line, "link-missing", message, "link to the .md file of a page")
            else:
                self.page.links.append(Use(href, line, text))
        elif fault := address.fault(href):
            self.fault(line, *fault)
        elif not href.lower().startswith("mailto:"):
            self.page.addresses.append(Use(href, line, text))

    def picture(self, source: str, alt: str, line: int) -> None:
        self.count("pictures", line)
        if not alt.strip():
            message = f"the picture '{address.short(source)}' has no words for those who cannot see it"
            self.fault(line, "link-text", message, "write ![what it shows](file), or the option :alt:")
        if address.leaves(source):
            message = f"the picture '{address.short(source)}' would be loaded from elsewhere"
            self.fault(line, "link-scheme", message, "put the file into docs/ and name it")
        elif not source.endswith(PICTURES):
            message = f"'{address.short(source)}' is no picture ({', '.join(PICTURES)})"
            self.fault(line, "link-missing", message, "name a picture file in docs/")
        else:
            self.page.pictures.append(Use(source, line, alt))

    def html(self, line: int) -> None:
        message = "HTML is not allowed in a page"
        self.fault(line, "syntax-unsafe", message, "write Markdown, or put it in `code`")

    def unknown(self, line: int, what: str, unsafe: bool, known: Iterable[str]) -> None:
        rule = "syntax-unsafe" if unsafe else "syntax-unknown"
        self.fault(line, rule, f"{what} is not allowed in a page", f"use one of {', '.join(sorted(known))}")


def _link_text(rest: list[Token]) -> str:
    parts: list[str] = []
    for token in rest:
        if token.type == "link_close":
            break
        parts.append(plain(token) if token.type == "image" else token.content)
    return "".join(parts).strip()
