"""The shell of the weekly workflow: the ledger's branch, and the one issue."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.test_urls import git

WORKFLOWS = {
    name: yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text("utf-8")) for name in ("links", "test")
}


def script(workflow: str, job: str, start: str) -> str:
    """What a step runs."""
    steps: list[dict[str, Any]] = WORKFLOWS[workflow]["jobs"][job]["steps"]
    return str(next(step["run"] for step in steps if step["name"].startswith(start)))


def shell(text: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A step as the runner runs it, with a ``gh`` that writes down what it is told."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "gh").write_text(
        '#!/bin/sh\necho "$@" >> "$LOG"\ncase "$1 $2" in "issue list") printf "%s" "$OPEN";; esac\n'
    )
    (tools / "gh").chmod(0o755)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "LOG": str(folder / "log"), **environment}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_the_ledger_goes_to_its_branch_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "owner").mkdir()
    bare, clone = tmp_path / "owner/repo", tmp_path / "clone"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    subprocess.run(["git", "clone", "-q", str(bare), str(clone)], check=True, capture_output=True)
    git(clone, "commit", "--allow-empty", "-qm", "one")
    git(clone, "push", "-q", "origin", "HEAD:main")
    fetches = [script("links", "ask", "Fetch what is known"), script("test", "site", "Fetch what is known")]
    assert fetches[0] == fetches[1]
    assert shell(fetches[0], clone).returncode == 0
    assert not (clone / "links.jsonl").exists(), "there is no branch yet"
    for content in ("one\n", "two\n"):
        work = tmp_path / content.strip()
        work.mkdir()
        (work / "links.jsonl").write_text(content)
        address = {"GITHUB_SERVER_URL": str(tmp_path), "GITHUB_REPOSITORY": "owner/repo"}
        written = shell(script("links", "remember", "Write it"), work, **address)
        assert written.returncode == 0, written.stderr
        assert shell(fetches[0], clone).returncode == 0
        assert (clone / "links.jsonl").read_text() == content
    log = ["git", "-C", str(bare), "rev-list", "--count", "links"]
    assert subprocess.run(log, capture_output=True, text=True, check=True).stdout == "1\n"


@pytest.mark.parametrize(("code", "number", "told"), [
    ("0", "", []),
    ("0", "7", ["issue close 7 --comment Nothing is dead any more."]),
    ("1", "7", ["issue edit 7 --body-file report.md"]),
    ("1", "", ["issue create --title Link health --label link-health --body-file report.md"]),
])  # fmt: skip
def test_there_is_one_issue(code: str, number: str, told: list[str], tmp_path: Path) -> None:
    done = shell(script("links", "tell", "Open"), tmp_path, CODE=code, OPEN=number)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "log").read_text().splitlines()[2:] == told


def test_only_the_jobs_that_write_may_write() -> None:
    granted = {name: job["permissions"] for name, job in WORKFLOWS["links"]["jobs"].items()}
    assert WORKFLOWS["links"]["permissions"] == {}
    assert granted == {
        "ask": {"contents": "read"},
        "remember": {"contents": "write"},
        "tell": {"issues": "write"},
        "gate": {},
    }


def test_a_pull_request_passes_without_a_network_and_fails_with_a_dead_link(tmp_path: Path) -> None:
    text = script("test", "links", "Ask").replace("python -m nox", "nox-stub")
    for code, passes in ((0, True), (1, False), (2, False), (3, True)):
        stub = tmp_path / "tools/nox-stub"
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(f"#!/bin/sh\nexit {code}\n")
        stub.chmod(0o755)
        assert (shell(text, tmp_path, BASE="main").returncode == 0) == passes
