"""A small SVG writer for indicators: lines with dots, bars, and ranges where series disagree.

Colours come from the page (classes and currentColor), so that light, dark and print follow. No line is drawn across a
change of method or a missing period. Sizes suit a phone of 360 pixels: the picture is 360 wide and its letters 12 high.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from html import escape
from itertools import pairwise

from kb import model, series
from kb.words import _, plain

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 26
Across = Callable[[str], float]  # a period's place on the picture
Up = Callable[[Decimal | float], float]  # a value's
_MANY = 4  # series told apart by dash and mark; further ones are left to the table
_HOLLOW = ("target", "estimated", "provisional")
_STEPS = {"fiscal": 1.0, "calendar": 1.0, "quarter": 0.25}  # years from one period to the next, where that is fixed


def moment(period: str) -> float:
    """A period's place in time, in years: FY2025 -> 2025, 2025-Q3 -> 2025.5, 2025-03 -> 2025.17."""
    digits = period.removeprefix("FY")
    if match := re.fullmatch(r"(\d{4})-Q(\d)", digits):
        return int(match[1]) + (int(match[2]) - 1) / 4
    year, *rest = (int(part) for part in digits.split("-"))
    return year + ((rest[0] - 1) / 12 if rest else 0) + ((rest[1] - 1) / 365 if len(rest) > 1 else 0)


def ticks(most: float) -> list[float]:
    """Round values from zero to at least ``most``, about four of them."""
    if most <= 0:
        return [0, 1]
    step = 10 ** math.floor(math.log10(most / 3))
    while most / step > 5:
        step *= 2 if str(step).lstrip("0.")[0] in "15" else 2.5
    return [step * number for number in range(math.ceil(most / step - 1e-9) + 1)]


def svg(indicator: model.Indicator, title: str, only: Iterable[str] = (), identity: str = "chart") -> str:
    """The picture of an indicator (or of some of its series), with a title and a description in words."""
    wanted = list(only)
    chosen = [row for row in indicator.series if not wanted or row.id in wanted][:_MANY]
    shown = [(row, _observations(indicator, row.id)) for row in chosen]
    shown = [(row, points) for row, points in shown if points]
    moments = [moment(point.period) for _, points in shown for point in points]
    scale = ticks(float(max((point.value for _, points in shown for point in points), default=Decimal(1))))
    first, last = min(moments, default=0), max(moments, default=1)

    def x(period: str) -> float:
        share = (moment(period) - first) / (last - first) if last > first else 0.5
        pad = 14
        return LEFT + pad + share * (WIDTH - LEFT - RIGHT - 2 * pad)

    def y(value: Decimal | float) -> float:
        return HEIGHT - BOTTOM - float(value) / scale[-1] * (HEIGHT - TOP - BOTTOM)

    said = escape(describe(indicator, chosen))
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{identity}-t {identity}-d">',
        f'<title id="{identity}-t">{escape(title)}</title><desc id="{identity}-d">{said}</desc>',
    ]
    for value in scale:
        at = _n(y(value))
        parts.append(f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 4}" y="{_n(y(value) + 4)}" text-anchor="end">{_short(value, scale[-1])}</text>')
    parts += _axis({point.period for _, points in shown for point in points}, x)
    if all(len(points) < 3 for _, points in shown):
        parts += _bars([points for _, points in shown], x, y)
    else:
        for number, (row, points) in enumerate(shown):
            breaks = {change.period for change in indicator.breaks if change.series == row.id}
            parts += _line(indicator, points, breaks, x, y, number)
        parts += _ranges(indicator, chosen, x, y)
    parts.append("</svg>")
    return "".join(parts)


def spark(indicator: model.Indicator, name: str) -> str:
    """A line of one series without axes, 96 by 28; hidden from screen readers, who have the value beside it."""
    rows = series.standing(indicator, name)
    points = [(moment(period), float(rows[period].value)) for period in sorted(rows, key=moment)]
    if len(points) < 2:
        return ""
    most = max(value for _, value in points) or 1
    span = points[-1][0] - points[0][0]
    path = "L".join(f"{_n(3 + (at - points[0][0]) / span * 90)} {_n(25 - value / most * 22)}" for at, value in points)
    last = path.rpartition("L")[2].split(" ")
    dot = f'<circle class="dot s0" cx="{last[0]}" cy="{last[1]}" r="2.5"/>'
    return f'<svg viewBox="0 0 96 28" aria-hidden="true"><path class="line s0" d="M{path}"/>{dot}</svg>'


def describe(indicator: model.Indicator, chosen: list[model.Series]) -> str:
    """What the picture of the chosen series shows, in words: the last value of each and where they disagree."""
    said = []
    for row in chosen:
        found = series.latest(indicator, row.id)
        if found:
            said.append(f"{row.publisher}: {series.figure(indicator, found)}.")
    rivals = [
        series.label(found.period)
        for found in series.disagreements(indicator)
        if sum(rival.series in chosen for rival in found.rivals) > 1
    ]
    if rivals:
        said.append(_("Series differ for {periods}.").format(periods=", ".join(rivals)))
    for change in indicator.breaks:
        if change.series in {row.id for row in chosen}:
            said.append(_("Counted differently from {period}.").format(period=series.label(change.period)))
    return " ".join(said)


def signs(indicator: model.Indicator, only: Iterable[str] = ()) -> list[str]:
    """What the picture's hollow marks and its dashed and dotted upright lines mean, those that it has."""
    wanted = list(only)
    chosen = [row for row in indicator.series if not wanted or row.id in wanted][:_MANY]
    shown = [points for row in chosen if (points := _observations(indicator, row.id))]
    bars = all(len(points) < 3 for points in shown)
    hollow = ("target",) if bars else _HOLLOW
    said = []
    if found := [status for status in hollow if any(point.status == status for points in shown for point in points)]:
        said.append(_("hollow: {statuses}").format(statuses=f" {_('or')} ".join(map(plain, found))))
    if bars:
        return said
    drawn = {(point.series, point.period) for points in shown for point in points}
    if any((change.series, change.period) in drawn for change in indicator.breaks):
        said.append(_("dashed upright: counted differently from there"))
    if any(sum(rival.series in chosen for rival in found.rivals) > 1 for found in series.disagreements(indicator)):
        said.append(_("dotted upright: sources differ"))
    return said


def _observations(indicator: model.Indicator, name: str) -> list[model.Observation]:
    rows = {**series.standing(indicator, name, target=True), **series.standing(indicator, name)}
    return [rows[period] for period in sorted(rows, key=moment)]


def _line(
    indicator: model.Indicator, points: list[model.Observation], breaks: set[str], x: Across, y: Up, number: int
) -> list[str]:
    step = _STEPS.get(indicator.frequency)
    path: list[str] = []
    before: model.Observation | None = None
    parts: list[str] = []
    for point in points:
        far = before is not None and step is not None and moment(point.period) - moment(before.period) > step * 1.5
        apart = before is None or point.period in breaks or far or "target" in (point.status, before.status)
        path.append(f"{'M' if apart else 'L'}{_n(x(point.period))} {_n(y(point.value))}")
        if point.period in breaks:
            at = _n(x(point.period) - 5)
            parts.append(f'<path class="break" d="M{at} {TOP}V{HEIGHT - BOTTOM}"/>')
        before = point
    parts.append(f'<path class="line s{number}" d="{"".join(path)}"/>')
    parts += [_dot(x(point.period), y(point.value), number, point.status) for point in points]
    return parts


def _dot(x: float, y: float, number: int, status: str) -> str:
    hollow = " open" if status in _HOLLOW else ""
    if number % 2:
        return f'<path class="dot s{number}{hollow}" d="M{_n(x - 3.5)} {_n(y - 3.5)}h7v7h-7z"/>'
    return f'<circle class="dot s{number}{hollow}" cx="{_n(x)}" cy="{_n(y)}" r="3.5"/>'


def _bars(shown: list[list[model.Observation]], x: Across, y: Up) -> list[str]:
    """The bars of a period side by side, in the middle over its label."""
    gap = 4
    groups: dict[str, list[tuple[int, model.Observation]]] = {}
    for number, points in enumerate(shown):
        for point in points:
            groups.setdefault(point.period, []).append((number, point))
    room = min((right - left for left, right in pairwise(sorted(map(x, groups)))), default=WIDTH)
    width = round(max(2, min(22, (room - 12) / max(map(len, groups.values()), default=1) - gap)))
    parts = []
    for period, group in groups.items():
        wide = len(group) * (width + gap) - gap
        start = min(max(x(period) - wide / 2, LEFT + 2), WIDTH - RIGHT - wide)
        for place, (number, point) in enumerate(group):
            left, top = start + place * (width + gap), y(point.value)
            hollow = " open" if point.status == "target" else ""
            parts.append(
                f'<path class="bar s{number}{hollow}" d="M{_n(left)} {_n(top)}h{width}V{HEIGHT - BOTTOM}h-{width}z"/>'
            )
    return parts


def _ranges(indicator: model.Indicator, chosen: list[model.Series], x: Across, y: Up) -> list[str]:
    """A stroke from the least to the most of each period for which the chosen series differ."""
    parts = []
    for found in series.disagreements(indicator):
        values = [rival.observation.value for rival in found.rivals if rival.series in chosen]
        if len(values) > 1:
            at = _n(x(found.period))
            parts.append(f'<path class="range" d="M{at} {_n(y(min(values)))}V{_n(y(max(values)))}"/>')
    return parts


def _axis(periods: set[str], x: Across) -> list[str]:
    """Labels of the first, the last, and as many between them as do not touch."""
    ordered = sorted(periods, key=moment)
    placed: list[tuple[float, str]] = []
    for period in [*ordered[:1], *ordered[-1:], *ordered[1:-1]]:
        at, half = x(period), len(series.label(period)) * 3.2 + 4
        at = min(max(at, LEFT - 20 + half), WIDTH - half)
        if all(abs(at - other) > half + len(series.label(name)) * 3.2 + 4 for other, name in placed):
            placed.append((at, period))
    return [
        f'<text x="{_n(at)}" y="{HEIGHT - 8}" text-anchor="middle">{escape(series.label(period))}</text>'
        for at, period in sorted(placed)
    ]


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _short(value: float, most: float) -> str:
    """A value of the axis, in the unit that suits its largest value."""
    for least, size, letter in ((1e9, 1e9, "bn"), (1e6, 1e6, "m"), (1e5, 1e3, "k")):
        if most >= least and value:
            return f"{value / size:g}{letter}"
    return f"{value:g}" if value < 1e3 else f"{value:,.0f}"
