"""Templates, styles, scripts, and what stands in the head of every page: description and security policy."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

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
        app.add_js_file("kb.js", loading_method="defer")


def policy(template: str) -> str:
    """The Content-Security-Policy for pages made from furo's base template, which has one inline script."""
    (script,) = re.findall(r"<script>(.*?)</script>", template, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return POLICY.format(digest=digest)


def describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: the record's description for search engines and previews."""
    page = views_of(app.env).corpus.pages.get(pagename)
    context["kb_description"] = page.record.description if page else ""
    context["kb_tagline"] = views_of(app.env).corpus.site.tagline


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("config-inited", add_files)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", describe)
