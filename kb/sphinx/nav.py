"""Sidebar, previous and next, breadcrumbs: computed once a branch, without toctrees.

Furo renders the whole tree into every page and parses it again there, which grows with the square of the pages.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from kb.sphinx.env import views_of
from kb.words import _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from kb.views import Branch, Row

_BEFORE_FURO, _AFTER_FURO = 100, 900  # priorities of html-page-context handlers; furo's is 500


class Sidebars:
    """The HTML of each branch, made once; a page adds its own mark."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], str] = {}

    def silence(self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
        """html-page-context, before furo: there is no toctree to resolve."""
        context["toctree"] = lambda **kwargs: ""

    def show(self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
        """html-page-context, after furo: our sidebar, neighbours and breadcrumbs."""
        views = views_of(app.env)
        pathto = context["pathto"]
        page = views.corpus.pages.get(pagename, views.corpus.pages["index"])
        branch, up = views.branch(page), "../" * pagename.count("/")
        key = (branch.folder, up)
        if key not in self._made:
            self._made[key] = _render(branch, up)
        mark = f'<a class="reference internal" href="{up}{escape(pagename)}.html"'
        context["furo_navigation_tree"] = self._made[key].replace(mark, f'{mark} aria-current="page"')
        before, after = views.neighbours(page) if pagename in views.corpus.pages else (None, None)
        context["prev"], context["next"] = _link(before, pathto), _link(after, pathto)
        context["parents"] = _crumbs(pagename, branch, pathto)


def _link(row: Row | None, pathto: Any) -> dict[str, str] | None:
    return {"link": pathto(row.docname), "title": escape(row.title)} if row else None


def _crumbs(pagename: str, branch: Branch, pathto: Any) -> list[dict[str, str]]:
    if pagename == "index" or "/" not in pagename:
        return []
    home = {"link": pathto("index"), "title": escape(_("Home"))}
    above = [row for row in branch.top if row.docname == f"{branch.folder}/index" and row.docname != pagename]
    return [home, *(link for row in above if (link := _link(row, pathto)))]


def _render(branch: Branch, up: str) -> str:
    parts = ["<ul>"]
    for row in branch.top:
        folder = row.docname.rpartition("/")[0]
        here = folder == branch.folder
        parts.append(_item(row, up, f"toctree-l1{' current' if here else ''}"))
        if here and branch.inner:
            parts.append('<ul class="current">')
            parts += [_item(inner, up, "toctree-l2") + "</li>" for inner in branch.inner]
            if branch.more:
                words = escape(_("All {count} pages in {folder}"))
                words = words.format(count=len(branch.inner) + branch.more, folder=escape(row.title))
                parts.append(f'<li class="toctree-l2"><a href="{up}{row.docname}.html">{words}</a></li>')
            parts.append("</ul>")
        parts.append("</li>")
    if branch.topics:
        words = escape(_("All {count} topics")).format(count=branch.topics)
        parts.append(f'<li class="toctree-l1"><a href="{up}index.html">{words}</a></li>')
    parts.append("</ul>")
    return "".join(parts)


def _item(row: Row, up: str, classes: str) -> str:
    return (
        f'<li class="{classes}"><a class="reference internal" href="{up}{row.docname}.html">'
        f"{escape(row.title, quote=False)}</a>"
    )


def setup(app: Sphinx) -> None:
    """Connect the handlers around furo's."""
    sidebars = Sidebars()
    app.connect("html-page-context", sidebars.silence, priority=_BEFORE_FURO)
    app.connect("html-page-context", sidebars.show, priority=_AFTER_FURO)
