"""What Sphinx made of a page must stay inside docs/: links, pictures, downloads, and the files a page was made from.

Records and tokens were judged before Sphinx saw the page (:mod:`kb.page`); this looks at the result, for what an
extension may have added or read otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

from kb import address, published
from kb.finding import Finding
from kb.sphinx import translate
from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from kb.corpus import Corpus

logger = logging.getLogger(__name__)
Fault = tuple[str, str, str]


def faults(doctree: nodes.document, docname: str, corpus: Corpus) -> Iterator[tuple[int, Fault]]:
    """(line, what is wrong) of a page as Sphinx read it."""
    for node in doctree.findall(nodes.Element):
        for fault in _node_faults(node, docname, corpus):
            yield _line(node), fault


def _node_faults(node: nodes.Element, docname: str, corpus: Corpus) -> Iterator[Fault]:
    if isinstance(node, nodes.reference) and (target := node.get("refuri")):
        if fault := address.fault(target) if address.leaves(target) else _inside(target, docname, corpus):
            yield fault
    elif isinstance(node, nodes.image):
        uri = node["uri"]
        if uri not in corpus.pictures or set(node.get("candidates", {}).values()) - corpus.pictures:
            message = f"the picture '{address.short(uri)}' is no picture in docs/"
            yield "link-missing", message, "put the file into docs/ and name it"
    elif isinstance(node, addnodes.download_reference):
        message = f"'{address.short(str(node.get('reftarget')))}' would be published as a file"
        yield "link-missing", message, "link to a page, or to where the file is published"
    elif isinstance(node, nodes.raw):
        html = f"<html><body><article role='main'>{node.astext()}</article></body></html>"
        for message, remedy in published.page(html, docname):
            yield "syntax-unsafe", message, remedy
        if node.get("format") not in ("html", "latex") or node.get("url") or node.get("file"):
            yield "syntax-unsafe", "raw output of another kind", "find the markup that makes it"
    elif isinstance(node, nodes.meta):
        yield "syntax-unsafe", "the page would add to its own head", "use the record's fields"
    elif isinstance(node, addnodes.toctree):
        for _, target in node["entries"]:
            if target not in corpus.pages:
                yield "link-missing", f"'{address.short(target)}' is no page", "name a page"


def _inside(target: str, docname: str, corpus: Corpus) -> Fault | None:
    """Links to our pages are made later, by name; a path that is here already was made by an extension."""
    found = corpus.pages[docname].target(target)
    if found and (found[0].removesuffix(".html") in corpus.pages or found[0].startswith("data/")):
        return None
    return "link-missing", f"'{address.short(target)}' is no page of the site", "link to a page that exists"


def _line(node: nodes.Node | None) -> int:
    while node is not None:
        if node.line:
            return node.line
        node = node.parent
    return 1


def switch_off(app: Sphinx) -> None:
    """builder-inited: directives that read files or pass HTML on do not, should one get this far."""
    app.env.settings.update(file_insertion_enabled=False, raw_enabled=False, line_length_limit=20_000)


def judge(app: Sphinx, doctree: nodes.document) -> None:
    """doctree-read, after Sphinx's own collectors."""
    docname = app.env.current_document.docname
    corpus = views_of(app.env).corpus
    path = f"docs/{docname}.md"
    for line, fault in faults(doctree, docname, corpus):
        logger.warning("%s", Finding(path, line, *fault))


def dependencies(app: Sphinx, env: BuildEnvironment) -> None:
    """env-check-consistency: pages are made from files in docs/, from catalogues, and from our own code."""
    folders = (Path(env.srcdir).resolve(), Path(__file__).parents[1], *translate.folders(app))
    for docname, names in env.dependencies.items():
        for name in names:
            file = Path(env.srcdir, name)
            ours = any(file.resolve().is_relative_to(folder) for folder in folders)
            if file.is_symlink() or not ours:
                message = f"the page is made from '{address.short(str(name))}'"
                finding = Finding(f"docs/{docname}.md", 1, "syntax-unsafe", message, "take out what includes it")
                logger.warning("%s", finding)


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", switch_off)
    app.connect("doctree-read", judge, priority=900)
    app.connect("env-check-consistency", dependencies)
