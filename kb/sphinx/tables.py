"""Wide tables scroll in a container of their own, which a keyboard must be able to reach.

Furo gives the container the id of a table with a title, so that the id would stand twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PLAIN = re.compile(r'<div (class="table-wrapper[^"]*")(?: id="[^"]*")?>')
_REACHABLE = r'<div role="group" aria-label="Table, scrolls sideways" tabindex="0" \1>'


def reachable(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: furo's table containers take the focus."""
    if "body" in context:
        context["body"] = _PLAIN.sub(_REACHABLE, context["body"])


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("html-page-context", reachable)
