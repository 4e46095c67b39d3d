"""``python -m kb.audit``: draw claims from all cited sentences, to be held against their sources by somebody else.

The draw depends on the seed alone (by default the commit), so that anybody can repeat it. It is printed as the
``claims`` of an audit record, with each outcome still to be filled in.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from kb import corpus, frontmatter, model, page
from kb.corpus import Corpus
from kb.page import Page

CITE = re.compile(r"\{cite\}`([^`]*)`")


def claims(loaded: Corpus, root: Path) -> Iterator[tuple[str, str, str]]:
    """(docname, claim, source ids) of every cited sentence of topics, entries, indicators; events and figures too."""
    for docname, item in sorted(loaded.pages.items()):
        record = item.record
        if not isinstance(record, model.Topic | model.Entry | model.Indicator):
            continue
        if isinstance(record, model.Topic):
            yield from _cited(docname, record.answer)
        elif isinstance(record, model.Entry):
            for event in record.events:
                yield docname, f"{event.date}: {event.what}", event.source
        elif isinstance(record, model.Indicator):
            for row in record.observations:
                yield docname, f"{row.series}, {row.period}: {row.value} ({row.status})", row.source
        yield from _body(docname, item, root)


def _body(docname: str, item: Page, root: Path) -> Iterator[tuple[str, str, str]]:
    _, body, _ = frontmatter.split((root / item.path).read_text("utf-8"), item.path)
    for token in page.parser().parse(body):
        if token.type == "inline":
            yield from _cited(docname, token.content)


def _cited(docname: str, content: str) -> Iterator[tuple[str, str, str]]:
    """The words before each citation, back to the one before or to the start."""
    start = 0
    for mark in CITE.finditer(content):
        words = " ".join(CITE.sub("", content[start : mark.start()]).split()).lstrip(".,;: ")
        if words:
            yield docname, words, mark[1]
        start = mark.end()


def draw(drawn_from: list[tuple[str, str, str]], seed: str, count: int) -> list[tuple[str, str, str]]:
    """``count`` claims, the same for the same claims and seed."""
    return random.Random(seed).sample(drawn_from, min(count, len(drawn_from)))


def as_yaml(drawn: list[tuple[str, str, str]], loaded: Corpus) -> str:
    """The drawn claims as rows of an audit record, with what the sources are beside them as comments."""
    lines = ["claims:"]
    for docname, claim, sources in drawn:
        keys = [key.strip() for key in sources.split(";")]
        lines += [f"  - page: {docname}", f"    claim: {_quoted(claim)}", f"    source: {keys[0]}"]
        for key in keys:
            source = loaded.sources[key].source
            lines.append(f"    # {key}: {source.publisher}, {source.issued or 'no date'}, {source.url or 'no address'}")
            lines += [f"    #   {_quoted(quote)}" for quote in source.custom.quotes]
        lines += ['    quote: ""', '    outcome: ""  # right, imprecise, wrong, not-in-source']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _commit(root: Path) -> str:
    try:
        return subprocess.run(
            ["git", "-C", str(root), "rev-parse", "--short=12", "HEAD"], check=True, capture_output=True, text=True
        ).stdout.strip()
    except (subprocess.CalledProcessError, FileNotFoundError):
        return "no-commit"


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.audit", description="Draw claims to re-check.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--count", type=int, default=60, help="how many claims (default: 60)")
    parser.add_argument("--seed", help="default: the commit")
    parser.add_argument("--pages", nargs="+", default=[""], help="only pages whose path begins so: mobile/")
    options = parser.parse_args(arguments)
    try:
        loaded = corpus.load(options.root)
    except frontmatter.Refused as error:
        print(error.finding)
        return 1
    seed = options.seed or _commit(options.root)
    found = [claim for claim in claims(loaded, options.root) if claim[0].startswith(tuple(options.pages))]
    print(f"# {len(found)} cited claims; seed {seed}")
    sys.stdout.write(as_yaml(draw(found, seed, options.count), loaded))
    return 0


if __name__ == "__main__":
    sys.exit(main())
