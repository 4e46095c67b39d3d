"""Days, months and years in the forms that articles write them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

MONTHS = "january february march april may june july august september october november december".split()
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)(?!\d)")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|[nr]d|th)?\s+({MONTH})\.?,?\s+(\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"\b({MONTH})\.?\s+(\d{{1,2}})(?:st|[nr]d|th)?,?\s+(\d{{4}})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
DATE = re.compile("|".join(p.pattern for p in (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMBERS)))


def month(name: str) -> int:
    """1 for January, Jan …"""
    return next(number for number, full in enumerate(MONTHS, 1) if full.startswith(name.lower()[:3]))


def parse(text: str) -> str:
    """The first day named in a text, as YYYY-MM-DD; numbers alone are read with the day first. Empty if none."""
    tries: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int, int]]], ...] = (
        (_ISO, lambda m: (int(m[1]), int(m[2]), int(m[3]))),
        (_DAY_FIRST, lambda m: (int(m[3]), month(m[2]), int(m[1]))),
        (_MONTH_FIRST, lambda m: (int(m[3]), month(m[1]), int(m[2]))),
        (_NUMBERS, lambda m: (int(m[3]), int(m[2]), int(m[1]))),
    )
    for pattern, read in tries:
        if match := pattern.search(text):
            try:
                return datetime.date(*read(match)).isoformat()
            except ValueError:
                continue
    return ""
