"""One style sheet and one script for all pages, made when all are written: only rules that a page names, hashed names.

A page asks for ``_static/site.css`` and ``_static/site.js`` until the last step writes the hash into it, so that a
cached copy never serves another state of the site.
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

_SCRIPTS = ("scripts/furo.js", "kb.js")
_ON_DEMAND = ("search-page.js", "search.js", "query.js", "small.js", "board.js", "design-tabs.js", "not-found.js")
_KEPT = {"icon.svg", *_ON_DEMAND}
_REFERENCE = re.compile(r"(_static/site)(?:\.[0-9a-f]{8})?\.(css|js)\b")
_MAP = re.compile(r"^/[/*]# sourceMappingURL=.*$", re.M)


class Bundle:
    """What goes into the two files, gathered from the search page, which the main process writes in every build."""

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.variables = ""

    def choose(self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
        """html-page-context, last: scripts that the page needs beside the one that all have."""
        body = context.get("body", "")
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
        script = "".join(_MAP.sub("", (static / name).read_text("utf-8")) for name in _SCRIPTS)
        scripts = [script, *((static / name).read_text("utf-8") for name in _ON_DEMAND)]
        names = set().union(*map(styles.named, pages.values()), *map(styles.words, scripts))
        sheet = "".join((out / name).read_text("utf-8") for name in self.sheets) + self.variables
        made = {"css": styles.kept(sheet, names, scripts), "js": script}
        target = {}
        for kind, content in made.items():
            target[kind] = f"site.{hashlib.blake2b(content.encode(), digest_size=4).hexdigest()}.{kind}"
            (static / target[kind]).write_text(content, "utf-8")
        for path, html in pages.items():
            hashed = _REFERENCE.sub(lambda found: f"_static/{target[found[2]]}", html)
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
