"""Bad input gives one line with file, line, rule and remedy, exit code 1, no traceback and no built tree."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kb import check
from tests import sample
from tests.conftest import run

TOPIC, ENTRY, SOURCES = "docs/networks/coverage.md", "docs/glossary/lca.md", "docs/sources/main.yaml"


def topic(old: str, new: str) -> dict[str, str | bytes | None]:
    assert old in sample.TOPIC
    return {TOPIC: sample.TOPIC.replace(old, new, 1)}


def entry(old: str, new: str) -> dict[str, str | bytes | None]:
    assert old in sample.ENTRY
    return {ENTRY: sample.ENTRY.replace(old, new, 1)}


def sources(old: str, new: str) -> dict[str, str | bytes | None]:
    assert old in sample.SOURCES
    return {SOURCES: sample.SOURCES.replace(old, new, 1)}


def without_column(line: str) -> str:
    return re.sub(r"^([^:]+:\d+):\d+:", r"\1:", line)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{c}: &{c} [*{b}, *{b}]\n" for b, c in zip("abcdef", "bcdefg", strict=True)
)
SPARE = """\
- id: spare
  type: webpage
  title: T
  publisher: P
  language: en
  custom: {kind: press, read: {date: 2026-01-05, from: live}}
"""

CASES: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "unknown key": (topic("search_terms:", "serch_terms:"), f"{TOPIC}:7: key-unknown: the key 'serch_terms' is not known; did you mean 'search_terms'?"),
    "missing key": (topic("question: How many people have coverage?\n", ""), f"{TOPIC}:2: key-missing: the key 'question' is missing; add it"),
    "quotation mark left open": (topic('"2024-03-31"', '"2024-03-31'), f"{TOPIC}:6: yaml-syntax: a quotation mark is opened here and not closed; end"),
    "colon in a text": (topic("How many people", "Coverage: how many"), f"{TOPIC}:3: yaml-syntax: a second colon with a blank after it; put the text into"),
    "colon in a quotation": (sources('["98 percent of the population"]', "[a: b]"), f"{SOURCES}:23: value-wrong: custom.quotes.1: a text with ': ' in it; put it into quotation marks"),
    "indented otherwise": (sources("  publisher: Gov", " publisher: Gov"), f"{SOURCES}:4: yaml-syntax: the line is indented otherwise"),
    "a sign at the start of a text": (topic("[signal]", "@signal"), f"{TOPIC}:7: yaml-syntax: a text starts with a sign"),
    "a tab": (topic("search_terms:", "\tsearch_terms:"), f"{TOPIC}:7: yaml-syntax: "),
    "a role apart from its words": (topic("coverage {cite}`times", "coverage {cite} `times"), f"{TOPIC}:11: syntax-unknown: {{cite}} stands apart from what it marks; write {{cite}}`…` without a blank"),
    "no blank after the mark of the title": (topic("# Mobile coverage", "#Mobile coverage"), f"{TOPIC}:9: title-missing: the title has no blank after its #; write # Mobile coverage"),
    "an answer without a source": (topic(" {cite}`times-2024-coverage`.\nprimary", ".\nprimary"), f"{TOPIC}:4: figure-uncited: the answer names no source; end it with {{cite}}"),
    "duplicate key": (topic("as_of:", "description: x\nas_of:"), f"{TOPIC}:6: yaml-duplicate: the key 'description' stands twice"),
    "wrong type": (topic("search_terms: [signal]", "search_terms: signal"), f"{TOPIC}:7: value-wrong: search_terms: a list is expected here"),
    "bad date": (topic("2024-03-31", "2024-02-31"), f"{TOPIC}:6: value-wrong: as_of: '2024-02-31' is no date; write YYYY-MM-DD"),
    "unknown source": (topic("{cite}`times-2024-coverage`.\nprimary", "{cite}`times-2024-covrage`.\nprimary"), f"{TOPIC}:4: source-unknown: no source has the id 'times-2024-covrage'; did you mean 'times-2024-coverage'?"),
    "unused source": ({SOURCES: sample.SOURCES + SPARE}, f"{SOURCES}:24: source-unused: nothing cites the source 'spare'; cite it, or delete"),
    "yaml bomb": (topic("search_terms: [signal]\n", BOMB), f"{TOPIC}:7: yaml-plain: anchors and aliases"),
    "merge key": (topic("search_terms: [signal]", "<<: {description: x}"), f"{TOPIC}:7: yaml-plain: merge keys (<<) are not allowed"),
    "tag": (topic("[signal]", "!!set {signal}"), f"{TOPIC}:7: yaml-plain: tags (!) are not allowed"),
    "not UTF-8": ({TOPIC: sample.TOPIC.encode() + b"caf\xe9\n"}, f"{TOPIC}:17: text-encoding: byte"),
    "NUL": (topic("was set up", "was\0set up"), f"{TOPIC}:11:"),
    "bidi override": (topic("was set up", "was \u202eset up"), f"{TOPIC}:11:"),
    "empty": ({TOPIC: ""}, f"{TOPIC}:1: text-empty: the page is empty"),
    "no front matter": ({TOPIC: "# T\n"}, f"{TOPIC}:1: yaml-missing: the page has no front matter"),
    "front matter not closed": ({TOPIC: sample.TOPIC.replace("---\n# ", "# ")}, f"{TOPIC}:1: yaml-missing: the front matter is not closed"),
    "YAML that cannot be read": (topic("[signal]", "[signal"), f"{TOPIC}:7: yaml-syntax: a bracket is opened here and not closed"),
    "two H1": (topic("## What is", "# What is"), f"{TOPIC}:14: title-again: a second first-level heading; write ##"),
    "no H1": (topic("# Mobile coverage", "Mobile coverage"), f"{TOPIC}:14: title-missing: a section stands before the title"),
    "unknown term": ({"docs/networks/spectrum.md": sample.OTHER_TOPIC.replace("`lca`", "`lcaa`")}, "docs/networks/spectrum.md:10: term-unknown: no entry is named 'lcaa'; did you mean 'lca'?"),
    "name taken twice": ({"docs/glossary/econet.md": sample.OTHER_ENTRY.replace("# Econet", "# lca")}, f"{ENTRY}:12: name-taken: the name 'lca' also belongs to docs/glossary/econet.md; use another name, or list it"),
    "redirect loop": ({"docs/redirects.txt": "a b\nb a\n"}, "docs/redirects.txt:1: redirect-wrong: 'a' leads to 'b', which is redirected itself; break the loop"),
    "redirect to nowhere": ({"docs/redirects.txt": "a networks/coverag\n"}, "docs/redirects.txt:1: redirect-wrong: 'a' leads to 'networks/coverag', which is no page; did you mean"),
    "dead link": (topic("](spectrum.md)", "](spectrm.md)"), f"{TOPIC}:16: link-missing: there is no page 'networks/spectrm'; did you mean 'networks/spectrum'?"),
    "dead anchor": ({"docs/networks/spectrum.md": sample.OTHER_TOPIC.replace("#what-is-not", "#what-was-not")}, "docs/networks/spectrum.md:10: link-missing: the page 'networks/coverage' has no section '#what-was-not-measured'; did you mean"),
    "raw HTML": (topic("It was set up", "<b>It</b> was set up"), f"{TOPIC}:11: syntax-unsafe: HTML is not allowed in a page; write Markdown"),
    "include": (topic("## What is", "```{include} /etc/passwd\n```\n\n## What is"), f"{TOPIC}:14: syntax-unsafe: the directive {{include}} is not allowed"),
    "status without successor": (entry("status: active", "status: superseded"), f"{ENTRY}:6: value-wrong: status: it is superseded, but superseded_by is missing"),
    "unknown lead body": ({"docs/glossary/econet.md": sample.OTHER_ENTRY.replace("lead_body: lca", "lead_body: lcb")}, "docs/glossary/econet.md:4: record-unknown: lead_body: there is no page 'glossary/lcb'; did you mean 'glossary/lca'?"),
    "same id twice": ({"docs/sources/more.yaml": SPARE.replace("spare", "gazette-2000-act")}, "docs/sources/more.yaml:1: source-duplicate: the id 'gazette-2000-act' is taken by docs/sources/main.yaml:1"),
    "same address twice": (sources("https://times.example.org/coverage", "https://gazette.example.org/2000/act"), f"{SOURCES}:12: source-duplicate: 'times-2024-coverage' has the address of 'gazette-2000-act'"),
    "source without a publisher": (sources("  publisher: The Times\n", ""), f"{SOURCES}:12: key-missing: the key 'publisher' is missing; add it: Who published it"),
    "primary that is press": (topic("primary: [gazette-2000-act]", "primary: [times-2024-coverage]"), f"{TOPIC}:5: primary-uncited: the source 'times-2024-coverage' is of kind press"),
    "file name": ({"docs/networks/Bad Name.md": sample.OTHER_TOPIC}, "docs/networks/Bad Name.md:1: file-name: 'Bad Name.md' cannot be an address; rename it"),
    "file that is no page": ({"docs/networks/x.html": "<script></script>"}, "docs/networks/x.html:1: file-kind: 'x.html' is not a kind of file that docs/ holds"),
    "folder without index": ({"docs/networks/index.md": None, "docs/index.md": sample.HOME.replace("order: [networks]\n", "")}, "docs/networks/index.md:1: file-folder: the folder 'networks' has no index page; add"),
    "folder in folder": ({"docs/networks/a/b.md": sample.OTHER_TOPIC}, "docs/networks/a/:1: file-folder: a folder inside a folder; move its files up"),
    "site table": ({"site.toml": 'titel = "x"\n'}, "site.toml:1: value-wrong: title: Field required"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_explained(name: str, tmp_path: Path) -> None:
    changes, expected = CASES[name]
    _, findings = check.check(sample.write(tmp_path, changes))
    lines = [str(finding) for finding in findings]
    assert without_column(lines[0]).startswith(expected), lines
    assert len({line.partition(":")[0] for line in lines}) == 1, "a fault of one file is told of that file alone"
    assert all(re.fullmatch(r"[\w./ -]+:\d+(:\d+)?: [a-z0-9-]+: [^\n]+; [^\n]+", line) for line in lines), lines


@pytest.mark.parametrize("name", ["yaml bomb", "not UTF-8", "two H1", "redirect loop", "site table"])
def test_build_refuses_with_the_same_line_and_leaves_no_tree(name: str, tmp_path: Path) -> None:
    changes, expected = CASES[name]
    result = run("-m", "kb.build", cwd=sample.write(tmp_path, changes))
    assert result.returncode == 1
    assert any(without_column(line).startswith(expected) for line in result.stdout.splitlines())
    assert "Traceback" not in result.stdout + result.stderr
    assert not (tmp_path / "_build" / "html").exists()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        (topic("{cite}`times-2024-coverage`.\nprimary", "{cite}`times-2024`.\nprimary"), f"{TOPIC}:4:51:"),
        (topic("2024-03-31", "2024-02-31"), f"{TOPIC}:6:9:"),
        (topic("search_terms:", "serch_terms:"), f"{TOPIC}:7:1:"),
        (topic("(spectrum.md)", "(spectra.md)"), f"{TOPIC}:16:"),  # the name stands otherwise on the line: no column
        (entry("kind: enacted", "kind: enactd"), f"{ENTRY}:10:32:"),
        (sources("kind: press", "kind: pres"), f"{SOURCES}:21:11:"),
        (topic("signal", "sig\u200bnal"), f"{TOPIC}:7:19:"),
        (topic("question: How many people have coverage?\n", ""), f"{TOPIC}:2: "),  # what is missing has no column
    ],
)
def test_the_column_is_told_where_it_is_known(
    changes: dict[str, str | bytes | None], place: str, tmp_path: Path
) -> None:
    lines = [str(finding) for finding in check.check(sample.write(tmp_path, changes))[1]]
    assert lines[0].startswith(place), lines


def test_only_the_files_that_are_named_are_told_of(tmp_path: Path) -> None:
    changes = {**topic("2024-03-31", "2024-02-31"), **sources("kind: press", "kind: pres")}
    root = str(sample.write(tmp_path, changes))
    one = run("-m", "kb.check", "--root", root, TOPIC)
    assert one.returncode == 1
    assert [line.partition(":")[0] for line in one.stdout.splitlines()] == [TOPIC]
    assert "more in other files" in one.stderr
    assert run("-m", "kb.check", "--root", root, ENTRY).returncode == 0


def test_ci_gets_annotations_and_a_summary(tmp_path: Path) -> None:
    root, report = sample.write(tmp_path / "site", topic("2024-03-31", "2024-02-31")), tmp_path / "summary.md"
    told = run("-m", "kb.check", "--root", str(root), "--format", "github", GITHUB_STEP_SUMMARY=str(report))
    assert told.returncode == 1
    assert told.stdout.startswith(f"::error file={TOPIC},line=6,col=9,title=value-wrong::")
    assert "1 to mend" in (text := report.read_text("utf-8"))
    assert "value-wrong" in text


def test_a_link_out_of_docs_is_refused(tmp_path: Path) -> None:
    sample.write(tmp_path)
    (tmp_path / "docs" / "networks" / "link.md").symlink_to("/etc/hostname")
    (finding,) = check.check(tmp_path)[1]
    assert str(finding).startswith("docs/networks/link.md:1: file-kind: the file is a link")


def test_names_may_be_shared_knowingly(tmp_path: Path) -> None:
    shared = "shared_names: [LCA]\nstatus"
    changes: dict[str, str | bytes | None] = {
        ENTRY: sample.ENTRY.replace("status", shared, 1),
        "docs/glossary/econet.md": sample.OTHER_ENTRY.replace("status", f"acronym: LCA\n{shared}", 1),
        "docs/networks/spectrum.md": sample.OTHER_TOPIC,
    }
    loaded, findings = check.check(sample.write(tmp_path, changes))
    assert findings == []
    assert loaded
    assert loaded.entry_named("LCA") is None  # not by the shared name …
    for own in ("lca", "econet"):  # … but by id
        assert loaded.entry_named(own) is loaded.entries[own]


def test_command_line(tmp_path: Path) -> None:
    good = run("-m", "kb.check", "--root", str(sample.write(tmp_path / "good")))
    assert (good.returncode, good.stdout) == (0, "")
    assert "nothing to mend" in good.stderr
    bad = sample.write(tmp_path / "bad", CASES["two H1"][0])
    result = run("-m", "kb.check", "--root", str(bad), "--format", "json")
    assert result.returncode == 1
    assert [row["rule"] for row in json.loads(result.stdout)] == ["title-again", "link-missing"][
        : len(json.loads(result.stdout))
    ]
    github = run("-m", "kb.check", "--root", str(bad), "--format", "github")
    assert github.stdout.startswith("::error file=docs/networks/coverage.md,line=14,title=title-again::")


def test_judging_imports_no_sphinx(tmp_path: Path) -> None:
    code = """
import sys, kb.check
kb.check.main(["--root", sys.argv[1]])
print(sorted({name.partition(".")[0] for name in sys.modules} & {"sphinx", "docutils", "myst_parser"}))
"""
    assert run("-c", code, str(sample.write(tmp_path))).stdout.splitlines()[-1] == "[]"
