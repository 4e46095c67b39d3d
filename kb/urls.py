"""``python -m kb.urls``: no address vanishes. Pages of the merge base that are gone must be redirected."""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from kb import corpus, site
from kb.corpus import DOCS

BRANCHES = ("origin/main", "main")


def vanished(before: set[str], now: corpus.Corpus) -> list[str]:
    """Docnames that were pages and lead nowhere now."""
    return sorted(before - now.pages.keys() - now.redirects.keys())


def pages_at(root: Path, commit: str) -> set[str]:
    """Docnames of the pages of a commit."""
    listed = git(root, "ls-tree", "-r", "-z", "--name-only", commit, "--", DOCS)
    names = [name.removeprefix(f"{DOCS}/") for name in listed.split("\0")]
    return {name.removesuffix(".md") for name in names if name.endswith(".md")}


def corpus_at(root: Path, commit: str) -> corpus.Corpus:
    """The corpus of a commit."""
    command = ["git", "-C", str(root), "archive", "--format=tar", commit, "--", DOCS, site.NAME]
    packed = subprocess.run(command, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
        return corpus.load(Path(folder))


def base_of(root: Path, branches: tuple[str, ...]) -> str | None:
    """The commit from which this checkout branched, or None where there is no history."""
    for branch in branches:
        try:
            return git(root, "merge-base", "HEAD", branch).strip()
        except (subprocess.CalledProcessError, FileNotFoundError):
            continue
    return None


def git(root: Path, *arguments: str) -> str:
    """What git says about a checkout."""
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.urls", description="Find addresses that vanished.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--base", action="append", help="branch to compare with (default: origin/main, main)")
    options = parser.parse_args(arguments)
    base = base_of(options.root, tuple(options.base or BRANCHES))
    if base is None:
        print("no history to compare with: nothing was checked")
        return 0
    gone = vanished(pages_at(options.root, base), corpus.load(options.root))
    for docname in gone:
        print(
            f"{DOCS}/{docname}.md:1: redirect-wrong: the page is gone; add '{docname} <new page>' to docs/redirects.txt"
        )
    if not gone:
        print(f"no address has vanished since {base[:12]}")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
