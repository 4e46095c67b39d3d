"""``python -m kb.check``: judge the pages of any checkout as data, without Sphinx.

Exit code 0 when nothing is wrong, 1 with one line for each fault, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kb import corpus, evidence, finding, frontmatter, rules, series


def check(root: Path, known: corpus.Corpus | None = None) -> tuple[corpus.Corpus | None, list[finding.Finding]]:
    """The corpus of a checkout (None when its site.toml cannot be used) and every fault in it.

    Files that have not changed since ``known`` are not read again.
    """
    try:
        loaded = corpus.load(root, known)
    except frontmatter.Refused as error:
        return None, [error.finding]
    return loaded, rules.judge(loaded)


def summary(loaded: corpus.Corpus) -> str:
    """What was read, in one line."""
    kinds: dict[str, int] = {}
    for page in loaded.pages.values():
        name = type(page.record).__name__.lower()
        kinds[name] = kinds.get(name, 0) + 1
    counted = ", ".join(f"{count} {name}" for name, count in sorted(kinds.items()))
    return f"{len(loaded.pages)} pages ({counted}), {len(loaded.sources)} sources\n{_figures(loaded)}"


def _figures(loaded: corpus.Corpus) -> str:
    """How the figures stand: in text, and as data."""
    found = [page.evidence for page in loaded.pages.values() if page.evidence]
    exempt = evidence.exempted(found)
    rules = ", ".join(f"{count} {rule}" for rule, count in sorted(exempt.items())) or "none"
    rows = sum(len(record.observations) for record in loaded.indicators.values())
    rivals = sum(len(series.disagreements(record)) for record in loaded.indicators.values())
    return (
        f"{sum(item.figures for item in found)} figures in text: {sum(item.cited for item in found)} cited, "
        f"{sum(item.computed for item in found)} computed, exempt: {rules}; "
        f"{len(loaded.indicators)} indicators, {rows} observations, {rivals} periods with rivals"
    )


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.check", description="Judge the pages of a checkout.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how to print")
    options = parser.parse_args(arguments)
    loaded, findings = check(options.root)
    write = {"text": finding.as_text, "json": finding.as_json, "github": finding.as_github}[options.format]
    sys.stdout.write(write(findings))
    if loaded and options.format == "text":
        verdict = f"{len(findings)} to mend" if findings else "nothing to mend"
        print(f"{summary(loaded)}: {verdict}", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
