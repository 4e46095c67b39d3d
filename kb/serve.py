"""``python -m kb.serve``: build, serve on this machine, build again when a file changes.

The last good state stays on the screen; a fault is shown on top of it, and in the terminal. sphinx-autobuild is not
used because its inline script is refused by the pages' own security policy, and it shows half-built states.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import shutil
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kb.build import BUILD

WATCHED = ("docs", "kb", "conf.py", "site.toml")
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
  setTimeout(ask, 400);
};
ask();
"""


class State:
    """What the browser asks for: how many good builds there were, and the fault of the last one."""

    def __init__(self) -> None:
        self.turn, self.error = 0, ""


class Handler(http.server.SimpleHTTPRequestHandler):
    """The last good state, with a script that asks for changes."""

    def __init__(self, *args: object, state: State, directory: str) -> None:
        self.state = state
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """A page with the script, the script, or a file."""
        path = self.path.partition("?")[0]
        if path == "/_state":
            import json

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
            if file.is_file() and "__pycache__" not in file.parts:
                status = file.stat()
                found[str(file)] = status.st_mtime_ns, status.st_size
    return found


def build(root: Path, state: State) -> bool:
    """One build; a good one takes the place of what is shown."""
    command = [sys.executable, "-c", _BUILD, str(root)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    if result.returncode:
        state.error = (result.stdout + result.stderr).strip() or "the build failed"
        print(state.error, file=sys.stderr)
        return False
    site, fresh = root / BUILD / "serve-site", root / BUILD / "serve-fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(root / BUILD / "serve", fresh, copy_function=_link)
    shutil.rmtree(root / BUILD / "serve-old", ignore_errors=True)
    if site.exists():
        site.rename(root / BUILD / "serve-old")
    fresh.rename(site)
    state.error = ""
    state.turn += 1
    return True


_BUILD = "import sys, pathlib; from kb.build import build; sys.exit(build(pathlib.Path(sys.argv[1]), 'serve', '1'))"


def _link(source: str, target: str) -> None:
    shutil.copyfile(source, target)


def watch(root: Path, state: State, stop: Callable[[], bool] = lambda: False) -> None:
    """Build again whenever a watched file changes, until told to stop."""
    seen = stamps(root)
    while not stop():
        time.sleep(0.3)
        now = stamps(root)
        if now != seen:
            seen = now
            started = time.monotonic()
            if build(root, state):
                print(f"built again in {time.monotonic() - started:.1f} s", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.serve", description="Build, serve and watch.")
    parser.add_argument("--port", type=int, default=8000, help="where to listen (default: 8000)")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    state = State()
    if not build(root, state):
        return 1
    site = root / BUILD / "serve-site"
    os.environ["PYTHONUNBUFFERED"] = "1"
    handler = functools.partial(Handler, state=state, directory=str(site))
    try:
        server = Server(("127.0.0.1", options.port), handler)
    except OSError as error:
        print(f"port {options.port} cannot be used ({error.strerror}); choose another with --port", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"serving http://127.0.0.1:{server.server_address[1]}/ - press Ctrl+C to stop", flush=True)
    try:
        watch(root, state)
    except KeyboardInterrupt:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
