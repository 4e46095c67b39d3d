"""A build that goes wrong inside a library ends in time, names the page, and leaves no tree; so does `check`."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from kb import build, check, limits, page
from tests import sample
from tests.conftest import sphinx_in_fork
from tests.guard import cases

SPECTRUM = "docs/networks/spectrum.md"


def conf(body: str, more: str = "") -> str:
    """Sphinx settings with an extension that runs ``body`` when a page is read, written or resolved."""
    return (
        f"{sample.CONF}\n\nimport os, signal, time\nfrom docutils import nodes\n\n{more}\n\ndef setup(app):\n{body}\n"
    )


def on(event: str, arguments: str, what: str) -> str:
    return conf(f"    app.connect({event!r}, fault)", f"def fault({arguments}):\n    {what}\n")


READ = "app, doc, text"
AT = "if doc == 'networks/spectrum': "
# name -> (conf.py, what is said, processes)
FAULTS: dict[str, tuple[str, str, str]] = {
    "recursion in a process of many": (on("source-read", READ, AT + "f = lambda n: f(n + 1); f(0)"), "RecursionError", "2"),
    "memory": (on("source-read", READ, AT + "x = [bytearray(2**26) for _ in range(64)]"), "MemoryError", "1"),
    "hang in a process of many": (on("source-read", READ, AT + "time.sleep(60)"), "it took more than 3 seconds", "2"),
    "hang in C, deaf to signals": (
        on("source-read", READ, AT + "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 20)); time.sleep(60)"),
        "it took more than 3 seconds", "1",
    ),
    "killed": (on("source-read", READ, AT + "os.kill(os.getpid(), signal.SIGKILL)"), "code -9", "1"),
    "hang when written": (
        on("html-page-context", "app, doc, template, context, tree", AT + "time.sleep(60)"), "it took more than 3 seconds", "1",
    ),
    "crash when written": (
        on("html-page-context", "app, doc, template, context, tree", AT + "raise KeyError('x')"), "KeyError", "1",
    ),
    "crash when resolved": (on("doctree-resolved", "app, tree, doc", AT + "raise KeyError('x')"), "threw an exception", "1"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_a_library_names_the_page(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    settings, said, jobs = FAULTS[name]
    root = sample.write(tmp_path, {"conf.py": settings})
    monkeypatch.setattr(build, "MAX_PAGE_SECONDS", 3)
    started = time.monotonic()
    assert build.build(root, jobs=jobs) == 1
    printed = capfd.readouterr()
    first = printed.out.splitlines()[0]
    assert first.startswith(f"{SPECTRUM}:1: build-stopped: the build stopped here: "), printed.out
    assert said in first
    assert "Traceback" not in printed.out + printed.err
    assert not (root / "_build/html").exists()
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("fault", ["recursion", "hang", "error"])
def test_a_fault_while_checking_names_the_page(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = page.read

    def faulty(docname: str, path: str, text: str) -> object:
        if path == SPECTRUM:
            if fault == "recursion":
                return faulty(docname, path, text)
            if fault == "hang":
                time.sleep(60)
            raise KeyError(fault)
        return read(docname, path, text)

    monkeypatch.setattr(page, "read", faulty)
    monkeypatch.setattr(limits, "FILE_SECONDS", 0.3)
    found = [(f.path, f.rule) for f in check.check(sample.write(tmp_path))[1]]
    assert (SPECTRUM, "build-stopped") in found


# What an extension may make of a page that was clean when it was read: (what it adds, what Sphinx must say)
MADE: dict[str, tuple[str, str]] = {
    "script as a link": ("nodes.reference('', 'x', refuri='javascript:x')", "link-scheme"),
    "file as a link": ("nodes.reference('', 'x', refuri='../../conf.py')", "link-missing"),
    "number as a host": ("nodes.reference('', 'x', refuri='https://127.1/')", "link-address"),
    "picture from elsewhere": ("nodes.image('', uri='https://a.org/x.png', candidates={'?': 'https://a.org/x.png'})", "link-missing"),
    "picture from outside": ("nodes.image('', uri='../../x.png', candidates={'*': '../../x.png'})", "link-missing"),
    "download": ("addnodes.download_reference('', '', reftarget='../conf.py')", "link-missing"),
    "script": ("nodes.raw('', '<script>x</script>', format='html')", "syntax-unsafe"),
    "handler": ("nodes.raw('', '<svg onload=x></svg>', format='html')", "syntax-unsafe"),
    "refresh": ("nodes.meta('', **{'http-equiv': 'refresh', 'content': '0'})", "syntax-unsafe"),
    "link in the sidebar": ("addnodes.toctree('', entries=[('x', 'https://a.org/')], includefiles=[])", "link-missing"),
}  # fmt: skip


def test_what_extensions_add_stays_inside(tmp_path: Path) -> None:
    nodes = ", ".join(node for node, _ in MADE.values())
    body = (
        "    from sphinx import addnodes\n"
        "    def add(app, tree):\n        if app.env.docname == 'networks/spectrum':\n"
        f"            app.env.note_dependency('/etc/hostname')\n            tree[0].extend([{nodes}])\n"
        "    app.connect('doctree-read', add, priority=600)"
    )
    root = sample.write(tmp_path, {"conf.py": conf(body)})
    code, printed = sphinx_in_fork(root, tmp_path / "out", tmp_path / "doctrees")
    assert code != 0
    said = [line.split(": ")[2] for line in printed.splitlines() if f"{SPECTRUM}:" in line]
    expected = [rule for _, rule in MADE.values()]
    assert Counter(said) >= Counter([*expected, "syntax-unsafe"]), printed
    assert "the page is made from '/etc/hostname'" in printed


def test_a_page_that_fails_the_audit_leaves_no_tree(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    body = (
        "    def add(app, doc, template, context, tree):\n"
        "        context['body'] = context.get('body', '') + '<p onclick=x>y</p>'\n"
        "    app.connect('html-page-context', add, priority=950)"
    )
    root = sample.write(tmp_path, {"conf.py": conf(body), **{"docs/about/index.md": cases.INDEX}})
    assert build.build(root, jobs="1") == 1
    printed = capfd.readouterr().out
    assert (
        f"{SPECTRUM}:1: published-unsafe: networks/spectrum.html: the attribute onclick would run a script" in printed
    )
    assert not (root / "_build/html").exists()
    assert (root / "_build/failed").exists()
