"""What an answer means: one table of reasons, and the rule by which a page is called dead."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Literal

from kb.links import content
from kb.links.ledger import Row

Verdict = Literal["alive", "moved", "changed", "unverified", "dead"]

FAILURES = 3  # definite failures in a row before an address is dead…
DAYS = 14  # …the first of them so many days ago at least

VERDICTS: dict[Verdict, str] = {
    "alive": "The page is there.",
    "moved": "Its server says that it has a new address for good.",
    "changed": "Something answers, but perhaps not what was cited: an error page that does not call itself one, a "
    "domain for sale, another title, a missing section. Somebody has to look.",
    "unverified": "No answer that proves anything: refused, overloaded, too slow, a bad certificate, blocked in a "
    "region, or missing for too short a time to be called dead.",
    "dead": f"Not there (404, 410, unknown host) {FAILURES} times in a row over at least {DAYS} days. The citation "
    "stays; readers are shown an archived copy first.",
}

REASONS: dict[str, tuple[Verdict, str]] = {
    "ok": ("alive", "it answers"),
    "moved": ("moved", "permanent redirect"),
    "soft-404": ("changed", "an error page that does not call itself one"),
    "parked": ("changed", "the domain is for sale, parked or suspended"),
    "title": ("changed", "another title than before"),
    "section": ("changed", "the page lacks the section"),
    "empty": ("changed", "an empty page"),
    "login": ("unverified", "asks to sign in"),
    "refused": ("unverified", "refuses automatic requests"),
    "region": ("unverified", "not available for legal reasons, or in this region"),
    "busy": ("unverified", "too many requests, or overloaded"),
    "server": ("unverified", "a fault of the server"),
    "odd": ("unverified", "an answer that says neither yes nor no"),
    "loop": ("unverified", "redirects without end"),
    "timeout": ("unverified", "too slow"),
    "connection": ("unverified", "the connection broke"),
    "unreachable": ("unverified", "no connection"),
    "certificate": ("unverified", "the certificate is refused"),
    "garbled": ("unverified", "the answer is not HTTP"),
    "dns": ("unverified", "the name could not be looked up"),
    "unsafe": ("unverified", "leads to where we do not ask"),
    "gone": ("dead", "not there"),
    "no-host": ("dead", "unknown host"),
}
DEFINITE = frozenset(reason for reason, (verdict, _) in REASONS.items() if verdict == "dead")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for an address. ``reached``: whether anything answered at all."""

    reason: str
    status: int = 0
    final: str = ""
    redirect: str = ""
    type: str = ""
    title: str = ""
    reached: bool = True
    wait: float = 0.0  # seconds that the server asks us to wait


def after(row: Row | None, url: str, answer: Answer, now: datetime.datetime, read: str = "") -> Row:
    """The row of an address after an answer. ``read``: the day on which a source at that address was last read."""
    today = now.date().isoformat()
    row = row or Row(url, first_seen=today)
    reason = answer.reason
    changed_title = REASONS[reason][0] in ("alive", "moved") and not content.similar(row.title, answer.title)
    if changed_title and read <= row.alive:
        reason = "title"
    verdict, before = REASONS[reason][0], row.verdict
    row = replace(
        row, asked=now.strftime("%Y-%m-%dT%H:%M:%SZ"), reason=reason, status=answer.status, final=answer.final,
        redirect=answer.redirect, type=answer.type or row.type,
    )  # fmt: skip
    if reason in DEFINITE:
        row = replace(row, failures=row.failures + 1, failing_since=row.failing_since or today)
        if not is_dead(row, now.date()):
            verdict = "unverified"
    elif verdict == "unverified":
        verdict = "dead" if before == "dead" else verdict  # a bad day brings nothing back
    else:
        row = replace(row, failures=0, failing_since="")
        if verdict != "changed":
            row = replace(row, alive=today, title=answer.title or row.title)
    return replace(row, verdict=verdict)


def is_dead(row: Row, today: datetime.date) -> bool:
    """Whether the failures of a row are enough."""
    since = datetime.date.fromisoformat(row.failing_since)
    return row.failures >= FAILURES and (today - since).days >= DAYS
