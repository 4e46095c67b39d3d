"""Fixtures: builds of the sample site, a server on this machine, a browser."""

from __future__ import annotations

import functools
import http.server
import io
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import sample

ROOT = Path(__file__).parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python module run as people run it."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def sphinx_in_fork(root: Path, out: Path, doctrees: Path, jobs: int = 1, builder: str = "html") -> tuple[int, str]:
    """(exit code, what was printed) of a build with the flags of ``kb.build``, without a new interpreter's start-up."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        said = io.StringIO()
        code = 1
        try:
            from sphinx.cmd.build import build_main

            with redirect_stdout(said), redirect_stderr(said):
                arguments = ["-n", "-W", "--keep-going", "-q", "-j", str(jobs), "-c", str(root), "-d", str(doctrees)]
                code = build_main([*arguments, "-b", builder, str(root / "docs"), str(out)])
        finally:
            with os.fdopen(send, "w") as pipe:
                pipe.write(said.getvalue())
            os._exit(code)
    os.close(send)
    with os.fdopen(receive) as pipe:
        printed = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), printed.replace(str(out), "OUT").replace(str(root), "ROOT")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


Built = Callable[..., Path]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The built sample with changes; the same changes are built once."""
    made: dict[str, Path] = {}

    def build(changes: dict[str, str | bytes | None] | None = None, builder: str = "html") -> Path:
        key = f"{builder} {sorted((changes or {}).items())!r}"
        if key not in made:
            root = sample.write(tmp_path_factory.mktemp("site"), changes)
            out = root / "_build" / builder
            code, printed = sphinx_in_fork(root, out, root / "_build" / "doctrees", builder=builder)
            assert code == 0, printed
            made[key] = out
        return made[key]

    return build


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[Path], str]]:
    """The address at which a folder is served."""
    servers: dict[Path, http.server.ThreadingHTTPServer] = {}

    def serve(folder: Path) -> str:
        if folder not in servers:
            handler = functools.partial(Quiet, directory=str(folder))
            servers[folder] = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=servers[folder].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[folder].server_address[1]}"

    yield serve
    for server in servers.values():
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; `nox -s browser` installs one."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: run `nox -s browser`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
