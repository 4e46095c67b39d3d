"""The last step: redirects and data files are written, and what the build no longer lists is deleted."""

from __future__ import annotations

import contextlib
import os
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
    known = {f"{docname}.{kind}" for docname in app.env.found_docs for kind in ("html", "md")}
    known |= {"search.html", "404.html", "objects.inv", ".buildinfo"}
    known |= {f"_images/{name}" for _, name in app.env.images.values()}
    _root(out / "404.html", corpus.site.address.base_url)
    for old, redirect in corpus.redirects.items():
        url = "../" * old.count("/") + f"{redirect.new}.html"
        known.add(_write(out, f"{old}.html", _REDIRECT.format(url=escape(url))))
    for name, content in export.files(corpus):
        known.add(_write(out, f"{DATA}/{name}", content))
    for name, content in feeds.files(views):
        known.add(_write(out, name, content))
    inner: list[str] = []
    for folder, folders, names in os.walk(out):
        inside = "" if folder == str(out) else f"{Path(folder).relative_to(out).as_posix()}/"
        for name in names:
            if f"{inside}{name}" not in known:
                Path(folder, name).unlink()
        if not inside:
            folders[:] = [name for name in folders if name not in ("_static", BUNDLE)]
        inner.append(folder)
    for folder in reversed(inner[1:]):
        with contextlib.suppress(OSError):  # it holds something
            Path(folder).rmdir()


def _root(page: Path, base_url: str) -> None:
    """Addresses of a page that is shown at any address, from the site's root."""
    root = f"{urlsplit(base_url).path.rstrip('/')}/"
    page.write_text(_RELATIVE.sub(rf'\1="{root}', page.read_text("utf-8")), "utf-8")


def _write(out: Path, name: str, content: str) -> str:
    path, data = out / name, content.encode()
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return name


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", clear_static)
    app.connect("build-finished", publish, priority=800)
