"""Lists of pages, figures and events as document nodes: what :mod:`kb.views` returns, written out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from docutils import nodes

from kb import csl, series
from kb.finding import RULES
from kb.links.verdicts import REASONS, VERDICTS
from kb.views import RECENT, fields
from kb.words import _, plain

if TYPE_CHECKING:
    import datetime

    from kb import model
    from kb.links.health import Found
    from kb.views import Overseen, Row, Views

    Change = tuple[datetime.date, str, Row]

Link = Callable[..., nodes.reference]  # (row, words="") -> a link to its page
Cell = list[nodes.Node]
LINKS_SHOWN = 50  # of those that could not be verified
NEW_SHOWN = 8  # new pages of a day that are named
TIMELINE_ON_TOPIC = 12  # events; the sector's timeline has all


def generated(name: str, views: Views, link: Link, folder: str) -> list[nodes.Node]:
    """The list that the directive ``generated`` shows under a name of :data:`kb.markup.GENERATED`."""
    made: dict[str, Callable[[], list[nodes.Node]]] = {
        "disagreements": lambda: _disagreements(views, link),
        "fields": _fields,
        "status": lambda: _status(views, link),
        "timeline": lambda: _timeline(views, link, folder),
        "due": lambda: _due(views, link),
        "corrections": lambda: corrections(views, link),
        "changes": lambda: _changes(views, link),
        "wanted": lambda: _wanted(views, link),
        "key-figures": lambda: _key_figures(views, link),
        "rules": _rules,
        "children": lambda: [children(views.top if not folder else views.by_folder.get(folder, ()), link, not folder)],
        "recent": lambda: _recent(views, link),
        "disputed": lambda: _disputed(views, link),
        "oversight": lambda: [_oversight(views.oversight, link)],
        "templates": lambda: _templates(views),
        "links": lambda: _links(views),
    }
    return made[name]()


def children(rows: Iterable[Row], link: Link, beside: bool = False) -> nodes.Node:
    """Pages with their descriptions, one below or beside the other."""
    items = []
    for row in rows:
        name = nodes.paragraph("", "", link(row), classes=["kb-unlinked"])
        items.append(nodes.list_item("", name, nodes.paragraph("", row.description, classes=["kb-unlinked"])))
    return nodes.bullet_list("", *items, classes=["kb-children", *(["kb-beside"] if beside else [])])


def glossary(views: Views, link: Link) -> nodes.Node:
    """All entries in one definition list, A to Z, with kind and status."""
    letters = []
    items: list[nodes.Node] = []
    for letter, rows in views.glossary:
        jump = nodes.reference("", letter, refid=_letter_id(letter))
        letters.append(nodes.list_item("", nodes.paragraph("", "", jump)))
        for number, row in enumerate(rows):
            term = nodes.term("", "", link(row))
            if not number:
                term["ids"].append(_letter_id(letter))
            kind = nodes.emphasis("", f"{plain(row.kind)}, {plain(row.status)}. ")
            said = nodes.paragraph("", "", kind, nodes.Text(row.description), classes=["kb-unlinked"])
            items.append(nodes.definition_list_item("", term, nodes.definition("", said)))
    jumps = nodes.bullet_list("", *letters, classes=["kb-letters"])
    return nodes.container("", jumps, nodes.definition_list("", *items, classes=["glossary"]), classes=["kb-glossary"])


def publishers(views: Views) -> nodes.Node:
    """How much rests on whom."""
    rows = [[_text(p.name), _text(p.kinds), _text(str(p.count)), _nowrap(p.newest or "–")] for p in views.publishers]
    return table([_("Publisher"), _("Kind"), _("Sources"), _("Newest")], rows)


def corrections(views: Views, link: Link, docname: str = "") -> list[nodes.Node]:
    """Corrections of one page, or of all."""
    items = []
    for correction, row in views.corrections:
        if docname and not (row and row.docname == docname):
            continue
        day = nodes.strong("", csl.written(correction.date.isoformat()))
        parts: Cell = [day, nodes.Text(": ")]
        if not docname:
            parts += [link(row) if row else nodes.Text(correction.page), nodes.Text(". ")]
        was, now, why = correction.was, correction.now, correction.why
        said = _("It said: {was} It says: {now} Why: {why}").format(was=was, now=now, why=why)
        by = f" {_('Reported by {name}.')}".format(name=correction.reported_by) if correction.reported_by else ""
        parts.append(nodes.Text(said + by))
        items.append(nodes.list_item("", nodes.paragraph("", "", *parts, classes=["kb-unlinked"])))
    return [nodes.bullet_list("", *items)] if items else [nodes.paragraph("", _("None has been recorded."))]


def _disagreements(views: Views, link: Link) -> list[nodes.Node]:
    made: list[nodes.Node] = []
    for row, record, periods in views.disagreements:
        made.append(nodes.rubric("", "", link(row)))
        made.append(nodes.paragraph("", row.description, classes=["kb-unlinked"]))
        lines: list[list[Cell]] = []
        for found in periods:
            for rival in found.rivals:
                about = f"{rival.series.publisher}: {rival.series.definition}"
                value = series.amount(record, rival.observation.value)
                quoted = _("yes: {reason}").format(reason=found.reason) if rival.preferred else ""
                lines.append([_text(cell) for cell in (series.label(found.period), about, value, quoted)])
        made.append(table([_("Period"), _("Publisher and definition"), _("Value"), _("Quoted here")], lines))
    return made


def _fields() -> list[nodes.Node]:
    made: list[nodes.Node] = []
    for kind, found in fields():
        made.append(nodes.rubric("", kind, classes=["kb-unlinked"]))
        rows = [[_text(f.name), _text("yes" if f.required else "no"), _text(f.description)] for f in found]
        made.append(table(["Field", "Required", "What it says"], rows))
    return made


def _rules() -> list[nodes.Node]:
    rows: list[list[Cell]] = []
    for rule, reason in sorted(RULES.items()):
        rows.append([[nodes.literal("", rule, ids=[rule])], _text(reason)])
    return [table(["Rule", "Why"], rows)]


def _templates(views: Views) -> list[nodes.Node]:
    made: list[nodes.Node] = []
    for kind, text, create in views.templates:
        made.append(nodes.rubric("", kind.capitalize(), classes=["kb-unlinked"]))
        if create:
            link = nodes.reference("", f"Create a page of this kind on GitHub ({kind})", refuri=create, internal=False)
            made.append(nodes.paragraph("", "", link, classes=["kb-unlinked"]))
        made.append(nodes.literal_block(text, text, language="none"))
    return made


def _links(views: Views) -> list[nodes.Node]:
    meanings = table(["Verdict", "What it means"], [[_text(name), _text(said)] for name, said in VERDICTS.items()])
    found = views.links
    if found is None:
        return [nodes.paragraph("", "No record of link checks was at hand when this page was built."), meanings]
    day = csl.written(found.checked.isoformat()) if found.checked else "never"
    said = f"{found.alive} of {found.total - found.unasked} links are alive or have moved; newest check: {day}. "
    said += f"Not asked yet: {found.unasked}. {found.late[:1].upper()}{found.late[1:]}"
    made: list[nodes.Node] = [nodes.paragraph("", said.strip())]
    counts = dict(found.counts)
    rows = [[_text(name), _text(str(counts[name])), _text(words)] for name, words in VERDICTS.items()]
    made.append(table(["Verdict", "Links", "What it means"], rows))
    for title, those in (
        ("Dead", found.dead),
        ("Changed", found.changed),
        ("Unverified for longest", found.unverified[:LINKS_SHOWN]),
    ):
        made.append(nodes.rubric("", title, classes=["kb-unlinked"]))
        made.append(_asked(those) if those else nodes.paragraph("", "None."))
    made.append(nodes.rubric("", "By host", classes=["kb-unlinked"]))
    lines = [[_text(host), _text(str(total)), *(_text(str(n or "–")) for n in by)] for host, total, by in found.hosts]
    made.append(table(["Host", "Links", *(name.capitalize() for name in VERDICTS)], lines))
    return made


def _asked(found: Iterable[Found]) -> nodes.table:
    """Addresses with what is wrong, since when, and where a copy is."""
    rows: list[list[Cell]] = []
    for link, row in found:
        copy: Cell = [nodes.reference("", "copy", refuri=row.archive, internal=False)] if row.archive else _text("–")
        status = f" ({row.status})" if row.status else ""
        why = f"{REASONS[row.reason][1]}{status}" if row.reason in REASONS else row.reason
        address = nodes.reference("", link.url, refuri=link.url, internal=False)
        rows.append([[address], _text(why), _text(row.alive or "never"), copy])
    return table(["Address", "What came", "Last alive", "Archived"], rows)


def _status(views: Views, link: Link) -> list[nodes.Node]:
    rows: list[list[Cell]] = []
    for item in views.initiatives:
        row = item.row
        last = f"{csl.written(item.last.date)}: {item.last.what}" if item.last else "–"
        as_of = _date(item.as_of)
        kind, status = plain(row.kind), plain(row.status)
        rows.append([[link(row)], _text(kind), _text(item.topic or "–"), _text(status), as_of, _text(last)])
    head = [_("Name"), _("Kind"), _("Topic"), _("Status"), _("As of"), _("Last event")]
    board = table(head, rows)
    board["classes"].append("kb-board")
    return [nodes.container("", classes=["kb-filters", "kb-for-board"]), board]


def _timeline(views: Views, link: Link, folder: str) -> list[nodes.Node]:
    events = views.timeline(folder)
    if folder in views.corpus.topics:
        return [_events(events[:TIMELINE_ON_TOPIC], link)]
    years = []
    made: list[nodes.Node] = []
    for year, group in itertools.groupby(events, key=lambda item: item[1].date[:4]):
        jump = nodes.reference("", year, refid=f"year-{year}")
        years.append(nodes.list_item("", nodes.paragraph("", "", jump, classes=["kb-unlinked"])))
        made += [nodes.rubric("", year, classes=["kb-unlinked"], ids=[f"year-{year}"]), _events(group, link)]
    return [nodes.bullet_list("", *years, classes=["kb-letters"]), *made] if made else []


def _events(events: Iterable[tuple[Row, model.Event]], link: Link) -> nodes.bullet_list:
    items = []
    for row, event in events:
        day = nodes.strong("", csl.written(event.date))
        said = nodes.Text(f" ({plain(event.kind)}): {event.what.rstrip('.')}.")
        line = nodes.paragraph("", "", day, nodes.Text(" "), link(row), said, classes=["kb-unlinked"])
        items.append(nodes.list_item("", line))
    return nodes.bullet_list("", *items, classes=["kb-events"])


class details(nodes.General, nodes.Element):
    """A box that opens; ``summary`` is its label."""


class drawing(nodes.General, nodes.Element):
    """A drawing of our own writer (:mod:`kb.chart`) as SVG text in ``svg``."""


def _key_figures(views: Views, link: Link) -> list[nodes.Node]:
    items = []
    for figure in views.key_figures:
        value = nodes.paragraph("", "", nodes.strong("", figure.value), nodes.Text(f" {figure.when}"))
        title = nodes.paragraph("", "", link(figure.row), classes=["kb-card-title"])
        said = details("", nodes.paragraph("", figure.definition), summary=_("What is counted"))
        publisher = nodes.paragraph("", figure.publisher)
        items.append(nodes.list_item("", title, value, drawing(svg=figure.spark), publisher, said))
    return [nodes.bullet_list("", *items, classes=["kb-cards", "kb-chart", "kb-unlinked"])]


def _due(views: Views, link: Link) -> list[nodes.Node]:
    overdue = sum(day < views.today for day, _row in views.due)
    said = f"On {csl.written(views.today.isoformat())} (UTC), {overdue} of {len(views.due)} pages were overdue. "
    made: list[nodes.Node] = [nodes.paragraph("", f"{said}In each list those that have waited longest come first.")]
    for title, pages in views.due_by_topic:
        late = sum(day < views.today for day, _row in pages)
        items = []
        for day, row in pages:
            when = nodes.Text(f", {'was ' if day < views.today else ''}due {csl.written(day.isoformat())}")
            items.append(nodes.list_item("", nodes.paragraph("", "", link(row), when, classes=["kb-unlinked"])))
        made.append(details("", nodes.bullet_list("", *items), summary=f"{title}: {late} of {len(pages)} overdue"))
    return made


def _changes(views: Views, link: Link) -> list[nodes.Node]:
    return _changed(views.changes, views.new_pages, link)


def _recent(views: Views, link: Link) -> list[nodes.Node]:
    return _changed(views.changes[:RECENT], views.new_pages[:1], link)


def _changed(
    changes: Iterable[Change], new: Iterable[tuple[datetime.date, tuple[Row, ...]]], link: Link
) -> list[nodes.Node]:
    rows: list[tuple[datetime.date, Cell]] = []
    for day, said, row in changes:
        rows.append((day, [link(row), nodes.Text(f", {said}")]))
    for day, pages in new:
        links: Cell = []
        for row in pages[:NEW_SHOWN]:
            links += [nodes.Text(", " if links else ""), link(row)]
        more = len(pages) - NEW_SHOWN
        words = (_("{number} new pages") if len(pages) > 1 else _("{number} new page")).format(number=len(pages))
        rest = f" {_('and {number} more')}".format(number=more) if more > 0 else ""
        rows.append((day, [nodes.Text(f"{words}: "), *links, nodes.Text(rest)]))
    items = []
    for day, parts in sorted(rows, key=lambda item: item[0], reverse=True):
        when = nodes.strong("", csl.written(day.isoformat()))
        line = nodes.paragraph("", "", when, nodes.Text(": "), *parts, classes=["kb-unlinked"])
        items.append(nodes.list_item("", line))
    return [nodes.bullet_list("", *items)] if items else [nodes.paragraph("", _("None has been recorded."))]


def _disputed(views: Views, link: Link) -> list[nodes.Node]:
    items = []
    for row, record, found in views.disputed:
        values = "; ".join(
            f"{series.amount(record, rival.observation.value)} ({rival.series.publisher})" for rival in found.rivals
        )
        said = nodes.Text(f", {series.label(found.period)}: {values}.")
        items.append(nodes.list_item("", nodes.paragraph("", "", link(row), said, classes=["kb-unlinked"])))
    return [nodes.bullet_list("", *items)] if items else [nodes.paragraph("", _("Nothing is in dispute."))]


def _oversight(rows: Iterable[Overseen], link: Link) -> nodes.Node:
    items = []
    for found in rows:
        about = nodes.inline("", f" {plain(found.row.kind)}, {plain(found.row.status)}", classes=["kb-badge"])
        item = nodes.list_item("", nodes.paragraph("", "", link(found.row), about, classes=["kb-unlinked"]))
        if found.below:
            item += _oversight(found.below, link)
        items.append(item)
    return nodes.bullet_list("", *items, classes=["kb-tree"])


def _wanted(views: Views, link: Link) -> list[nodes.Node]:
    found = views.wanted
    names = [[_text(name), _text(str(count))] for name, count in found.names]
    made: list[nodes.Node] = [nodes.rubric("", "Names without an entry", classes=["kb-unlinked"])]
    made.append(table(["Name", "Pages"], names))
    for title, rows in (
        ("Topic pages that rest on one publisher", found.thin),
        ("Entries without an event", found.bare),
    ):
        made.append(nodes.rubric("", title, classes=["kb-unlinked"]))
        made.append(children(rows, link) if rows else nodes.paragraph("", "None."))
    return made


def table(head: list[str], rows: Iterable[list[Cell]]) -> nodes.table:
    """A plain table."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _cell in head), cols=len(head))
    group += nodes.thead("", _line([_text(cell) for cell in head]))
    group += nodes.tbody("", *(_line(row) for row in rows))
    return nodes.table("", group, classes=["kb-unlinked"])


def _line(cells: Iterable[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def _text(words: str) -> Cell:
    return [nodes.Text(words)]


def _date(day: datetime.date) -> Cell:
    return _nowrap(day.isoformat())


def _nowrap(words: str) -> Cell:
    return [nodes.inline("", words, classes=["kb-date"])]


def _letter_id(letter: str) -> str:
    return f"letter-{letter if letter.isascii() and letter.isalpha() else 'other'}".lower()
