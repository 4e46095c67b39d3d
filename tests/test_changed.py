"""A reviewer is told which pages a branch changes, and what became of their sources and figures."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kb import changed, corpus
from tests import sample


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def branched(root: Path, changes: dict[str, str | bytes | None]) -> Path:
    sample.write(root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    git(root, "checkout", "-q", "-b", "mine")
    return sample.write(root, changes)


def test_pages_sources_and_figures_before_and_after(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {
        "docs/networks/coverage.md": sample.TOPIC.replace("98 percent", "97 percent").replace(
            "`gazette-2000-act; times-2024-coverage`", "`gazette-2000-act`"
        ),
        "docs/networks/spectrum.md": None,
        "docs/networks/new-page.md": sample.OTHER_TOPIC,
        "docs/sources/main.yaml": sample.SOURCES.replace("what it hides", "what it shows"),
    }
    root, out = branched(tmp_path, changes), tmp_path / "_build/list.md"
    assert changed.main(["--root", str(root), "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    assert "### Pages: 3 changed" in text
    coverage = text.partition("- `networks/coverage.html` (changed)")[2].partition("\n- ")[0]
    assert "figures: 7 before, 7 after" in coverage
    assert "taken out: `98`" in coverage
    assert "added: `97`" in coverage
    assert "sources: 2 before, 2 after" in coverage
    assert (
        "- `networks/spectrum.html` (gone)\n  - sources: 1 before, 0 after\n    - taken out: `gazette-2000-act`" in text
    )
    assert "- `networks/new-page.html` (new)\n  - sources: 0 before, 1 after" in text
    assert "Source records changed: `times-2024-coverage`" in text


def test_what_a_page_says_cannot_leave_its_code_marks(tmp_path: Path) -> None:
    root = branched(tmp_path, {"docs/networks/coverage.md": sample.TOPIC.replace("2024-coverage`", "`![x](y)`", 1)})
    before = changed.at(root, "main")
    listed = "\n".join(changed.report(before, corpus.load(root)))
    assert all(line.count("`") % 2 == 0 for line in listed.splitlines())


def test_nothing_changed_and_no_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = branched(tmp_path / "one", {})
    assert changed.main(["--root", str(root)]) == 0
    assert capsys.readouterr().out == "### Pages: none changed\n"
    assert changed.main(["--root", str(sample.write(tmp_path / "two"))]) == 0
    assert "no history" in capsys.readouterr().out
