"""``links.jsonl``: what is known of each address, one JSON object a line.

While a run lasts its rows are appended, so that a run that is killed loses nothing; the last row of an address counts.
At its end the file is written anew, one row an address.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from kb import address

NAME = "links.jsonl"
PERIOD_DAYS = 7  # between two scheduled runs
FORGET_DAYS = 90  # an address that no page names any more


@dataclass(frozen=True, slots=True)
class Row:
    """One address. Days are ISO dates, ``asked`` is a moment in UTC; empty text where nothing is known."""

    url: str
    first_seen: str = ""
    asked: str = ""
    alive: str = ""  # the last day on which the page was there
    verdict: str = ""
    reason: str = ""
    status: int = 0  # of the last answer
    failures: int = 0  # definite ones in a row
    failing_since: str = ""
    final: str = ""  # where the last answer came from; of a moved page: its new address
    redirect: str = ""  # permanent or temporary
    type: str = ""
    title: str = ""  # fingerprint: kb.links.content
    archive: str = ""
    archive_asked: str = ""


_TYPES = {field.name: int if field.name in ("status", "failures") else str for field in fields(Row)}


def _row(line: str) -> Row | None:
    """The row of a line; None for a line that was cut off or is none of ours."""
    try:
        data: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    known = {key: value for key, value in data.items() if key in _TYPES}
    if any(type(value) is not _TYPES[key] for key, value in known.items()) or "url" not in known:
        return None
    row = Row(**known)
    shown = [row.url, *filter(None, (row.archive,))]  # what ends up in a page's HTML
    return None if any(address.fault(url, address.SOURCES) for url in shown) else row


def read(file: Path) -> dict[str, Row] | None:
    """The rows by address; None where there is no ledger."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            rows = [_row(line) for line in lines]
    except FileNotFoundError:
        return None
    return {row.url: row for row in rows if row}


def _line(row: Row) -> str:
    return json.dumps({key: value for key, value in asdict(row).items() if value}, ensure_ascii=False) + "\n"


@contextlib.contextmanager
def appending(file: Path) -> Iterator[TextIO]:
    """The ledger open for :func:`append`, whatever state a killed run left it in."""
    with file.open("a+", encoding="utf-8") as out:
        if out.tell():
            with file.open("rb") as before:
                before.seek(-1, os.SEEK_END)
                if before.read() != b"\n":
                    out.write("\n")
        yield out
    if not file.stat().st_size:  # nothing was learnt
        file.unlink()


def append(out: TextIO, row: Row) -> None:
    """Add a row; it outlives this process from now on."""
    out.write(_line(row))
    out.flush()


def save(file: Path, rows: Iterable[Row]) -> None:
    """Write the ledger anew, in the order of addresses; the old one stands until the new one is whole."""
    new = file.with_name(file.name + ".new")
    new.write_text("".join(_line(row) for row in sorted(rows, key=lambda row: row.url)), "utf-8")
    new.replace(file)


def kept(rows: Mapping[str, Row], named: Iterable[str], today: datetime.date) -> list[Row]:
    """The rows to keep: of addresses that pages name, and for a while of those that they named."""
    still = set(named)
    limit = (today - datetime.timedelta(days=FORGET_DAYS)).isoformat()
    return [row for row in rows.values() if row.url in still or row.asked >= limit]


def newest(rows: Mapping[str, Row]) -> datetime.date | None:
    """The day of the last question."""
    moments = [row.asked for row in rows.values() if row.asked]
    try:
        return datetime.date.fromisoformat(max(moments)[:10]) if moments else None
    except ValueError:
        return None


def late(rows: Mapping[str, Row], today: datetime.date) -> str:
    """A warning when the ledger is older than two periods, empty otherwise."""
    last = newest(rows)
    if last is None:
        return "no link has ever been checked: does the scheduled check run?"
    days = (today - last).days
    if days <= 2 * PERIOD_DAYS:
        return ""
    return f"links were last checked on {last} ({days} days ago): does the scheduled check run?"
