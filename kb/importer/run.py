"""A run over many files: read in parallel, one result a file; grouped and written in order. It can be stopped anywhere.

What was read is kept in the work folder, so a run that was killed goes on, and ends with the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import multiprocessing
import os
import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb import corpus, limits
from kb.importer import examine, fetch, twins, write
from kb.importer.article import Refused
from kb.importer.read import SUFFIXES

WORK = "_import"
RESULTS, FETCHED, REPORT, STARTED = "results", "fetched", "report.md", "started"
SECONDS = 120.0  # for one article; a report of 120,000 words takes about eight
ALONE = 6  # files that are not worth a second process

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, how it is called in the report, and where its result goes."""

    path: Path
    name: str
    result: Path


def inputs(given: list[str], work: Path, agent: str) -> Iterator[tuple[Path, str] | str]:
    """(file, its name) for a call, folders with all that is in them in the order of names; a text is a refusal."""
    for item in given:
        path = Path(item)
        if re.match(r"https?://", item):
            try:
                yield fetch.fetch(item, work / FETCHED, agent), item
            except Refused as error:
                yield f"{item}: {error}"
        elif path.is_dir():
            for inner in sorted(
                inner for inner in path.rglob("*") if inner.is_file() and not inner.name.startswith(".")
            ):
                yield inner, inner.relative_to(path).as_posix()
        else:
            yield path, path.name


_base: examine.Base | None = None


def _prepare(root: str) -> None:
    global _base
    _base = examine.Base(Path(root))


def _work(job: Job) -> str:
    """Read and judge a file; its result is written whole. Returns what was wrong."""
    assert _base is not None
    base = _base

    def judged() -> Data:
        article, followed = examine.load_pages(job.path)
        article.path = job.name
        return examine.examine(article, base).plain() | {"followed": followed}

    try:
        found = limits.watched(job.name, lambda: _refusal(judged), SECONDS)
    except RecursionError:
        found = {"refused": "import-deep: the text is nested beyond reading; make it flatter"}
    if not isinstance(found, dict):
        found = {"refused": f"{found.rule}: {found.message}; {found.remedy}"}
    write.atomic(job.result, json.dumps(found, ensure_ascii=False, sort_keys=True))
    return str(found.get("refused", ""))


def _refusal(judged: Any) -> Data:
    try:
        return judged()  # type: ignore[no-any-return] # what is watched keeps its type, unseen by mypy
    except Refused as error:
        return {"refused": str(error)}


def run(given: list[str], root: Path, licence: str = "", jobs: int | None = None) -> int:
    """Import files, folders and addresses; returns the exit code."""
    work = root / WORK
    base = examine.Base(root)
    digest = base.digest()
    started = work / STARTED
    write.fresh(started, f"{datetime.date.today().isoformat()}\n")
    day = started.read_text("utf-8").strip()
    found = list(
        inputs(given, work, f"article-import/1.0 ({base.corpus.site.title})".encode("ascii", "ignore").decode())
    )
    refused = [item for item in found if isinstance(item, str)]
    todo = [Job(*item, work / RESULTS / f"{_key(*item, digest)}.json") for item in found if not isinstance(item, str)]
    for line in refused:
        print(line, file=sys.stderr)
    if not todo:
        print("import: nothing was read; name files, folders or addresses", file=sys.stderr)
        return 1
    _read_all([job for job in todo if not job.result.exists()], root, base, jobs)
    return max(_write_all(todo, root, work, base.corpus, day, licence), 1 if refused else 0)


def _key(path: Path, name: str, digest: str) -> str:
    hashed = hashlib.blake2b(f"{digest}\0{name}\0".encode(), digest_size=12)
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                hashed.update(part)
    except OSError:
        hashed.update(b"\0")
    return hashed.hexdigest()


def _read_all(todo: list[Job], root: Path, base: examine.Base, jobs: int | None) -> None:
    global _base
    count = jobs or min(8, os.cpu_count() or 1)
    if len(todo) <= ALONE or count == 1:
        _base = base
        for number, job in enumerate(todo, 1):
            _work(job)
            _progress(number, len(todo))
        return
    with multiprocessing.get_context("spawn").Pool(count, _prepare, (str(root),)) as pool:
        for number, _ in enumerate(pool.imap_unordered(_work, todo, chunksize=4), 1):
            _progress(number, len(todo))


def _progress(number: int, total: int) -> None:
    if total > 20 and (number % 20 == 0 or number == total):
        print(f"read {number} of {total}", file=sys.stderr)


def _result(job: Job) -> Data:
    found: Data = json.loads(job.result.read_text("utf-8"))
    return found


def _write_all(todo: list[Job], root: Path, work: Path, known: corpus.Corpus, day: str, licence: str) -> int:
    """Group what was read, then write article by article; only one is in memory at a time."""
    later: set[Path] = set()
    for job in todo:
        later.update(job.path.parent / name for name in _result(job).get("followed", ()))
    todo = [job for job in todo if job.path not in later]
    groups = twins.groups(_sketched(job) for job in todo if "refused" not in _result(job))
    names = {str(job.result): job for job in todo}
    counts: Counter[str] = Counter()
    files: list[str] = []
    lines: list[str] = []
    for job in todo:
        data = _result(job)
        if "refused" in data:
            counts["refused"] += 1
            print(f"{job.name}: {data['refused']}", file=sys.stderr)
            lines.append(f"- {job.name}: refused: {data['refused']}")
            continue
        primary = names[groups[str(job.result)]] if str(job.result) in groups else job
        if primary is not job:
            data["topics"] = _result(primary)["topics"]
        repeats = "" if primary is job else primary.name
        written = write.article(root, work, known, data, day, licence, repeats)
        counts[written.verdict] += 1
        files += written.files
        lines.append(_line(job.name, data, written, repeats))
        lines += [f"  - to fill in: {what}" for what in written.open]
    summed = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    report = [f"# Import: {len(todo)} files", "", f"{summed}.", "", *lines]
    write.atomic(work / REPORT, "\n".join(report) + "\n")
    print(f"{len(todo)} files: {summed}; see {WORK}/{REPORT}, then run `nox -s check`")
    return 1 if counts["refused"] else 0


def _sketched(job: Job) -> twins.Sketched:
    data = _result(job)
    return twins.Sketched(str(job.result), tuple(examine.order(data["article"], job.name)), array("Q", data["sketch"]))


def _line(name: str, data: Data, written: write.Written, repeats: str) -> str:
    if written.verdict == write.OFF_TOPIC:
        best = data["topics"][0] if data["topics"] else {"where": "", "score": 0}
        return f"- {name}: off topic: nothing of the site is like it ({best['where']} {best['score']:.2f})"
    if repeats:
        return f"- {name}: says the same as {repeats}, which comes first"
    if written.verdict == "known":
        return f"- {name}: has a record already, {written.files[0]}; it was left as it is"
    held = Counter(claim["holds"] for claim in data["claims"])
    said = ", ".join(f"{held[answer]} {answer}" for answer in ("agrees", "differs", "newer", "unknown"))
    topic = data["topics"][0]
    where = f"{topic['where']} (confidence {data['confidence']:.2f}: {', '.join(topic['reasons'][:4])})"
    made = ", ".join(written.files)
    return (
        f"- {name}: {written.verdict}, {where}; {len(data['links'])} names linked, {len(data['new_names'])} new; "
        f"{len(data['claims'])} claims ({said}); {made}"
    )


def supported() -> str:
    """The kinds of files that are read."""
    return ", ".join(SUFFIXES)
