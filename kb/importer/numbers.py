"""Numbers and periods as sentences write them: amounts with their units, fiscal years, quarters, months, days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kb.importer import dates

SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "lakh": 10**5,
    "crore": 10**7, "one": 1, "ملین": 10**6, "ارب": 10**9, "کروڑ": 10**7, "لاکھ": 10**5,
}  # fmt: skip
SIGNS = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP"}
_COUNTED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty""".split()
_WORDS = {word: number for number, word in enumerate(_COUNTED)}
_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_QUANTITY = re.compile(
    r"(?<![\w.-])(?P<sign>US\$|[$€£]|[A-Z][A-Za-z]{1,2}\.?\s?(?=\d))?"
    rf"(?P<digits>\d[\d,]*(?:\.\d+)?|(?i:\b(?:{'|'.join(_WORDS)})\b))(?!\w*-[A-Z\d])"
    rf"(?:\s*(?P<scale>(?i:(?:{'|'.join(SCALES)})\b)))?"
    r"(?:\s*(?P<unit>%|(?i:per ?cent|points?)\b|ڈالر|(?:st|[nr]d|th)\b(?: place)?))?"
    r"(?:\s+(?:(?:new|of|the|active|e-money|mobile)\s+)*(?P<noun>[^\W\d]+))?"
)
_FISCAL = re.compile(r"\bFY\s?(\d{4})(?:-(Q[1-4]))?\b|\bfiscal year (\d{4})\b|مالی سال (\d{4})")
_QUARTER = re.compile(r"(?i)\b(first|second|third|fourth) quarter of (?:the )?(FY\s?)?(\d{4})")
_MONTH_YEAR = re.compile(rf"(?i)\b({dates.MONTH})\s+(\d{{4}})\b")
_MONTH_ALONE = re.compile(rf"\b(?i:in|since|by|for)\s+({dates.MONTH})\b(?!\s+\d)")
_YEAR = re.compile(r"(?<![\w-])(20[0-4]\d|19\d\d)(?![\w-])")
_BEFORE = re.compile(r"(?i)\b(?:a|the) year (?:before|earlier)\b")
_ANY = re.compile(rf"\d|(?i:{_BEFORE.pattern[4:]})|\b{dates.MONTH}\b")
_QUARTERS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a sentence; ``step`` is one unit of its last digit, ``noun`` the word after it."""

    value: Decimal
    unit: str  # a currency's three letters, percent, or nothing
    step: Decimal
    noun: str = ""
    digits: int = 0  # that count


def quantities(text: str, signs: Mapping[str, str]) -> list[Quantity]:
    """The numbers of a sentence, its dates left out; ``signs``: what the site says that short signs stand for."""
    found = []
    for match in _QUANTITY.finditer(_undated(text)):
        digits = match["digits"].replace(",", "").rstrip(".")
        sign = (match["sign"] or "").strip(" .").lower()
        unit = SIGNS.get(sign) or signs.get(sign, sign).upper()
        unit = unit if re.fullmatch("[A-Z]{3}", unit) else ""
        said = (match["unit"] or "").lower()
        if not (unit or match["scale"] or said) and re.fullmatch(r"(?:19|20)\d\d", digits):
            continue
        try:
            number = Decimal(_WORDS.get(digits.lower(), digits))
        except InvalidOperation:
            continue
        scale = Decimal(SCALES.get((match["scale"] or "one").lower(), 1))
        unit = unit or ("percent" if said in ("%", "per cent", "percent") else "USD" if said == "ڈالر" else "")
        exponent = number.as_tuple().exponent
        step = Decimal(10) ** (exponent if isinstance(exponent, int) else 0)
        counted = len(digits.replace(".", "").strip("0")) if digits[0].isdigit() else 1
        found.append(Quantity(number * scale, unit, step * scale, match["noun"] or "", counted))
    if re.search(r"(?i)\ba tenth\b", text):
        found.append(Quantity(Decimal(10), "percent", Decimal(1)))
    return found


def figures(text: str) -> list[str]:
    """The numbers of a sentence as they are written, its dates left out."""
    found = []
    for match in _QUANTITY.finditer(_undated(text)):
        said = "".join(filter(None, (match["sign"], match["digits"])))
        said = " ".join(filter(None, (said, match["scale"], match["unit"])))
        if not re.fullmatch(r"(?:19|20)\d\d|(?i:one)", said):
            found.append(said.replace(" %", "%"))
    return found


def _undated(text: str) -> str:
    bare = _QUARTER.sub(" ", _FISCAL.sub(" ", _MONTH_YEAR.sub(" ", dates.DATE.sub(" ", text))))
    return re.sub(rf"\b\d{{1,2}} {dates.MONTH}\b", " ", bare)


def periods(text: str, context: str = "", year: str = "") -> list[str]:
    """The periods that a sentence names, the exact ones first.

    ``context``: the one that was named before it, ``year``: the article's.
    """
    if not _ANY.search(text):
        return []
    found: list[str] = []
    found += [f"{'FY' if m[2] else ''}{m[3]}-Q{1 + _QUARTERS.index(m[1].lower())}" for m in _QUARTER.finditer(text)]
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
    if not found and _BEFORE.search(text) and (last := re.match(r"(FY)?(\d{4})(.*)", context)):
        found.append(f"{last[1] or ''}{int(last[2]) - 1}{last[3]}")
    return found
