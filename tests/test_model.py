"""Fields, their forms, and what a contributor reads when they are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from kb import csl, frontmatter, model

INDICATOR = """\
description: Users.
unit: people
scale: million
frequency: fiscal
concept: users
as_of: 2025-07-01
series:
  - {id: a, publisher: A, definition: x, default: true}
  - {id: b, publisher: B, definition: y}
observations:
  - {series: a, period: FY2024, value: "3.80", source: s, quote: q}
  - {series: a, period: FY2025, value: "4", source: s, quote: q}
  - {series: b, period: FY2025, value: "5", source: s, quote: q}
"""


def judged(kind: type[BaseModel], text: str) -> list[str]:
    """Findings as lines."""
    data, lines = frontmatter.read(text, "p")
    found = model.validate(kind, data, lines, "p")
    return [str(finding) for finding in found] if isinstance(found, list) else []


def read(kind: type[BaseModel], text: str) -> Any:
    """The record of a text without faults."""
    data, lines = frontmatter.read(text, "p")
    found = model.validate(kind, data, lines, "p")
    assert not isinstance(found, list), found
    return found


def test_numbers_keep_their_digits() -> None:
    assert str(read(model.Indicator, INDICATOR).observations[0].value) == "3.80"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("FY2024", "2024", "'2024' is no fiscal period; write FY2025"),
        ('"3.80"', '"3,800"', "no number; write digits and a decimal point"),
        ("series: b, period", "series: c, period", "no series has the id 'c'"),
        ("default: true", "default: false", "exactly one must have default: true"),
        ("period: FY2024", "period: FY2026", "not sorted"),
        ("{id: b,", "{id: a,", "an id stands twice"),
        ("scale: million", "scale: milion", "did you mean 'million'?"),  # typos: ignore
        ("series: b, period: FY2025", "series: a, period: FY2025", "stands twice"),
        ("quote: q}\n  - {series: b", "quotes: q}\n  - {series: b", "did you mean 'quote'?"),
    ],
)
def test_indicator_faults_are_explained(old: str, new: str, said: str) -> None:
    assert any(said in line for line in judged(model.Indicator, INDICATOR.replace(old, new, 1)))


@pytest.mark.parametrize("value", ["2025-02-30", "2025-13", "10.03.2025", "last year", "2025-3-1"])
def test_dates_that_are_none(value: str) -> None:
    text = f'{{date: "{value}", kind: enacted, what: x, source: s, quote: q}}'
    assert "is no date" in judged(model.Event, text)[0]


def test_every_field_is_described() -> None:
    def models(kind: type[BaseModel]) -> set[type[BaseModel]]:
        return {kind}.union(*(models(sub) for sub in kind.__subclasses__()))

    bare = [
        f"{kind.__name__}.{name}"
        for kind in models(model.Model)
        for name, field in kind.model_fields.items()
        if not field.description
    ]
    assert bare == []


def test_answers_are_short() -> None:
    text = f"description: d\nquestion: q?\nanswer: {'word ' * 61}\nprimary: [a]\nas_of: 2025-01-01\n"
    assert judged(model.Topic, text) == ["p:3: value-wrong: answer: it has 61 words; shorten it to 60"]


@pytest.mark.parametrize(
    ("docname", "kind"),
    [
        ("index", model.Index), ("mobile/index", model.Index), ("mobile/5g", model.Topic), ("glossary/a", model.Entry),
        ("indicators/users", model.Indicator), ("articles/a", model.Article), ("audits/a", model.Audit),
        ("about/guide", model.Page),
    ],
)  # fmt: skip
def test_the_place_decides_the_kind(docname: str, kind: type[model.Page]) -> None:
    assert model.kind_of(docname) is kind


@pytest.mark.parametrize(
    "url",
    ["ftp://a.org/x", "https://user@a.org/", "https://localhost/", "javascript:alert(1)", "https://a b.org", "//a.org"],
)
def test_addresses_that_no_reader_can_follow(url: str) -> None:
    text = (
        f'id: a\ntype: webpage\ntitle: t\npublisher: p\nURL: "{url}"\nlanguage: en\n'
        "custom: {kind: press, read: {date: 2026-01-01, from: live}}\n"
    )
    assert judged(csl.Source, text)
