"""Figures as data: quoting, changes, rivals, and what a contributor reads when a record is wrong."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kb import chart, check, frontmatter, model, series
from tests import sample

RECORD, PAGE = sample.INDICATOR_RECORD, sample.INDICATOR


def record(text: str = RECORD) -> model.Indicator:
    data, lines = frontmatter.read(text, "p")
    found = model.validate(model.Indicator, data, lines, "p")
    assert isinstance(found, model.Indicator), found
    return found


@pytest.mark.parametrize(
    ("target", "text", "sources"),
    [
        ("users", "15.0 million people in 2024", ("times-2024-coverage",)),
        ("users/model", "13.2 million people in 2024", ("gazette-2000-act",)),
        ("users@2019", "10.0 million people in 2019", ("times-2024-coverage",)),
        ("users@2024", "13.2 million people in 2024", ("gazette-2000-act",)),
        ("users@2030", "a target of 40 million people for 2030", ("times-2024-coverage",)),
        (
            "users@2019..2023",
            "from 10.0 million people in 2019 to 12.5 million people in 2023 (+25%)",
            ("times-2024-coverage",),
        ),
    ],
)
def test_a_figure_is_quoted(target: str, text: str, sources: tuple[str, ...]) -> None:
    assert series.quote({"users": record()}, target) == series.Quotation(text, sources)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("users@2024", "13.2 million people in 2024"),
        ("users/survey@2023", "12.5 million people by the end of 2023"),
        ("users@2030", "a target of 40 million people by 2030"),
        (
            "users@2019..2030",
            "from 10.0 million people by the end of 2019 to a target of 40 million people by 2030 (+300%)",
        ),
    ],
)
def test_a_running_total_is_not_said_to_be_of_its_period(target: str, text: str) -> None:
    totals = record(RECORD.replace("People of ten and over,", "People of ten and over, cumulative: true,"))
    assert series.quote({"users": totals}, target).text == text


def test_a_running_total_to_a_day_and_a_provisional_value() -> None:
    text = RECORD.replace("frequency: calendar", "frequency: point").replace(
        "All people}", "All people, cumulative: true}"
    )
    text = text.replace(
        'model, period: "2024", value: "13.2"', 'model, period: "2024-05-20", value: "13.2", status: provisional'
    )
    for year in ("2019", "2023", "2024", "2030"):
        text = text.replace(f'period: "{year}"', f'period: "{year}-01"')
    found = record(text.replace('period: "2024-01", series: model', 'period: "2024-05-20", series: model'))
    assert series.quote({"u": found}, "u/model").text == "a provisional 13.2 million people by 20 May 2024"


@pytest.mark.parametrize(
    ("value", "difference"), [("16.0", "+1.0 percentage point"), ("14", "\N{MINUS SIGN}1.0 percentage point"), ("17", "+2.0 percentage points")]
)  # fmt: skip
def test_a_change_of_one_is_a_percentage_point(value: str, difference: str) -> None:
    text = RECORD.replace("unit: people", "unit: percent").replace("scale: million", "scale: one")
    changed = record(text.replace('"12.5"', f'"{value}"').replace('"10.0"', '"15.0"'))
    assert series.quote({"u": changed}, "u@2019..2023").text.endswith(f"({difference})")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nosuch", "no indicator has the id 'nosuch'"),
        ("users/nosuch", "it has survey, model, lines"),
        ("users@2020", "has no value for 2020; it has 2019, 2023, 2024, 2030"),
        ("Users!", "names no figure; write slug"),
    ],
)
def test_a_quotation_of_nothing_is_explained(target: str, said: str) -> None:
    with pytest.raises(series.Unknown, match=said.replace("(", r"\(")):
        series.quote({"users": record()}, target)


@pytest.mark.parametrize(
    ("unit", "scale", "written"),
    [
        ("USD", "million", "$1,234.50 million"), ("PKR", "billion", "PKR 1,234.50 billion"),
        ("percent", "one", "1,234.50%"), ("handsets", "one", "1,234.50 handsets"),
    ],
)  # fmt: skip
def test_amounts_keep_the_digits_of_the_source(unit: str, scale: str, written: str) -> None:
    text = RECORD.replace("unit: people", f"unit: {unit}").replace("scale: million", f"scale: {scale}")
    changed = record(text.replace('value: "15.0"', 'value: "1234.50"'))
    assert series.quote({"u": changed}, "u").text == f"{written} in 2024"


def test_rivals_share_a_concept_and_differ() -> None:
    (found,) = series.disagreements(record())
    assert (found.period, [rival.series.id for rival in found.rivals]) == ("2024", ["survey", "model"])
    assert [rival.preferred for rival in found.rivals] == [False, True]
    assert found.reason == "It counts everybody"


@pytest.mark.parametrize(
    ("period", "label", "year"),
    [
        ("FY2025", "FY2025", 2025.0), ("2025-Q3", "Q3 of 2025", 2025.5), ("FY2025-Q1", "Q1 of FY2025", 2025.0),
        ("2025-07", "July 2025", 2025.5), ("2025", "2025", 2025.0), ("2025-03-10", "10 March 2025", 2025.19),
    ],
)  # fmt: skip
def test_periods(period: str, label: str, year: float) -> None:
    assert series.label(period) == label
    assert chart.moment(period) == pytest.approx(year, abs=0.01)


@pytest.mark.parametrize(("most", "last"), [(7.0, 8), (0.4, 0.4), (98, 100), (3810, 4000), (0, 1), (123456, 125000)])
def test_ticks_are_round_and_reach(most: float, last: float) -> None:
    found = chart.ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert found[-1] == pytest.approx(last, rel=0.35)
    assert 2 <= len(found) <= 7


def test_a_chart_says_what_it_shows_and_breaks_its_line_over_a_gap() -> None:
    svg = chart.svg(record(), "People <online>")
    assert "<title" in svg
    assert "People &lt;online&gt;" in svg
    assert "Series differ for 2024." in svg
    (line,) = [part for part in svg.split("<path") if 'class="line s0"' in part]
    path = line.partition(' d="')[2].partition('"')[0]
    assert path.count("M") == 3  # 2019 | 2023-2024 | the target
    assert path.count("L") == 1
    assert 'class="range"' in svg
    assert len(svg) < 4000


def test_no_line_is_drawn_across_a_change_of_method() -> None:
    text = RECORD.replace("preferred:", 'breaks: [{series: survey, period: "2024", why: New survey}]\npreferred:')
    svg = chart.svg(record(text), "t")
    assert 'class="break"' in svg
    (line,) = [part for part in svg.split("<path") if 'class="line s0"' in part]
    assert "L" not in line.partition(' d="')[2].partition('"')[0]


def bars(svg: str) -> list[float]:
    """The left edges of the bars."""
    return [float(edge) for edge in re.findall(r'class="bar [^"]*" d="M([\d.]+) ', svg)]


def labels(svg: str) -> list[float]:
    """The places of the periods' labels."""
    return [float(place) for place in re.findall(r'<text x="([\d.]+)" y="\d+" text-anchor="middle"', svg)]


def test_few_points_are_bars() -> None:
    svg = chart.svg(record(), "t", ["lines"])
    assert 'class="bar s0"' in svg
    assert 'class="line' not in svg
    assert bars(svg) == [labels(svg)[0] - 11]


def test_bars_of_a_period_stand_beside_each_other_over_its_label() -> None:
    text = RECORD.replace(
        '  - {series: survey, period: "2023", value: "12.5", source: times-2024-coverage, quote: twelve}\n', ""
    )
    text = text.replace(
        '  - {series: survey, period: "2030", value: "40", status: target, source: times-2024-coverage, quote: forty}\n',
        "",
    )
    svg = chart.svg(record(text), "t", ["survey", "model"])
    first, second, third = bars(svg)
    assert first + 11 == pytest.approx(labels(svg)[0], abs=5)  # 2019: one series has it
    assert third - second == 26  # 2024: both have it
    assert (second + third + 22) / 2 == pytest.approx(labels(svg)[1], abs=16)


def test_bars_of_neighbouring_periods_do_not_overlap() -> None:
    rows = [
        f'  - {{series: {name}, period: "{year}", value: "9", source: times-2024-coverage, quote: nine}}\n'
        for name, years in (("survey", (2019, 2030)), ("model", (2019, 2020)))
        for year in years
    ]
    head, _, rest = RECORD.partition("observations:\n")
    svg = chart.svg(record(f"{head}observations:\n{''.join(rows)}{rest[rest.index('preferred:') :]}"), "t")
    edges = [(float(left), float(wide)) for left, wide in re.findall(r'd="M([\d.]+) [\d.]+h(\d+)V', svg)]
    assert len(edges) == 4
    assert all(left + wide < after for (left, wide), (after, _) in pairwise(sorted(edges)))


def test_the_signs_of_a_chart_are_explained_where_it_has_them() -> None:
    assert chart.signs(record()) == ["hollow: target", "dotted upright: sources differ"]
    assert chart.signs(record(), ["lines"]) == []
    changed = RECORD.replace("preferred:", 'breaks: [{series: survey, period: "2024", why: New survey}]\npreferred:')
    words = "dashed upright: counted differently from there"
    assert chart.signs(record(changed), ["survey"]) == ["hollow: target", words]


def test_the_words_of_a_chart_are_of_what_it_shows() -> None:
    assert "Subscriptions" not in chart.svg(record(), "t", ["survey"])
    words = chart.svg(record(), "t", ["lines"]).partition("<desc")[2].partition("</desc>")[0]
    assert words.endswith(">Regulator: 29 million people in 2024.")
    part = record(RECORD.replace('value: "29"', 'value: "29", status: provisional'))
    assert "Regulator: a provisional 29 million people in 2024." in chart.svg(part, "t", ["lines"])


@pytest.mark.parametrize(
    ("value", "axis"),
    [("200000", ["0", "50k", "100k", "150k", "200k"]), ("4000", ["0", "1,000", "2,000", "3,000", "4,000"])],
)
def test_an_axis_has_one_unit(value: str, axis: list[str]) -> None:
    svg = chart.svg(record(RECORD.replace('"29"', f'"{value}"')), "t", ["lines"])
    assert re.findall(r'text-anchor="end">([^<]+)<', svg) == axis


SITE = {"docs/indicators/index.md": sample.INDEX, "docs/indicators/users.md": PAGE}
USERS = "docs/indicators/users.md"
MALFORMED: dict[str, tuple[str, str, str]] = {
    "unit missing": ("unit: people\n", "", "2: key-missing: the key 'unit' is missing"),
    "unknown scale": ("scale: million", "scale: millions", "4: value-wrong: scale: 'millions' is not known; did you mean 'million'?"),
    "unknown frequency": ("frequency: calendar", "frequency: yearly", "5: value-wrong: frequency: 'yearly' is not known"),
    "concept with blanks": ("concept: users", "concept: the users", "6: value-wrong: concept: 'the users' is no id"),
    "no series": ("series:\n  - {id: survey", "serie:\n  - {id: survey", "8: key-unknown: the key 'serie' is not known; did you mean 'series'?"),
    "two defaults": ("definition: All people}", "definition: All people, default: true}", "8: value-wrong: series: exactly one must have default"),
    "no default": (", default: true", "", "8: value-wrong: series: exactly one must have default"),
    "same series twice": ("{id: model", "{id: survey", "8: value-wrong: series: an id stands twice"),
    "series without publisher": ("publisher: Union, ", "", "10: key-missing: the key 'series.2.publisher' is missing"),
    "series without definition": (", definition: All people", "", "10: key-missing: the key 'series.2.definition' is missing"),
    "unknown series": ("series: model, period", "series: modell, period", "12: value-wrong: observations: no series has the id 'modell'"),
    "fiscal period": ('period: "2019"', 'period: "FY2019"', "12: value-wrong: observations: 'FY2019' is no calendar period"),
    "month period": ('period: "2019"', 'period: "2019-05"', "12: value-wrong: observations: '2019-05' is no calendar period"),
    "period twice": ('period: "2023"', 'period: "2019"', "12: value-wrong: observations: survey 2019 times-2024-coverage stands twice"),
    "unsorted periods": ('period: "2023"', 'period: "2018"', "12: value-wrong: observations: they are not sorted"),
    "comma in value": ('"10.0"', '"10,000"', "13: value-wrong: observations.1.value: '10,000' is no number"),
    "unit in value": ('"10.0"', '"10m"', "13: value-wrong: observations.1.value: '10m' is no number"),
    "empty value": ('"10.0"', '""', "13: value-wrong: observations.1.value: '' is no number"),
    "unknown status": ("status: target", "status: goal", "16: value-wrong: observations.4.status: 'goal' is not known"),
    "no quote": (", quote: ten", "", "13: key-missing: the key 'observations.1.quote' is missing"),
    "long quote": ("quote: ten", f"quote: {'ten ' * 26}", "13: value-wrong: observations.1.quote: it has 26 words"),
    "no source": ('"10.0", source: times-2024-coverage', '"10.0"', "13: key-missing: the key 'observations.1.source' is missing"),
    "unknown source": ('"10.0", source: times-2024-coverage', '"10.0", source: times-2024-covrage', "13: source-unknown: no source has the id 'times-2024-covrage'"),
    "rivals undecided": ('preferred:\n  - {period: "2024", series: model, reason: It counts everybody}\n', "", "12: rival-open: series differ for 2024 (survey 15.0, model 13.2) and none is preferred"),
    "preferred without reason": (", reason: It counts everybody", "", "20: key-missing: the key 'preferred.1.reason' is missing"),
    "preferred of no series": ("series: model, reason", "series: union, reason", "19: value-wrong: preferred: no series has the id 'union'"),
    "two values": ('source: times-2024-coverage, quote: fifteen}', 'source: times-2024-coverage, quote: fifteen}\n  - {series: survey, period: "2024", value: "16", source: gazette-2000-act, quote: x}', "16: rival-open: survey has two values for 2024: 15.0 and 16; mark the later one as revised"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_indicators_are_explained(name: str, tmp_path: Path) -> None:
    old, new, expected = MALFORMED[name]
    assert old in PAGE
    _, findings = check.check(sample.write(tmp_path, {**SITE, USERS: PAGE.replace(old, new, 1)}))
    lines = [f"{found.path}:{found.line}: {found.rule}: {found.message}; {found.remedy}" for found in findings]
    assert lines
    assert any(line.startswith(f"{USERS}:{expected}") for line in lines), lines


def test_the_sample_indicator_is_clean(tmp_path: Path) -> None:
    assert check.check(sample.write(tmp_path, dict(SITE)))[1] == []


def test_a_series_is_called_by_its_publisher_or_by_its_id_where_that_would_not_tell_it_apart() -> None:
    found = record()
    first, *others = found.series
    one = {row.id: row.publisher for row in found.series}
    assert {name: series.called(found, name) for name in one} == one
    twins = found.model_copy(
        update={"series": (first, *(row.model_copy(update={"publisher": first.publisher}) for row in others))}
    )
    assert series.called(twins, "model") == "Model"
    labelled = record(RECORD.replace("{id: model,", "{id: model, label: Everybody,"))
    assert series.called(labelled, "model") == "Everybody"


@pytest.mark.parametrize(
    ("period", "start", "first", "last"),
    [
        ("FY2025", 7, "2024-07", "2025-06"), ("FY2025", 1, "2025-01", "2025-12"), ("FY2026-Q3", 7, "2026-01", "2026-03"),
        ("2025", 7, "2025-01", "2025-12"), ("2025-Q4", 7, "2025-10", "2025-12"), ("2025-03", 7, "2025-03", "2025-03"),
        ("2025-03-10", 7, "2025-03-10", "2025-03-10"),
    ],
)  # fmt: skip
def test_a_period_has_a_first_and_a_last_month(period: str, start: int, first: str, last: str) -> None:
    assert series.span(period, start) == (first, last)
