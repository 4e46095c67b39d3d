"""``python -m kb.changed``: the pages that a branch changes, with their sources and figures before and after.

Written for the reviewer of a pull request, as Markdown; everything that pages say stands in code marks.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kb import corpus, model, site, urls
from kb.corpus import DOCS, Corpus
from kb.page import Page

_FIGURE = re.compile(r"\d[\d.,]*\d|\d")
MOST = 40  # sources or figures named of one page


def at(root: Path, commit: str) -> Corpus:
    """The records of a commit, as its own files have them."""
    names = [name for name in (DOCS, site.NAME) if urls.git(root, "ls-tree", commit, "--", name)]
    packed = subprocess.run(
        ["git", "-C", str(root), "archive", "--format=zip", commit, *names], check=True, capture_output=True
    ).stdout
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(folder)
        return corpus.load(Path(folder))


def sources(page: Page | None) -> set[str]:
    """Ids of the sources that a page rests on."""
    return set(corpus.used_sources(page)) if page else set()


def figures(page: Page | None) -> Counter[str]:
    """The numbers that stand on a page: in its text outside of roles, or as observations."""
    if page is None:
        return Counter()
    if isinstance(page.record, model.Indicator):
        return Counter(f"{row.series} {row.period}: {row.value}" for row in page.record.observations)
    return Counter(_FIGURE.findall(re.sub(r"(?m)\{\w+\}`[^`]*`|\]\([^)]*\)|^\s*\d+\.\s", " ", page.text)))


def report(before: Corpus, now: Corpus) -> Iterator[str]:
    """The list, line by line."""
    names = [
        name
        for name in sorted(before.pages.keys() | now.pages.keys())
        if _text(before.pages.get(name)) != _text(now.pages.get(name))
    ]
    yield f"### Pages: {len(names)} changed" if names else "### Pages: none changed"
    for name in names:
        old, new = before.pages.get(name), now.pages.get(name)
        what = "changed" if old and new else "new" if new else "gone"
        yield ""
        yield f"- `{name}.html` ({what})"
        yield from _difference("sources", Counter(sources(old)), Counter(sources(new)))
        yield from _difference("figures", figures(old), figures(new))
    changed = sorted(
        key
        for key in before.sources.keys() & now.sources.keys()
        if before.sources[key].source != now.sources[key].source
    )
    if changed:
        yield ""
        yield f"Source records changed: {_listed(changed)}"


def _text(page: Page | None) -> str | None:
    return page.text if page else None


def _difference(what: str, before: Counter[str], now: Counter[str]) -> Iterator[str]:
    yield f"  - {what}: {before.total()} before, {now.total()} after"
    for sign, found in (("taken out", before - now), ("added", now - before)):
        if found:
            yield f"    - {sign}: {_listed(sorted(found.elements()))}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(f"`{name.replace('`', '')}`" for name in names[:MOST]) + more


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.changed", description="List the pages that a branch changes.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--base", action="append", help="branch to compare with (default: origin/main, main)")
    parser.add_argument("--out", type=Path, help="append the list to this file (default: print it)")
    options = parser.parse_args(arguments)
    base = urls.base_of(options.root, tuple(options.base or urls.BRANCHES))
    if base is None:
        print("no history to compare with: nothing was listed")
        return 0
    text = "\n".join(report(at(options.root, base), corpus.load(options.root))) + "\n"
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        with options.out.open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
