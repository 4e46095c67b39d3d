"""Commands that documents and workflows name are nox sessions that exist, and the README's commands are CI's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LISTED = subprocess.run(
    [sys.executable, "-m", "nox", "-l", "-f", str(ROOT / "noxfile.py")], capture_output=True, text=True, check=True
).stdout
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
SESSIONS = dict(re.findall(r"^[*-] ([a-z]+) -> (.+)$", LISTED, re.M))
TEXTS = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".ci/run", ROOT / ".readthedocs.yaml",
    ROOT / ".pre-commit-config.yaml",
    *sorted((ROOT / ".github").rglob("*.y*ml")), *sorted((ROOT / "docs/about").glob("*.md")),
]  # fmt: skip


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_named_sessions_exist(file: Path) -> None:
    named = [name for names in re.findall(r"nox -s ((?:[a-z]+ ?)+)", file.read_text("utf-8")) for name in names.split()]
    words = {"and", "or", "on", "to"}
    assert set(named) - words <= SESSIONS.keys()
    for module in re.findall(r"python3? -m (kb[\w.]*)", file.read_text("utf-8")):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module


def test_every_session_is_explained() -> None:
    assert all(text.endswith(".") for text in SESSIONS.values()), SESSIONS
    for name in ("docs", "serve", "check", "tests", "browser", "lint", "linkcheck", "soak", "urls", "epub"):
        assert name in SESSIONS


def test_contributors_are_told_of_every_session() -> None:
    table = re.findall(r"^\| `nox -s ([a-z]+)` \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M)
    assert sorted(table) == sorted(SESSIONS)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_are_bounded_pinned_and_run_sessions(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert "uses" in job or 0 < job["timeout-minutes"] <= 120, name
        for step in job.get("steps", ()):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step.get("uses", f"a@{'0' * 40}")), step
            tools = set(re.findall(r"python3? -m (\S+)", step.get("run", "")))
            assert tools <= {"nox", "pip"} or step["name"] == "Judge", step


def test_the_gate_needs_every_other_job() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))["jobs"]
    assert {*jobs["gate"]["needs"], "gate"} == jobs.keys()


def test_a_pull_request_has_a_report_a_list_and_a_site_to_look_at() -> None:
    text = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert "nox -s check -- --format github" in text
    assert re.search(r"nox -s changed .+\n.+GITHUB_STEP_SUMMARY", text)
    assert re.search(r"upload-artifact@.+\n(.+\n)+? +_build/html\n +_build/changed.md", text)


def test_updates_wait_and_come_weekly() -> None:
    for update in yaml.safe_load((ROOT / ".github/dependabot.yml").read_text("utf-8"))["updates"]:
        assert update["schedule"]["interval"] == "weekly"
        assert update["cooldown"]["default-days"] >= 7
    newest = yaml.safe_load((ROOT / ".github/workflows/newest.yml").read_text("utf-8"))
    assert newest[True]["schedule"]  # YAML reads `on` as true


def test_forms_ask_for_what_is_needed() -> None:
    forms = {
        file.stem: yaml.safe_load(file.read_text("utf-8")) for file in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")
    }
    assert forms.keys() == {"config", "correction", "new-entry", "dead-link", "question"}
    required = {
        name: {field["id"] for field in form.get("body", ()) if field.get("validations", {}).get("required")}
        for name, form in forms.items()
    }
    assert required["correction"] == {"page", "wrong", "source"}
    assert len((ROOT / ".github/pull_request_template.md").read_text("utf-8").splitlines()) == 6


def test_default_sessions_are_quick() -> None:
    assert set(re.findall(r"^\* ([a-z]+)", LISTED, re.M)) == {"check", "tests", "lint"}


def test_ci_runs_the_readmes_test_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    serve, tests = re.findall(r"```sh\n(.+)\n```", readme)
    assert "nox -s serve" in serve
    assert tests in (ROOT / ".ci/run").read_text("utf-8").splitlines()


def test_requirements_are_pinned_with_hashes_and_name_no_host() -> None:
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.M)
    asked = re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements.in").read_text("utf-8"), re.M)
    assert set(asked) <= set(pins)
    assert lock.count("--hash=sha256:") > len(pins)
    assert "file:" not in lock
    assert "//" not in lock
