"""The guide's own commands and examples make a page from nothing; `new` never overwrites and explains what is missing."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kb import check, frontmatter, model, new, template
from tests import sample
from tests.conftest import ROOT, run, sphinx_in_fork

GUIDE = (ROOT / "docs/about/first-page.md").read_text("utf-8")
COMMANDS = re.findall(r"^\.venv/bin/nox -s (.+)$", GUIDE, re.M)
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.S)


def session(root: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A session as the guide calls it, with the packages that are here already."""
    python = Path(sys.executable)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PATH"] = f"{python.parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        [str(python), "-m", "nox", "--no-venv", "--no-install", "-s", *shlex.split(command)],
        cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix line ends", "windows line ends"])
def test_the_guide_leads_from_nothing_to_built_pages(end: str, tmp_path: Path) -> None:
    """The guide's own commands and examples in a copy of the repository whose path has blanks."""
    root = tmp_path / "a new copy"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
    for file in [*(root / "docs").rglob("*.*"), root / "site.toml", root / "conf.py"]:
        if file.suffix in (".md", ".yaml", ".txt", ".toml", ".py"):
            file.write_bytes(file.read_bytes().replace(b"\n", end.encode()))
    entry, source, topic = (example.replace("\n", end) for example in EXAMPLES)
    for command in (command for command in COMMANDS if command.startswith("new ")):
        assert (told := session(root, command)).returncode == 0, told.stderr
    written = {"docs/glossary/example-fund.md": entry, "docs/government/who-pays-for-examples.md": topic}
    told = session(root, "check")
    assert told.returncode == 1
    assert {line.partition(":")[0] for line in told.stdout.splitlines() if line.startswith("docs/")} == written.keys()
    for name, text in {**written, "docs/sources/example.yaml": source}.items():
        (root / name).write_bytes(text.encode())
    assert (told := session(root, "check")).returncode == 0, told.stdout
    assert "nothing to mend" in told.stdout
    if end == "\n":  # one build of everything is enough here: line ends change no byte of it (tests/test_build.py)
        assert (told := session(root, "docs")).returncode == 0, told.stdout + told.stderr
        page = (root / "_build/html/government/who-pays-for-examples.html").read_text("utf-8")
        assert 'href="../glossary/example-fund.html"' in page  # the name links by itself
        assert "who-pays-for-examples.html" in (root / "_build/html/government/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new_text", "said"),
    [
        ("description:", "descripton:", "key-unknown: the key 'descripton' is not known; did you mean 'description'?"),
        ('"2025-03-10"', "10 March", "value-wrong: as_of: '10 March' is no date; write YYYY-MM-DD, for example 2025-03-10"),
        ("question: Who pays", "question: Examples: who pays", "yaml-syntax: a second colon with a blank after it; put the text into quotation marks"),
        ('"2025-03-10"', '"2025-03-10', "yaml-syntax: a quotation mark is opened here and not closed; end the text with the same mark"),
        ("# Who pays", "#Who pays", "title-missing: the title has no blank after its #; write # Who pays for examples"),
        ("pays {cite}`example", "pays {cite} `example", "syntax-unknown: {cite} stands apart from what it marks; write {cite}`…` without a blank"),
        ("2025-fund`.\nprimary", "2024-fund`.\nprimary", "source-unknown: no source has the id 'example-2024-fund'; did you mean 'example-2025-fund'?"),
        ("No figure for its spending was found.", "It has 12 staff.", "figure-uncited: a figure without a source: 'It has 12 staff.'; add {cite} or {indicator}"),
        ("(who-decides.md)", "(who-decide.md)", "link-missing: there is no page 'government/who-decide'; did you mean 'government/who-decides'?"),
    ],
)  # fmt: skip
def test_the_guide_quotes_what_the_checks_say(old: str, new_text: str, said: str, tmp_path: Path) -> None:
    entry, source, topic = EXAMPLES
    changes: dict[str, str | bytes | None] = {
        "docs/government/index.md": sample.INDEX,
        "docs/government/who-decides.md": sample.OTHER_TOPIC.replace("coverage.md", "../networks/coverage.md"),
        "docs/government/who-pays.md": topic.replace(old, new_text, 1),
        "docs/glossary/example-fund.md": entry,
        "docs/sources/example.yaml": source,
    }
    assert old in topic
    _, findings = check.check(sample.write(tmp_path, changes))
    lines = [str(finding) for finding in findings]
    assert any(said in line for line in lines), lines
    assert said.partition(";")[0] in GUIDE.replace("…", "")


@pytest.mark.parametrize("kind", template.KINDS)
def test_every_kind_starts_with_all_its_fields(kind: str, tmp_path: Path) -> None:
    root = sample.write(tmp_path, {f"docs/{folder}/index.md": sample.INDEX for folder in ("indicators", "articles")})
    path = new.create(root, kind, "networks", "A new page")
    text = path.read_text("utf-8")
    for name in template.KINDS[kind][0].model_fields:
        assert re.search(rf"^#?{name}:", text, re.M), name
    _, findings = check.check(root)
    assert findings
    assert {finding.path for finding in findings} == {path.relative_to(root).as_posix()}


@pytest.mark.parametrize("kind", template.KINDS)
def test_optional_fields_have_the_right_form_when_they_are_used(kind: str) -> None:
    """Without the comment mark each asks for its words, never for another form."""
    text = re.sub(r"^#(?! \w+: )", "", template.record(kind, "A new page"), flags=re.M)
    head, _, _ = frontmatter.split(text, "a.md")
    data, lines = frontmatter.read(head, "a.md", 2)
    findings = model.validate(template.KINDS[kind][0], data, lines, "a.md")
    assert isinstance(findings, list)
    assert data.keys() == template.KINDS[kind][0].model_fields.keys()
    for finding in findings:
        assert not re.search(r"is expected here|at least one|is not known", finding.message), str(finding)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["topic", "--topic", "nosuch", "--title", "X"], "there is no topic 'nosuch'; use one of networks"),
        (["topic", "--topic", "networks", "--title", "Coverage"], "docs/networks/coverage.md exists already; edit it"),
        (["entry", "--title", "راست"], "gives no file name; use a title with Latin letters"),
        (["entry"], "name kind, --topic and --title, or answer the questions"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(arguments: list[str], said: str, tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    result = run("-m", "kb.new", "--root", str(root), *arguments)
    assert result.returncode == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert before == {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_questions_are_asked_for_what_is_not_given(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    answers = iter(["topic", "A fifth page", "networks"])
    assert new.main(["--root", str(root)], lambda question: next(answers)) == 0
    assert (root / "docs/networks/a-fifth-page.md").exists()


def test_a_page_that_was_started_and_filled_in_is_built(tmp_path: Path) -> None:
    entry, source, _ = EXAMPLES
    root = sample.write(tmp_path, {"docs/glossary/example-fund.md": entry, "docs/sources/example.yaml": source})
    code, printed = sphinx_in_fork(root, root / "_build/html", root / "_build/doctrees")
    assert code == 0, printed
    assert "The fund was set up on" in (root / "_build/html/glossary/example-fund.html").read_text("utf-8")
