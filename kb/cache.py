"""What was read from each file of ``docs/``, kept in ``_build/`` from one run to the next.

A file that has not changed (time and size) is not read again. What is kept holds for one version of the code that
read it. It is trusted no further than a page: only plain records are made from it, nothing is called.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import markdown_it
import pydantic
import yaml

from kb import corpus, csl, evidence, finding, model, page

NAME = Path("_build", "read.pickle")
_RECORDS = {module.__name__ for module in (corpus, csl, evidence, finding, model, page)}
_PLAIN = {("builtins", "frozenset"), ("builtins", "set"), ("datetime", "date"), ("decimal", "Decimal")}


def read(root: Path) -> corpus.Files:
    """The files as they were last read; none when nothing is kept, or other code kept it."""
    collects = gc.isenabled()
    gc.disable()  # it would walk the growing heap again and again: more than half of the time
    try:
        content = (root / NAME).read_bytes()
        mark = _mark()
        if content.startswith(mark):
            files: corpus.Files = _Reader(io.BytesIO(content[len(mark) :])).load()
            return files
    except Exception:  # a broken or foreign file is as good as none
        return {}
    finally:
        if collects:
            gc.enable()
    return {}


def write(root: Path, files: corpus.Files) -> None:
    """Keep what was read; where that cannot be written, the next run reads everything again."""
    kept = {path: file for path, file in files.items() if not any(f.rule == "build-stopped" for f in file.findings)}
    target = root / NAME
    with contextlib.suppress(OSError):
        target.parent.mkdir(exist_ok=True)
        unfinished = target.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(_mark() + pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))
        unfinished.replace(target)


def _mark() -> bytes:
    """Changes with the code that reads files, and with the libraries that it stands on."""
    code = [(path.name, path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.py"))]
    versions = sys.version, markdown_it.__version__, pydantic.VERSION, yaml.__version__
    return hashlib.blake2b(repr((code, versions)).encode(), digest_size=16).digest()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Only classes of records, and what they consist of."""
        found = super().find_class(module, name) if module in _RECORDS or (module, name) in _PLAIN else None
        if not isinstance(found, type) or (module in _RECORDS and found.__module__ != module):
            raise pickle.UnpicklingError(f"{module}.{name} is no record")
        return found
