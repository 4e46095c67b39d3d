"""What the importer reaches on the test set, and must not lose."""

from __future__ import annotations

import pytest

from tests.importer.score import Score

pytestmark = pytest.mark.xdist_group("importer")


def test_no_furniture_and_no_loss(result: Score) -> None:
    assert result.counts["furniture"] == 0
    assert result.counts["lost"] == 0
    assert result.counts["rows lost"] == 0
    assert result.counts["fields wrong"] == 0


def test_headings(result: Score) -> None:
    assert result.heading_f1 >= 0.97


def test_topics(result: Score) -> None:
    assert result.share("first", "not first") >= 0.90
    assert result.share("third", "not third") >= 0.98
    assert result.counts["off wrong"] == 0


def test_links(result: Score) -> None:
    assert result.share("links right", "links wrong") >= 0.99
    assert result.share("links right", "links missed") >= 0.95
    assert result.share("names right", "names missed") >= 0.95
    assert result.counts["people"] == 0
    assert result.share("sources right", "sources missed", "sources wrong") == 1


def test_claims(result: Score) -> None:
    assert result.share("claims right", "claims missed") >= 0.90
    assert result.share("claims right", "claims wrong") >= 0.80


def test_duplicates(result: Score) -> None:
    assert result.counts["twins missed"] == 0
    assert result.counts["twins wrong"] == 0
    assert result.counts["primary wrong"] == 0


def test_refusals(result: Score) -> None:
    assert result.counts["refused wrong"] == 0
