"""What a record adds to its page: answer box, facts and dates, lists of other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from kb import chart, csl, model, series
from kb.sphinx import lists
from kb.sphinx.env import views_of
from kb.words import _, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from kb.page import Page
    from kb.views import Row, Views


Fact = tuple[str, "list[nodes.Node]"]  # name and what is said


class page_link(nodes.Inline, nodes.TextElement):
    """Stands for a link to a page, with that page's title."""


class facts(nodes.General, nodes.Element):
    """Stands for the line of facts and dates under the title."""


class due_date(nodes.Inline, nodes.Element):
    """An empty mark with the day of the next review; a script writes "overdue" into it when the day has passed."""


class page_end(nodes.General, nodes.Element):
    """Stands for what follows a page's text: where an entry is named, related pages, the page's corrections."""


class listing(nodes.General, nodes.Element):
    """Stands for what an index page lists."""


class generated_list(nodes.General, nodes.Element):
    """Stands for a list that is made from all records; ``list`` names it."""


_STAND_INS = (page_link, facts, page_end, listing, generated_list)


class GeneratedDirective(SphinxDirective):
    """``generated``: a list of :data:`kb.markup.GENERATED`, filled in when the page is written."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Its stand-in."""
        return [generated_list("", list=self.arguments[0])]


class AnswerDirective(SphinxDirective):
    """Question and answer at the top of a topic page. Made by :mod:`kb.render`; pages cannot use it."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """A box with two paragraphs."""
        question = nodes.paragraph(self.arguments[0], self.arguments[0], classes=["kb-question", "kb-unlinked"])
        self.set_source_info(question)
        return [nodes.container("", question, *self.parse_content_to_nodes(), classes=["kb-answer"])]


class PageRole(SphinxRole):
    """``{page}`mobile/5g` ``: a link with the title of its page. Made by :mod:`kb.render`; pages cannot use it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The title is filled in when the page is written."""
        return [page_link("", page=self.text)], []


class AddRecord(SphinxTransform):
    """Puts the stand-ins where they belong: facts under title and answer, lists at the end of the text."""

    default_priority = 300

    def apply(self, **kwargs: Any) -> None:
        """Pages have one first-level section: their title's."""
        page = views_of(self.env).corpus.pages[self.env.current_document.docname]
        section = next(self.document.findall(nodes.section))
        if page.name != "index":
            answered = isinstance(page.record, model.Topic | model.Indicator)  # the answer, or the value, stands first
            section.insert(2 if answered else 1, facts())
            section.append(page_end())
        else:
            if all(use.target != "children" for use in page.generated):
                section.append(listing())
            if self.env._app.builder.name == "epub":
                section.append(_spine(page, views_of(self.env)))


class FillRecord(SphinxPostTransform):
    """Replaces the stand-ins by what the records say when the page is written."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        """Each stand-in by one function of plain rows."""
        self.views = views_of(self.env)
        page = self.views.corpus.pages[self.env.current_document.docname]
        for node in [node for node in self.document.findall(nodes.Element) if isinstance(node, _STAND_INS)]:
            node.replace_self(self._filled(node, page))

    def _filled(self, node: nodes.Element, page: Page) -> nodes.Node | list[nodes.Node]:
        if isinstance(node, page_link):
            return self._link(self.views.row(node["page"]))
        if isinstance(node, facts):
            return self._facts(page)
        if isinstance(node, listing):
            return self._listing(page)
        if isinstance(node, generated_list):
            return lists.generated(node["list"], self.views, self._link, page.folder)
        return self._end(page)

    def _uri(self, docname: str) -> str:
        return self.env._app.builder.get_relative_uri(self.env.current_document.docname, docname)

    def _link(self, row: Row, words: str = "") -> nodes.reference:
        return nodes.reference("", words or row.title, refuri=self._uri(row.docname), internal=True)

    def _facts(self, page: Page) -> list[nodes.Node]:
        dates = self._dates(page, self.views)
        rows = self._about_entry(page) + self._about_indicator(page)
        if not rows:
            line = nodes.paragraph("", "", *joined(dates), classes=["kb-facts", "kb-unlinked"])
            return [line] if dates else []
        if dates:
            rows.append((_("Dates"), joined(dates)))
        items = [
            nodes.definition_list_item(
                "", nodes.term("", name), nodes.definition("", nodes.paragraph("", "", *said, classes=["kb-unlinked"]))
            )
            for name, said in rows
        ]
        return [*self._banner(page), nodes.definition_list("", *items, classes=["kb-facts"])]

    def _about_entry(self, page: Page) -> list[Fact]:
        record = page.record
        if not isinstance(record, model.Entry):
            return []
        rows: list[Fact] = [(_("Kind"), [nodes.Text(plain(record.entry_kind).capitalize())])]
        status: list[nodes.Node] = [
            nodes.inline("", plain(record.status), classes=["kb-status", f"kb-status-{record.status}"])
        ]
        if record.superseded_by:
            status += [nodes.Text(f" {_('by')} "), self._link(self.views.row(f"glossary/{record.superseded_by}"))]
        rows.append((_("Status"), status))
        if record.start:
            rows.append((_("Since"), [nodes.Text(csl.written(record.start))]))
        if record.lead_body:
            rows.append((_("Under"), [self._link(self.views.row(f"glossary/{record.lead_body}"))]))
        names = [*([record.acronym] if record.acronym else []), *record.other_names]
        if names:
            rows.append((_("Also called"), [nodes.Text(", ".join(names))]))
        if record.urdu:
            rows.append((_("In Urdu"), [nodes.Text(record.urdu.name)]))
        return rows

    def _about_indicator(self, page: Page) -> list[Fact]:
        record = page.record
        if not isinstance(record, model.Indicator):
            return []
        scale = "" if record.scale == "one" else f"{_(record.scale)} "
        periods = sorted({row.period for row in record.observations if row.status != "target"}, key=chart.moment)
        publishers = dict.fromkeys(row.publisher for row in record.series)
        rows: list[Fact] = [
            (_("Unit"), [nodes.Text(f"{scale}{record.unit}")]),
            (_("Published by"), [nodes.Text("; ".join(publishers))]),
        ]
        if periods:
            first, last = (series.label(period) for period in (periods[0], periods[-1]))
            several = _("{first} to {last}").format(first=first, last=last)
            rows.append((_("Periods"), [nodes.Text(first if first == last else several)]))
        return rows

    def _dates(self, page: Page, views: Views) -> list[list[nodes.Node]]:
        dates = views.dates(page)
        parts: list[list[nodes.Node]] = []
        if dates.as_of:
            parts.append([nodes.Text(_("As of {day}").format(day=csl.written(dates.as_of.isoformat())))])
        for docname, day in dates.checks[:1]:
            words = _("checked {day}").format(day=csl.written(day.isoformat()))
            parts.append([self._link(views.row(docname), words)])
        if dates.review_by:
            due = nodes.Text(_("next review due {day}").format(day=csl.written(dates.review_by.isoformat())))
            parts.append([due, due_date("", day=dates.review_by.isoformat())])
        return parts

    def _listing(self, page: Page) -> nodes.Node:
        if page.folder == "glossary":
            return lists.glossary(self.views, self._link)
        if page.folder == "sources":
            return lists.publishers(self.views)
        return lists.children(self.views.children(page), self._link)

    def _banner(self, page: Page) -> list[nodes.Node]:
        record = page.record
        banners = {
            "superseded": _("This has been superseded."),
            "closed": _("This has closed or ended."),
            "suspended": _("This is suspended."),
            "stalled": _("This has stalled."),
        }
        if not isinstance(record, model.Entry) or record.status not in banners:
            return []
        parts: list[nodes.Node] = [nodes.Text(banners[record.status])]
        if record.superseded_by:
            before, _name, after = _("Its place was taken by {name}.").partition("{name}")
            link = self._link(self.views.row(f"glossary/{record.superseded_by}"))
            parts += [nodes.Text(f" {before}"), link, nodes.Text(after)]
        return [nodes.paragraph("", "", *parts, classes=["kb-banner", "kb-unlinked"])]

    def _end(self, page: Page) -> list[nodes.Node]:
        made: list[nodes.Node] = []
        rows = self.views.mentioned_on(page)
        if rows:
            links = joined([self._link(row)] for row in rows)
            made.append(nodes.rubric("", _("Mentioned in"), classes=["kb-unlinked"]))
            made.append(nodes.paragraph("", "", *links, classes=["kb-unlinked", "kb-named"]))
        if near := self.views.related_to(page):
            links = joined([self._link(row)] for row in near)
            made.append(nodes.rubric("", _("Related pages"), classes=["kb-unlinked"]))
            made.append(nodes.paragraph("", "", *links, classes=["kb-unlinked", "kb-named"]))
        if any(row and row.docname == page.docname for _correction, row in self.views.corrections):
            made.append(nodes.rubric("", _("Corrections"), classes=["kb-unlinked"]))
            made += lists.corrections(self.views, self._link, page.docname)
        return made


def _spine(page: Page, views: Views) -> nodes.Node:
    """A hidden toctree: a book's order of pages is made from toctrees alone."""
    own = f"{page.folder}/" if page.folder else ""
    names = [row.docname for row in views.children(page) if row.docname.startswith(own) and row.docname != page.docname]
    tree = addnodes.toctree(
        glob=False, hidden=True, entries=[(None, name) for name in names], includefiles=names, parent=page.docname,
        maxdepth=1, titlesonly=True, includehidden=True, numbered=0, caption=None, rawentries=[], rawcaption="",
    )  # fmt: skip
    return nodes.compound("", tree, classes=["toctree-wrapper"])


def joined(parts: Iterable[list[nodes.Node]]) -> list[nodes.Node]:
    """Parts of a line with middle dots between."""
    line: list[nodes.Node] = []
    for part in parts:
        if line:
            line.append(nodes.Text(" · "))
        line += part
    return line


def visit_due_date(self: HTML5Translator, node: due_date) -> None:
    """Nothing to read until the day has passed."""
    if self.builder.name != "epub":
        self.body.append(f' <span data-due="{node["day"]}"></span>')


def depart_due_date(self: HTML5Translator, node: due_date) -> None:
    """It has no content."""


def setup(app: Sphinx) -> None:
    """Register directive, role, nodes and transforms."""
    for node in _STAND_INS:
        app.add_node(node)
    app.add_node(due_date, html=(visit_due_date, depart_due_date))
    app.add_directive("answer", AnswerDirective)
    app.add_directive("generated", GeneratedDirective)
    app.add_role("page", PageRole())
    app.add_transform(AddRecord)
    app.add_post_transform(FillRecord)
