"""Statuses follow from events; corrections are records."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import check, model
from tests import sample

LCA, CORRECTIONS = "docs/glossary/lca.md", "docs/corrections.yaml"


def event(date: str, kind: str) -> str:
    return f'  - {{date: "{date}", kind: {kind}, what: "x", source: gazette-2000-act, quote: "is established"}}\n'


def entry(status: str, *kinds: str, start: bool = False) -> str:
    events = "".join(event(f"20{number:02}", kind) for number, kind in enumerate(kinds, 10))
    text = sample.ENTRY.partition("events:\n")[0] + f"events:\n{events}---\n" + sample.ENTRY.rpartition("---\n")[2]
    text = text.replace("status: active", f"status: {status}")
    return text if start else text.replace('start: "2000-06"\n', "")


@pytest.mark.parametrize(
    ("status", "kinds", "start"),
    [
        ("announced", ("announced",), False), ("active", ("announced", "launched"), False),
        ("active", ("announced",), True), ("active", ("launched", "announced"), False),
        ("active", ("milestone", "delayed"), False),
        ("active", ("announced", "milestone"), False), ("closed", ("launched", "closed"), False),
        ("stalled", ("announced", "delayed"), False), ("active", ("suspended", "resumed"), False),
        ("completed", ("launched", "completed"), False), ("active", ("milestone",), False),
    ],
)  # fmt: skip
def test_statuses_that_fit(status: str, kinds: tuple[str, ...], start: bool, tmp_path: Path) -> None:
    assert check.check(sample.write(tmp_path, {LCA: entry(status, *kinds, start=start)}))[1] == []


@pytest.mark.parametrize(
    ("status", "kinds", "start"),
    [
        ("active", ("announced",), False), ("active", ("launched", "closed"), False),
        ("announced", ("announced", "launched"), False), ("active", ("suspended",), True),
        ("closed", ("launched",), True), ("completed", ("announced",), False),
        ("suspended", ("suspended", "resumed"), False), ("active", ("superseded",), False),
    ],
)  # fmt: skip
def test_statuses_that_contradict_their_events(
    status: str, kinds: tuple[str, ...], start: bool, tmp_path: Path
) -> None:
    (finding,) = check.check(sample.write(tmp_path, {LCA: entry(status, *kinds, start=start)}))[1]
    assert finding.rule == "status-contradicts"
    assert f"the status is '{status}', but by its events" in finding.message


def test_the_table_names_known_words() -> None:
    kinds, statuses = model.EventKind.__args__, model.Status.__args__  # type: ignore[attr-defined]
    assert set(model.STATUS_AFTER) <= set(kinds)
    assert set().union(*model.STATUS_AFTER.values()) <= set(statuses)


GOOD = '{date: "2026-02-03", page: networks/coverage, was: "97.", is: "98.", why: "A slip."}'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2026-02-03", "2026-02-30", "1: value-wrong: date: '2026-02-30' is no date"),
        ("page: networks/coverage, ", "", "1: key-missing: the key 'page' is missing"),
        (
            "networks/coverage",
            "networks/coverag",
            "1: record-unknown: there is no page 'networks/coverag'; did you mean",
        ),
        ("is:", "now_is:", "1: key-"),
        ("why: ", "whi: ", "1: key-"),
        ('why: "A slip."', 'why: ""', "1: value-wrong: why: it is empty"),
        ('why: "A slip."', 'why: "A slip.", source: nosuch', "1: source-unknown: no source has the id 'nosuch'"),
        ("page: networks/coverage", "page: [a]", "1: value-wrong: page: a single text is expected here"),
        (GOOD, "nothing", "1: value-wrong: the record is not a list"),
        ("{date", "{date: 1, date", "1: yaml-duplicate"),
        ("- {", "{", "1: value-wrong: the file is not a list of records"),
        ("{date", "{date: &a x, was2: *a, date", "1: yaml-"),
    ],
)
def test_malformed_corrections_are_explained(old: str, new: str, expected: str, tmp_path: Path) -> None:
    text = f"- {GOOD}\n"
    assert old in text
    _, findings = check.check(sample.write(tmp_path, {CORRECTIONS: text.replace(old, new, 1)}))
    lines = [f"{found.path}:{found.line}: {found.rule}: {found.message}; {found.remedy}" for found in findings]
    assert any(line.startswith(f"{CORRECTIONS}:{expected}") for line in lines), lines


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: enacted", "kind: passed", "value-wrong: events.1.kind: 'passed' is not known"),
        ('"2000-06-05", kind', '"5 June", kind', "value-wrong: events.1.date: '5 June' is no date"),
        ('"2000-06-05", kind', '"2000-13", kind', "value-wrong: events.1.date: '2000-13' is no date"),
        ('what: "Set up by law", ', "", "key-missing: the key 'events.1.what' is missing"),
        ("source: gazette-2000-act, ", "", "key-missing: the key 'events.1.source' is missing"),
        (', quote: "is established"', "", "key-missing: the key 'events.1.quote' is missing"),
        ("source: gazette-2000-act,", "source: gazette,", "source-unknown: no source has the id 'gazette'"),
        ("status: active", "status: live", "value-wrong: status: 'live' is not known"),
        ("events:\n  - {", "events:\n  {", "value-wrong: events: a list is expected here"),
    ],
)
def test_malformed_events_are_explained(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert old in sample.ENTRY
    _, findings = check.check(sample.write(tmp_path, {LCA: sample.ENTRY.replace(old, new, 1)}))
    assert any(f"{finding.rule}: {finding.message}".startswith(expected) for finding in findings), findings
