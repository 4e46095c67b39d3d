"""Addresses do not vanish: pages of the merge base are still there or redirected."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import sample
from tests.conftest import run


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


def test_a_vanished_page_is_named_until_it_is_redirected(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "change")
    assert run("-m", "kb.urls", cwd=root).returncode == 0
    (root / "docs/networks/spectrum.md").unlink()
    result = run("-m", "kb.urls", cwd=root)
    assert result.returncode == 1
    assert result.stdout.startswith(
        "docs/networks/spectrum.md:1: redirect-wrong: the page is gone; add 'networks/spectrum"
    )
    (root / "docs/redirects.txt").write_text("networks/spectrum networks/coverage\n")
    assert run("-m", "kb.urls", cwd=root).returncode == 0


def test_without_history_it_says_so(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    result = run("-m", "kb.urls", cwd=root, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert (result.returncode, result.stdout) == (0, "no history to compare with: nothing was checked\n")
