"""``python -m tests.links.measure``: figures that no test asserts. All on this machine.

1. Sphinx's own link check on the misbehaving server, within a time, beside ours.
2. Two thousand addresses over fifty hosts: throughput, requests a second to one host, memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from kb.links import ledger
from kb.links.collect import Link
from kb.links.run import Run
from tests.conftest import ROOT
from tests.links.cases import CASES, handlers, reply
from tests.links.server import Request, Server
from tests.links.test_command import many
from tests.links.test_server import client, failing

CONF = """
import socket, sys
sys.path.insert(0, {root!r})
from tests.links.cases import ADDRESSES
ports = {ports}
real = socket.getaddrinfo
def here(host, port, *arguments, **options):
    if not str(host).endswith("example.org"):
        return real(host, port, *arguments, **options)
    found = ADDRESSES.get(host, ["127.0.0.1"])
    if isinstance(found, socket.gaierror):
        raise found
    if isinstance(found, Exception) or not set(found) <= {{"127.0.0.1", "::1"}}:
        with open({log!r}, "a") as log:
            log.write(f"{{host}}\\n")
        raise socket.gaierror(socket.EAI_AGAIN, "not on this machine")
    family = socket.AF_INET6 if ":" in found[0] else socket.AF_INET
    return [(family, socket.SOCK_STREAM, 6, "", (found[0], ports.get(int(port), int(port))))]
socket.getaddrinfo = here
linkcheck_timeout, linkcheck_retries, linkcheck_workers = 3, 2, 16
linkcheck_rate_limit_timeout = 5.0
"""
RIGHT = {  # what Sphinx can say that agrees with a verdict
    "alive": {"working", "redirected"},
    "moved": {"redirected"},
    "changed": {"broken"},
    "unverified": {"timeout", "ignored", "unchecked", "rate-limited"},
    "dead": {"broken"},
}


def ours() -> tuple[float, int]:
    """Seconds for all cases, and how many got their verdict."""
    server = Server(handlers())

    async def over() -> Counter[bool]:
        async with client(server) as asking:
            run = Run(asking, {case.url: failing(case) for case in CASES}, lambda row: None)
            outcome = await run.over([Link(case.url, ()) for case in CASES], 60, say=lambda line: None)
        return Counter(
            (outcome.rows[c.url].verdict, outcome.rows[c.url].reason) == (c.verdict, c.reason) for c in CASES
        )

    with server.running():
        started = time.monotonic()
        right = asyncio.run(over())[True]
        return time.monotonic() - started, right


def sphinx(seconds: float) -> None:
    """The same addresses by Sphinx's builder ``linkcheck``, ended after a time."""
    server = Server(handlers())
    with tempfile.TemporaryDirectory() as name, server.running():
        folder = Path(name)
        ports = {80: server.port, 443: server.tls_port, 8080: server.closed_port, 8443: server.shouting_port}
        log = folder / "log"
        (folder / "conf.py").write_text(CONF.format(root=str(ROOT), ports=ports, log=str(log)))
        lines = [f"- `{case.name} <{case.url}>`__" for case in CASES]
        (folder / "index.rst").write_text("Links\n=====\n\n" + "\n".join(lines) + "\n", "utf-8")
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "linkcheck", str(folder), str(folder / "out")]
        environment = {**os.environ, "REQUESTS_CA_BUNDLE": str(ROOT / "tests/links/tls/good.pem")}
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds)
            end = f"ended after {time.monotonic() - started:.0f} s"
        except subprocess.TimeoutExpired:
            end = f"had not ended after {seconds:.0f} s"
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
        output = folder / "out/output.json"
        said: dict[str, str] = {}
        for line in output.read_text("utf-8").splitlines() if output.exists() else ():
            with contextlib.suppress(ValueError):
                row = json.loads(line)
                said[row["uri"]] = row["status"]
        right = sum(said.get(case.url) in RIGHT[case.verdict] for case in CASES)
        blamed = [c.name for c in CASES if said.get(c.url) == "broken" and c.verdict in ("alive", "unverified")]
        unseen = [
            c.name
            for c in CASES
            if said.get(c.url) in ("working", "redirected") and c.verdict not in ("alive", "moved")
        ]
        none = [case.name for case in CASES if case.url not in said]
        private = len(set(log.read_text().split()) - {"dns-slow.example.org"}) if log.exists() else 0
        print(f"Sphinx's linkcheck: {end}; {right} of {len(CASES)} as expected, {sum(server.asked.values())} requests")
        print(f"  called broken though it proves nothing ({len(blamed)}): {' '.join(blamed)}")
        print(f"  passed though it is not what it was ({len(unseen)}): {' '.join(unseen)}")
        print(f"  without a verdict ({len(none)}): {' '.join(none)}")
        print(f"  private hosts that it would have asked: {private}")


class Watch:
    """When each host was asked, and how often at once."""

    def __init__(self) -> None:
        self.starts: defaultdict[str, list[float]] = defaultdict(list)
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def __call__(self, request: Request) -> None:
        self.starts[request.host].append(time.monotonic())
        self.now[request.host] += 1
        self.most[request.host] = max(self.most[request.host], self.now[request.host])
        await asyncio.sleep(0.02)
        self.now[request.host] -= 1
        await request.send(reply())


def throughput(hosts: int, each: int, rate: float) -> None:
    """Many addresses on many hosts."""
    watch = Watch()
    server = Server({f"h{number}": watch for number in range(hosts)})
    memory: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory() as name, server.running():
        root = Path(name)
        urls = many(root, hosts, each)
        command = [sys.executable, "-m", "kb.links", "--loopback", str(server.port), "--rate", str(rate)]
        started = time.monotonic()
        process = subprocess.Popen(
            command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
        )
        while process.poll() is None:
            asked = sum(map(len, watch.starts.values()))
            with contextlib.suppress(OSError, StopIteration):
                status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
                memory.append((asked, int(next(line for line in status if line.startswith("VmRSS")).split()[1])))
            time.sleep(0.1)
        seconds = time.monotonic() - started
        rows = ledger.read(root / ledger.NAME) or {}
    total = sum(map(len, watch.starts.values()))
    spans = [(len(starts) - 1) / (starts[-1] - starts[0]) for starts in watch.starts.values()]
    windows = [max(sum(at <= other < at + 1 for other in starts) for at in starts) for starts in watch.starts.values()]
    said = f"{len(urls)} links, {hosts} hosts, {rate:g}/s each"
    print(f"{said}: {seconds:.1f} s, {total} requests, {total / seconds:.0f}/s")
    print(f"  rows {len(rows)}, alive {sum(row.verdict == 'alive' for row in rows.values())}")
    means = f"mean {sum(spans) / len(spans):.2f}/s, highest mean {max(spans):.2f}/s"
    print(f"  a host: {means}, most in one second {max(windows)}")
    print(f"  at once to one host: {max(watch.most.values())}")
    marks = [next((kb for asked, kb in memory if asked >= total * share), 0) for share in (0.1, 0.25, 0.5, 0.75, 0.95)]
    print(f"  memory at 10, 25, 50, 75, 95 % of the requests: {' '.join(f'{kb / 1024:.0f}' for kb in marks)} MB")


def killed(hosts: int, each: int, rate: float) -> None:
    """The same, killed in the middle and run again."""
    server = Server({f"h{number}": Watch() for number in range(hosts)})
    with tempfile.TemporaryDirectory() as name, server.running():
        root = Path(name)
        urls = many(root, hosts, each)
        command = [sys.executable, "-m", "kb.links", "--loopback", str(server.port), "--rate", str(rate)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.DEVNULL)
        while len(ledger.read(root / ledger.NAME) or {}) < len(urls) / 2:
            time.sleep(0.1)
        process.kill()
        process.wait()
        known = ledger.read(root / ledger.NAME) or {}
        flying = {f"http://{key.partition(' ')[2]}" for key in server.asked} - known.keys()
        subprocess.run(command, cwd=root, env=environment, stderr=subprocess.DEVNULL, check=True)
        rows = ledger.read(root / ledger.NAME) or {}
        heads = {key.partition(" ")[2]: count for key, count in server.asked.items() if key.startswith("HEAD ")}
        twice = {f"http://{key}" for key, count in heads.items() if count > 1}
    lost = sum(rows[url] != row for url, row in known.items())
    print(
        f"killed with {len(known)} of {len(urls)} rows written, {len(flying)} links in flight; again: {len(rows)} rows"
    )
    print(f"  lost or asked anew: {lost}; asked twice: {len(twice)}, of them not in flight: {len(twice - flying)}")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.links.measure", description="Measure the link check.")
    parser.add_argument("--seconds", type=float, default=90, help="how long Sphinx may take (default: %(default)g)")
    parser.add_argument("--rate", type=float, default=10, help="requests a second to one host (default: %(default)g)")
    options = parser.parse_args()
    throughput(50, 40, options.rate)
    killed(50, 40, options.rate)
    seconds, right = ours()
    print(f"ours: ended after {seconds:.0f} s; {right} of {len(CASES)} as expected")
    sphinx(options.seconds)


if __name__ == "__main__":
    main()
