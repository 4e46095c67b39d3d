"""The last step: redirects and data files are written, and what the build no longer lists is deleted."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kb import export, feeds
from kb.sphinx.env import views_of
from kb.sphinx.search import BUNDLE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DATA = "data"
_RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?!#|/|[a-z]+:)(?:\./)?')
_REDIRECT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Moved</title><meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={url}"></head>
<body><p>This page has moved to <a href="{url}">{url}</a>.</p></body></html>
"""


def clear_static(app: Sphinx) -> None:
    """builder-inited: static files are copied anew on every build, so none can be left over."""
    if app.builder.name == "html":
        shutil.rmtree(Path(app.outdir, "_static"), ignore_errors=True)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """build-finished, before the search index."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    views = views_of(app.env)
    corpus = views.corpus
    written = {out / f"{docname}.{kind}" for docname in app.env.found_docs for kind in ("html", "md")}
    written |= {out / name for name in ("search.html", "404.html", "objects.inv", ".buildinfo")}
    _root(out / "404.html", corpus.site.address.base_url)
    for old, redirect in corpus.redirects.items():
        url = "../" * old.count("/") + f"{redirect.new}.html"
        written.add(_write(out / f"{old}.html", _REDIRECT.format(url=escape(url))))
    for name, content in export.files(corpus):
        written.add(_write(out / DATA / name, content))
    for name, content in feeds.files(views):
        written.add(_write(out / name, content))
    images = {out / "_images" / name for _, name in app.env.images.values()}
    for path in sorted(out.rglob("*"), reverse=True):
        top = path.relative_to(out).parts[0]
        if path.is_dir():
            if top not in ("_static", BUNDLE) and not any(path.iterdir()):
                path.rmdir()
        elif top not in ("_static", BUNDLE) and path not in written and path not in images:
            path.unlink()


def _root(page: Path, base_url: str) -> None:
    """Addresses of a page that is shown at any address, from the site's root."""
    root = f"{urlsplit(base_url).path.rstrip('/')}/"
    page.write_text(_RELATIVE.sub(rf'\1="{root}', page.read_text("utf-8")), "utf-8")


def _write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", clear_static)
    app.connect("build-finished", publish, priority=800)
