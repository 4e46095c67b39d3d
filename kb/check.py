"""``python -m kb.check``: judge the pages of any checkout as data, without Sphinx.

Exit code 0 when nothing is wrong, 1 with one line for each fault, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

from kb import cache, corpus, evidence, finding, frontmatter, mend, rules, series


def check(
    root: Path, known: corpus.Files | None = None, keep: bool = False
) -> tuple[corpus.Corpus | None, list[finding.Finding]]:
    """The corpus of a checkout (None when its site.toml cannot be used) and every fault in it.

    Files that have not changed since they were ``known`` are not read again. With ``keep`` a run is known to the next.
    """
    known = cache.read(root) if keep and known is None else known or {}
    try:
        loaded = corpus.load(root, known)
    except frontmatter.Refused as error:
        return None, [error.finding]
    findings = rules.judge(loaded)
    if keep:
        cache.write(root, loaded.files, known)
    lines = {path: mend.lines(root / path) or [] for path in {fault.path for fault in findings}}
    return loaded, [placed(fault, lines[fault.path]) for fault in findings]


def placed(fault: finding.Finding, lines: list[str]) -> finding.Finding:
    """The finding with its column, where what it names stands once on its line."""
    named = re.search(r"'([^']+)'", fault.message.partition(": ")[2]) or re.search(r"'([^']+)'", fault.message)
    if fault.column or not named or fault.line > len(lines):
        return fault
    line = lines[fault.line - 1]
    name = named[1].rpartition(".")[2] if fault.rule.startswith("key-") else named[1]
    return replace(fault, column=line.index(name) + 1) if line.count(name) == 1 else fault


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
    parser.add_argument("files", nargs="*", help="print what is wrong in these files only (default: everywhere)")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how to print")
    parser.add_argument("--fix", action="store_true", help="first mend what can be mended in one way only")
    options = parser.parse_args(arguments)
    own = options.root.resolve() == Path.cwd()  # from another checkout nothing is taken but its pages
    loaded, findings = check(options.root, keep=own)
    if options.fix and (mended := mend.mend(options.root, findings)):
        print("\n".join(mended), file=sys.stderr)
        loaded, findings = check(options.root, keep=own)
    files = {Path(name).as_posix() for name in options.files}
    shown = [fault for fault in findings if not files or fault.path in files]
    write = {"text": finding.as_text, "json": finding.as_json, "github": finding.as_github}[options.format]
    address = loaded.site.address.base_url if loaded else ""
    sys.stdout.write(write(shown, address))
    if options.format == "github" and (report := os.environ.get("GITHUB_STEP_SUMMARY")):
        with Path(report).open("a", encoding="utf-8") as file:
            file.write(finding.as_markdown(shown))
    if options.format == "text":
        sys.stderr.write(finding.reasons(shown, address))
        if any(fault.fix for fault in shown) and not options.fix:
            print("`nox -s check -- --fix` mends some of it", file=sys.stderr)
        if len(shown) < len(findings):
            print(f"{len(findings) - len(shown)} more in other files", file=sys.stderr)
        if loaded:
            verdict = f"{len(shown)} to mend" if shown else "nothing to mend"
            print(f"{summary(loaded)}: {verdict}", file=sys.stderr)
    return 1 if shown else 0


if __name__ == "__main__":
    sys.exit(main())
