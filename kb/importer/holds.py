"""What the knowledge base holds on a claim: agrees, differs, newer or unknown, with the record that says so."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from kb import corpus, csl, model, series
from kb.importer import dates
from kb.importer.claims import Found
from kb.importer.place import stem

Answer = Literal["agrees", "differs", "newer", "unknown"]
SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "lakh": 10**5, "crore": 10**7, "one": 1,
    "ملین": 10**6, "ارب": 10**9, "کروڑ": 10**7, "لاکھ": 10**5,
}  # fmt: skip
_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_QUANTITY = re.compile(
    r"(?i)(?<![\w.-])(?P<sign>US\$|[$€£]|Rs\.?\s?|PKR\s?|USD\s?|EUR\s?)?"
    rf"(?P<digits>\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_WORDS)})\b)(?![\w]*-[A-Z\d])"
    rf"\s*(?P<scale>(?:{'|'.join(SCALES)})\b)?"
    r"\s*(?P<unit>%|per ?cent\b|percent\b|points?\b|ڈالر|(?:st|nd|rd|th)\b(?: place)?)?(?P<noun>\s+(?:(?:new|of|the|active|e-money|mobile)\s+)*[^\W\d]+)?"
)
_FISCAL = re.compile(r"\bFY\s?(\d{4})(?:-(Q[1-4]))?\b|\bfiscal year (\d{4})\b|مالی سال (\d{4})")
_QUARTER = re.compile(r"(?i)\b(first|second|third|fourth) quarter of (?:the )?(FY\s?)?(\d{4})")
_MONTH_YEAR = re.compile(rf"(?i)\b({dates.MONTH})\s+(\d{{4}})\b")
_MONTH_ALONE = re.compile(rf"\b(?:in|since|by|for)\s+({dates.MONTH})\b(?!\s+\d)")
_YEAR = re.compile(r"(?<![\w-])(20[0-4]\d|19\d\d)(?![\w-])")
_BEFORE = re.compile(r"(?i)\b(?:a|the) year (?:before|earlier)\b")
_TARGET = re.compile(r"(?i)\b(?:targets?|aims?|goals?|wants?|plan(?:s|ned)?|to be given|by 20\d\d)\b")
_BACK = re.compile(r"(?:They|It|Its|Their|Another|That|This|These|A year|The year|In [A-Z]\w+|For (?:FY)?\d{4}|The same|Of these)\b")
FAINT, LIKE, ALIKE = 0.05, 0.10, 0.17  # how like a series a sentence is: enough for an exact figure, a round one, another value
_STATUS_WORDS: dict[str, str] = {
    "active": r"in force|in use|(?:is|are|remains?) (?:now )?(?:active|open|working|operational|in force)|works? as|still (?:runs?|delivers?|works?)|begun its work|run by|opened to|is the law|became law",
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


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a sentence; ``step`` is one unit of its last digit."""

    value: Decimal
    unit: str  # USD, PKR, EUR, GBP, percent or nothing
    step: Decimal
    noun: str = ""
    digits: int = 0


def quantities(text: str) -> list[Quantity]:
    """The numbers of a sentence, its dates left out."""
    bare = dates.DATE.sub(" ", text)
    bare = _QUARTER.sub(" ", _FISCAL.sub(" ", _MONTH_YEAR.sub(" ", bare)))
    bare = re.sub(rf"\b\d{{1,2}} {dates.MONTH}\b", " ", bare)
    found = []
    for match in _QUANTITY.finditer(bare):
        digits = match["digits"].replace(",", "").rstrip(".")
        if (
            not match["sign"]
            and not match["scale"]
            and not match["unit"]
            and re.fullmatch(r"(?:19|20)\d\d", match["digits"])
        ):
            continue
        try:
            number = Decimal(_WORDS.get(digits.lower(), digits))
        except InvalidOperation:
            continue
        scale = Decimal(SCALES.get((match["scale"] or "one").lower(), 1))
        sign = (match["sign"] or "").strip(" .").lower()
        unit = {
            "$": "USD",
            "us$": "USD",
            "usd": "USD",
            "rs": "PKR",
            "pkr": "PKR",
            "€": "EUR",
            "eur": "EUR",
            "£": "GBP",
        }.get(sign, "")
        said = (match["unit"] or "").lower()
        unit = unit or ("percent" if said in ("%", "per cent", "percent") else "USD" if said == "ڈالر" else "")
        exponent = number.as_tuple().exponent
        step = Decimal(10) ** (exponent if isinstance(exponent, int) else 0)
        noun = _words(match["noun"] or "")
        found.append(Quantity(number * scale, unit, step * scale, noun[-1] if noun else "", len(digits.replace(".", "").strip("0"))))
    if re.search(r"(?i)\ba tenth\b", bare):
        found.append(Quantity(Decimal(10), "percent", Decimal(1)))
    return found


def periods(text: str, context: str = "", year: str = "") -> list[str]:
    """The periods that a sentence names, the exact ones first; ``context``: the one named before, ``year``: the article's."""
    found: list[str] = []
    found += [
        f"{'FY' if m[2] else ''}{m[3]}-Q{1 + 'first second third fourth'.split().index(m[1].lower())}"
        for m in _QUARTER.finditer(text)
    ]
    for match in dates.DATE.finditer(text):
        if day := dates.parse(match[0]):
            found.append(day)
    rest = _QUARTER.sub(" ", dates.DATE.sub(" ", text))
    found += [f"{m[2]}-{dates.month(m[1]):02}" for m in _MONTH_YEAR.finditer(rest)]
    rest = _MONTH_YEAR.sub(" ", rest)
    for match in _FISCAL.finditer(rest):
        period = f"FY{match[1] or match[3] or match[4]}"
        found.append(f"{period}-{match[2]}" if match[2] else period)
    rest = _FISCAL.sub(" ", rest)
    found += [m[1] for m in _YEAR.finditer(rest)]
    if not found and (alone := _MONTH_ALONE.search(text)):
        base = context[:4] if re.match(r"\d{4}", context) else year
        if base:
            found.append(f"{base}-{dates.month(alone[1]):02}")
    if not found and _BEFORE.search(text) and (match := re.match(r"(FY)?(\d{4})(.*)", context)):
        found.append(f"{match[1] or ''}{int(match[2]) - 1}{match[3]}")
    return found


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
        self.indicators = loaded.indicators
        rows = []
        for slug, record in loaded.indicators.items():
            page = loaded.pages[f"indicators/{slug}"]
            for one in record.series:
                general = [page.title, record.unit, *record.search_terms, record.description]
                own = [one.id.replace("-", " "), one.definition, one.publisher]
                rows.append((slug, record, one, Counter(_words(" ".join(general))), Counter(_words(" ".join(own)))))
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
        numbers = quantities(claim.text)
        when = periods(claim.text, context, year) or ([context] if context else [])
        if not numbers:
            return None
        weights: Counter[str] = Counter()
        for text, weight in ((claim.text, 1.0), (before, 0.8 if _BACK.match(claim.text) else 0.45), (f"{claim.section} {subject}", 0.3)):
            for word in set(_words(text)):
                weights[word] = max(weights[word], weight)
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
                counted = number.unit or not number.noun or number.noun in one.words
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
            return Held("agrees", f"{ref}@{row.period}", series.figure(one.record, row)), 4.0 if number.digits > 2 else 2.0
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
        and (period.startswith(f"{said}-") or said.startswith(f"{period}-") and len(period) > 4)
    )


def _after(said: str, last: str) -> bool:
    """Whether a period lies after another of the same form."""
    alike = (
        said.startswith("FY") == last.startswith("FY") and ("Q" in said) == ("Q" in last) and len(said) >= len(last[:7])
    )
    return alike and said > last


def _words(text: str) -> list[str]:
    return [stem(word) for word in re.findall(r"[^\W\d_]{2,}|\d[gG]\b|e-\w+", text.lower()) if word not in _STOP]


_STOP = set(
    """the a an of in on at to for by with and or is are was were be been it its as from that this which who had has have
    some all year per not their they them only other than more most both one when what where how into out up down over
    under after before about between there than then these those such also said says""".split()
)


def figures(text: str) -> list[re.Match[str]]:
    """The numbers of a sentence as they are written, its dates left out."""
    bare = dates.DATE.sub(" ", text)
    bare = _QUARTER.sub(" ", _FISCAL.sub(" ", _MONTH_YEAR.sub(" ", bare)))
    return [match for match in _QUANTITY.finditer(bare) if not re.fullmatch(r"(?:19|20)\d\d|one", match[0].strip())]
