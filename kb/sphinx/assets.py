"""Style sheets and the script, made when all pages are written: only rules that a page names, names with a hash.

All pages have ``site.css`` and ``site.js``; those that list others, or show code, have a second sheet. A page asks for
``_static/site.css`` until the last step writes the hash into it, so that a cached copy never serves another state of
the site. Furo's own script is not sent: ours does what it does.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import styles
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ON_DEMAND = ("search-page.js", "search.js", "query.js", "small.js", "board.js", "design-tabs.js", "not-found.js")
_KEPT = {"icon.svg", *_ON_DEMAND}
_APART = {"_static/lists.css": "lists.css", "_static/pygments.css": "code.css"}  # sheets of some pages only
_LISTS = ("kb-children", "kb-cards", "kb-letters", "kb-tree", "kb-board", "kb-events", "glossary")
_REFERENCE = re.compile(r"(_static/)(site|lists|code)(?:\.[0-9a-f]{8})?\.(css|js)\b")


class Bundle:
    """What goes into the two files, gathered from the search page, which the main process writes in every build."""

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.variables = ""

    def choose(self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
        """html-page-context, last: what the page needs beside the sheet and the script that all have."""
        body = context.get("body", "")
        listing = doctree is None or any(f'"{name}' in body or f" {name}" in body for name in _LISTS)
        code = 'class="highlight' in body
        context["kb_sheets"] = [name for name, there in (("lists.css", listing), ("code.css", code)) if there]
        context["kb_scripts"] = [
            name for name, mark in (("board.js", "kb-board"), ("design-tabs.js", "sd-tab-set")) if mark in body
        ]
        if pagename == "search" and app.builder.name == "html":
            self.sheets = [str(sheet.filename) for sheet in context["css_files"]]
            found = app.builder.templates.render("partials/_head_css_variables.html", context)
            self.variables = re.sub(r"</?style>", "", found)

    def write(self, app: Sphinx, exception: Exception | None) -> None:
        """build-finished, after furo has written its last style sheet and before leftovers are deleted."""
        if exception or app.builder.name != "html":
            return
        out = Path(app.outdir)
        static = out / "_static"
        docnames = (*views_of(app.env).corpus.pages, "search", "404")
        pages = {out / f"{name}.html": (out / f"{name}.html").read_text("utf-8") for name in docnames}
        scripts = {name: (static / name).read_text("utf-8") for name in ("kb.js", *_ON_DEMAND)}
        names = set().union(*map(styles.named, pages.values()), *map(styles.words, scripts.values()))
        sheets = {"site.css": self.variables, **dict.fromkeys(_APART.values(), "")}
        for name in reversed(self.sheets):
            kind = _APART.get(name, "site.css")
            sheets[kind] = (out / name).read_text("utf-8") + sheets[kind]
        made = styles.kept(sheets, names, scripts.values())
        made["site.js"] = styles.bare(scripts["kb.js"])
        target = {}
        for name, content in made.items():
            stem, kind = name.split(".")
            target[name] = f"{stem}.{hashlib.blake2b(content.encode(), digest_size=4).hexdigest()}.{kind}"
            (static / target[name]).write_text(content, "utf-8")
        for path, html in pages.items():
            hashed = _REFERENCE.sub(lambda found: found[1] + target[f"{found[2]}.{found[3]}"], html)
            if hashed != html:
                path.write_text(hashed, "utf-8")
        for path in sorted(static.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.relative_to(static).as_posix() not in _KEPT | set(target.values()):
                path.unlink()


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    bundle = Bundle()
    app.connect("html-page-context", bundle.choose, priority=950)
    app.connect("build-finished", bundle.write, priority=700)
