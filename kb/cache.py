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
import zlib
from pathlib import Path
from typing import Any

import markdown_it
import pydantic
import yaml

from kb import corpus, csl, evidence, finding, model, page

NAME = Path("_build", "read")  # a folder: a change of one page writes one of its files
_PARTS = 64
_RECORDS = {module.__name__ for module in (corpus, csl, evidence, finding, model, page)}
_PLAIN = {("builtins", "frozenset"), ("builtins", "set"), ("datetime", "date"), ("decimal", "Decimal")}


def read(root: Path) -> corpus.Files:
    """The files as they were last read; those whose part is missing, broken or kept by other code are left out."""
    collects = gc.isenabled()
    gc.disable()  # it would walk the growing heap again and again: more than half of the time
    mark = _mark()
    files: corpus.Files = {}
    for part in range(_PARTS):
        with contextlib.suppress(Exception):  # a broken or foreign part is as good as none
            content = (root / NAME / f"{part}.pickle").read_bytes()
            if content.startswith(mark):
                files.update(_Reader(io.BytesIO(content[len(mark) :])).load())
    gc.freeze()  # nor would it find anything in it later
    if collects:
        gc.enable()
    return files


def write(root: Path, files: corpus.Files, known: corpus.Files) -> None:
    """Keep what was read, where it is not ``known``; what cannot be written is read again by the next run."""
    paths = {path for path in files.keys() | known.keys() if files.get(path) is not known.get(path)}
    changed = {_part(path) for path in paths}
    parts: dict[int, corpus.Files] = {part: {} for part in changed}
    for path, file in files.items():
        if _part(path) in changed and not any(fault.rule == "build-stopped" for fault in file.findings):
            parts[_part(path)][path] = file
    mark = _mark() if parts else b""
    for part, kept in parts.items():
        target = root / NAME / f"{part}.pickle"
        with contextlib.suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(mark + pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))
            unfinished.replace(target)


def _part(path: str) -> int:
    return zlib.crc32(path.encode()) % _PARTS


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
