"""Style sheets and scripts, made when all pages are written: only rules that a page names, names with a hash.

All pages have ``site.css`` and ``site.js``; those that list others, or show code, have a second sheet. A page asks for
``_static/site.css``, a script for ``./query.js``, until the last step writes the hash into it, so that a cached copy
never serves another state of the site. Furo's own script is not sent: ours does what it does.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import styles
from kb.sphinx import translate
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SCRIPTS = {  # source -> name; a script stands below those that it asks for
    "query.js": "query.js", "small.js": "small.js", "search.js": "search.js", "search-page.js": "search-page.js",
    "board.js": "board.js", "design-tabs.js": "design-tabs.js", "not-found.js": "not-found.js", "kb.js": "site.js",
}  # fmt: skip
_KEPT = {"icon.svg"}
_APART = {"_static/lists.css": "lists.css", "_static/pygments.css": "code.css"}  # sheets of some pages only
_LISTS = ("kb-children", "kb-cards", "kb-letters", "kb-tree", "kb-board", "kb-events", "glossary")
_STEMS = "|".join(sorted({name.partition(".")[0] for name in (*_APART.values(), *_SCRIPTS.values())}))
_REFERENCE = re.compile(rf'(_static/|"\./)({_STEMS})(?:\.[0-9a-f]{{8}})?\.(css|js)\b')


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
        memory = Memory(Path(app.doctreedir, "names.json"))
        pages = [out / f"{name}.html" for name in (*views_of(app.env).corpus.pages, "search", "404")]
        scripts = {name: translate.script((static / name).read_text("utf-8")) for name in _SCRIPTS}
        names = memory.named(pages).union(*map(styles.words, scripts.values()))
        sheets = {"site.css": self.variables, **dict.fromkeys(_APART.values(), "")}
        for name in reversed(self.sheets):
            kind = _APART.get(name, "site.css")
            sheets[kind] = (out / name).read_text("utf-8") + sheets[kind]
        made = styles.kept(sheets, names, scripts.values())
        made |= {name: styles.bare(scripts[source]) for source, name in _SCRIPTS.items()}
        target: dict[str, str] = {}

        def hashed_names(text: str) -> str:
            return _REFERENCE.sub(lambda found: found[1] + target[f"{found[2]}.{found[3]}"], text)

        for name, content in made.items():
            whole = hashed_names(content)
            stem, kind = name.split(".")
            target[name] = f"{stem}.{hashlib.blake2b(whole.encode(), digest_size=4).hexdigest()}.{kind}"
            (static / target[name]).write_text(whole, "utf-8")
        for path in memory.without(pages, target):
            html = path.read_text("utf-8")
            hashed = hashed_names(html)
            if hashed != html:
                path.write_text(hashed, "utf-8")
        memory.keep(pages, target)
        for path in sorted(static.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.relative_to(static).as_posix() not in _KEPT | set(target.values()):
                path.unlink()


class Memory:
    """What the pages of the last build name, and the files they ask for, so that only new ones are looked at."""

    def __init__(self, file: Path) -> None:
        self.file = file
        content = json.loads(file.read_text("utf-8")) if file.exists() else {"names": [], "pages": {}, "files": {}}
        self.numbers: dict[str, int] = {name: number for number, name in enumerate(content["names"])}
        self.pages: dict[str, tuple[int, list[int]]] = content["pages"]  # time of the page, numbers of its names
        self.files: dict[str, str] = content["files"]
        self.new: dict[str, list[int]] = {}

    def named(self, pages: list[Path]) -> set[str]:
        """Elements, classes and ids of the pages."""
        every: set[int] = set()
        for page in pages:
            stamp, numbers = self.pages.get(str(page), (0, []))
            if page.stat().st_mtime_ns != stamp:
                names = sorted(styles.named(page.read_text("utf-8")))
                numbers = self.new[str(page)] = [self.numbers.setdefault(name, len(self.numbers)) for name in names]
            every.update(numbers)
        return {name for name, number in self.numbers.items() if number in every}

    def without(self, pages: list[Path], files: dict[str, str]) -> list[Path]:
        """The pages that may not ask for these files yet."""
        return pages if files != self.files else [page for page in pages if str(page) in self.new]

    def keep(self, pages: list[Path], files: dict[str, str]) -> None:
        """Remember them for the next build."""
        kept = {
            str(page): (page.stat().st_mtime_ns, self.new.get(str(page)) or self.pages[str(page)][1]) for page in pages
        }
        self.file.write_text(json.dumps({"names": list(self.numbers), "pages": kept, "files": files}), "utf-8")


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    bundle = Bundle()
    app.connect("html-page-context", bundle.choose, priority=950)
    app.connect("build-finished", bundle.write, priority=700)
