"""The corpus on the build environment, loaded before anything is read, and the pages that its changes reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sphinx.util import logging

from kb import check, history, render, views, words
from kb.links import ledger
from kb.sphinx import translate

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from kb.finding import Finding


logger = logging.getLogger(__name__)


def views_of(env: BuildEnvironment) -> views.Views:
    """The views of this build's corpus."""
    kept: Any = env
    found: views.Views = kept.kb
    return found


def load(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """env-get-outdated: read the records (main process, before any fork); stop when there is a fault."""
    kept: Any = env  # env.kb_quoted and the like are pickled with it, for the next build
    loaded = getattr(app, "kb_checked", None)  # by kb.sphinx.ahead, a moment ago
    if loaded is None:
        loaded, findings = check.check(Path(app.confdir), keep=True)
        if findings or loaded is None:
            _refuse(findings)
    root = Path(app.confdir)
    asked, said = ledger.read(root / ledger.NAME), translate.of_pages(app)
    kept.kb = views.Views(loaded, asked=asked, history=history.read(root), said=said)
    before: dict[str, str] = getattr(env, "kb_quoted", {})
    kept.kb_quoted = kept.kb.all_quoted()
    return sorted(views.affected(before, kept.kb_quoted) & before.keys())


def _refuse(findings: list[Finding]) -> NoReturn:
    """One line a fault and exit code 1; an exception would be shown as a fault of Sphinx, with a traceback."""
    for finding in findings:
        logger.error("%s", finding)
    raise SystemExit(1)


def show(app: Sphinx, docname: str, content: list[str]) -> None:
    """source-read: Sphinx gets the page without its front matter, with what the record adds."""
    page = views_of(app.env).corpus.pages[docname]
    with words.untranslated():
        content[0] = render.source(page, content[0], definition=app.builder.name == "gettext")


def listed_by_us(app: Sphinx, doctree: nodes.document) -> None:
    """doctree-read: pages stand in our own lists, not in toctrees; Sphinx need not look for them there."""
    app.env.metadata[app.env.current_document.docname]["orphan"] = "true"


def updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """env-updated: pages to write again though their own file did not change."""
    kept: Any = env
    old: dict[str, str] = getattr(env, "kb_outside", {})
    new = views_of(env).all_outside()
    kept.kb_outside = new
    return sorted(views.affected(old, new) & env.found_docs)


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("env-get-outdated", load)
    app.connect("source-read", show)
    app.connect("doctree-read", listed_by_us)
    app.connect("env-updated", updated)
