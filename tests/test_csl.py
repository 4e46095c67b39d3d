"""Notes, CSL-JSON and BibTeX of a source."""

from __future__ import annotations

import re

import pytest

from kb import csl, frontmatter, model
from tests import sample


@pytest.fixture
def sources() -> list[csl.Source]:
    data, lines = frontmatter.read(sample.SOURCES, "p")
    found = [model.validate(csl.Source, item, lines, "p") for item in data]
    return [source for source in found if isinstance(source, csl.Source)]


def test_accessed_is_said_of_live_pages_only(sources: list[csl.Source]) -> None:
    live, excerpt = sources
    assert csl.plain(live).endswith("Accessed 5 January 2026.")
    assert "Accessed" not in csl.plain(excerpt)
    assert "accessed" in csl.csl_json(live)
    assert "accessed" not in csl.csl_json(excerpt)


def test_a_note_names_author_publisher_title_and_date(sources: list[csl.Source]) -> None:
    assert csl.plain(sources[1]).startswith(
        "Palesa Mokoena. The Times. Coverage reaches 98%: what it hides. March 2024."
    )


def test_csl_json_dates_are_parts(sources: list[csl.Source]) -> None:
    assert csl.csl_json(sources[0])["issued"] == {"date-parts": [[2000, 6, 5]]}
    assert csl.csl_json(sources[1])["issued"] == {"date-parts": [[2024, 3]]}


def test_bibtex_escapes_and_balances(sources: list[csl.Source]) -> None:
    entry = csl.bibtex(sources[1])
    assert r"98\%" in entry
    assert entry.count("{") == entry.count("}")
    assert re.match(r"@misc\{times-2024-coverage,\n", entry)


@pytest.mark.parametrize(
    ("date", "said"), [("2025", "2025"), ("2025-03", "March 2025"), ("2025-03-09", "9 March 2025")]
)
def test_dates_are_written_as_exactly_as_they_are_known(date: str, said: str) -> None:
    assert csl.written(date) == said
