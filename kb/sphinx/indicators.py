"""``{indicator}`slug@period` `` writes a figure into prose, ``{chart} slug`` draws it with its table and data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from kb import chart, model, series
from kb.sphinx.cite import marks
from kb.sphinx.env import views_of
from kb.sphinx.listings import joined, page_link
from kb.sphinx.lists import details, drawing
from kb.words import _, plain

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class FigureRole(SphinxRole):
    """Value, unit, period, and the notes of its sources."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The record is quoted when the page is read; the page is read again when the figure changes."""
        quotation = series.quote(views_of(self.env).corpus.indicators, self.text)
        words = nodes.inline("", quotation.text, classes=["kb-figure"])
        return [words, nodes.Text(" "), *marks(self.inliner, quotation.sources)], []


class ComputedRole(SphinxRole):
    """Arithmetic on figures that the page cites."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The words, marked as ours."""
        return [nodes.inline("", self.text, classes=["kb-computed"])], []


class ChartDirective(SphinxDirective):
    """The picture of an indicator, or of some of its series, with caption, data and (elsewhere) its table."""

    required_arguments = 1
    optional_arguments = 8

    def run(self) -> list[nodes.Node]:
        """A figure; on the indicator's own page the tables stand below it anyway."""
        slug, *only = self.arguments
        corpus = views_of(self.env).corpus
        page = corpus.pages[f"indicators/{slug}"]
        record = corpus.indicators[slug]
        own = self.env.current_document.docname == page.docname
        number = self.env.new_serialno("kb-chart")
        svg = chart.svg(record, page.title, only, f"chart-{slug}-{number}")
        frame = nodes.container("", drawing(svg=svg), classes=["kb-chart"])
        frame += self._caption(slug, record, only, own)
        if not own:
            frame += details("", self._table(record, only), summary=_("Table"))
        return [frame]

    def _caption(self, slug: str, record: model.Indicator, only: list[str], own: bool) -> nodes.Node:
        scale = "" if record.scale == "one" else f"{_(record.scale)} "
        unit = f"{scale}{record.unit}"
        parts: list[list[nodes.Node]] = [[nodes.Text(unit[:1].upper() + unit[1:])]]
        if not own:
            parts[0] = [page_link("", page=f"indicators/{slug}"), nodes.Text(f", {unit}")]
        shown = [row for row in record.series if not only or row.id in only][:4]
        if len(shown) > 1:
            for number, row in enumerate(shown):
                mark = nodes.inline("", series.called(record, row.id), classes=["kb-key", f"s{number}"])
                parts.append([mark])
        parts += [[nodes.Text(words)] for words in chart.signs(record, only)]
        if self.env._app.builder.name == "html":
            up = "../" * self.env.current_document.docname.count("/")
            for kind in ("csv", "json"):
                parts.append(
                    [nodes.reference("", kind.upper(), refuri=f"{up}data/indicators/{slug}.{kind}", internal=True)]
                )
        return nodes.paragraph("", "", *joined(parts), classes=["kb-caption", "kb-unlinked"])

    def _table(self, record: model.Indicator, only: list[str]) -> nodes.table:
        shown = [row for row in record.series if not only or row.id in only]
        rows = [row for row in record.observations if row.series in {one.id for one in shown}]
        head = [_("Period"), _("Series"), _("Value"), _("Status")]
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _cell in head), cols=len(head))
        group += nodes.thead("", _line([[nodes.Text(cell)] for cell in head]))
        body = nodes.tbody()
        for row in rows:
            value = [nodes.Text(f"{series.grouped(row.value)} "), *marks(self.state.inliner, (row.source,))]
            period, name = nodes.Text(series.label(row.period)), nodes.Text(series.called(record, row.series))
            body += _line([[period], [name], value, [nodes.Text(plain(row.status))]])
        group += body
        return nodes.table("", group, classes=["kb-unlinked"])


def _line(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def visit_drawing(self: HTML5Translator, node: drawing) -> None:
    """The SVG as it is: made by our own writer from checked records."""
    named = '<svg xmlns="http://www.w3.org/2000/svg"' if self.builder.name == "epub" else "<svg"  # HTML knows it
    self.body.append(node["svg"].replace("<svg", named, 1))


def visit_details(self: HTML5Translator, node: details) -> None:
    """Open the box."""
    self.body.append(f"<details><summary>{self.encode(node['summary'])}</summary>")


def depart_details(self: HTML5Translator, node: details) -> None:
    """Close it."""
    self.body.append("</details>")


def _nothing(self: HTML5Translator, node: nodes.Element) -> None:
    """A picture has no end tag."""


def setup(app: Sphinx) -> None:
    """Register roles, directive and nodes."""
    app.add_node(drawing, html=(visit_drawing, _nothing))
    app.add_node(details, html=(visit_details, depart_details))
    app.add_role("indicator", FigureRole())
    app.add_role("computed", ComputedRole())
    app.add_directive("chart", ChartDirective)
