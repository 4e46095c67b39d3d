"""What a run tells people: findings on a screen, Markdown for the job's summary and the issue."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from kb.corpus import DOCS, EXCEPTIONS, Corpus
from kb.finding import Finding
from kb.links.collect import Link
from kb.links.health import Found, Health
from kb.links.ledger import Row
from kb.links.verdicts import DEFINITE, REASONS

MOST = 100  # rows of a list; an issue has a limit
EXCEPTION_DAYS = 366  # the longest that an exception may stand


def excepted(corpus: Corpus, url: str, today: datetime.date) -> bool:
    """Whether an exception that has not expired covers an address."""
    return any(exception.covers(url) and exception.until >= today for exception, _ in corpus.exceptions)


def expired(corpus: Corpus, today: datetime.date) -> Iterator[Finding]:
    """Exceptions whose day has come, or that reach too far."""
    for exception, line in corpus.exceptions:
        path = f"{DOCS}/{EXCEPTIONS}"
        if exception.until < today:
            message = f"the exception for '{exception.pattern}' ended on {exception.until}"
            remedy = "open the page: delete the row, or give it a new day and note"
            yield Finding(path, line, "link-exception", message, remedy)
        elif (exception.until - today).days > EXCEPTION_DAYS:
            message = f"the exception for '{exception.pattern}' reaches until {exception.until}"
            yield Finding(path, line, "link-exception", message, "name a day within a year")


def findings(
    corpus: Corpus, links: Mapping[str, Link], rows: Mapping[str, Row], today: datetime.date, first: bool = False
) -> list[Finding]:
    """One for each place of a dead link. ``first``: a definite failure counts at once, as for a link that is new."""
    found: list[Finding] = []
    for url, link in links.items():
        row = rows.get(url)
        if row is None or excepted(corpus, url, today):
            continue
        if row.verdict == "dead" or (first and row.reason in DEFINITE):
            said = f"'{url}' leads nowhere: {_said(row)}"
            remedy = "mend the address" if first else "find where it went, or cite another source or an archived copy"
            found += [Finding(path, line, "link-dead", said, remedy) for path, line in link.places]
    return sorted(found)


def _said(row: Row) -> str:
    words = f"{row.status}" if row.status else REASONS[row.reason][1]
    since = f" since {row.failing_since}" if row.failures > 1 else ""
    return words + since


def markdown(health: Health, corpus: Corpus, today: datetime.date) -> str:
    """The report; empty lists are left out."""
    lines = [f"{health.alive} of {health.total - health.unasked} links are alive ({today})."]
    if health.unasked:
        lines.append(f"{health.unasked} have not been asked yet.")
    lines += ["", "| Verdict | Links |", "|---|---|", *(f"| {name} | {count} |" for name, count in health.counts)]
    for title, rows in (
        ("Dead", [item for item in health.dead if not excepted(corpus, item[0].url, today)]),
        ("Changed", [item for item in health.changed if not excepted(corpus, item[0].url, today)]),
        ("Moved", health.moved),
        ("Unverified for longest", health.unverified[:20]),
    ):
        lines += _section(title, rows)
    if gone := list(expired(corpus, today)):
        lines += ["", f"## Exceptions that have ended ({len(gone)})", ""]
        lines += [f"- {_code(f'{one.path}:{one.line}')}: {_code(one.message)}" for one in gone[:MOST]]
    return "\n".join(lines) + "\n"


def _section(title: str, rows: Iterable[Found]) -> Iterator[str]:
    rows = list(rows)
    if not rows:
        return
    yield from ("", f"## {title} ({len(rows)})", "")
    for link, row in rows[:MOST]:
        path, line = link.places[0]
        more = f" and {len(link.places) - 1} more" if len(link.places) > 1 else ""
        last = f"last alive {row.alive}" if row.alive else "never seen alive"
        new = f", now {_code(row.final)}" if row.verdict == "moved" else ""
        copy = f", archived: {_code(row.archive)}" if row.archive and row.verdict in ("dead", "changed") else ""
        yield f"- {_code(link.url)} in {_code(f'{path}:{line}')}{more}: {_said(row)}, {last}{new}{copy}"
    if len(rows) > MOST:
        yield f"- and {len(rows) - MOST} more"


def _code(text: str) -> str:
    """As code in Markdown, whatever it holds."""
    return "`" + "".join(c if c.isprintable() and c != "`" else "%60" for c in text) + "`"
