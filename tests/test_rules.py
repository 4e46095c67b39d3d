"""Every rule has a reason, an input that it lets pass and one that it refuses, and a line in the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import check, guide, shingles
from kb.finding import RULES
from tests import sample
from tests.guard.cases import png
from tests.guard.hostile import topic

PAGE, ENTRY, SOURCES = "docs/networks/coverage.md", "docs/glossary/lca.md", "docs/sources/main.yaml"
EXCEPTIONS = "docs/link-exceptions.yaml"
EXCEPTION = '- {pattern: "%s", reason: region, until: "2027-01-01", note: "Seen from two countries"}\n'
USERS = {"docs/indicators/index.md": sample.INDEX, "docs/indicators/users.md": sample.INDICATOR}
Changes = dict[str, str | bytes | None]


def change(file: str, text: str, old: str, new: str) -> Changes:
    assert old in text
    return {file: text.replace(old, new, 1)}


COPIED = "The masts of the valley were paid for by people who live on the other side of it, a ranger says."
RECORD = f"""\
---
description: What an article says.
source: times-2024-coverage
sections: [{{heading: Masts, page: networks/coverage}}]
claims: [{{claim: "Masts are paid for.", verdict: open}}]
shingles: {shingles.kept([COPIED])}
---
# Masts

An article. {{cite}}`times-2024-coverage`
"""


def copy(text: str) -> Changes:
    page = change(PAGE, sample.TOPIC, "## What", f"{text} {{cite}}`times-2024-coverage`\n\n## What")
    return {"docs/articles/index.md": sample.INDEX, "docs/articles/masts.md": RECORD, **page}


# Rule -> (what it refuses, what it lets pass although it looks alike).
FIXTURES: dict[str, tuple[Changes, Changes]] = {
    "file-name": ({"docs/networks/A b.md": sample.OTHER_TOPIC}, {}),
    "file-kind": ({"docs/networks/a.html": "x"}, {"docs/corrections.yaml": ""}),
    "file-folder": ({"docs/networks/deep/a.md": sample.OTHER_TOPIC}, {}),
    "file-size": ({PAGE: topic("x" * 6_000)}, change(PAGE, sample.TOPIC, "## What", "x " * 2_000 + "\n\n## What")),
    "text-encoding": ({PAGE: sample.TOPIC.encode() + b"\xff"}, {PAGE: b"\xef\xbb\xbf" + sample.TOPIC.encode()}),
    "text-control": (change(PAGE, sample.TOPIC, "signal", "sig\u200bnal"), change(PAGE, sample.TOPIC, "signal", "می\u200cخواهد")),
    "text-empty": ({PAGE: " \n"}, {"docs/redirects.txt": ""}),
    "yaml-missing": ({PAGE: "# T\n"}, {PAGE: sample.TOPIC.replace("\n", "\r\n")}),
    "yaml-syntax": (change(PAGE, sample.TOPIC, "[signal]", "[signal"), change(PAGE, sample.TOPIC, "[signal]", '["a: b"]')),
    "yaml-plain": (change(PAGE, sample.TOPIC, "[signal]", "&a [x]"), change(PAGE, sample.TOPIC, "[signal]", '["&a"]')),
    "yaml-duplicate": (change(PAGE, sample.TOPIC, "as_of", "question: x\nas_of"), {}),
    "key-unknown": (change(PAGE, sample.TOPIC, "as_of", "asof: x\nas_of"), change(PAGE, sample.TOPIC, "as_of", "# asof: x\nas_of")),
    "key-missing": (change(ENTRY, sample.ENTRY, "entry_kind: regulator\n", ""), change(ENTRY, sample.ENTRY, 'start: "2000-06"\n', "")),
    "value-wrong": (change(ENTRY, sample.ENTRY, '"2000-06"', '"June"'), change(ENTRY, sample.ENTRY, '"2000-06"', '"2000"')),
    "title-missing": (change(PAGE, sample.TOPIC, "# Mobile coverage", "Mobile coverage"), {}),
    "title-again": (change(PAGE, sample.TOPIC, "## What", "# What"), {}),
    "heading-skip": ({PAGE: topic("{cite}`gazette-2000-act; times-2024-coverage`\n\n## What is not measured\n\n#### b")}, {PAGE: topic("{cite}`gazette-2000-act; times-2024-coverage`\n\n## What is not measured\n\n### b")}),
    "outline-left": (change(PAGE, sample.TOPIC, "## What is not measured", "## A question that readers ask\n\n## What is not measured"), change(PAGE, sample.TOPIC, "## What is not measured", "## A question that readers asked\n\n## What is not measured")),
    "syntax-unsafe": (change(PAGE, sample.TOPIC, "Speed is", "<b>Speed</b> is"), change(PAGE, sample.TOPIC, "Speed is", "`<b>` is")),
    "syntax-unknown": (change(PAGE, sample.TOPIC, "Speed is", "{ref}`Speed` is"), change(PAGE, sample.TOPIC, "Speed is", "{ref} is")),
    "syntax-deep": (change(PAGE, sample.TOPIC, "## What", ">" * 12 + " x\n\n## What"), change(PAGE, sample.TOPIC, "## What", ">>> x\n\n## What")),
    "fence-open": (change(PAGE, sample.TOPIC, "Speed is", "~~~text\nSpeed is"), change(PAGE, sample.TOPIC, "## What", "~~~text\nx\n~~~\n\n## What")),
    "picture-wrong": ({"docs/networks/x.png": b"GIF89a"}, {"docs/networks/x.png": png()}),
    "link-scheme": (change(PAGE, sample.TOPIC, "spectrum.md", "http://a.org/"), change(PAGE, sample.TOPIC, "spectrum.md", "https://datapackage.org/")),
    "link-address": (change(PAGE, sample.TOPIC, "spectrum.md", "https://10.0.0.1/"), change(PAGE, sample.TOPIC, "spectrum.md", "https://10.example.org/")),
    "file-twice": ({"docs/networks.md": sample.OTHER_TOPIC}, {}),
    "link-missing": (change(PAGE, sample.TOPIC, "spectrum.md", "spectra.md"), change(PAGE, sample.TOPIC, "spectrum.md", "../networks/spectrum.md")),
    "link-text": (change(PAGE, sample.TOPIC, "[spectrum]", "[]"), {}),
    "source-unknown": (change(PAGE, sample.TOPIC, "`times-2024-coverage`. It", "`times`. It"), {}),
    "source-unused": ({SOURCES: sample.SOURCES + sample.SOURCES.partition("- id: times")[0].replace("gazette-2000-act", "spare").replace("2000/act", "x")}, {}),
    "source-duplicate": (change(SOURCES, sample.SOURCES, "https://times.example.org/coverage", "https://gazette.example.org/2000/act/"), {}),
    "term-unknown": ({"docs/networks/spectrum.md": sample.OTHER_TOPIC.replace("`lca`", "`acl`")}, {"docs/networks/spectrum.md": sample.OTHER_TOPIC.replace("`lca`", "`LCA`")}),
    "name-near": (change(PAGE, sample.TOPIC, "Lesotho Communications Authority", "Lesotho Communication Authority"), change(PAGE, sample.TOPIC, "Lesotho Communications Authority", "Lesotho Television Authority")),
    "name-taken": ({"docs/glossary/econet.md": sample.OTHER_ENTRY.replace("# Econet", "# LCA")}, {}),
    "record-unknown": ({"docs/glossary/econet.md": sample.OTHER_ENTRY.replace("lead_body: lca", "lead_body: acl")}, {}),
    "redirect-wrong": ({"docs/redirects.txt": "a b c\n"}, {"docs/redirects.txt": "# a remark\na networks/coverage\n"}),
    "primary-uncited": (change(PAGE, sample.TOPIC, "[gazette-2000-act]", "[times-2024-coverage]"), {}),
    "figure-unknown": (change(PAGE, sample.TOPIC, "## What", "{indicator}`x`\n\n## What"), {**USERS, **change(PAGE, sample.TOPIC, "## What", "{indicator}`users`\n\n## What")}),
    "figure-uncited": (change(PAGE, sample.TOPIC, "## What", "It has 12.\n\n## What"), change(PAGE, sample.TOPIC, "## What", "It is 5G.\n\n## What")),
    "word-vague": (change(PAGE, sample.TOPIC, "Speed", "Currently speed"), change(PAGE, sample.TOPIC, "Speed", "In 2020 speed currently")),
    "rival-open": ({**USERS, "docs/indicators/users.md": sample.INDICATOR.partition("preferred:")[0] + "---\n" + sample.INDICATOR.rpartition("---\n")[2]}, USERS),
    "status-contradicts": (change(ENTRY, sample.ENTRY, "kind: enacted", "kind: closed"), change(ENTRY, sample.ENTRY, "kind: enacted", "kind: milestone")),
    "wording-copied": (copy(COPIED), copy(f"“{COPIED}”")),
    "link-exception": ({EXCEPTIONS: EXCEPTION % "https://gone.example.org/*"}, {EXCEPTIONS: EXCEPTION % "https://times.example.org/*"}),
}  # fmt: skip
ELSEWHERE = {
    "published-unsafe": "tests/guard/test_guard.py",
    "build-stopped": "tests/guard/test_build.py",
    "link-dead": "tests/links/test_command.py",
}  # judged after a build, or on the web


def rules(tmp_path: Path, changes: Changes) -> set[str]:
    return {finding.rule for finding in check.check(sample.write(tmp_path, changes))[1]}


@pytest.mark.parametrize("rule", FIXTURES)
def test_a_rule_refuses_what_it_is_for(rule: str, tmp_path: Path) -> None:
    assert rule in rules(tmp_path, FIXTURES[rule][0])


@pytest.mark.parametrize("rule", FIXTURES)
def test_a_rule_lets_pass_what_looks_alike(rule: str, tmp_path: Path) -> None:
    assert rules(tmp_path, FIXTURES[rule][1]) == set()


def test_every_rule_has_a_reason_fixtures_and_a_place_in_the_guide() -> None:
    assert sorted(RULES.keys() ^ (FIXTURES.keys() | ELSEWHERE.keys())) == []
    assert all(reason.endswith(".") and len(reason) > 20 for reason in RULES.values())
    assert "{generated} rules" in (Path(__file__).parents[1] / guide.PAGE).read_text("utf-8")
    assert all((Path(__file__).parents[1] / file).exists() for file in ELSEWHERE.values())


def test_the_guide_lists_what_a_page_may_hold() -> None:
    written = (Path(__file__).parents[1] / guide.PAGE).read_text("utf-8")
    assert guide.page(written) == written, "run python -m kb.guide"
