"""The door's steps: build, refuse, clean up, serve."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import serve
from tests import sample
from tests.conftest import ROOT, run, sphinx_in_fork, tree

BROKEN = sample.TOPIC + "\nIt is nonsense.\n"
WARNING_CONF = (  # a fault that only Sphinx can know
    sample.CONF
    + """

def warn(app, doctree):
    from sphinx.util import logging
    if "nonsense" in doctree.astext():
        logging.getLogger("x").warning("nonsense", location=app.env.current_document.docname)


def setup(app):
    app.connect("doctree-read", warn)
"""
)


def test_builds_do_not_differ_between_runs_nor_between_one_and_two_processes(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site")
    outs = []
    for number, jobs in enumerate((1, 1, 2)):
        out = tmp_path / f"out-{number}"
        assert sphinx_in_fork(root, out, tmp_path / f"doctrees-{number}", jobs)[0] == 0
        outs.append(tree(out))
    assert outs[0] == outs[1] == outs[2]


def test_line_ends_and_blanks_in_the_path_change_no_byte(tmp_path: Path) -> None:
    trees = []
    for name, end in (("site", b"\n"), ("a site of mine", b"\r\n")):
        files = {file: text.encode().replace(b"\n", end) for file, text in sample.FILES.items()}
        root = sample.write(tmp_path / name, dict(files))
        result = run("-m", "kb.build", "-j", "1", cwd=root)
        assert result.returncode == 0, result.stdout + result.stderr
        trees.append(tree(root / "_build/html"))
    assert trees[0] == trees[1]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_build_that_fails_fails_again_with_the_same_words(tmp_path: Path, jobs: str) -> None:
    root = sample.write(tmp_path, {"conf.py": WARNING_CONF})
    assert run("-m", "kb.build", cwd=root).returncode == 0
    sample.write(tmp_path, {"conf.py": WARNING_CONF, "docs/networks/coverage.md": BROKEN})
    first, second = (run("-m", "kb.build", "-j", jobs, cwd=root) for _ in range(2))
    assert first.returncode == second.returncode == 1
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)
    assert "coverage.md" in first.stdout
    assert "Traceback" not in first.stdout + first.stderr
    assert not (root / "_build/html").exists()
    assert (root / "_build/failed").exists()
    sample.write(tmp_path, {"conf.py": WARNING_CONF})
    assert run("-m", "kb.build", cwd=root).returncode == 0
    assert not (root / "_build/failed").exists()


def test_sphinx_itself_refuses_what_check_refuses(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {"docs/networks/coverage.md": sample.TOPIC.replace("(spectrum.md)", "(spectra.md)")})
    for jobs in (1, 2):
        code, printed = sphinx_in_fork(root, tmp_path / "out", tmp_path / "doctrees", jobs)
        assert code != 0
        assert "docs/networks/coverage.md:16: link-missing" in printed
        assert "Traceback" not in printed


def test_leftover_files_are_deleted(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    out, doctrees = root / "_build" / "html", root / "_build" / "doctrees"
    assert sphinx_in_fork(root, out, doctrees)[0] == 0
    for name in ("old.html", "gone/page.html", "_static/old.js", "data/old.json", "pagefind/old.pf_index"):
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("x")
    assert sphinx_in_fork(root, out, doctrees)[0] == 0
    assert not [name for name in tree(out) if "old" in name or "gone" in name]


@pytest.fixture
def serving(tmp_path: Path) -> object:
    root = sample.write(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "kb.serve", "--port", "0"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    line = ""
    while "serving" not in line:
        line = process.stdout.readline()
        assert line, "the server stopped"
    yield root, re.search(r"http://127\.0\.0\.1:\d+", line)[0]  # type: ignore[index]
    process.terminate()
    process.wait(10)


def _until(said: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_serve_shows_edits_and_keeps_the_last_good_state(serving: tuple[Path, str]) -> None:
    root, base = serving

    def get(path: str) -> str:
        with urllib.request.urlopen(base + path) as answer:
            return str(answer.read().decode())

    page = root / "docs/networks/coverage.md"
    assert "/_serve.js" in get("/networks/coverage.html")
    page.write_text(sample.TOPIC.replace("It was set up", "It was founded"))
    _until(lambda: "It was founded" in get("/networks/coverage.html"))
    page.write_text(sample.TOPIC.replace("(spectrum.md)", "(spectra.md)"))
    _until(lambda: "link-missing" in json.loads(get("/_state"))["error"])
    assert "It was founded" in get("/networks/coverage.html")
    page.write_text(sample.TOPIC)
    _until(lambda: not json.loads(get("/_state"))["error"])
    assert "It was set up" in get("/networks/coverage.html")


def test_an_edit_waits_for_its_own_page_alone(tmp_path: Path) -> None:
    """The pages first, the search index when there is time; what did not change is neither written nor copied again."""
    root = sample.write(tmp_path)
    state = serve.State()
    builder = serve.Builder(root, state)
    try:
        assert builder.build()
        first, written = tree(builder.site), times(builder.made)
        file = root / "docs/networks/coverage.md"
        file.write_text(sample.TOPIC.replace("It was set up", "It was founded"), "utf-8")
        assert builder.build(serve.PAGES)
        second = tree(builder.site)
        assert {name for name in first if first[name] != second[name]} == {
            "networks/coverage.html",
            "networks/coverage.md",
        }
        again = {name for name, time in times(builder.made).items() if written.get(name) != time}
        assert {name for name in again if name.endswith(".html")} == {
            "networks/coverage.html",
            "search.html",
            "404.html",
        }
        assert state.turn == 2
        assert builder.build(serve.INDEX)
        third = tree(builder.site)
        assert {name.partition("/")[0] for name in second if second[name] != third.get(name)} <= {
            "pagefind",
            "search.html",
            "404.html",
        }
        assert state.turn == 2  # nothing to load again for who looks at a page
        file.write_text(sample.TOPIC.replace("as_of", "asof"), "utf-8")
        assert not builder.build(serve.PAGES)
        assert "key-unknown" in state.error
        assert tree(builder.site) == third
        assert builder.doctrees.exists()  # what the checks refuse costs no fresh build
    finally:
        builder.stop()


def times(folder: Path) -> dict[str, int]:
    return {
        file.relative_to(folder).as_posix(): file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()
    }


def test_serve_says_when_the_port_is_taken(serving: tuple[Path, str]) -> None:
    root, base = serving
    other = root.parent / "other"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("_build"), dirs_exist_ok=True)
    result = run("-m", "kb.serve", "--port", base.rpartition(":")[2], cwd=other)
    assert result.returncode == 1
    assert "choose another with --port" in result.stderr
