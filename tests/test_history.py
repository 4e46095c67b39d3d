"""When pages changed, how they are cited, and which pages are near each other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from kb import citing, corpus, history
from kb.related import related
from tests import sample


def commit(root: Path, message: str, day: str = "2026-03-01") -> str:
    """Commit everything below ``docs/``; returns the commit."""
    identity = ["-c", "user.name=Writer", "-c", "user.email=writer@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "docs"], [*identity, "commit", "-q", "--allow-empty", "-m", message]):
        when = f"{day}T12:00:00+00:00"
        environment = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "PATH": "/usr/bin:/bin:/usr/local/bin"}
        subprocess.run(["git", "-C", str(root), *command], check=True, env=environment, capture_output=True)
    head = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return head.stdout.strip()


def test_every_page_has_the_commits_that_touched_it(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site")
    first = commit(root, "all", "2026-03-01")
    sample.write(root, {"docs/networks/coverage.md": sample.TOPIC + "\nMore.\n"})
    second = commit(root, "one", "2026-03-02")
    found = history.read(root)
    assert not found.missing
    assert [change.commit for change in found.pages["networks/coverage"]] == [second, first]
    assert [change.day.isoformat() for change in found.pages["glossary/lca"]] == ["2026-03-01"]
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{root}", str(clone)], check=True)
    assert history.read(clone) == history.History(missing="the clone is shallow")
    assert "not in a git repository" in history.read(tmp_path).missing


def test_no_git_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history.read(tmp_path).missing == "git is not installed"


ADDRESS = '[address]\nbase_url = "https://notes.example.org/kb/"\nrepository = "https://forge.example.org/notes"\n'


def test_a_page_is_cited_in_the_version_that_was_read(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"site.toml": sample.SITE.replace("[review", ADDRESS + "[review")})
    loaded = corpus.load(root)
    page = loaded.pages["networks/coverage"]
    commit(root, "all", "2026-03-01")
    last = history.read(root).pages["networks/coverage"][0]
    found = citing.cite(loaded.site, page, last)
    assert found.words == (
        "Contributors to Lesotho Telecom Notes. (2026, March 1). Mobile coverage "
        f"(Version {last.commit[:10]}). Lesotho Telecom Notes."
    )
    assert found.address == f"https://forge.example.org/notes/blob/{last.commit}/docs/networks/coverage.md"
    assert f"  url = {{{found.address}}}," in found.bibtex
    (item,) = json.loads(found.csl_json)
    assert (item["issued"], item["URL"]) == ({"date-parts": [[2026, 3, 1]]}, found.address)
    without = citing.cite(loaded.site, page, None)
    assert "(2024, March 31). Mobile coverage. " in without.words
    assert without.address == "https://notes.example.org/kb/networks/coverage.html"


@pytest.mark.parametrize(
    ("shared", "near"),
    [
        ({"a": "xy", "b": "xy", "c": "z"}, {"x": ("y",), "y": ("x",)}),
        ({"rare": "xy", "common": "xyzw", "other": "zw"}, {"x": ("y",), "y": ("x",), "z": ("w",), "w": ("z",)}),
        ({"alone": "x", "all": "xyz"}, {}),
    ],
)
def test_pages_that_share_what_is_rare_are_near(shared: dict[str, str], near: dict[str, tuple[str, ...]]) -> None:
    assert related(shared) == near
    assert related({name: "".join(reversed(pages)) for name, pages in reversed(shared.items())}) == near
