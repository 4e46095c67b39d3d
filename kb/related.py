"""Which pages treat the same matter: those that share entries and sources, the rarer the more."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

SHOWN = 5
_MOST = 40  # pages; what more pages share tells nothing, and pairs grow with its square
_LEAST = 0.12  # of two pages' weights that is shared


def related(shared: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Page -> pages nearest to it, from what pages share (entry or source -> pages that have it)."""
    weight: dict[str, float] = defaultdict(float)
    together: dict[tuple[str, str], float] = defaultdict(float)
    every = {page for pages in shared.values() for page in pages}
    for name in sorted(shared):
        pages = sorted(set(shared[name]))
        if 1 < len(pages) <= _MOST:
            rare = math.log(len(every) / len(pages))
            for page in pages:
                weight[page] += rare
            for pair in combinations(pages, 2):
                together[pair] += rare
    near: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (one, other), common in together.items():
        share = round(common / math.sqrt(weight[one] * weight[other] or 1), 6)
        if share >= _LEAST:
            near[one].append((-share, other))
            near[other].append((-share, one))
    return {page: tuple(name for _, name in sorted(found)[:SHOWN]) for page, found in near.items()}
