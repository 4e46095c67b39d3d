"""Write the new addresses of pages that have moved into the source records that hold the old ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kb import address
from kb.corpus import Corpus
from kb.links.ledger import Row


def moves(corpus: Corpus, rows: Mapping[str, Row]) -> Iterator[tuple[str, str, str]]:
    """(source id, old, new) of each source whose page has moved to an address that a record may hold."""
    taken = {located.source.url for located in corpus.sources.values()}
    for key, located in corpus.sources.items():
        row = rows.get(located.source.url or "")
        if row and row.verdict == "moved" and row.final not in taken and not address.fault(row.final, address.SOURCES):
            yield key, row.url, row.final


def apply(root: Path, corpus: Corpus, rows: Mapping[str, Row]) -> list[str]:
    """Rewrite the records; one line for each that was changed."""
    said = []
    for key, old, new in moves(corpus, rows):
        located = corpus.sources[key]
        file = root / located.path
        lines = file.read_text("utf-8").splitlines(keepends=True)
        for number in range(located.line - 1, len(lines)):
            if number >= located.line and re.match(r"- ", lines[number]):
                break
            match = re.match(r"((?:- |  )URL: *)([\"']?)(\S+?)\2(\s*)$", lines[number])
            if match and match[3] == old:
                lines[number] = f'{match[1]}"{new}"{match[4]}'
                _write(file, "".join(lines))
                said.append(f"{located.path}:{number + 1}: {key}: {old} -> {new}")
                break
    return said


def _write(file: Path, content: str) -> None:
    new = file.with_name(f"{file.name}.new")
    new.write_text(content, "utf-8")
    new.replace(file)
