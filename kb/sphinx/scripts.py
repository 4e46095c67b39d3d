"""Runs of another script, as ``site.toml`` names them, become ``<bdi lang>``: fonts, direction and voice follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb import text
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_APART = r"<svg.*?</svg>|<[^>]*>"  # drawings hold no bdi, and tags are not text


class Marked:
    """The patterns of a site's other scripts, made once a build."""

    def __init__(self) -> None:
        self.patterns: dict[str, re.Pattern[str]] | None = None

    def mark(self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
        """html-page-context: the page's text and its contents list."""
        if self.patterns is None:
            named = views_of(app.env).corpus.site.scripts
            self.patterns = {language: text.runs(script) for language, script in named.items()}
        for language, pattern in self.patterns.items():
            for part in ("body", "toc"):
                if pattern.search(context.get(part, "")):
                    context[part] = _marked(context[part], language, pattern)


def _marked(html: str, language: str, pattern: re.Pattern[str]) -> str:
    either = re.compile(f"({_APART})|{pattern.pattern}", re.S)
    return either.sub(lambda found: found[0] if found[1] else f'<bdi lang="{language}">{found[0]}</bdi>', html)


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("html-page-context", Marked().mark)
