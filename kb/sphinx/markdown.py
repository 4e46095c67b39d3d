"""Each page as Markdown beside its HTML: values, terms and sources resolved, without the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes

from kb.sphinx.lists import details

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_PAGE = re.compile(r"^([\w./-]+)\.html(?=#|$)")
_LEFT_OUT = (nodes.comment, nodes.raw, nodes.substitution_definition, nodes.meta, nodes.transition, nodes.label)


def markdown(document: nodes.document) -> str:
    """A resolved page."""
    return "\n\n".join(block for block in _blocks(document, 0) if block) + "\n"


def _blocks(parent: nodes.Element, level: int) -> Iterator[str]:
    for node in parent.children:
        if isinstance(node, nodes.section):
            yield from _blocks(node, level + 1)
        elif isinstance(node, nodes.title):
            yield f"{'#' * max(level, 1)} {_inline(node)}"
        elif isinstance(node, nodes.rubric):
            yield f"**{_inline(node)}**"
        elif isinstance(node, _LEFT_OUT):
            continue
        elif made := next((make for kind, make in _KINDS if isinstance(node, kind)), None):
            yield made(node, level)  # type: ignore[arg-type] # each is called with its own kind of node
        elif isinstance(node, nodes.TextElement):
            yield _inline(node)
        elif isinstance(node, nodes.Element):
            yield from _blocks(node, level)


def _list(node: nodes.Element, level: int) -> str:
    numbered = isinstance(node, nodes.enumerated_list)
    return "\n".join(_hung(item, f"{number}. " if numbered else "- ", level) for number, item in enumerate(node, 1))


def _hung(item: nodes.Node, mark: str, level: int) -> str:
    """An item's blocks behind its mark; tight where it holds one paragraph and lists."""
    assert isinstance(item, nodes.Element)
    text = "\n".join(block for block in _blocks(item, level) if block)
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _definitions(node: nodes.Element, level: int) -> str:
    lines = []
    for item in node.findall(nodes.definition_list_item):
        terms = ", ".join(_inline(term) for term in item.children if isinstance(term, nodes.term))
        said = " ".join(
            block for one in item.children if isinstance(one, nodes.definition) for block in _blocks(one, level)
        )
        lines.append(f"- **{terms}**: {said}")
    return "\n".join(lines)


def _table(node: nodes.Element, level: int) -> str:
    rows = []
    for row in node.findall(nodes.row):
        entries = cast("list[nodes.Element]", row.children)
        cells = (" ".join(_blocks(cell, level)).replace("|", "\\|").replace("\n", " ") for cell in entries)
        rows.append(f"| {' | '.join(cells)} |")
        if len(rows) == 1:
            rows.append("|" + " --- |" * len(row.children))
    return "\n".join(rows)


def _footnote(node: nodes.Element, level: int) -> str:
    label = node.children[0].astext()
    return f"[^{label}]: " + " ".join(_blocks(node, level))


def _code(node: nodes.Element, level: int) -> str:
    fence = "`" * max(3, max(map(len, re.findall("`+", node.astext())), default=0) + 1)
    return f"{fence}{node.get('language', '')}\n{node.astext()}\n{fence}"


def _quoted(node: nodes.Element, level: int) -> str:
    return "> " + "\n\n".join(_blocks(node, level)).replace("\n", "\n> ")


def _boxed(node: nodes.Element, level: int) -> str:
    name = "" if isinstance(node, nodes.admonition) else f"> **{type(node).__name__.capitalize()}**\n>\n"
    return name + _quoted(node, level)


def _details(node: nodes.Element, level: int) -> str:
    return f"**{node['summary']}**\n\n" + "\n\n".join(_blocks(node, level))


def _picture(node: nodes.Element, level: int) -> str:
    return f"![{node.get('alt', '')}]({node['uri']})"


_KINDS: tuple[tuple[type, Callable[[nodes.Element, int], str]], ...] = (
    (nodes.paragraph, lambda node, level: _inline(node)),
    (nodes.bullet_list, _list),
    (nodes.enumerated_list, _list),
    (nodes.table, _table),
    (nodes.definition_list, _definitions),
    (nodes.footnote, _footnote),
    (nodes.literal_block, _code),
    (nodes.block_quote, _quoted),
    (nodes.Admonition, _boxed),
    (details, _details),
    (nodes.image, _picture),
)


def _inline(parent: nodes.Element) -> str:
    parts = []
    for node in parent.children:
        if isinstance(node, nodes.Text):
            parts.append(_SPECIAL.sub(r"\\\1", node.replace("\n", " ")))
        elif isinstance(node, nodes.footnote_reference):
            parts.append(f"[^{node.astext()}]")
        elif isinstance(node, nodes.literal):
            parts.append(f"`{node.astext()}`")
        elif isinstance(node, nodes.emphasis):
            parts.append(f"*{_inline(node)}*")
        elif isinstance(node, nodes.strong):
            parts.append(f"**{_inline(node)}**")
        elif isinstance(node, nodes.reference) and (node.get("refuri") or node.get("refid")):
            uri = _PAGE.sub(r"\1.md", node.get("refuri") or f"#{node['refid']}")
            parts.append(f"[{_inline(node)}]({uri})")
        elif isinstance(node, nodes.Element):
            parts.append(_inline(node))
    return "".join(parts)


def write(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: the page's Markdown, written when and only when its HTML is."""
    if doctree is not None and app.builder.name == "html":
        target = Path(app.outdir, f"{pagename}.md")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(markdown(doctree), "utf-8")


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("html-page-context", write)
