"""Claims are drawn from every cited sentence, and the draw can be repeated."""

from __future__ import annotations

from pathlib import Path

import yaml

from kb import audit, corpus
from tests import sample
from tests.conftest import run


def test_every_cited_sentence_is_a_claim(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    found = list(audit.claims(corpus.load(root), root))
    assert ("networks/coverage", "98 percent of people in March 2024", "times-2024-coverage") in found
    assert ("networks/coverage", "It was set up in 2000", "gazette-2000-act; times-2024-coverage") in found
    assert ("glossary/lca", "2000-06-05: Set up by law", "gazette-2000-act") in found


def test_the_draw_depends_on_the_seed_alone() -> None:
    rows = [(str(number), "claim", "source") for number in range(100)]
    assert audit.draw(rows, "a", 10) == audit.draw(rows, "a", 10) != audit.draw(rows, "b", 10)
    assert len(audit.draw(rows[:3], "a", 10)) == 3


def test_the_draw_is_a_record_to_fill_in(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    printed = run("-m", "kb.audit", "--root", str(root), "--count", "4", "--seed", "x").stdout
    rows = yaml.safe_load(printed)["claims"]
    assert len(rows) == 4
    assert rows[0].keys() == {"page", "claim", "source", "quote", "outcome"}


def test_the_draw_can_be_kept_to_some_pages(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    printed = run("-m", "kb.audit", "--root", str(root), "--pages", "glossary/lca", "networks/").stdout
    drawn = {row["page"] for row in yaml.safe_load(printed)["claims"]}
    assert "glossary/lca" in drawn
    assert {name for name in drawn if not name.startswith(("glossary/lca", "networks/"))} == set()
