"""Strict YAML: everything is text, every value has its line, nothing says something else than it shows."""

from __future__ import annotations

import pytest

from kb import frontmatter


def test_scalars_stay_as_written() -> None:
    data, _ = frontmatter.read("a: NO\nb: 3.80\nc: 0123\nd: 2025-03-10\ne: ~\n", "p")
    assert data == {"a": "NO", "b": "3.80", "c": "0123", "d": "2025-03-10", "e": "~"}


def test_values_have_lines() -> None:
    _, lines = frontmatter.read("a: x\nb:\n  - c: 1\n    d: 2\n", "p", first_line=2)
    assert lines[("a",)] == 2
    assert lines[("b", 0, "d")] == 5


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: &x 1\nb: 2", "yaml-plain", 1),
        ("a: 1\nb: *x", "yaml-plain", 2),
        ("a: !!python/object:os.system 1", "yaml-plain", 1),
        ("a:\n  <<: {b: 1}", "yaml-plain", 2),
        ("a: 1\na: 2", "yaml-duplicate", 2),
        ("a: [1, 2", "yaml-syntax", 1),
        ("a: b: c", "yaml-syntax", 1),
        ("? [x]\n: 1", "yaml-syntax", 1),
        ("a: 1\n---\nb: 2", "yaml-syntax", 2),
        ("a: " + "[" * 12 + "]" * 12, "yaml-syntax", 1),
        ("a: \x01", "yaml-syntax", 1),
    ],
)
def test_refused(text: str, rule: str, line: int) -> None:
    with pytest.raises(frontmatter.Refused) as refused:
        frontmatter.read(text, "p")
    assert (refused.value.finding.rule, refused.value.finding.line) == (rule, line)


def test_blank_keeps_line_numbers() -> None:
    text = "---\na: 1\nb: 2\n---\n# T\n"
    assert frontmatter.blank(text).splitlines().index("# T") == text.splitlines().index("# T")


@pytest.mark.parametrize("text", ["# T\n", "---\na: 1\n", "", "--- x\n---\n"])
def test_missing_or_open_front_matter_is_refused(text: str) -> None:
    with pytest.raises(frontmatter.Refused):
        frontmatter.split(text, "p")
