"""Copies are looked up for what is lost, and made for what has none, within bounds."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from kb.links import archive
from kb.links.archive import Wayback
from kb.links.collect import Link
from kb.links.ledger import Row
from kb.links.safety import Trouble
from tests.links.cases import reply
from tests.links.server import Request, Server
from tests.links.test_server import client

COPY = "https://web.archive.org/web/20260105000000/https://times.example.org/coverage"
ANSWERS = {
    "https://a.org/there": {"closest": {"available": True, "url": COPY.replace("https", "http", 1), "status": "200"}},
    "https://a.org/none": {},
    "https://a.org/error": {"closest": {"available": True, "url": COPY, "status": "404"}},
    "https://a.org/elsewhere": {"closest": {"available": True, "url": "javascript:alert('/web/')", "status": "200"}},
    "https://a.org/odd": {"closest": 5},
}


async def find(request: Request) -> None:
    if request.path.startswith("/wayback/available"):
        query = parse_qs(urlsplit(request.path).query)
        assert query.get("timestamp", ["20260105"]) == ["20260105"]
        body = json.dumps({"archived_snapshots": ANSWERS[query["url"][0]]}).encode()
        await request.send(reply(body=body, headers="Content-Type: application/json\r\n"))
    else:
        await request.send(reply("503 Busy", b""))


async def save(request: Request) -> None:
    if request.path == "/save/https://a.org/by-location":
        await request.send(reply("302 Found", b"", f"Location: {COPY}\r\n"))
    elif request.path == "/save/https://a.org/by-header":
        await request.send(reply(headers="Content-Type: text/html\r\nContent-Location: /web/2026/https://a.org/\r\n"))
    elif request.path == "/save/https://a.org/not":
        await request.send(reply())
    else:
        await request.send(reply("429 Slow", b""))


def over(url: str, saving: bool) -> str:
    """What the archive, a server on this machine, says of an address."""
    server = Server({"archive": find, "web": save})

    async def ask() -> str:
        async with client(server) as asking:
            wayback = Wayback(asking)
            return await (wayback.save(url) if saving else wayback.find(url, "2026-01-05"))

    with server.running():
        return asyncio.run(ask())


@pytest.mark.parametrize(("url", "copy"), [("there", COPY), ("none", ""), ("error", ""), ("elsewhere", "")])
def test_a_copy_is_found(url: str, copy: str) -> None:
    assert over(f"https://a.org/{url}", False) == copy


def test_what_is_no_answer_is_not_taken_for_none() -> None:
    with pytest.raises(Trouble):
        over("https://a.org/odd", False)


@pytest.mark.parametrize(("url", "copy"), [
    ("by-location", COPY), ("by-header", "https://web.archive.org/web/2026/https://a.org/"), ("not", ""),
])  # fmt: skip
def test_a_copy_is_made(url: str, copy: str) -> None:
    assert over(f"https://a.org/{url}", True) == copy


def test_an_archive_that_is_busy_is_left_alone() -> None:
    with pytest.raises(Trouble):
        over("https://a.org/busy", True)


class Shelf:
    """An archive that knows some copies."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known, self.found, self.saved = known, list[tuple[str, str]](), list[str]()

    async def find(self, url: str, day: str) -> str:
        self.found.append((url, day))
        if self.known.get(url) == "trouble":
            raise Trouble("busy")
        return self.known.get(url, "")

    async def save(self, url: str) -> str:
        self.saved.append(url)
        return f"https://web.archive.org/web/1/{url}"


def look(every: bool, shelf: Shelf) -> dict[str, Row]:
    kinds = {"alive": 0, "dead": 3, "failing": 1, "busy": 0, "page-only": 0}
    rows = {
        name: Row(name, verdict="dead" if n > 2 else "unverified" if n else "alive", failures=n)
        for name, n in kinds.items()
    }
    rows["had"] = Row("had", verdict="dead", failures=3, archive=COPY)
    rows["lately"] = Row("lately", verdict="alive", archive_asked="2026-03-01")
    links = [Link(url, (), () if url == "page-only" else ("source",), "2026-01-05") for url in [*rows, "not-asked"]]
    asyncio.run(archive.look(shelf, links, rows, lambda row: None, "2026-03-09", every))
    return rows


def test_lost_sources_are_always_looked_up() -> None:
    shelf = Shelf({"dead": COPY})
    rows = look(False, shelf)
    assert shelf.found == [("dead", "2026-01-05"), ("failing", "2026-01-05")]
    assert shelf.saved == []
    assert (rows["dead"].archive, rows["failing"].archive) == (COPY, "")


def test_an_archive_that_does_not_answer_is_not_waited_for() -> None:
    shelf = Shelf(dict.fromkeys(("dead", "failing", "alive"), "trouble"))
    look(True, shelf)
    assert [url for url, _ in shelf.found] == ["dead", "failing", "alive"]


def test_the_others_on_request_and_those_without_a_copy_are_saved() -> None:
    shelf = Shelf({"busy": "trouble"})
    rows = look(True, shelf)
    assert [url for url, _ in shelf.found] == ["dead", "failing", "alive", "busy"]
    assert shelf.saved == ["alive"]  # what is dead shows an error page: no copy of that
    assert rows["alive"].archive == "https://web.archive.org/web/1/alive"
    assert (rows["busy"].archive_asked, rows["alive"].archive_asked) == ("", "2026-03-09")
