"""Catalogues in ``locale/``: ``sphinx.po`` with the interface's words, and one with the pages of each folder.

The builder ``gettext`` writes a template for each: the pages' by Sphinx, and ``sphinx.pot`` with the words of code,
frame and scripts. Scripts get their words when they are written, so that nothing more is sent.
"""

from __future__ import annotations

import gettext
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import furo
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from sphinx.util.i18n import docname_to_domain

from kb import csl, model, render, words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

CODE = Path(__file__).parents[1]
INTERFACE = "sphinx"  # the catalogue that templates are given
_FOLDERS = (
    (CODE, [("**.py", "python"), ("sphinx/static/**.js", "javascript"), ("sphinx/templates/**.html", "jinja2")]),
    (Path(furo.__file__).parent / "theme", [("**.html", "jinja2")]),
)
_VALUES = (
    model.EntryKind, model.Status, model.EventKind, model.ObservationStatus, model.Scale, model.Verdict, model.Outcome,
)  # fmt: skip
_SAID = re.compile(r'\b_\(("(?:[^"\\]|\\.)*")\)')


def folders(app: Sphinx) -> list[Path]:
    """Where catalogues are."""
    return [Path(app.srcdir, folder).resolve() for folder in app.config.locale_dirs]


def watch(app: Sphinx, config: Config) -> None:
    """config-inited: with other words of the interface every page is another."""
    files = [folder / config.language / "LC_MESSAGES" / f"{INTERFACE}.po" for folder in folders(app)]
    content = b"".join(file.read_bytes() for file in files if file.is_file())
    config["kb_words"] = hashlib.blake2b(content, digest_size=8).hexdigest() if content else ""


def choose(app: Sphinx) -> None:
    """builder-inited: code says its words as templates do."""
    words.use(app.translator)


def of_pages(app: Sphinx) -> Callable[[str, str], str]:
    """A function of a page and a text of its record: the text as the page's catalogue has it."""
    if not any((folder / app.config.language).is_dir() for folder in folders(app)):
        return lambda docname, text: text

    @cache
    def catalogue(domain: str) -> gettext.NullTranslations:
        found = gettext.NullTranslations()
        for folder in folders(app):
            found.add_fallback(gettext.translation(domain, folder, [app.config.language], fallback=True))
        return found

    def said(docname: str, text: str) -> str:
        message = render.escape(text)
        translated = catalogue(docname_to_domain(docname, app.config.gettext_compact)).gettext(message)
        return text if translated == message else re.sub(r"\\(.)", r"\1", translated)

    return said


def script(text: str) -> str:
    """A script with its words in the site's language: each ``_("…")`` becomes the words themselves."""
    return _SAID.sub(lambda found: json.dumps(words._(json.loads(found[1])), ensure_ascii=False), text)


def template(app: Sphinx, exception: Exception | None) -> None:
    """build-finished: the template of the interface's words, in place of Sphinx's with those of the frame alone."""
    if exception or app.builder.name != "gettext":
        return
    found = Catalog(project=app.config.project, version=app.config.version, charset="utf-8")
    for folder, methods in _FOLDERS:
        for name, line, message, comments, context in extract_from_dir(folder, methods):
            found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    for name in (*csl.MONTHS, *(name for values in _VALUES for name in get_args(values))):
        found.add(name)
    with Path(app.outdir, f"{INTERFACE}.pot").open("wb") as file:
        write_po(file, found, include_lineno=False)


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.add_config_value("kb_words", "", "env")
    app.connect("config-inited", watch)
    app.connect("builder-inited", choose)
    app.connect("build-finished", template)
