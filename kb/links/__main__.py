"""``python -m kb.links``: ask for every address that pages and sources hold, and remember the answers in links.jsonl.

Exit code 0 when nothing has to be done, 1 with one line for each dead link (with --strict or --since) or ended
exception (with --strict), 2 when it was called wrongly or could not go on, 3 without a network: nothing was learnt.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kb import corpus, frontmatter, site, urls
from kb.links import archive, collect, fix, ledger, report
from kb.links.client import Client
from kb.links.collect import Link, host_of
from kb.links.health import health
from kb.links.ledger import Row
from kb.links.pace import Pace
from kb.links.run import Outcome, Run, due
from kb.links.safety import Resolver

NO_NETWORK = 3
RUN_SECONDS = 3_600.0
HOST_SECONDS = 1.0  # between two requests to one host, on average


def agent(settings: site.Site) -> str:
    """Who we say we are: the site, where it is, whom to write to."""
    where = settings.address.base_url or settings.address.repository
    parts = [settings.title, *([f"+{where}"] if where else []), settings.address.contact]
    plain = "; ".join(filter(None, parts)).encode("ascii", "ignore").decode()
    return f"link-check/1.0 ({plain})"


def client(options: argparse.Namespace, settings: site.Site) -> Client:
    """As the command line wants it. With ``--loopback`` every name is this machine, and nothing else can be reached."""
    pace = Pace(1 / options.rate if options.rate else HOST_SECONDS)
    if options.loopback is None:
        return Client(agent(settings), pace)

    async def here(host: str) -> list[str]:
        return ["127.0.0.1"]

    return Client(agent(settings), pace, Resolver(here, {80: options.loopback, 443: options.loopback}))


async def ask(
    options: argparse.Namespace, loaded: corpus.Corpus, links: dict[str, Link], rows: dict[str, Row],
    record: Callable[[Row], None], chosen: list[Link],
) -> Outcome:  # fmt: skip
    """A run over the chosen links, and then over the archive."""

    def remember(row: Row) -> None:
        rows[row.url] = row
        record(row)

    async with client(options, loaded.site) as asking:
        run = Run(asking, rows, remember)
        asked = {link.url for link in chosen}
        controls = dict.fromkeys(host_of(url) for url in links if url not in asked)
        outcome = await run.over(chosen, options.minutes * 60, controls, _say)
        if outcome.network and not options.since:
            today = datetime.datetime.now(datetime.UTC).date().isoformat()
            wayback = archive.Wayback(asking)
            await archive.look(wayback, list(links.values()), rows, remember, today, options.archive)
    return outcome


def added_since(root: Path, base: str, links: dict[str, Link]) -> dict[str, Link] | None:
    """The links that the commit from which this checkout branched has not; None where there is no history."""
    commit = urls.base_of(root, (base,))
    return None if commit is None else collect.added(links, collect.links(urls.corpus_at(root, commit)))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kb.links", description="Ask for every address of the web.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--since", metavar="BASE", help="only addresses that the branch adds; nothing is remembered")
    parser.add_argument("--strict", action="store_true", help="exit code 1 for dead links and ended exceptions")
    parser.add_argument("--fix", action="store_true", help="write new addresses of moved pages into the source records")
    parser.add_argument("--archive", action="store_true", help="look every source up in the web archive, save the rest")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report there, in Markdown")
    parser.add_argument("--minutes", type=float, default=RUN_SECONDS / 60, help="longest run (default: %(default)g)")
    parser.add_argument(
        "--rate", type=float, default=1 / HOST_SECONDS, help="requests a second to one host (default: 1)"
    )
    parser.add_argument("--loopback", type=int, metavar="PORT", help="for tests: every name is this machine's PORT")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _arguments(arguments)
    try:
        return _check(options)
    except frontmatter.Refused as error:
        print(error.finding)
        return 1
    except KeyboardInterrupt:
        _say("stopped; run it again and it goes on from here")
        return 130
    except (OSError, subprocess.CalledProcessError, ExceptionGroup) as error:
        first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
        _say(f"stopped: {first}; what was learnt before is kept")
        return 2


def _check(options: argparse.Namespace) -> int:
    root: Path = options.root
    loaded = corpus.load(root)
    links = every = collect.links(loaded)
    rows: dict[str, Row] = {}
    if options.since:
        new = added_since(root, options.since, links)
        if new is None:
            _say(f"no history to compare with {options.since}: nothing was asked")
            return 0
        links = new
    else:
        rows = ledger.read(root / ledger.NAME) or {}
    now = datetime.datetime.now(datetime.UTC)
    chosen = due(links.values(), rows, now)
    _say(f"{len(links)} links, {len(links) - len(chosen)} of them asked in the last hours: {len(chosen)} to ask")
    with Path(os.devnull).open("w") if options.since else ledger.appending(root / ledger.NAME) as out:
        outcome = asyncio.run(ask(options, loaded, every, rows, partial(ledger.append, out), chosen))
    return _tell(options, loaded, links, rows, outcome)


def _tell(
    options: argparse.Namespace, loaded: corpus.Corpus, links: dict[str, Link], rows: dict[str, Row], outcome: Outcome
) -> int:
    """Say how it went, write what is to be kept, and return the exit code."""
    today = datetime.datetime.now(datetime.UTC).date()
    if not outcome.network:
        _say("no network: none of the hosts could be reached; nothing was learnt and nothing is marked")
        return NO_NETWORK
    _say(f"{outcome.asked} asked, {outcome.postponed} put off because their hosts want a long pause")
    if not options.since:
        ledger.save(options.root / ledger.NAME, ledger.kept(rows, links, today))
    if options.fix:
        print("".join(f"{line}\n" for line in fix.apply(options.root, loaded, rows)), end="")
    said = report.markdown(health(links, rows, today), loaded, today)
    if options.report:
        options.report.write_text(said, "utf-8")
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(said)
    found = report.findings(loaded, links, rows, today, first=bool(options.since))
    if options.strict:
        found += report.expired(loaded, today)
    print("".join(f"{finding}\n" for finding in found), end="")
    return 1 if found and (options.strict or options.since) else 0


if __name__ == "__main__":
    sys.exit(main())
