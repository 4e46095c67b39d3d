"""Commands that documents and workflows name are nox sessions that exist, and the README's commands are CI's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LISTED = subprocess.run(
    [sys.executable, "-m", "nox", "-l", "-f", str(ROOT / "noxfile.py")], capture_output=True, text=True, check=True
).stdout
SESSIONS = dict(re.findall(r"^[*-] ([a-z]+) -> (.+)$", LISTED, re.M))
TEXTS = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".ci/run", ROOT / ".readthedocs.yaml",
    *sorted((ROOT / ".github").rglob("*.y*ml")), *sorted((ROOT / "docs/about").glob("*.md")),
]  # fmt: skip


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_named_sessions_exist(file: Path) -> None:
    named = [name for names in re.findall(r"nox -s ((?:[a-z]+ ?)+)", file.read_text("utf-8")) for name in names.split()]
    words = {"and", "or", "on", "to"}
    assert set(named) - words <= SESSIONS.keys()


def test_every_session_is_explained() -> None:
    assert all(text.endswith(".") for text in SESSIONS.values()), SESSIONS
    for name in ("docs", "serve", "check", "tests", "browser", "lint", "linkcheck", "soak", "urls", "epub"):
        assert name in SESSIONS


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
