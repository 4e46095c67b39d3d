"""``python -m kb.serve``: build, serve on this machine, build again when a file changes.

The last good state stays on the screen; a fault is shown on top of it, and in the terminal. sphinx-autobuild is not
used because its inline script is refused by the pages' own security policy, and it shows half-built states.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import socketserver
import sys
import threading
import time
from pathlib import Path
from typing import Any

from kb.build import BUILD, MOST_MESSAGES, Process

ALL, PAGES, INDEX = "all", "pages", "index"  # what kb.sphinx.ahead is told to build
REFUSED = 3  # its exit code when the checks found something
INDEX_AFTER = 10  # seconds without an edit
WATCHED = ("docs", "kb", "locale", "conf.py", "site.toml")
SCRIPT = b"""
const shown = document.createElement("pre");
shown.style = "position:fixed;z-index:99;inset:auto 0 0 0;max-height:50vh;overflow:auto;margin:0;padding:1rem;" +
  "background:#7a0010;color:#fff;white-space:pre-wrap;font-size:14px";
let state = null;
const ask = async () => {
  try {
    const answer = await (await fetch("/_state")).json();
    if (answer.error) { shown.textContent = answer.error; document.body.append(shown); } else shown.remove();
    if (state !== null && answer.turn !== state) location.reload();
    state = answer.turn;
  } catch { /* the server was stopped */ }
  setTimeout(ask, 200);
};
ask();
"""


class State:
    """What the browser asks for: how many good builds there were, and the fault of the last one."""

    def __init__(self) -> None:
        self.turn, self.error = 0, ""


class Handler(http.server.SimpleHTTPRequestHandler):
    """The last good state, with a script that asks for changes."""

    def __init__(self, *args: Any, state: State, directory: str) -> None:
        self.state = state
        super().__init__(*args, directory=directory)

    def do_GET(self) -> None:
        """A page with the script, the script, or a file."""
        path = self.path.partition("?")[0]
        if path == "/_state":
            self._send(json.dumps({"turn": self.state.turn, "error": self.state.error}).encode(), "application/json")
        elif path == "/_serve.js":
            self._send(SCRIPT, "text/javascript")
        else:
            file = Path(self.translate_path(path))
            file = file / "index.html" if file.is_dir() else file
            if file.suffix == ".html" and file.is_file():
                page = file.read_bytes().replace(b"</body>", b'<script src="/_serve.js"></script></body>')
                self._send(page, "text/html; charset=utf-8")
            else:
                super().do_GET()

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line each."""


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """One thread a request."""

    daemon_threads = True


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """Modification time and size of every watched file."""
    found: dict[str, tuple[int, int]] = {}
    for name in WATCHED:
        top = root / name
        for file in [top] if top.is_file() else top.rglob("*"):
            if "__pycache__" not in file.parts and file.is_file():
                status = file.stat()
                found[file.relative_to(root).as_posix()] = status.st_mtime_ns, status.st_size
    return found


class Builder:
    """Builds a checkout again and again, each time in a process that was made ready beforehand."""

    def __init__(self, root: Path, state: State) -> None:
        self.root, self.state = root, state
        self.made, self.doctrees = root / BUILD / "serve", root / BUILD / "doctrees-serve"
        self.site = root / BUILD / "serve-site"
        self.ready: Process | None = None

    def prepare(self) -> Process:
        """Start a process that waits for :meth:`build`."""
        command = [sys.executable, "-m", "kb.sphinx.ahead", str(self.root), str(self.made), str(self.doctrees)]
        return Process(command, self.root / BUILD / "reading")

    def build(self, what: str = ALL, settings: bool = False) -> bool:
        """One build; a good one takes the place of what is shown. ``settings``: more than pages has changed."""
        if settings:
            self.stop()
        with self.ready or self.prepare() as process:
            faults = process.faults(what)
        if faults and process.process.returncode != REFUSED:  # no memory of a build that failed
            shutil.rmtree(self.doctrees, ignore_errors=True)
        if faults:
            self.state.error = "\n".join(faults[:MOST_MESSAGES])
            print(self.state.error, file=sys.stderr)
        else:
            self._show()
            self.state.turn += what != INDEX
        self.ready = self.prepare()
        return not faults

    def _show(self) -> None:
        fresh, old = self.root / BUILD / "serve-fresh", self.root / BUILD / "serve-old"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self.made, fresh, copy_function=self._copy)
        shutil.rmtree(old, ignore_errors=True)
        if self.site.exists():
            self.site.rename(old)
        fresh.rename(self.site)
        self.state.error = ""

    def _copy(self, source: str, target: str) -> None:
        """A file that is shown already is linked, any other copied: the next build will write over its own."""
        shown, made = self.site / Path(source).relative_to(self.made), Path(source).stat()
        try:
            status = shown.stat()
            if (status.st_mtime_ns, status.st_size) == (made.st_mtime_ns, made.st_size):
                os.link(shown, target)
                return
        except OSError:  # not shown yet, or no links on this file system
            pass
        shutil.copy2(source, target)

    def stop(self) -> None:
        """End the process that waits."""
        if self.ready:
            self.ready.end()
            self.ready = None


def watch(builder: Builder) -> None:
    """Build again whenever a watched file changes; renew the search index when all has been still for a while."""
    seen = stamps(builder.root)
    still, behind = time.monotonic(), False
    while True:
        time.sleep(0.2)
        now = stamps(builder.root)
        changed = {name for name in seen.keys() | now.keys() if seen.get(name) != now.get(name)}
        seen = now
        started = time.monotonic()
        if changed:
            settings = any(not name.startswith("docs/") for name in changed)
            behind = builder.build(ALL if settings else PAGES, settings) and not settings
            if not builder.state.error:
                print(f"built again in {time.monotonic() - started:.1f} s", flush=True)
            still = time.monotonic()
        elif behind and started - still > INDEX_AFTER:
            builder.build(INDEX)
            behind = False


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.serve", description="Build, serve and watch.")
    parser.add_argument("--port", type=int, default=8000, help="where to listen (default: 8000)")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    state = State()
    builder = Builder(root, state)
    if not builder.build():
        builder.stop()
        return 1
    os.environ["PYTHONUNBUFFERED"] = "1"
    handler = functools.partial(Handler, state=state, directory=str(builder.site))
    try:
        server = Server(("127.0.0.1", options.port), handler)
    except OSError as error:
        builder.stop()
        print(f"port {options.port} cannot be used ({error.strerror}); choose another with --port", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"serving http://127.0.0.1:{server.server_address[1]}/ - press Ctrl+C to stop", flush=True)
    try:
        watch(builder)
    except KeyboardInterrupt:
        server.shutdown()
    finally:
        builder.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
