"""A run: every address once, two at once a host, remembered as soon as it is known."""

from __future__ import annotations

import asyncio
import datetime
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kb.links.client import Client
from kb.links.collect import Link, host_of
from kb.links.ledger import Row
from kb.links.pace import AT_ONCE
from kb.links.safety import Trouble
from kb.links.verdicts import Answer, after

FRESH_HOURS = 12  # an address asked so recently is not asked again: a run that was stopped goes on where it was
HOPELESS_HOSTS = 30  # names that are all unknown, and nothing has answered: there is no network
CONTROLS = 5  # other names that are looked up before a first unknown one is believed


@dataclass
class Outcome:
    """How a run went. Without a network nothing is known of any link."""

    total: int
    asked: int = 0
    postponed: int = 0  # hosts that asked for a long pause
    network: bool = True
    rows: dict[str, Row] = field(default_factory=dict)  # of this run


def due(links: Iterable[Link], rows: Mapping[str, Row], now: datetime.datetime) -> list[Link]:
    """The links that have not been asked in the last hours, longest ago first."""
    limit = (now - datetime.timedelta(hours=FRESH_HOURS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {url: row.asked for url, row in rows.items()}
    return sorted((li for li in links if asked.get(li.url, "") < limit), key=lambda link: asked.get(link.url, ""))


class Run:
    """One run over some links. ``record`` is called with each row as soon as it is certain."""

    def __init__(self, client: Client, rows: Mapping[str, Row], record: Callable[[Row], None]) -> None:
        self._client, self._rows, self._record = client, rows, record
        self._held: list[Row] = []  # of hosts that did not answer: certain once anything else does
        self._silent: set[str] = set()
        self._reached = False

    async def over(
        self, links: list[Link], seconds: float, controls: Iterable[str] = (), say: Callable[[str], None] = print
    ) -> Outcome:
        """Ask for the links within a time. ``controls``: other hosts, to tell an unknown name from no network."""
        self._outcome = Outcome(len(links))
        self._end = asyncio.get_running_loop().time() + seconds
        queues: defaultdict[str, deque[Link]] = defaultdict(deque)
        for link in links:
            queues[host_of(link.url)].append(link)
        progress = asyncio.create_task(self._progress(say))
        async with asyncio.TaskGroup() as group:
            for queue in queues.values():
                for _ in range(min(AT_ONCE, len(queue))):
                    group.create_task(self._work(queue))
        progress.cancel()
        if self._held and not self._reached:
            await self._look_around(controls)
        if self._outcome.network:
            for row in self._held:
                self._keep(row)
        return self._outcome

    async def _work(self, queue: deque[Link]) -> None:
        clock = asyncio.get_running_loop().time
        while queue and clock() < self._end and not self._hopeless():
            link = queue.popleft()
            if self._client.pace.closed(link.url):
                self._outcome.postponed += 1
                continue
            try:
                answer = await self._client.ask(link.url)
            except Exception as error:  # whatever a server makes a library do, the run goes on
                answer = Answer("garbled", type=type(error).__name__)
            self._outcome.asked += 1
            row = after(self._rows.get(link.url), link.url, answer, datetime.datetime.now(datetime.UTC), link.read)
            if answer.reached and not self._reached:
                self._reached = True
                for held in self._held:
                    self._keep(held)
                self._held.clear()
            if self._reached:
                self._keep(row)
            else:
                self._held.append(row)
                self._silent.add(host_of(link.url))

    def _keep(self, row: Row) -> None:
        self._outcome.rows[row.url] = row
        self._record(row)

    def _hopeless(self) -> bool:
        return not self._reached and not self._client.resolver.resolved and len(self._silent) >= HOPELESS_HOSTS

    async def _look_around(self, controls: Iterable[str]) -> None:
        """Nothing has answered: is it them or us? A name that exists, or many hosts that do not answer, tell."""
        resolver = self._client.resolver
        for host in list(controls)[:CONTROLS]:
            if resolver.resolved:
                break
            try:
                await resolver.addresses(host)
            except Trouble:
                continue
        self._outcome.network = bool(resolver.resolved) and len(self._silent) < 3

    async def _progress(self, say: Callable[[str], None]) -> None:
        while True:
            await asyncio.sleep(10)
            say(f"{self._outcome.asked} of {self._outcome.total} links asked")
