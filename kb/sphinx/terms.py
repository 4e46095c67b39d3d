"""Names lead to their entries: as Sphinx terms, by ``{term}``, and by themselves at first mention."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.roles import XRefRole
from sphinx.transforms.post_transforms import SphinxPostTransform

from kb import corpus, model, text
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from kb.views import Views


class term_link(nodes.reference):
    """A link from a name to its entry; ``entry`` holds the entry's id."""


_UNLINKED = (
    nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.caption, nodes.footnote,
    nodes.footnote_reference, addnodes.pending_xref, nodes.rubric,
)  # fmt: skip


class TermLinks(SphinxPostTransform):
    """Resolves ``{term}`` by our names and links first mentions. Runs before Sphinx resolves references (at 10)."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Explicit terms first: an entry they link is not linked again."""
        views = views_of(self.env)
        page = views.corpus.pages[self.env.current_document.docname]
        own = page.name if isinstance(page.record, model.Entry) else ""
        linked = {own}
        for reference in list(self.document.findall(addnodes.pending_xref)):
            if reference.get("reftype") == "term":
                entry = views.corpus.entry_named(reference["reftarget"])
                if entry:
                    linked.add(entry.name)
                    reference.replace_self(self._link(reference.astext(), entry.name))
        table = views.corpus.linked_names
        for run in list(_linkable(self.document)):
            if not table.keys().isdisjoint(text.WORD.findall(run)):
                parts = list(self._linked(run.astext(), views, linked))
                if len(parts) > 1:
                    run.parent.replace(run, parts)

    def _linked(self, content: str, views: Views, linked: set[str]) -> Iterator[nodes.Node]:
        done = 0
        for start, end, entry in mentions(content, views.corpus.linked_names):
            if entry not in linked:
                linked.add(entry)
                if start > done:
                    yield nodes.Text(content[done:start])
                yield self._link(content[start:end], entry)
                done = end
        if done < len(content):
            yield nodes.Text(content[done:])

    def _link(self, words: str, entry: str) -> nodes.Node:
        builder = self.env._app.builder
        uri = builder.get_relative_uri(self.env.current_document.docname, f"glossary/{entry}")
        return term_link("", words, refuri=uri, internal=True, entry=entry, classes=["kb-term"])


def mentions(content: str, table: dict[str, list[tuple[str, tuple[str, ...], str]]]) -> Iterator[tuple[int, int, str]]:
    """``(start, end, entry)`` of every name in a text, the longest where several fit, from left to right."""
    position = 0
    while match := text.WORD.search(content, position):
        position = match.end()
        for name, words, entry in table.get(match[0], ()):
            start = match.start() - name.index(words[0])
            end = start + len(name)
            if start >= 0 and content.startswith(name, start) and not re.match(r"\w", content[end : end + 1]):
                yield start, end, entry
                position = max(position, end)
                break


def _linkable(parent: nodes.Element) -> Iterator[nodes.Text]:
    """The texts in which names link."""
    for node in parent.children:
        if isinstance(node, nodes.Text):
            yield node
        elif (
            isinstance(node, nodes.Element) and not isinstance(node, _UNLINKED) and "kb-unlinked" not in node["classes"]
        ):
            yield from _linkable(node)


def register(app: Sphinx, doctree: nodes.document) -> None:
    """doctree-read: an entry's names become terms that lead to its page."""
    docname = app.env.current_document.docname
    page = views_of(app.env).corpus.pages[docname]
    if isinstance(page.record, model.Entry):
        for name in dict.fromkeys(name.lower() for name in corpus.names_of(page)):
            if name not in {shared.lower() for shared in page.record.shared_names}:
                app.env.domains.standard_domain.note_object("term", name, "", location=docname)


def definitions(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: the definitions of the names that the page links, each once."""
    context["kb_definitions"] = []
    if doctree is not None:
        views = views_of(app.env)
        names = dict.fromkeys(link["entry"] for link in doctree.findall(term_link))
        context["kb_definitions"] = [(name, views.row(f"glossary/{name}").description) for name in names]


def visit_term_link(self: HTML5Translator, node: term_link) -> None:
    """An ordinary link that says where its definition stands; a book has no such block."""
    attributes = {"class": "reference internal", "href": node["refuri"]}
    if self.builder.name != "epub":
        attributes["aria-describedby"] = f"def-{node['entry']}"
    self.body.append(self.starttag(node, "a", "", **attributes))


def depart_term_link(self: HTML5Translator, node: term_link) -> None:
    """Close it."""
    self.body.append("</a>")


def setup(app: Sphinx) -> None:
    """Register role, node, transform and handlers."""
    app.add_node(term_link, html=(visit_term_link, depart_term_link))
    role = XRefRole(lowercase=True, innernodeclass=nodes.inline, warn_dangling=True)
    app.add_role_to_domain("std", "term", role, override=True)
    app.add_post_transform(TermLinks)
    app.connect("doctree-read", register)
    app.connect("html-page-context", definitions)
