"""Notes the page that each process of a build is at, and limits what memory one page may take.

:mod:`kb.build` reads the notes: if the build stops, hangs or is killed, they say at which page. Without the variable
``KB_READING``, which names the folder of the notes, nothing is noted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx

if sys.platform != "win32":
    import resource

FOLDER = "KB_READING"
PAGE_MEMORY = 2**30  # bytes that reading or writing one page may add


class Note:
    """The note of this process: which page it is at, and what stopped it there."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def at(self, docname: str) -> None:
        """A page begins."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / str(os.getpid())).write_text(f"docs/{docname}.md\n", "utf-8")

    def stopped(self, error: BaseException) -> None:
        """A page could not be ended."""
        cause = getattr(error, "orig_exc", None) or error  # Sphinx hides what a handler threw
        with (self.folder / str(os.getpid())).open("a", encoding="utf-8") as file:
            file.write(f"{type(cause).__name__}: {cause}\n")

    def done(self) -> None:
        """A page ended."""
        (self.folder / str(os.getpid())).unlink(missing_ok=True)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of a docname, with a note for as long as it runs."""

        def noted(docname: str, *arguments: Any, **options: Any) -> Any:
            self.at(docname)
            before = _limit_memory()
            try:
                result = function(docname, *arguments, **options)
            except BaseException as error:
                self.stopped(error)
                raise
            finally:
                _restore(before)
            self.done()
            return result

        return noted


def _limit_memory() -> tuple[int, int] | None:
    """Lower this process's limit to what it has now and one page's share; None where that is not known."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return None
    if sys.platform == "win32":
        return None
    soft, hard = before = resource.getrlimit(resource.RLIMIT_AS)
    share = pages * resource.getpagesize() + PAGE_MEMORY
    if soft == resource.RLIM_INFINITY or share < soft:
        resource.setrlimit(resource.RLIMIT_AS, (share, hard))
    return before


def _restore(before: tuple[int, int] | None) -> None:
    if before and sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, before)


class NoteResolving(SphinxPostTransform):
    """The first step of writing a page happens apart from the rest, in the main process."""

    default_priority = 0

    def run(self, **kwargs: Any) -> None:
        """Begin the note; :func:`resolved` ends it."""
        if folder := os.environ.get(FOLDER):
            Note(folder).at(self.env.current_document.docname)


def resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """doctree-resolved, last: the note ends."""
    if folder := os.environ.get(FOLDER):
        Note(folder).done()


def watch(app: Sphinx) -> None:
    """builder-inited: reading and writing a page are noted."""
    if folder := os.environ.get(FOLDER):
        note = Note(folder)
        for name in ("read_doc", "write_doc"):
            setattr(app.builder, name, note.around(getattr(app.builder, name)))


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", watch)
    app.connect("doctree-resolved", resolved, priority=999)
    app.add_post_transform(NoteResolving)
