"""``{cite}`id; id` ``: numbered notes at the foot of the page, one a source however often it is cited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from kb import csl
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx


_BRACKET = re.compile(r'<span class="fn-bracket">([][])</span>')


class source_note(nodes.Inline, nodes.TextElement):
    """Stands for the text of a source's note until the page is written."""


def marks(inliner: Any, keys: Iterable[str]) -> list[nodes.Node]:
    """A reference mark for each source named, known to the document so that docutils numbers it."""
    made: list[nodes.Node] = []
    for key in keys:
        mark = nodes.footnote_reference("", auto=1, refname=f"cite-{key}", source=key)
        inliner.document.note_autofootnote_ref(mark)
        inliner.document.note_footnote_ref(mark)
        made.append(mark)
    return made


class CiteRole(SphinxRole):
    """A reference mark for each source named."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Marks are made when the page is read, so that docutils numbers them with any other note."""
        return marks(self.inliner, [part.strip() for part in self.text.split(";")]), []


class Notes(SphinxTransform):
    """Appends one note a source, before docutils numbers the notes (at 620)."""

    default_priority = 610

    def apply(self, **kwargs: Any) -> None:
        """Notes in the order of first citation."""
        keys = (mark["source"] for mark in self.document.findall(nodes.footnote_reference) if "source" in mark)
        for key in dict.fromkeys(keys):
            note = nodes.footnote(
                "", nodes.paragraph("", "", source_note("", source=key)), auto=1, names=[f"cite-{key}"]
            )
            self.document.note_explicit_target(note, note)
            self.document.note_autofootnote(note)
            self.document += note


class FillNotes(SphinxPostTransform):
    """Writes the notes from the records as they are when the page is written."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        """Replace each stand-in by text and links."""
        views = views_of(self.env)
        for stand_in in list(self.document.findall(source_note)):
            key = stand_in["source"]
            runs = csl.note(views.corpus.sources[key].source, views.gone(key))
            stand_in.replace_self(
                [
                    nodes.reference("", text, refuri=url, internal=False) if url else nodes.Text(text)
                    for text, url in runs
                ]
            )


def plain_brackets(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: brackets of marks without elements of their own, a tenth of a page with many notes."""
    if "body" in context:
        context["body"] = _BRACKET.sub(r"\1", context["body"])


def setup(app: Sphinx) -> None:
    """Register role, node and transforms."""
    app.add_node(source_note)
    app.add_role("cite", CiteRole())
    app.add_transform(Notes)
    app.add_post_transform(FillNotes)
    app.connect("html-page-context", plain_brackets)
