"""Wide tables scroll in a container of their own, which a keyboard must be able to reach.

Furo gives the container the id of a table with a title, so that the id would stand twice.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from kb.words import _

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PLAIN = re.compile(r'<div (class="table-wrapper[^"]*")(?: id="[^"]*")?>')


def reachable(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: furo's table containers take the focus."""
    if "body" in context:
        named = f'<div role="group" aria-label="{escape(_("Table, scrolls sideways"))}" tabindex="0" '
        context["body"] = _PLAIN.sub(lambda found: f"{named}{found[1]}>", context["body"])


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("html-page-context", reachable)
