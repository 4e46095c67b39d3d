"""Every misbehaviour gets the verdict that was named for it, at no more than it may cost."""

from __future__ import annotations

import asyncio
import datetime
import resource
import ssl
import time
from dataclasses import dataclass

import pytest

from kb.links import content, safety
from kb.links.client import Client, Limits
from kb.links.collect import Link
from kb.links.ledger import Row
from kb.links.pace import Pace
from kb.links.run import Outcome, Run
from tests.links.cases import CASES, TITLE, Case, handlers, lookup
from tests.links.server import TLS, Server

LIMITS = Limits(seconds=3.0, retry_seconds=1.0, pause_seconds=0.2, body=200_000)


def client(server: Server, limits: Limits = LIMITS, interval: float = 0.001) -> Client:
    """As in a real run, but this machine is open, and the one good certificate is trusted."""
    opened = {80: server.port, 443: server.tls_port, 8080: server.closed_port, 8443: server.shouting_port}
    trust = ssl.create_default_context(cafile=str(TLS / "good.pem"))
    return Client(
        "link-check/1.0 (Notes; me@example.org)", Pace(interval), safety.Resolver(lookup, opened, 1.0), limits, trust
    )


def failing(case: Case) -> Row:
    """An address that was alive a month ago and has twice been missing since."""
    today = datetime.datetime.now(datetime.UTC).date()
    return Row(
        case.url, first_seen="2026-01-01", alive=(today - datetime.timedelta(30)).isoformat(), verdict="unverified",
        failures=2, failing_since=(today - datetime.timedelta(20)).isoformat(), title=content.fingerprint(TITLE),
    )  # fmt: skip


@dataclass
class Asked:
    """The run over all cases."""

    outcome: Outcome
    server: Server
    seconds: float
    grown: int  # kB of memory


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    home = tmp_path_factory.mktemp("home")
    (home / ".netrc").write_text(
        "machine status-401.example.org login me password secret\ndefault login me password x\n"
    )
    server = Server(handlers())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def over() -> Outcome:
        async with client(server) as asking:
            run = Run(asking, {case.url: failing(case) for case in CASES}, lambda row: None)
            return await run.over([Link(case.url, (("docs/x.md", 1),)) for case in CASES], 60)

    with pytest.MonkeyPatch.context() as patch, server.running():
        patch.setenv("HOME", str(home))
        patch.setenv("NETRC", str(home / ".netrc"))
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            patch.setenv(name, f"http://127.0.0.1:{server.closed_port}")
        started = time.monotonic()
        outcome = asyncio.run(over())
        seconds = time.monotonic() - started
    return Asked(outcome, server, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdict_is_the_one_named(asked: Asked, case: Case) -> None:
    row = asked.outcome.rows[case.url]
    assert (row.verdict, row.reason) == (case.verdict, case.reason)
    if case.final:
        assert row.final == case.final


def test_there_are_enough_ways() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


def test_caps_are_kept(asked: Asked) -> None:
    assert asked.outcome.asked == len(CASES)
    assert asked.seconds < 15
    assert asked.grown < 120_000
    per_case = {case.name: sum(n for key, n in asked.server.asked.items() if f" {case.name}." in key) for case in CASES}
    assert max(per_case.values()) <= 2 * (LIMITS.hops + 2)
    assert per_case["later-hour"] == per_case["later-2099"] == per_case["later-huge"] == 1
    first, second = asked.server.times["later-always.example.org"]
    assert second - first >= 1, "it asked for a second"
    assert asked.server.asked["GET pdf.example.org/a.pdf"] == 0


def test_nothing_of_ours_is_sent_but_who_we_are(asked: Asked) -> None:
    sent = asked.server.seen_headers
    assert {headers["user-agent"] for headers in sent} == {"link-check/1.0 (Notes; me@example.org)"}
    known = {"host", "user-agent", "accept", "accept-encoding", "range", "connection"}
    assert {name for headers in sent for name in headers} <= known


def test_a_name_cannot_change_its_mind() -> None:
    """A second answer of the name server that leads to this machine is never asked for."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    async def fickle(host: str) -> list[str]:
        return next(answers)

    async def look() -> list[list[str]]:
        resolver = safety.Resolver(fickle)
        return [
            await resolver.addresses("x.example.org"),
            [row["host"] for row in await resolver.resolve("x.example.org")],
        ]

    assert asyncio.run(look()) == [["93.184.216.34"], ["93.184.216.34"]]
