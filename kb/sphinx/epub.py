"""The book: Sphinx's EPUB with what its standard asks of pages that hold pictures, and the day in its name."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.epub3 import Epub3Builder

from kb import text
from kb.views import build_day

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_ITEM = re.compile(r'(<item id="[^"]*" href="([^"]+\.xhtml)" media-type="[^"]*") />')


class Book(Epub3Builder):
    """Pages with an SVG are marked in the list of files."""

    def build_content(self) -> None:
        """The list of files."""
        super().build_content()
        file = Path(self.outdir, "content.opf")

        def marked(item: re.Match[str]) -> str:
            drawn = "<svg" in Path(self.outdir, item[2]).read_text("utf-8")
            return f'{item[1]} properties="svg" />' if drawn else item[0]

        file.write_text(_ITEM.sub(marked, file.read_text("utf-8")), "utf-8")


def name(app: Sphinx, config: Config) -> None:
    """config-inited: the book's name has its day, and reading systems its few rules of style."""
    config["epub_basename"] = f"{text.slug(config.project)}-{build_day().isoformat()}"


def styles(app: Sphinx) -> None:
    """builder-inited: the book has a style sheet of its own in place of the site's files."""
    if app.builder.name == "epub":
        site, book = (Path(os.path.relpath(Path(__file__).parent / name, app.confdir)) for name in ("static", "book"))
        kept = [folder for folder in app.config["html_static_path"] if folder != site.as_posix()]
        app.config["html_static_path"] = [*kept, book.as_posix()]
        app.add_css_file("book.css", priority=700)


def setup(app: Sphinx) -> None:
    """Register the builder and the handlers."""
    app.add_builder(Book, override=True)
    app.connect("config-inited", name)
    app.connect("builder-inited", styles)
