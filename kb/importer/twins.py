"""Runs of words as hashes: near duplicates are grouped by them, and copied wording is found by them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kb.importer import sentences

RUN = 8  # words of a shingle that a record keeps
WINDOW = 5  # of so many neighbours one is kept: wording of RUN + WINDOW - 1 words is always found
MAX_KEPT = 3000  # a record's shingles; of longer articles fewer are kept
TWIN_RUN = 6
SKETCH = 128  # hashes of an article that are compared with those of others
TWIN = 0.5  # of the shorter one's hashes are the other's too
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(text.casefold().replace("’", "").replace("'", ""))


def hashes(found: list[str], run: int) -> Iterator[int]:
    """The hash of every run of words."""
    for at in range(len(found) - run + 1):
        yield int.from_bytes(hashlib.blake2b(" ".join(found[at : at + run]).encode(), digest_size=5).digest(), "big")


def kept(paragraphs: Iterable[str]) -> list[str]:
    """The shingles that a record keeps (winnowing: the smallest hash of each window)."""
    all_hashes = [list(hashes(words(text), RUN)) for text in paragraphs]
    window = max(WINDOW, 2 * sum(map(len, all_hashes)) // MAX_KEPT)
    chosen: set[int] = set()
    for row in all_hashes:
        for at in range(max(1, len(row) - window + 1)):
            if row:
                chosen.add(min(row[at : at + window]))
    return [f"{value:010x}" for value in sorted(chosen)]


def sketch(texts: Iterable[str]) -> list[int]:
    """The smallest hashes of an article's runs within sentences: what two articles share shows in them."""
    found: set[int] = set()
    for text in texts:
        for sentence in sentences.split(text):
            row = words(sentence)
            found.update(hashes(row, min(TWIN_RUN, len(row))) if len(row) >= 4 else ())
    return sorted(found)[:SKETCH]


class Sketched(NamedTuple):
    """An article as it is compared: its key, what orders it within a group, its sketch."""

    key: str
    order: tuple[str, ...]
    sketch: tuple[int, ...]


def groups(articles: Iterable[Sketched]) -> dict[str, str]:
    """Key -> key of the primary one, for every article that has near duplicates; primaries lead to themselves."""
    listed = list(articles)
    holders: dict[int, list[int]] = defaultdict(list)
    for number, item in enumerate(listed):
        for value in item.sketch:
            holders[value].append(number)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for numbers in holders.values():
        for at, one in enumerate(numbers[:50]):
            for other in numbers[at + 1 : 50]:
                shared[one, other] += 1
    leader = list(range(len(listed)))

    def lead(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    for (one, other), count in shared.items():
        if count >= 4 and count >= TWIN * _comparable(listed[one].sketch, listed[other].sketch):
            first, second = sorted((lead(one), lead(other)), key=lambda number: listed[number].order)
            leader[second] = first
    sizes: dict[int, int] = defaultdict(int)
    for number in range(len(listed)):
        sizes[lead(number)] += 1
    return {item.key: listed[lead(number)].key for number, item in enumerate(listed) if sizes[lead(number)] > 1}


def _comparable(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many hashes of the shorter sketch could be in the other one."""
    bound = min(one[-1] if len(one) == SKETCH else 2**40, other[-1] if len(other) == SKETCH else 2**40)
    return max(1, min(sum(value <= bound for value in one), sum(value <= bound for value in other)))
