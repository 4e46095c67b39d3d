"""Wide tables scroll in a container of their own, which a keyboard must be able to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PLAIN = '<div class="table-wrapper'
_REACHABLE = '<div role="group" aria-label="Table, scrolls sideways" tabindex="0" class="table-wrapper'


def reachable(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: furo's table containers take the focus."""
    if "body" in context:
        context["body"] = context["body"].replace(_PLAIN, _REACHABLE)


def setup(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("html-page-context", reachable)
