"""Near duplicates, such as one press release in five papers, are grouped by the runs of words that they share."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations, groupby
from typing import NamedTuple

from kb.importer import sentences
from kb.shingles import hashes, words

RUN = 6  # words
SKETCH = 96  # hashes of an article that are compared with those of others
TWIN = 0.7  # of the shorter one's hashes are the other's too
FEWEST = 4  # shared hashes
CROWD = 50  # articles that share a run; it is nobody's own then


def sketch(texts: Iterable[str]) -> list[int]:
    """The smallest hashes of an article's runs within sentences: what two articles share shows in them."""
    found: set[int] = set()
    for text in texts:
        for sentence in sentences.split(text):
            row = words(sentence)
            found.update(hashes(row, min(RUN, len(row))) if len(row) >= 4 else ())
    return sorted(found)[:SKETCH]


class Sketched(NamedTuple):
    """An article as it is compared: its key, what orders it within a group, its sketch."""

    key: str
    order: tuple[str, ...]
    sketch: array[int]


def groups(articles: Iterable[Sketched]) -> dict[str, str]:
    """Key -> key of the primary one, for every article that has near duplicates; primaries lead to themselves."""
    listed = list(articles)
    pairs = array("Q", (value << 24 | number for number, item in enumerate(listed) for value in item.sketch))
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for _, holders in groupby(sorted(pairs), key=lambda pair: pair >> 24):
        numbers = [pair & 0xFFFFFF for pair in holders]
        if 1 < len(numbers) <= CROWD:
            for pair in combinations(numbers, 2):
                shared[pair] += 1
    alike: dict[int, list[int]] = defaultdict(list)
    for (one, other), count in shared.items():
        if count >= FEWEST and count >= TWIN * _comparable(listed[one].sketch, listed[other].sketch):
            alike[one].append(other)
            alike[other].append(one)
    primary: dict[int, int] = {}
    for number in sorted(alike, key=lambda number: listed[number].order):
        firsts = [other for other in alike[number] if primary.get(other) == other]
        primary[number] = min(firsts, key=lambda other: listed[other].order, default=number)
    repeated = {first for number, first in primary.items() if number != first}
    return {listed[number].key: listed[first].key for number, first in primary.items() if first in repeated}


def _comparable(one: array[int], other: array[int]) -> int:
    """How many hashes of the shorter sketch could be in the other one."""
    bound = min(one[-1] if len(one) == SKETCH else 2**40, other[-1] if len(other) == SKETCH else 2**40)
    return max(1, min(sum(value <= bound for value in one), sum(value <= bound for value in other)))
