"""How the links stand: the ledger seen with the pages that hold the addresses."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kb.links import ledger
from kb.links.collect import Link, host_of
from kb.links.ledger import Row
from kb.links.verdicts import VERDICTS

Found = tuple[Link, Row]


@dataclass(frozen=True, slots=True)
class Health:
    """What the page and the report say."""

    checked: datetime.date | None
    late: str
    total: int
    unasked: int
    counts: tuple[tuple[str, int], ...]  # by verdict, in the order of the table
    hosts: tuple[tuple[str, int, tuple[int, ...]], ...]  # host, links, and of them by verdict; most troubled first
    dead: tuple[Found, ...]
    changed: tuple[Found, ...]
    moved: tuple[Found, ...]
    unverified: tuple[Found, ...]  # longest first

    @property
    def alive(self) -> str:
        """The share of the asked links that are alive or have moved."""
        good = sum(count for verdict, count in self.counts if verdict in ("alive", "moved"))
        asked = self.total - self.unasked
        return f"{good / asked:.1%}" if asked else "–"


def health(links: Mapping[str, Link], rows: Mapping[str, Row], today: datetime.date) -> Health:
    """Of every address that a page or source has."""
    found = [(link, rows[url]) for url, link in links.items() if url in rows and rows[url].asked]
    counts = Counter(row.verdict for _, row in found)
    hosts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for link, row in found:
        hosts[host_of(link.url)][row.verdict] += 1
    by_trouble = sorted(hosts.items(), key=lambda item: (-_trouble(item[1]), -item[1].total(), item[0]))

    def those(verdict: str) -> tuple[Found, ...]:
        chosen = [item for item in found if item[1].verdict == verdict]
        return tuple(sorted(chosen, key=lambda item: (item[1].alive or item[1].first_seen, item[0].url)))

    return Health(
        ledger.newest(rows), ledger.late(rows, today), len(links), len(links) - len(found),
        tuple((verdict, counts[verdict]) for verdict in VERDICTS),
        tuple((host, count.total(), tuple(count[verdict] for verdict in VERDICTS)) for host, count in by_trouble),
        those("dead"), those("changed"), those("moved"), those("unverified"),
    )  # fmt: skip


def _trouble(count: Counter[str]) -> int:
    return count.total() - count["alive"] - count["moved"]
