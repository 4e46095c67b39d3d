"""Runs of words as hashes: what two texts share shows in them, and neither can be read from them."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator

RUN = 11  # words of a shingle: names and set phrases are shorter
WINDOW = 3  # of so many neighbours one is kept: shared wording of RUN + WINDOW - 1 words is always found
MAX_KEPT = 3000  # of one text; of longer ones fewer are kept, and only longer copies are sure to be found
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(text.casefold().replace("’", "").replace("'", ""))


def hashes(found: list[str], run: int = RUN) -> Iterator[int]:
    """The hash of every run of words."""
    text = " ".join(found).encode()
    starts = list(itertools.accumulate((len(word.encode()) + 1 for word in found), initial=0))
    for start, end in zip(starts, starts[run:], strict=False):
        yield int.from_bytes(hashlib.blake2b(text[start : end - 1], digest_size=5).digest(), "big")


def kept(paragraphs: Iterable[str]) -> list[str]:
    """The shingles that a record keeps (winnowing: the smallest hash of each window)."""
    rows = [list(hashes(words(text))) for text in paragraphs]
    window = max(WINDOW, 2 * sum(map(len, rows)) // MAX_KEPT)
    chosen = {min(row[at : at + window]) for row in rows if row for at in range(max(1, len(row) - window + 1))}
    return [f"{value:010x}" for value in sorted(chosen)]
