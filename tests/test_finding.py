"""Findings are one line for people, escaped commands for GitHub, objects for machines."""

from __future__ import annotations

import json
import re

import pytest

from kb.finding import RULES, Finding, as_github, as_json, as_markdown, as_text, reasons

FAULT = Finding("docs/a.md", 3, "link-text", "no words", "write some", column=7)


def test_a_finding_is_one_line_with_place_rule_and_remedy() -> None:
    assert as_text([FAULT]) == "docs/a.md:3:7: link-text: no words; write some\n"


def test_control_characters_cannot_break_the_line() -> None:
    text = as_text([Finding("docs/a.md", 1, "link-text", "x\n::error::\x1b[2J", "y")])
    assert text.count("\n") == 1
    assert "\x1b" not in text


def test_github_commands_cannot_be_forged() -> None:
    forged = Finding("docs/a,line=1::b.md", 1, "link-text", "100%\n::error::x", "y")
    assert as_github([forged]).count("\n") == 1
    assert as_github([forged]) == (
        "::error file=docs/a%2Cline=1%3A%3Ab.md,line=1,title=link-text::100%25%0A::error::x; y "
        "(A link without words cannot be read aloud. about/rules.html#link-text)\n"
    )


def test_github_is_told_the_column_where_it_is_known() -> None:
    assert "line=3,col=7,title" in as_github([FAULT])


def test_json_holds_the_reason_and_its_place_in_the_guide() -> None:
    (row,) = json.loads(as_json([FAULT], "https://kb.example.org/"))
    assert (row["path"], row["line"], row["column"], row["reason"]) == ("docs/a.md", 3, 7, RULES["link-text"])
    assert row["guide"] == "https://kb.example.org/about/rules.html#link-text"


def test_a_summary_is_a_table_that_text_cannot_leave() -> None:
    forged = Finding("docs/a.md", 1, "link-text", "x | y\n# z <b> ![p](https://a.org)", "w")
    (row,) = as_markdown([forged]).splitlines()[4:]
    plain = re.sub(r"\\.", "", row)  # without what is escaped
    assert plain.count("|") == 4
    assert not re.search(r"[<>#\[\]]", plain)
    assert "Nothing to mend" in as_markdown([])


def test_each_broken_rule_is_explained_once() -> None:
    assert reasons([FAULT, FAULT]) == f"why link-text: {RULES['link-text']} about/rules.html#link-text\n"


def test_a_finding_names_a_known_rule() -> None:
    with pytest.raises(ValueError, match="no rule"):
        Finding("a", 1, "made-up", "x", "y")
