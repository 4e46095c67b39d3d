"""Figures as data: which observation stands for a period, how it is written, and where series disagree.

Words are those of SDMX: an indicator has series, a series has observations, each for a period.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kb import csl, model
from kb.words import _

TARGET = re.compile(r"(?P<slug>[a-z0-9-]+)(?:/(?P<series>[a-z0-9-]+))?(?:@(?P<first>[\w-]+)(?:\.\.(?P<last>[\w-]+))?)?")


class Unknown(ValueError):
    """A quotation of a figure that does not exist; the text says what is wrong; what to do."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A figure as it stands in prose: its words, and the sources whose notes follow."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """One of several values for one period."""

    series: model.Series
    observation: model.Observation
    preferred: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Values of one concept and period that differ."""

    period: str
    rivals: tuple[Rival, ...]
    reason: str


def concept(indicator: model.Indicator, series: model.Series) -> str:
    """What a series measures: its own concept, or the indicator's."""
    return series.concept or indicator.concept


def standing(indicator: model.Indicator, series: str, target: bool = False) -> dict[str, model.Observation]:
    """Period -> the observation that stands for it: the last one listed; targets apart from what was counted."""
    return {
        row.period: row for row in indicator.observations if row.series == series and (row.status == "target") == target
    }


def default_series(indicator: model.Indicator) -> model.Series:
    """The series that is quoted when none is named."""
    return next(series for series in indicator.series if series.default)


def latest(indicator: model.Indicator, series: str) -> model.Observation | None:
    """The observation of the last period that was counted, not aimed at."""
    rows = standing(indicator, series)
    return rows[max(rows)] if rows else None


def disagreements(indicator: model.Indicator) -> list[Disagreement]:
    """Periods for which series of one concept give different values."""
    chosen = {row.period: row for row in indicator.preferred}
    found: list[Disagreement] = []
    groups: dict[str, list[model.Series]] = defaultdict(list)
    for series in indicator.series:
        groups[concept(indicator, series)].append(series)
    for group in groups.values():
        rows = {series.id: standing(indicator, series.id) for series in group}
        for period in sorted({period for by_period in rows.values() for period in by_period}):
            rivals = [(series, rows[series.id][period]) for series in group if period in rows[series.id]]
            if len({observation.value.normalize() for _, observation in rivals}) > 1:
                choice = chosen.get(period)
                shown = (Rival(series, row, bool(choice and choice.series == series.id)) for series, row in rivals)
                found.append(Disagreement(period, tuple(shown), choice.reason if choice else ""))
    return found


def grouped(number: Decimal) -> str:
    """Digits with commas between thousands, decimals as printed."""
    return f"{number:,}"


def amount(indicator: model.Indicator, value: Decimal) -> str:
    """A value with its unit: ``$3,810 million``, ``57%``, ``EUR 1,075 billion``, ``12 handsets``."""
    scale = "" if indicator.scale == "one" else f" {_(indicator.scale)}"
    unit = indicator.unit
    if unit == "percent":
        return f"{grouped(value)}%"
    if unit == "rank":
        return _("rank {number}").format(number=grouped(value))
    if unit == "USD":
        return f"${grouped(value)}{scale}"
    if re.fullmatch(r"[A-Z]{3}", unit):
        return f"{unit} {grouped(value)}{scale}"
    return f"{grouped(value)}{scale} {unit}"


def when(indicator: model.Indicator, row: model.Observation) -> str:
    """The period of a value in prose: ``in FY2025``, ``on 10 March 2025``, of a target ``for FY2025``.

    A running total stands ``by the end of March 2025``, its target ``by 2030``.
    """
    day = re.fullmatch(r"\d{4}-\d\d-\d\d", row.period)
    cumulative = next(series.cumulative for series in indicator.series if series.id == row.series)
    if row.status == "target":
        words = _("by {period}") if cumulative else _("for {period}")
    elif cumulative:
        words = _("by {period}") if day else _("by the end of {period}")
    else:
        words = _("on {period}") if day else _("in {period}")
    return words.format(period=label(row.period))


def called(record: model.Indicator, name: str) -> str:
    """What readers see of a series: its label, its publisher, or its id in words where the publisher has several."""
    row = next(row for row in record.series if row.id == name)
    if row.label:
        return row.label
    alone = sum(other.publisher == row.publisher for other in record.series) == 1
    words = name.replace("-", " ")
    return row.publisher if alone else words[:1].upper() + words[1:]


def label(period: str) -> str:
    """A period as a heading has it: ``FY2025``, ``March 2025``, ``Q1 2025``."""
    if match := re.fullmatch(r"(FY)?(\d{4})-(Q\d)", period):
        return _("{quarter} of {year}").format(quarter=match[3], year=f"{match[1] or ''}{match[2]}")
    return csl.written(period) if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", period) else period


def span(period: str, fiscal_year_start: int) -> tuple[str, str]:
    """First and last month of a period, or its day: ``FY2025`` from July is ``2024-07`` to ``2025-06``."""
    match = re.fullmatch(r"(FY)?(\d{4})(?:-Q(\d))?", period)
    if not match:
        return period, period
    start = fiscal_year_start if match[1] else 1
    first = int(match[2]) * 12 + start - 1 - (12 if start > 1 else 0) + 3 * (int(match[3] or 1) - 1)
    ends = (first, first + (2 if match[3] else 11))
    year_and_month = [f"{month // 12}-{month % 12 + 1:02}" for month in ends]
    return year_and_month[0], year_and_month[1]


def quote(indicators: Mapping[str, model.Indicator], target: str) -> Quotation:
    """The words for ``slug``, ``slug/series``, ``slug@period`` or ``slug@first..last``.

    Without a period the latest one that was counted is taken; between rivals the preferred one. Raises
    :class:`Unknown` with what is wrong and what to do.
    """
    match = TARGET.fullmatch(target)
    if not match:
        raise Unknown(f"'{target}' names no figure; write slug, slug/series, slug@period or slug@first..last")
    indicator = indicators.get(match["slug"])
    if indicator is None:
        raise Unknown(f"no indicator has the id '{match['slug']}'; see docs/indicators/")
    names = [series.id for series in indicator.series]
    if match["series"] and match["series"] not in names:
        raise Unknown(f"the indicator has no series '{match['series']}'; it has {', '.join(names)}")
    first = _observation(indicator, match["series"], match["first"])
    if match["last"]:
        return _change(indicator, first, _observation(indicator, match["series"] or first.series, match["last"]))
    return Quotation(figure(indicator, first), (first.source,))


def figure(indicator: model.Indicator, row: model.Observation) -> str:
    """A value and its period, said to be a target or provisional when it is."""
    said = {"target": _("a target of {value}"), "provisional": _("a provisional {value}")}.get(row.status, "{value}")
    return f"{said.format(value=amount(indicator, row.value))} {when(indicator, row)}"


def _observation(indicator: model.Indicator, series: str | None, period: str | None) -> model.Observation:
    if period is None:
        found = latest(indicator, series or default_series(indicator).id)
        if found is None:
            raise Unknown("the series holds only targets; name a period with @")
        return found
    if series is None:
        choice = next((row.series for row in indicator.preferred if row.period == period), None)
        series = choice or default_series(indicator).id
    rows = {**standing(indicator, series, target=True), **standing(indicator, series)}
    if period not in rows:
        raise Unknown(f"the series '{series}' has no value for {period}; it has {', '.join(sorted(rows)) or 'none'}")
    return rows[period]


def _change(indicator: model.Indicator, first: model.Observation, last: model.Observation) -> Quotation:
    step = last.value - first.value
    if indicator.unit == "percent":
        words = _("{number} percentage point") if abs(step) == 1 else _("{number} percentage points")
        difference = words.format(number=f"{step:+,}")
    elif first.value:
        difference = f"{step / first.value * 100:+.1f}".removesuffix(".0") + "%"
    else:
        difference = f"{step:+,}"
    difference = difference.replace("-", "\N{MINUS SIGN}")
    words = _("from {first} to {last} ({difference})")
    text = words.format(first=figure(indicator, first), last=figure(indicator, last), difference=difference)
    return Quotation(text, tuple(dict.fromkeys((first.source, last.source))))
