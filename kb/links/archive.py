"""Copies in a web archive: looked up, and made. Which archive it is, only this module knows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol
from urllib.parse import quote, urljoin

from kb import address
from kb.links.client import Client
from kb.links.collect import Link
from kb.links.ledger import Row
from kb.links.safety import Trouble

FIND_MOST, SAVE_MOST = 300, 30  # in one run
ASK_AGAIN_DAYS = 28
SECONDS = 60.0  # archives are slow
PATIENCE = 3  # questions in a row without an answer


class Archive(Protocol):
    """Where copies are kept. Both raise :class:`kb.links.safety.Trouble` when it does not answer."""

    async def find(self, url: str, day: str) -> str:
        """The address of the copy nearest to a day; empty where there is none."""

    async def save(self, url: str) -> str:
        """The address of a copy made now; empty where none could be made."""


class Wayback:
    """The Internet Archive's Wayback Machine, without an account (https://archive.org/help/wayback_api.php)."""

    FIND = "https://archive.org/wayback/available"
    SAVE = "https://web.archive.org/save/"

    def __init__(self, client: Client) -> None:
        self._client = client

    async def find(self, url: str, day: str) -> str:
        """Asks the availability service."""
        query = f"url={quote(url, safe='')}" + (f"&timestamp={day.replace('-', '')}" if day else "")
        reply, _ = await self._client.request("GET", f"{self.FIND}?{query}", SECONDS, ranged=False)
        try:
            found = json.loads(reply.body)["archived_snapshots"]["closest"]
            return _copy(found["url"]) if found["available"] and str(found["status"]) == "200" else ""
        except (ValueError, TypeError):
            raise Trouble("odd") from None  # not the service's own answer
        except KeyError:
            return ""

    async def save(self, url: str) -> str:
        """Asks for a copy and reads where it was put."""
        reply, _ = await self._client.request("GET", self.SAVE + url, SECONDS, ranged=False)
        if reply.status >= 400:
            raise Trouble("busy")
        return _copy(urljoin(self.SAVE, reply.copy or reply.location))


def _copy(url: str) -> str:
    """The address of a copy, if it is one that a page may show."""
    url = url.replace("http://", "https://", 1) if url.startswith("http://") else url
    return "" if "/web/" not in url or address.fault(url) else url


async def look(
    archive: Archive,
    links: Iterable[Link],
    rows: dict[str, Row],
    record: Callable[[Row], None],
    today: str,
    every: bool,
) -> None:
    """Find copies of what seems to be lost and, with ``every``, of all sources, and save those that have none."""
    wanted = [rows[link.url] for link in links if link.sources and link.url in rows and not rows[link.url].archive]
    read = {link.url: link.read for link in links}
    lost = [row for row in wanted if row.failures or row.verdict in ("changed", "dead")]
    rest = [row for row in wanted if every and row not in lost]
    saved = silent = 0
    for row in [*lost, *sorted(rest, key=lambda row: row.archive_asked)][:FIND_MOST]:
        if row.archive_asked and row not in lost and not _due(row.archive_asked, today):
            continue
        try:
            copy = await archive.find(row.url, read[row.url])
            if not copy and every and row.verdict == "alive" and saved < SAVE_MOST:
                saved += 1
                copy = await archive.save(row.url)
            silent = 0
        except Trouble:
            silent += 1
            if silent == PATIENCE:
                return
            continue
        rows[row.url] = replace(row, archive=copy, archive_asked=today)
        record(rows[row.url])


def _due(asked: str, today: str) -> bool:

    return (datetime.date.fromisoformat(today) - datetime.date.fromisoformat(asked)).days >= ASK_AGAIN_DAYS
