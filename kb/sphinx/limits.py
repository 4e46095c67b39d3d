"""Notes the page that each process of a build is at, and limits what memory one page may take.

:mod:`kb.build` reads the notes: if the build stops, hangs or is killed, they say at which page. Without the variable
``KB_READING``, which names the folder of the notes, nothing is noted.
"""

from __future__ import annotations

import functools
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
    """The note of a process: which page it is at, and what stopped it there. Empty between pages."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = os.open(folder / str(os.getpid()), os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC)

    def at(self, docname: str) -> None:
        """A page begins."""
        os.ftruncate(self.file, 0)
        os.write(self.file, f"docs/{docname}.md\n".encode())

    def stopped(self, error: BaseException) -> None:
        """A page could not be ended."""
        cause = getattr(error, "orig_exc", None) or error  # Sphinx hides what a handler threw
        os.write(self.file, f"{type(cause).__name__}: {cause}\n".encode())

    def done(self) -> None:
        """A page ended."""
        os.ftruncate(self.file, 0)


@functools.cache
def _note(folder: str, process: int) -> Note:
    return Note(Path(folder))


def note() -> Note | None:
    """The note of this process, if notes are wanted."""
    folder = os.environ.get(FOLDER)
    return _note(folder, os.getpid()) if folder else None


def noted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a docname, with a note for as long as it runs."""

    def with_note(docname: str, *arguments: Any, **options: Any) -> Any:
        own = note()
        assert own
        own.at(docname)
        before = _limit_memory()
        try:
            result = function(docname, *arguments, **options)
        except BaseException as error:
            own.stopped(error)
            raise
        finally:
            _restore(before)
        own.done()
        return result

    return with_note


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
        if own := note():
            own.at(self.env.current_document.docname)


def resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """doctree-resolved, last: the note ends."""
    if own := note():
        own.done()


def watch(app: Sphinx) -> None:
    """builder-inited: reading and writing a page are noted."""
    if note():
        for name in ("read_doc", "write_doc"):
            setattr(app.builder, name, noted(getattr(app.builder, name)))


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", watch)
    app.connect("doctree-resolved", resolved, priority=999)
    app.add_post_transform(NoteResolving)
