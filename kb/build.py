"""``python -m kb.build``: check, build, publish. ``_build/html`` is there only if every gate passed.

A failed build leaves ``_build/failed`` to look at and no memory: run again unchanged, it fails with the same messages.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kb import check, finding, history, published, views
from kb.links import ledger

BUILD = "_build"
MAX_SECONDS = 1_800  # of a build
MAX_PAGE_SECONDS = 60  # of reading or writing one page, which takes a tenth of a second
MAX_MEMORY = 8 * 2**30  # bytes of address space of each of its processes; a page: kb.sphinx.limits
MOST_MESSAGES = 200

if sys.platform != "win32":  # which has no such limits
    import resource


def build(root: Path, out: str = "html", jobs: str = "auto", builder: str = "html") -> int:
    """Build ``root/docs`` into ``root/_build/<out>``; returns the exit code."""
    target, failed = root / BUILD / out, root / BUILD / "failed"
    doctrees = root / BUILD / f"doctrees-{out}" if out != "html" else root / BUILD / "doctrees"
    loaded, findings = check.check(root, keep=True)
    if findings or loaded is None:
        sys.stdout.write(finding.as_text(findings))
        print(f"{len(findings)} to mend: nothing was built", file=sys.stderr)
        _set_aside(target, failed)
        return 1
    print(f"{check.summary(loaded)}: nothing to mend", file=sys.stderr)
    for name, value in (("base_url", loaded.site.address.base_url), ("repository", loaded.site.address.repository)):
        if not value:
            print(f"site.toml names no {name}: links that need it are left out", file=sys.stderr)
    if missing := history.read(root).missing:
        print(f"{missing}: pages do not say when they last changed", file=sys.stderr)
    rows = ledger.read(root / ledger.NAME)
    late = ledger.late(rows, views.build_day()) if rows is not None else ""
    if rows is None:
        print(f"there is no {ledger.NAME}: the site shows nothing of the health of its links", file=sys.stderr)
    elif late:
        print(f"{'::warning::' if os.environ.get('GITHUB_ACTIONS') else ''}{late}", file=sys.stderr)
    shutil.rmtree(failed, ignore_errors=True)
    known = time.time() - 2 if doctrees.exists() else 0.0  # pages of the last build passed; times may be rounded
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-j", jobs, "-c", str(root)]
    command += ["-d", str(doctrees), "-b", builder, str(root / "docs"), str(target)]
    with Process(command, root / BUILD / "reading") as process:
        faults = process.faults()
    if not faults and builder == "html":
        faults = [str(finding) for finding in published.audit(target, loaded, known)]
    if faults:
        print("\n".join(faults[:MOST_MESSAGES]))
        _set_aside(target, failed)
        shutil.rmtree(doctrees, ignore_errors=True)
        print(f"the build failed; what it left is in {failed.relative_to(root)}", file=sys.stderr)
        return 1
    return 0


class Process:
    """A build in a process of its own, within limits of time and memory.

    ``reading`` is a folder in which the build notes the page that each of its processes is at.
    """

    def __init__(self, command: list[str], reading: Path) -> None:
        self.reading = reading
        shutil.rmtree(reading, ignore_errors=True)
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed in __exit__
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=self.output, stderr=subprocess.STDOUT,
            env={**os.environ, "KB_READING": str(reading)},
            start_new_session=sys.platform != "win32",  # so that its own processes end with it
            preexec_fn=_limit_memory if sys.platform != "win32" else None,
        )  # fmt: skip

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *raised: object) -> None:
        self.end()

    def end(self) -> None:
        """Stop it if it still runs, and put its things away."""
        if self.process.returncode is None:
            _stop(self.process)
        self.output.close()
        shutil.rmtree(self.reading, ignore_errors=True)

    def faults(self, told: str = "") -> list[str]:
        """Tell it something, close its input, wait for its end; what went wrong, one line each."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(told.encode())
        late = _wait(self.process, self.reading)
        code = self.process.poll()
        _stop(self.process)
        self.output.seek(0)
        said = self.output.read()
        notes = _notes(self.reading)
        if not code and not late:
            sys.stderr.write(said)
            return []
        if code and code > 0 and not late and not notes and "Traceback" not in said:
            return [line for line in said.splitlines() if line.strip()]
        last = next((line for line in reversed(said.splitlines()) if "Error" in line), f"code {code}")
        stopped = {path: why for path, why in notes.items() if why} or notes or {"docs": ""}
        return [str(_stopped(path, late or why or last)) for path, why in sorted(stopped.items())]


def _stopped(path: str, why: str) -> finding.Finding:
    message = f"the build stopped here: {' '.join(why.split())[:200]}"
    return finding.Finding(path, 1, "build-stopped", message, "shorten or simplify the page")


def _wait(process: subprocess.Popen[bytes], reading: Path) -> str:
    """Wait for the build; why it must end before, if it must."""
    started = time.monotonic()
    while process.poll() is None:
        time.sleep(0.05)
        if time.monotonic() - started > MAX_SECONDS:
            return f"it took more than {MAX_SECONDS} seconds"
        for note in reading.glob("*"):
            try:
                status = note.stat()
            except FileNotFoundError:
                continue
            if status.st_size and time.time() - status.st_mtime > MAX_PAGE_SECONDS:
                for other in reading.glob("*"):  # pages that were not at fault
                    if other != note:
                        other.unlink(missing_ok=True)
                return f"it took more than {MAX_PAGE_SECONDS} seconds"
    return ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the build."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _notes(reading: Path) -> dict[str, str]:
    """Page -> what stopped it (empty where the process was killed) of every note that was not ended."""
    notes: dict[str, str] = {}
    for file in reading.glob("*"):
        path, _, why = file.read_text("utf-8").partition("\n")
        if path:
            notes[path] = why
    return notes


def _limit_memory() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _set_aside(target: Path, failed: Path) -> None:
    shutil.rmtree(failed, ignore_errors=True)
    if target.exists():
        target.rename(failed)


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.build", description="Check and build the site.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    parser.add_argument("--builder", default="html", choices=("html", "epub", "gettext"), help="what to build")
    parser.add_argument("-j", "--jobs", default="auto", help="processes (default: as many as there are cores)")
    options = parser.parse_args(arguments)
    out = "html" if options.builder == "html" else options.builder
    code = build(options.root.resolve(), out, options.jobs, options.builder)
    if not code:
        print(f"built: {BUILD}/{out}")
    return code


if __name__ == "__main__":
    sys.exit(main())
