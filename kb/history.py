"""When each page was first and last changed, from one ``git log``. Without a whole history nothing is said of it."""

from __future__ import annotations

import datetime
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LOG = ("log", "--no-renames", "--format=%x00%H %cs", "--name-only", "--relative", "--", "docs/*.md")


@dataclass(frozen=True, slots=True)
class Change:
    """A commit that touched a page."""

    commit: str
    day: datetime.date


@dataclass(frozen=True, slots=True)
class History:
    """Docname -> its changes, newest first; ``missing`` says why there is none."""

    pages: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    missing: str = ""


def read(root: Path) -> History:
    """The history of a checkout's pages."""
    try:
        if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
            return History(missing="the clone is shallow")
        log = _git(root, *_LOG)
    except FileNotFoundError:
        return History(missing="git is not installed")
    except subprocess.CalledProcessError:
        return History(missing="the pages are not in a git repository")
    pages: dict[str, list[Change]] = defaultdict(list)
    for commit in log.split("\0")[1:]:
        head, *names = commit.splitlines()
        number, day = head.split(" ")
        change = Change(number, datetime.date.fromisoformat(day))
        for name in names:
            if name.startswith("docs/"):
                pages[name.removeprefix("docs/").removesuffix(".md")].append(change)
    return History({name: tuple(changes) for name, changes in pages.items()})


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "core.quotepath=off", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
