"""How often: two requests at once a host, with pauses of uneven length between their starts."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from kb.links.collect import host_of

AT_ONCE = 2  # requests to one host
ALL_AT_ONCE = 64
JITTER = 0.5  # a pause is longer or shorter by up to this share


@dataclass
class _Host:
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    next: float = 0.0  # earliest start of the next request
    closed: bool = False


class Pace:
    """Turns to ask. ``interval``: seconds between two requests to one host, on average."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._all = asyncio.Semaphore(ALL_AT_ONCE)
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for this host's next turn; the request is made inside."""
        host = self._hosts[host_of(url)]
        async with host.slots:
            clock = asyncio.get_running_loop().time
            while (wait := host.next - clock()) > 0:  # somebody else may move it while we wait
                await asyncio.sleep(wait)
            host.next = clock() + self._interval * random.uniform(1 - JITTER, 1 + JITTER)
            async with self._all:
                yield

    def hold(self, url: str, seconds: float) -> None:
        """Leave a host alone for a while, as it asked."""
        host = self._hosts[host_of(url)]
        host.next = max(host.next, asyncio.get_running_loop().time() + seconds)

    def close(self, url: str) -> None:
        """Leave a host alone for the rest of the run."""
        self._hosts[host_of(url)].closed = True

    def closed(self, url: str) -> bool:
        """Whether a host asked for a longer pause than a run can wait."""
        return self._hosts[host_of(url)].closed
