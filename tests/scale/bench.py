"""``python -m tests.scale.bench``: what builds cost, as ratios to plain Sphinx on the same text in the same run.

CPU seconds are those of a command with all its children, peak memory that of all of them together. Results are added
to ``results.json``, and the guide's page about speed is written from its last rows; ``--quick`` holds counts and bytes
of one size against ``limits.json`` instead, and writes nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import gzip
import itertools
import json
import math
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kb import corpus, model
from tests.conftest import ROOT, tree
from tests.scale import plain
from tests.scale.generate import generate

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
GUIDE = ROOT / "docs/about/speed.md"
SAMPLED = 6  # pages of stock furo whose cost is taken for that of all
STEP = 0.3  # seconds between two looks at the memory


@dataclasses.dataclass(frozen=True)
class Cost:
    """Of one command: CPU seconds, seconds, and megabytes at the worst moment."""

    cpu: float
    wall: float
    peak: int


def run(cwd: Path, *arguments: str, told: str = "", seconds: float = 7_200) -> Cost:
    """What a Python command costs that is told something; raises when it fails or takes longer."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # modules are compiled once, as on anybody's machine
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as given:
        given.write(told)
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=cwd, env=environment, stdin=given, stdout=said, stderr=subprocess.STDOUT
        )
        peaks = [0]
        watcher = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
        watcher.start()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # it ends its own children
            process.wait()
            raise
        watcher.join()
        said.seek(0)
        assert process.returncode == 0, said.read()[-2000:]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(round(cpu, 2), round(time.monotonic() - started, 1), max(peaks) >> 20)


def _watch(process: subprocess.Popen[bytes], peaks: list[int]) -> None:
    while process.poll() is None:
        peaks.append(sum(map(_memory, _tree(process.pid))))
        time.sleep(STEP)


def _tree(pid: int) -> Iterator[int]:
    """A process and those below it (Linux)."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _memory(pid: int) -> int:
    """Bytes of a process; what it shares is divided among those that share it."""
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        return int(found[1]) << 10 if found else 0
    return 0


# ---- edits -----------------------------------------------------------------------------------------------------------


def _topic(loaded: corpus.Corpus) -> str:
    names = sorted(name for name, page in loaded.pages.items() if isinstance(page.record, model.Topic))
    return names[len(names) // 2]


def _change(root: Path, docname: str, pattern: str, text: str) -> None:
    file = root / f"docs/{docname}.md"
    content = file.read_text("utf-8")
    changed = re.sub(pattern, text, content, count=1, flags=re.M)
    assert changed != content, (file, pattern)
    file.write_text(changed, "utf-8")


def body(root: Path, loaded: corpus.Corpus) -> None:
    """A sentence more on a topic page."""
    _change(root, _topic(loaded), r"\Z", "\nMore is to be said of it.\n")


def title(root: Path, loaded: corpus.Corpus) -> None:
    """Another title of a topic page."""
    _change(root, _topic(loaded), r"^# .*$", "# Another title of this page")


def definition(root: Path, loaded: corpus.Corpus) -> None:
    """Another definition of an entry."""
    names = sorted(loaded.entries)
    _change(
        root, f"glossary/{names[len(names) // 2]}", r"^description: .*$", "description: What it is, in other words."
    )


def observation(root: Path, loaded: corpus.Corpus) -> None:
    """Another value of an indicator that pages quote."""
    quoted = sorted(
        {use.target.partition("/")[0].partition("@")[0] for p in loaded.pages.values() for use in p.figures}
    )
    _change(root, f"indicators/{quoted[len(quoted) // 2]}", r'(note|value): "?([\d.]+)"?', r'\1: "1\2"')


EDITS: tuple[Callable[[Path, corpus.Corpus], None], ...] = (body, title, definition, observation)


# ---- one site --------------------------------------------------------------------------------------------------------


def counted(html: Path, loaded: corpus.Corpus) -> dict[str, Any]:
    """What does not depend on the machine: pages, bytes, links."""
    topics = [name for name, page in loaded.pages.items() if isinstance(page.record, model.Topic)]
    weights = [len(gzip.compress((html / f"{name}.html").read_bytes(), mtime=0)) for name in topics]
    links = [
        found[1].count("<a ")
        for name in loaded.pages
        if (
            found := re.search(
                r'<div class="sidebar-tree">(.*?)</div>', (html / f"{name}.html").read_text("utf-8"), re.S
            )
        )
    ]
    files = [file for file in html.rglob("*") if file.is_file()]
    return {
        "pages": len(loaded.pages),
        "topic gzip bytes": round(statistics.median(weights)),
        "sidebar links": max(links),
        "output MB": round(sum(file.stat().st_size for file in files) / 1e6, 1),
        "search MB": round(sum(file.stat().st_size for file in files if "pagefind" in file.parts) / 1e6, 1),
    }


def stock(folder: Path, pages: int, seconds: float) -> float:
    """CPU seconds of a page with furo as it comes, less those with the basic theme: a few pages are written."""
    names = sorted(str(file) for file in folder.glob("src/*/*.md"))
    names = names[:: max(1, len(names) // (SAMPLED + 1))][: SAMPLED + 1]
    slope = {}
    for theme in ("basic", "furo"):
        spent = []
        for count in (1, len(names)):
            options = ["-q", "-D", f"html_theme={theme}", "-d", "doctrees", "src", f"out-{theme}-{count}"]
            spent.append(run(folder, "-m", "sphinx", *options, *names[:count], seconds=seconds).cpu)
        slope[theme] = (spent[1] - spent[0]) / (len(names) - 1)
    return max(0.0, slope["furo"] - slope["basic"])


def measure(root: Path, folder: Path, jobs: str, until: float, only: set[str]) -> dict[str, Any]:
    """Every figure of one checkout; parts that would begin after ``until`` (monotonic) are left out."""

    def go(part: str) -> bool:
        return time.monotonic() < until and (not only or part in only)

    found: dict[str, Any] = {"jobs": jobs, "load": round(os.getloadavg()[0], 1)}
    loaded = corpus.load(root)

    def note(name: str, cwd: Path, *arguments: str, told: str = "") -> None:
        found[name] = dataclasses.asdict(run(cwd, *arguments, told=told))
        print(f"{len(loaded.pages)} pages, {name}: {found[name]}", flush=True)

    if go("check"):
        shutil.rmtree(root / "_build", ignore_errors=True)
        note("check", root, "-m", "kb.check")
        note("check again", root, "-m", "kb.check")
    if go("plain"):
        plain.write(root, folder / "src")
        sphinx = ["-m", "sphinx", "-q", "-D", "html_theme=basic", "-j", "1", "-d", "doctrees", "src", "out-plain"]
        note("plain", folder, *sphinx)
    shutil.rmtree(root / "_build", ignore_errors=True)
    note("cold", root, "-m", "kb.build", "-j", jobs)
    found |= counted(root / "_build/html", loaded)
    if go("stock") and "plain" in found:
        more = stock(folder, len(loaded.pages), max(60, until - time.monotonic()))
        found["stock furo, estimated"] = {"cpu": round(found["plain"]["cpu"] + more * len(loaded.pages), 1)}
        print(f"{len(loaded.pages)} pages, stock furo: {more:.3f} s a page more than basic", flush=True)
    for part in ("audit", "index"):
        if go(part):
            note(part, root, "-m", "tests.scale.parts", part, str(root))
    if go("edits"):
        note("docs again", root, "-m", "kb.build", "-j", jobs)
        serve = ["-m", "kb.sphinx.ahead", str(root), str(root / "_build/html"), str(root / "_build/doctrees")]
        note("no change", root, *serve, told="pages")
        for edit in EDITS:
            before = {file: file.stat().st_mtime_ns for file in (root / "_build/html").rglob("*.html")}
            edit(root, loaded)
            note(edit.__name__, root, *serve, told="pages")
            after = {file: file.stat().st_mtime_ns for file in (root / "_build/html").rglob("*.html")}
            found[edit.__name__]["written"] = sum(before.get(file) != stamp for file, stamp in after.items())
    if go("fresh"):
        run(root, "-m", "kb.build", "-j", jobs)  # the search index
        made = tree(root / "_build/html")
        (root / "_build").rename(folder / "built")
        run(root, "-m", "kb.build", "-j", jobs)
        fresh = tree(root / "_build/html")
        found["differ from fresh"] = sum(made.get(name) != fresh.get(name) for name in made.keys() | fresh.keys())
    return found


def own_site(folder: Path) -> Path:
    """A copy of this checkout's pages and settings."""
    for name in ("docs", "conf.py", "site.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    return folder


# ---- what is told ----------------------------------------------------------------------------------------------------


def table(runs: list[dict[str, Any]]) -> list[str]:
    """The newest figures of each size as lines of a Markdown table."""
    newest = {(one["site"], one["pages"] // 20): one for one in runs}
    shown = sorted(newest.values(), key=lambda one: (one["site"] == "own", one["pages"]))
    heads = [f"{one['pages']:,}{' (this site)' if one['site'] == 'own' else ''}" for one in shown]
    lines = [f"| Pages | {' | '.join(heads)} |", "|---|" + "---:|" * len(shown)]

    def row(name: str, value: Callable[[dict[str, Any]], str]) -> None:
        cells = []
        for one in shown:
            try:
                cells.append(value(one))
            except (KeyError, ZeroDivisionError):
                cells.append("–")
        lines.append(f"| {name} | {' | '.join(cells)} |")

    row("plain Sphinx, CPU s", lambda one: f"{one['plain']['cpu']:.1f}")
    row("cold build, CPU s", lambda one: f"{one['cold']['cpu']:.1f}")
    row("… × plain Sphinx", lambda one: f"{one['cold']['cpu'] / one['plain']['cpu']:.2f}")
    row("… of stock furo (estimated)", lambda one: f"1/{one['stock furo, estimated']['cpu'] / one['cold']['cpu']:.0f}")
    row("… s on the clock (processes)", lambda one: f"{one['cold']['wall']:.0f} ({one['jobs']})")
    row("… peak MB", lambda one: f"{one['cold']['peak']:,}")
    row("plain Sphinx, peak MB", lambda one: f"{one['plain']['peak']:,}")
    for edit in ("no change", *(edit.__name__ for edit in EDITS)):
        row(
            f"{edit}, as serve builds it, % of cold",
            lambda one, edit=edit: f"{100 * one[edit]['cpu'] / one['cold']['cpu']:.1f}",
        )  # type: ignore[misc]
    row(
        "docs again, index and audit included, % of cold",
        lambda one: f"{100 * one['docs again']['cpu'] / one['cold']['cpu']:.0f}",
    )
    row("pages written after body, title", lambda one: f"{one['body']['written']}, {one['title']['written']}")
    row("files unlike a fresh build's after all edits", lambda one: f"{one['differ from fresh']}")
    row("check, CPU s; peak MB", lambda one: f"{one['check']['cpu']:.1f}; {one['check']['peak']}")
    row("… again, %", lambda one: f"{100 * one['check again']['cpu'] / one['check']['cpu']:.0f}")
    row("audit of the pages, % of cold", lambda one: f"{100 * _alone(one, 'audit') / one['cold']['cpu']:.1f}")
    row("search index, % of cold", lambda one: f"{100 * _alone(one, 'index') / one['cold']['cpu']:.1f}")
    row("… peak MB", lambda one: f"{one['index']['peak']}")
    row("a topic page, gzip bytes", lambda one: f"{one['topic gzip bytes']:,}")
    row("links in a sidebar, at most", lambda one: f"{one['sidebar links']}")
    row("output, MB", lambda one: f"{one['output MB']}")
    return lines


def _alone(one: dict[str, Any], part: str) -> float:
    """CPU seconds of a part without those of reading the records before it."""
    return max(0.0, float(one[part]["cpu"] - one["check again"]["cpu"]))


def exponents(runs: list[dict[str, Any]]) -> list[str]:
    """How CPU grows with pages, between neighbouring sizes."""
    newest = {one["pages"] // 20: one for one in runs if one["site"] == "generated"}
    shown = sorted(newest.values(), key=lambda one: one["pages"])
    lines = ["| From | To | Ours | Plain Sphinx |", "|---:|---:|---:|---:|"]
    for small, large in itertools.pairwise(shown):
        cells = [_exponent(small, large, name) for name in ("cold", "plain")]
        lines.append(f"| {small['pages']:,} | {large['pages']:,} | {' | '.join(cells)} |")
    return lines


def _exponent(small: dict[str, Any], large: dict[str, Any], name: str) -> str:
    if name not in small or name not in large:
        return "–"
    return f"{math.log(large[name]['cpu'] / small[name]['cpu']) / math.log(large['pages'] / small['pages']):.2f}"


def chart(runs: list[dict[str, Any]]) -> list[str]:
    """CPU milliseconds a page as bars, one step for each doubling."""
    newest = {one["pages"] // 20: one for one in runs if one["site"] == "generated"}
    lines = ["```text"]
    for one in sorted(newest.values(), key=lambda one: one["pages"]):
        for name, key in (("ours", "cold"), ("plain Sphinx", "plain"), ("stock furo", "stock furo, estimated")):
            if key in one:
                each = 1000 * one[key]["cpu"] / one["pages"]
                bar = "█" * max(1, round(4 * math.log2(max(each, 2) / 8)))
                lines.append(f"{one['pages']:>6,} pages  {name:<12} {bar} {each:.0f}")
    return [*lines, "```"]


def write_guide(runs: list[dict[str, Any]]) -> None:
    """Fill the guide's sections from the results."""
    text = GUIDE.read_text("utf-8")
    day = max(one["day"] for one in runs)
    parts = {
        "Measured": [f"Newest figures of each size; the last run was on {day}.", "", *table(runs)],
        "Growth": [*exponents(runs), "", "CPU milliseconds a page; each four blocks are a doubling:", "", *chart(runs)],
    }
    for heading, lines in parts.items():
        pattern = rf"(?<=^## {heading}\n\n).*?(?=^## |\Z)"
        text = re.sub(pattern, lambda _, lines=lines: "\n".join(lines) + "\n\n", text, count=1, flags=re.M | re.S)  # type: ignore[misc]
    GUIDE.write_text(text.rstrip("\n") + "\n", "utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale.bench", description="Measure builds.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 300, 1000], help="numbers of pages")
    parser.add_argument("--own", action="store_true", help="measure this site too")
    parser.add_argument("--jobs", default="1", help="processes of our builds (plain Sphinx has one)")
    parser.add_argument("--minutes", type=float, default=60, help="begin no part later than this")
    parser.add_argument(
        "--only", nargs="*", default=[], help="check plain stock audit index edits fresh; cold is always"
    )
    options = parser.parse_args(arguments)
    until = time.monotonic() + 60 * options.minutes
    runs = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for size in [*options.sizes, *([0] if options.own else [])]:
        if time.monotonic() > until:
            break
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "site")
            root.mkdir()
            if size:
                generate(root, size)
            else:
                own_site(root)
            found = measure(root, Path(folder), options.jobs, until, set(options.only))
        day = datetime.datetime.now(datetime.UTC).date().isoformat()
        site = "generated" if size else "own"
        runs.append({"day": day, "commit": commit.stdout.strip(), "site": site, **found})
        RESULTS.write_text("[\n" + ",\n".join(map(json.dumps, runs)) + "\n]\n", "utf-8")
    write_guide(runs)
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
