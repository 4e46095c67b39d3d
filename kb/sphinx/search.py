"""Search by Pagefind: article text alone is indexed, titles and names weigh more, sections are results of their own."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import SphinxError

from kb import corpus, model, wordlists
from kb.sphinx.env import views_of
from kb.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from kb.page import Page

BUNDLE = "pagefind"
LISTS = "lists"
UNINDEXED = "unindexed"  # tag of a build that leaves the index as it is, so that an edit is soon seen
_CHUNK = "2000"  # a word's part of the index is loaded whole: 4 kB at this size, 27 kB at Pagefind's own
_VERSION = "INDEX-VERSION"  # stands in the search page until the index is made
# Sphinx puts ids on sections; Pagefind makes a result of a section only where its heading has the id.
_SECTION = re.compile(r'<section id="([^"]+)">(\s*(?:<span id="[^"]*"></span>)*\s*)<h([1-6])(?=[ >])')


class SearchFailed(SphinxError):
    """The index could not be made."""

    category = "Search"


def use_pagefind(app: Sphinx) -> None:
    """builder-inited: Sphinx's own index is not built."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined] # the html builder has it


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """html-collect-pages: our search page in place of the one that was switched off, and the page for lost readers."""
    if app.builder.name == "html":
        yield "search", {}, "search.html"
        yield "404", {}, "404.html"


def searched(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """html-page-context: whether the page's text is searched."""
    page = views_of(app.env).corpus.pages.get(pagename)
    context["kb_searched"] = page is not None and wordlists.is_searched(page)


def document(page: Page, article: str, letters: dict[str, str]) -> str:
    """A page as Pagefind gets it: its article, and its names as metadata that is never shown.

    Kind and topic are metadata too: Pagefind 1.5.2 writes its own filters in an order that differs between runs.
    """
    record = page.record
    names = [*wordlists.terms(page), *(corpus.names_of(page) if isinstance(record, model.Entry) else ())]
    asks = record.question if isinstance(record, model.Topic) else ""
    entry = record if isinstance(record, model.Entry) else None
    body = _SECTION.sub(r'<section>\2<h\3 id="\1"', article)
    fold = str.maketrans(letters)
    names_text = escape(", ".join(names)).translate(fold)
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(page.title)}</title></head><body data-pagefind-body>'
        f'<span data-pagefind-meta="title[data-t]" data-t="{escape(page.title)}"></span>'
        f'<span data-pagefind-meta="names[data-n]" data-n="{names_text}"></span>'
        f'<span data-pagefind-meta="asks[data-q]" data-q="{escape(asks)}"></span>'
        f'<span data-pagefind-meta="about[data-d]" data-d="{escape(record.description)}"></span>'
        f'<span data-pagefind-meta="kind[data-k]" data-k="{wordlists.kind(page)}"></span>'
        f'<span data-pagefind-meta="entry[data-e]" data-e="{escape(_(entry.entry_kind)) if entry else ""}"></span>'
        f'<span data-pagefind-meta="status[data-s]" data-s="{escape(_(entry.status)) if entry else ""}"></span>'
        f"{body.translate(fold)}</body></html>"
    )


def build_index(app: Sphinx, exception: Exception | None) -> None:
    """build-finished: one index over the whole site; a failing indexer fails the build."""
    if exception or app.builder.name != "html":
        return
    loaded = views_of(app.env).corpus
    out = Path(app.outdir)
    entry = out / BUNDLE / "pagefind-entry.json"
    if app.tags.has(UNINDEXED) and entry.exists():
        _name(out, json.loads(entry.read_bytes())["languages"]["en"]["hash"])
        return
    shutil.rmtree(out / BUNDLE, ignore_errors=True)
    articles: dict[str, str] = {}
    for docname, page in loaded.pages.items():
        built = app.builder.get_outfilename(docname)  # type: ignore[attr-defined] # the html builder has it
        html = Path(built).read_text("utf-8")
        article = wordlists.article(html)
        if article is not None and wordlists.is_searched(page):
            articles[docname] = article
    if articles:
        _name(out, write(loaded, articles, out / BUNDLE))


def _name(out: Path, version: str) -> None:
    """Tell the search page, and the page for missing addresses, which index they are to load."""
    for ours in (out / "search.html", out / "404.html"):
        ours.write_text(ours.read_text("utf-8").replace(_VERSION, version), "utf-8")


def write(loaded: corpus.Corpus, articles: dict[str, str], target: Path) -> str:
    """Index and lists of some pages (docname -> HTML of the article) into ``target``; returns the index's version."""
    with tempfile.TemporaryDirectory() as folder:
        for docname, article in articles.items():
            file = Path(folder, f"{docname}.html")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(document(loaded.pages[docname], article, loaded.site.search.letters), "utf-8")
        _index(Path(folder), target)
    version = _shorten(target)
    ids = _ids(target, version)
    if ids.keys() != articles.keys():
        raise SearchFailed(f"{len(articles)} pages were to be searched, {len(ids)} are in the index")
    (target / LISTS).mkdir()
    for name, content in wordlists.files(loaded, articles, ids):
        (target / LISTS / f"{name}.json").write_text(wordlists.compact(content), "utf-8")
    return version


def _shorten(bundle: Path) -> str:
    """Number the files of the index and write the table of them that each first query loads; returns its version.

    Pagefind's own table would be most of what a query loads beyond what it always does, and grows with the site: it
    names the files of pages and of parts of the index by hashes, and each part's first and last word. ``search.js``
    writes it from ours. Files are numbered in a folder that is new with each index. Pages' lengths, by which results
    are weighed, are rounded.
    """
    (meta,) = bundle.glob("pagefind.*.pf_meta")
    table = gzip.decompress(meta.read_bytes()).removeprefix(b"pagefind_dcd")
    version = hashlib.sha256(table).hexdigest()[:6]
    (engine, pages, parts, *_empty, fields), _end = _cbor(table)
    for folder, names in (("fragment", [page[0] for page in pages]), ("index", [part[2] for part in parts])):
        (bundle / folder / version).mkdir()
        for number, name in enumerate(names):
            file = bundle / folder / f"{name}.pf_{folder}"
            file.rename(bundle / folder / version / f"{number:x}.pf_{folder}")
    short = {
        "version": version,
        "engine": engine,
        "fields": fields,
        "lengths": [_rounded(page[1]) for page in pages],
        "starts": " ".join(part[0] for part in parts),
    }
    meta.unlink()
    (bundle / f"pagefind.{version}.json").write_text(wordlists.compact(short), "utf-8")
    entry = bundle / "pagefind-entry.json"
    content = json.loads(entry.read_bytes())
    content["languages"]["en"]["hash"] = version
    entry.write_text(wordlists.compact(content), "utf-8")
    return version


def _cbor(data: bytes, at: int = 0) -> tuple[Any, int]:
    """The number, text or list that stands in CBOR at a place, and where it ends."""
    kind, number = data[at] >> 5, data[at] & 31
    at += 1
    if number > 23:
        size = 1 << number - 24
        number, at = int.from_bytes(data[at : at + size]), at + size
    if kind == 0:
        return number, at
    if kind == 3:
        return data[at : at + number].decode(), at + number
    if kind != 4:
        raise SearchFailed(f"pagefind's table has a value of kind {kind}, which is not known here")
    values: list[Any] = []
    while len(values) < number:
        value, at = _cbor(data, at)
        values.append(value)
    return values, at


def _rounded(number: int) -> int:
    """To three binary digits, or below."""
    rest = max(0, number.bit_length() - 3)
    return (number >> rest) << rest


def _ids(bundle: Path, version: str) -> dict[str, str]:
    """Docname -> the id by which Pagefind's results name the page."""
    ids = {}
    for file in sorted((bundle / "fragment" / version).iterdir()):
        content = gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd")
        url = json.loads(content)["url"]
        ids[url.strip("/").removesuffix(".html")] = f"{version}/{file.stem}"
    return dict(sorted(ids.items()))


def _index(folder: Path, target: Path) -> None:
    """Index a folder of pages into ``target``, with the command rather than its Python service.

    The service was seen to end before its files were written to the end. Pagefind's own interface is left out: ours
    takes its place.
    """
    from pagefind.service import get_executable  # here: it brings more than a build without an index needs

    program = get_executable()
    if program is None:
        raise SearchFailed("pagefind is not installed: install the packages of requirements.txt")
    command = [str(program), "--site", str(folder), "--output-path", str(target), "--quiet"]
    command += ["--force-language", "en"]  # one index: pages of another language would vanish from the search
    command += ["--include-characters", "@"]
    environment = {**os.environ, "PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": _CHUNK}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if result.returncode:
        raise SearchFailed(f"pagefind ended with code {result.returncode}: {result.stdout} {result.stderr}")
    for pattern in ("*-ui.*", "pagefind-highlight.*", "pagefind-worker.*", "wasm.unknown.*"):
        for file in target.glob(pattern):
            file.unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", use_pagefind)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", searched)
    app.connect("build-finished", build_index, priority=900)
