"""What the knowledge base holds on a claim: agrees, differs, newer or unknown, with the record that says so."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kb import corpus, csl, model, series
from kb.importer.claims import Found
from kb.importer.numbers import SCALES, Quantity, periods, quantities
from kb.importer.place import stem

Answer = Literal["agrees", "differs", "newer", "unknown"]
_TARGET = re.compile(r"(?i)\b(?:targets?|aims?|goals?|wants?|plan(?:s|ned)?|to be given|by 20\d\d)\b")
_ANYBODY = ("", "people", "persons")  # nouns that say nothing of what is counted
_BACK = re.compile(
    r"(?:They|It|Its|Their|Another|That|This|These|A year|The year|In [A-Z]\w+|For (?:FY)?\d{4}|The same|Of these)\b"
)
# How like a series a sentence is: enough for an exact figure, for a round one, for another value.
FAINT, LIKE, ALIKE = 0.05, 0.10, 0.14
_STATUS_WORDS: dict[str, str] = {
    "active": r"in force|in use|(?:is|are|remains?) (?:now )?(?:active|open|working|operational|in force)|works? as|"
    r"still (?:runs?|delivers?|works?)|begun its work|run by|opened to|is the law|became law",
    "announced": r"has been announced|have been announced|not (?:yet )?(?:been )?(?:passed|in use|begun|opened)",
    "suspended": r"(?:been|was|is) suspended",
    "stalled": r"(?:has|have) stalled|been stalled",
    "completed": r"been completed|is complete",
    "closed": r"has closed|been closed|shut down",
}


@dataclass(frozen=True, slots=True)
class Held:
    """The answer, the record that gives it, and the record's own words."""

    answer: Answer = "unknown"
    ref: str = ""
    shown: str = ""


@dataclass(slots=True)
class _Series:
    slug: str
    record: model.Indicator
    series: model.Series
    words: dict[str, float]
    own: set[str]


class Knowledge:
    """The indicators and entries of a knowledge base, ready to be asked."""

    def __init__(self, loaded: corpus.Corpus) -> None:
        self.entries = loaded.entries
        self.signs = loaded.site.search.house_names
        self.indicators = loaded.indicators
        rows = []
        for slug, record in loaded.indicators.items():
            page = loaded.pages[f"indicators/{slug}"]
            for one in record.series:
                general_text = [page.title, record.unit, *record.search_terms, record.description]
                own_text = [one.id.replace("-", " "), one.definition, one.publisher]
                rows.append(
                    (slug, record, one, Counter(_words(" ".join(general_text))), Counter(_words(" ".join(own_text))))
                )
        seen = Counter(word for *_, general, own in rows for word in general.keys() | own.keys())
        self.idf = {word: math.log(1 + len(rows) / count) for word, count in seen.items()}
        self.series = []
        for slug, record, one, general, own in rows:
            words = {word: self.idf[word] * (1 + 0.5 * (word in general and word in own)) for word in general | own}
            length = math.sqrt(sum(weight * weight for weight in words.values())) or 1
            self.series.append(_Series(slug, record, one, {w: x / length for w, x in words.items()}, set(own)))

    def ask(self, claim: Found, entries: list[str], before: str, context: str, year: str, subject: str) -> Held:
        """What is held on a claim. ``before``: the sentence before it, ``context``: the period named last there."""
        if held := self._figure(claim, before, context, year, subject):
            return held
        for entry in entries:
            if held := self._entry(claim, entry, year):
                return held
        return Held()

    # ---- figures

    def _figure(self, claim: Found, before: str, context: str, year: str, subject: str) -> Held | None:
        numbers = quantities(claim.text, self.signs)
        when = periods(claim.text, context, year) or ([context] if context else [])
        if not numbers:
            return None
        weights: dict[str, float] = {}
        for text, weight in (
            (claim.text, 1.0),
            (before, 0.8 if _BACK.match(claim.text) else 0.45),
            (f"{claim.section} {subject}", 0.3),
        ):
            for word in set(_words(text)):
                weights[word] = max(weights.get(word, 0), weight)
        vector = {word: weight * self.idf[word] for word, weight in weights.items() if word in self.idf}
        length = math.sqrt(sum(x * x for x in vector.values())) or 1
        target = bool(_TARGET.search(claim.text))
        best: tuple[float, Held] | None = None
        for one in self.series:
            like = sum(x / length * one.words[word] for word, x in vector.items() if word in one.words)
            if like < FAINT:
                continue
            rows = [row for row in one.record.observations if row.series == one.series.id]
            if (all(row.status == "target" for row in rows)) != target:
                like *= 0.75
            for number in numbers:
                if _unit(one.record) != number.unit:
                    continue
                held, bonus = _compare(one, rows, number, when)
                if held is None or (held.answer == "agrees" and number.digits < 3 and like < LIKE):
                    continue
                counted = number.unit or number.noun in _ANYBODY or stem(number.noun.lower()) in one.words
                if held.answer != "agrees" and (like < ALIKE or not counted):
                    continue
                if best is None or like * bonus > best[0]:
                    best = (like * bonus, held)
        return best[1] if best else None

    # ---- entries

    def _entry(self, claim: Found, entry: str, year: str) -> Held | None:
        record = self.entries[entry].record
        assert isinstance(record, model.Entry)
        days = [period for period in periods(claim.text, year=year) if len(period) >= 7 and not period.startswith("FY")]
        shown = next((f"{event.what} ({csl.written(event.date)})" for event in record.events if event.date in days), "")
        if shown:
            return Held("agrees", entry, shown)
        said = [status for status, words in _STATUS_WORDS.items() if re.search(rf"(?i)\b(?:{words})\b", claim.text)]
        if claim.kind in ("status", "date", "figure", "forecast") and said:
            newest = max(days, default="")
            shown = f"status {record.status} as of {record.as_of}"
            if record.status in said or ("announced" in said and record.status in ("stalled", "unknown")):
                return Held("agrees", entry, shown)
            if newest and newest > record.as_of.isoformat():
                return Held("newer", entry, shown)
            if record.status != "unknown":
                return Held("differs", entry, shown)
        near = next((event for event in record.events if any(day[:7] == event.date[:7] for day in days)), None)
        if near:
            answer: Answer = (
                "agrees" if any(near.date.startswith(day) or day.startswith(near.date) for day in days) else "differs"
            )
            return Held(answer, entry, f"{near.what} ({csl.written(near.date)})")
        return None


def _unit(record: model.Indicator) -> str:
    if record.unit == "percent":
        return "percent"
    return record.unit if re.fullmatch(r"[A-Z]{3}", record.unit) else ""


def _compare(
    one: _Series, rows: list[model.Observation], number: Quantity, when: list[str]
) -> tuple[Held | None, float]:
    """What a series says of a number, and how much that counts for the series."""
    scale = Decimal(SCALES[one.record.scale])
    dated = [row for row in rows if any(_same(row.period, period) for period in when)]
    ref = f"{one.slug}/{one.series.id}"
    for row in dated if when else rows:
        if abs(row.value * scale - number.value) <= number.step / 2 + Decimal("0.0001") * abs(row.value * scale):
            return Held(
                "agrees", f"{ref}@{row.period}", series.figure(one.record, row)
            ), 4.0 if number.digits > 2 else 2.0
    if dated:
        row = dated[-1]
        share = number.value / (row.value * scale) if row.value else Decimal(0)
        if Decimal("0.4") < share < Decimal("2.5"):
            return Held("differs", f"{ref}@{row.period}", series.figure(one.record, row)), 1.25
        return None, 0
    last = max((row.period for row in rows if row.status != "target"), default="")
    if last and when and any(_after(period, last) for period in when):
        row = next(row for row in rows if row.period == last)
        share = number.value / (row.value * scale) if row.value else Decimal(0)
        if Decimal("0.3") < share < Decimal("3.5"):
            return Held("newer", ref, series.figure(one.record, row)), 1.0
    return None, 0


def _same(period: str, said: str) -> bool:
    return period == said or (
        not period.startswith("FY")
        and "Q" not in period
        and (period.startswith(f"{said}-") or (said.startswith(f"{period}-") and len(period) > 4))
    )


def _after(said: str, last: str) -> bool:
    """Whether a period lies after another of the same form."""
    alike = (
        said.startswith("FY") == last.startswith("FY") and ("Q" in said) == ("Q" in last) and len(said) >= len(last[:7])
    )
    return alike and said > last


def _words(text: str) -> list[str]:
    return [
        stem(word)
        for word in re.findall(r"[^\W\d_]{2,}|\d[gG]\b|e-\w+", re.sub(r"\bIT\b", "infotech", text).lower())
        if word not in _STOP
    ]


_STOP = set(
    """the a an of in on at to for by with and or is are was were be been it its as from that this which who had has
    have some all year per not their they them only other than more most both one when what where how into out up down
    over under after before about between there then these those such also said says""".split()
)
