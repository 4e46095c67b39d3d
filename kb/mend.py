"""Mends what a finding says can be mended in one way only, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from kb.finding import Finding

MAX_BYTES = 1_000_000


def lines(file: Path) -> list[str] | None:
    """The lines of a file with their ends; None where it is no plain text, or its lines end in an unusual way."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_BYTES:
        return None
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\r" in text.replace("\r\n", ""):
        return None
    return [line + "\n" for line in text.split("\n")[:-1]] + [text.rpartition("\n")[2]]


def mend(root: Path, findings: Iterable[Finding]) -> list[str]:
    """Write the fixes into the files; what was done, one line each. A file is replaced whole or not at all."""
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.fix:
            by_file[finding.path].append(finding)
    done: list[str] = []
    for path, found in by_file.items():
        file = root / path
        if (content := lines(file)) is None:
            continue
        said = []
        for finding in sorted(found, reverse=True):  # from the end, so that columns stay true
            old, new = finding.fix or ("", "")
            line = content[finding.line - 1] if finding.line <= len(content) else ""
            at = line.find(old) if line.count(old) == 1 else -1
            if finding.column and line.startswith(old, finding.column - 1):
                at = finding.column - 1
            if at >= 0:
                content[finding.line - 1] = line[:at] + new + line[at + len(old) :]
                shown = f"'{old.strip()}' is now '{new.strip()}'" if old.isprintable() else finding.message
                said.append(f"{path}:{finding.line}: {finding.rule}: mended: {shown}")
        if said:
            fresh = file.with_name(f".{file.name}.new")
            fresh.write_bytes("".join(content).encode())
            fresh.replace(file)
            done += reversed(said)
    return done
