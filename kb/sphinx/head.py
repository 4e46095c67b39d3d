"""Templates, styles, scripts, and what stands in the head of every page: description and security policy."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import citing, csl, linked, model
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from kb.corpus import Corpus
    from kb.page import Page

HERE = Path(__file__).parent
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
)


def add_files(app: Sphinx, config: Config) -> None:
    """config-inited: our templates and static files, by paths relative to conf.py so that builds do not differ."""
    for setting, folder in (("templates_path", "templates"), ("html_static_path", "static")):
        relative = Path(os.path.relpath(HERE / folder, app.confdir)).as_posix()
        config[setting] = [*config[setting], relative]


def prepare(app: Sphinx) -> None:
    """builder-inited: the policy's hash of furo's one inline script, once a build."""
    if app.builder.name == "html":
        template, _, _ = app.builder.templates.environment.loader.get_source(
            app.builder.templates.environment,
            "!base.html",
        )
        app.config.html_context["kb_policy"] = policy(template)
        app.add_css_file("kb.css", priority=700)
        app.add_css_file("lists.css", priority=701)
        app.add_js_file("kb.js", loading_method="defer")


def policy(template: str) -> str:
    """The Content-Security-Policy for pages made from furo's base template, which has one inline script."""
    (script,) = re.findall(r"<script>(.*?)</script>", template, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return POLICY.format(digest=digest)


def describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: the record's description for search engines and previews."""
    views = views_of(app.env)
    corpus = views.corpus
    page = corpus.pages.get(pagename)
    base = corpus.site.address.base_url
    context["kb_site"] = corpus.site
    context["kb_linked"] = ""
    if page is not None and app.builder.name == "html":
        root = f"{base.rstrip('/')}/" if base else "../" * pagename.count("/")
        found = linked.graph(corpus, page, _above(page, corpus, root), root)
        context["kb_linked"] = (
            json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c") if found else ""
        )
    context["kb_description"] = views.row(pagename).description if page else ""


def _above(page: Page, corpus: Corpus, root: str) -> list[tuple[str, str]]:
    """Title and address of the pages above a page: home, and its folder's index."""
    names = ["index", f"{page.folder}/index"] if page.folder else ["index"]
    return [
        (corpus.pages[name].title, f"{root}{name}.html")
        for name in names
        if name != page.docname and name in corpus.pages
    ]


def about(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: what stands under the notes: how to cite the page, when it changed."""
    views = views_of(app.env)
    page = views.corpus.pages.get(pagename)
    site = views.corpus.site
    context["kb_about"] = None
    if page is None or not isinstance(page.record, model.Topic | model.Entry | model.Indicator | model.Article):
        return
    changes = views.changes_of(page)
    repository = site.address.repository.rstrip("/")
    context["kb_about"] = {
        "cite": citing.cite(site, page, changes[0] if changes else None),
        "first": csl.written(changes[-1].day.isoformat()) if changes else "",
        "last": csl.written(changes[0].day.isoformat()) if changes else "",
        "version": changes[0].commit[:10] if changes else "",
        "permalink": citing.permalink(site, pagename, changes[0].commit) if changes else "",
        "count": len(changes),
        "all": f"{repository}/commits/{site.address.branch}/docs/{pagename}.md" if repository else "",
    }


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("config-inited", add_files)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", about)
