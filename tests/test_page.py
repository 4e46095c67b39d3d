"""What is read from a page without Sphinx."""

from __future__ import annotations

import re

import pytest

from kb import page, render
from kb.text import WORD
from tests import sample
from tests.sphinx import test_pages


def topic(body: str) -> page.Page:
    head = sample.TOPIC.partition("# Mobile coverage")[0]
    found = page.read("networks/coverage", "docs/networks/coverage.md", head + body)
    assert isinstance(found, page.Page)
    return found


def rules(body: str) -> list[tuple[str, int]]:
    """(rule, line within the body) of each finding."""
    found = topic(body)
    return [(finding.rule, finding.line - found.body_line + 1) for finding in found.findings]


def test_uses_have_lines() -> None:
    found = topic("# T\n\nOne {cite}`a; b`\nand {term}`LCA` [x](spectrum.md#y).\n\n## S\n")
    assert [(use.target, use.line - found.body_line) for use in found.cites if use.target in "ab"] == [
        ("a", 2),
        ("b", 2),
    ]
    assert [(use.target, use.line - found.body_line) for use in found.terms] == [("LCA", 3)]
    assert [(use.target, use.line - found.body_line) for use in found.links] == [("spectrum.md#y", 3)]
    assert [(h.level, h.text, h.anchor) for h in found.headings] == [(1, "T", "t"), (2, "S", "s")]


def test_the_answer_counts_as_text() -> None:
    found = topic("# T\n")
    assert "times-2024-coverage" in {use.target for use in found.cites}
    assert "percent" in found.words


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("text\n", "title-missing", 1),
        ("# A\n\n# B\n", "title-again", 3),
        ("## A\n", "title-missing", 1),
        ("# A\n\n### B\n", "heading-skip", 3),
        ("# A\n\n<b>x</b>\n", "syntax-unsafe", 3),
        ("# A\n\nx <script>alert(1)</script>\n", "syntax-unsafe", 3),
        ("# A\n\n```{include} ../x\n```\n", "syntax-unsafe", 3),
        ("# A\n\n```{raw} html\nx\n```\n", "syntax-unsafe", 3),
        ("# A\n\n:::{nosuch}\nx\n:::\n", "syntax-unknown", 3),
        ("# A\n\n{page}`index`\n", "syntax-unknown", 3),
        ("# A\n\n[x](http://a.org)\n", "link-scheme", 3),
        ("# A\n\n[x](javascript:alert)\n", "link-scheme", 3),
        ("# A\n\n[](spectrum.md)\n", "link-text", 3),
        ("# A\n\n:::{note}\n[x](ftp://a.org)\n:::\n", "link-scheme", 4),
    ],
)
def test_faults_of_a_body(body: str, rule: str, line: int) -> None:
    assert (rule, line) in rules(body)


@pytest.mark.parametrize(
    "body",
    [
        "# A\n\n`<script>` and `{include}` in code.\n",
        "# A\n\n```html\n<b>x</b>\n```\n",
        "# A\n\n:::{note}\nA box with `code`.\n:::\n",
        "# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "# A\n\n- [ ] task\n- [x] done\n",
        "# A\n\nTerm\n: Definition\n",
        "# راست\n\nیہ ایک صفحہ ہے۔\n",
    ],
)
def test_legitimate_markdown_passes(body: str) -> None:
    assert rules(body) == []


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("spectrum.md", ("networks/spectrum", "")), ("../glossary/lca.md#x", ("glossary/lca", "x")),
        ("/index.md", ("index", "")), ("#here", ("networks/coverage", "here")), ("../../x.md", ("..", "")),
        ("https://a.org", None), ("mailto:a@b.org", None),
    ],
)  # fmt: skip
def test_targets_of_links(link: str, target: tuple[str, str] | None) -> None:
    assert topic("# T\n").target(link) == target


def test_sphinx_gets_every_line_where_it_was() -> None:
    shown = render.source(topic(sample.TOPIC.partition("---\n# ")[2].join(["# ", ""])), sample.TOPIC).splitlines()
    written = sample.TOPIC.splitlines()
    for number, line in enumerate(written):
        if line.startswith("## ") or "Speed is not" in line:
            assert shown[number] == line
    assert shown[0] == "# Mobile coverage"
    assert not any(line.startswith("primary:") for line in shown)


@pytest.mark.parametrize(
    ("docname", "text"),
    [
        ("glossary/lca", sample.ENTRY),
        ("indicators/online", sample.INDICATOR),
        ("articles/coverage", test_pages.ARTICLE),
        ("audits/2026-02-01-networks", test_pages.AUDIT),
    ],
)
def test_words_that_stand_where_names_link_are_known(docname: str, text: str) -> None:
    read = page.read(docname, f"docs/{docname}.md", text)
    assert isinstance(read, page.Page)
    shown = re.sub(r"(?m)^(#|\|).*$|\{\w+\}`[^`]*`", "", render.source(read, text))
    words = {word for word in WORD.findall(shown) if word[0].isupper()}
    assert words <= read.words
