"""The second corpus: what a look at the plain text does not show, bombs, and what is harmless as it stands."""

from __future__ import annotations

import os
import random
import resource
import time
from pathlib import Path

import pytest

from kb import check, corpus, page, published
from kb.finding import Finding
from tests import sample
from tests.conftest import sphinx_in_fork
from tests.guard import cases, grammar, subtle

GUIDE: cases.Files = {"docs/about/index.md": cases.INDEX, "docs/about/mast.png": cases.png()}


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, corpus.Corpus]:
    """The sample with a guide, read once; each case adds one page to it."""
    root = sample.write(tmp_path_factory.mktemp("around"), {**GUIDE, subtle.PAGE: subtle.page("Nothing.")})
    return root, corpus.load(root)


def judged(around: tuple[Path, corpus.Corpus], body: str) -> list[Finding]:
    """What `check` says of a page with this body."""
    root, loaded = around
    (root / subtle.PAGE).write_text(subtle.page(body), "utf-8")
    from kb import rules

    return rules.judge(corpus.load(root, loaded.files))


def test_the_frame_of_the_cases_is_clean(around: tuple[Path, corpus.Corpus]) -> None:
    assert judged(around, "Nothing.") == []


@pytest.mark.parametrize(
    ("body", "line", "rule"), [case[2:] for case in subtle.BODIES], ids=[f"{c[0]}: {c[1]}" for c in subtle.BODIES]
)
def test_a_body_is_refused(around: tuple[Path, corpus.Corpus], body: str, line: int, rule: str) -> None:
    found = judged(around, body)
    assert (subtle.PAGE, subtle.FIRST + line, rule) in [(f.path, f.line, f.rule) for f in found], found
    assert {f.path for f in found} == {subtle.PAGE}


@pytest.mark.parametrize(
    ("files", "path", "line", "rule"),
    [case[2:] for case in subtle.FILES],
    ids=[f"{c[0]}: {c[1]}" for c in subtle.FILES],
)
def test_a_file_is_refused(files: cases.Files, path: str, line: int, rule: str, tmp_path: Path) -> None:
    found = check.check(sample.write(tmp_path, files))[1]
    assert (path, line, rule) in [(f.path, f.line, f.rule) for f in found], found
    assert all(str(finding).count("\n") == 0 for finding in found)


@pytest.mark.parametrize(("name", "change", "path", "rule"), subtle.LINKS, ids=[case[0] for case in subtle.LINKS])
def test_a_link_is_refused(name: str, change: object, path: str, rule: str, tmp_path: Path) -> None:
    assert callable(change)
    change(sample.write(tmp_path))
    found = check.check(tmp_path)[1]
    assert (path, 1, rule) in [(f.path, f.line, f.rule) for f in found], found


def test_sound_pictures_pass(tmp_path: Path) -> None:
    assert check.check(sample.write(tmp_path, subtle.SOUND_PICTURES))[1] == []


@pytest.mark.parametrize("name", cases.benign())
def test_unusual_pages_pass(name: str) -> None:
    content = cases.benign()[name]
    folder = "networks" if b"\nquestion: " in content else "about"
    result = corpus._read_content(f"{folder}/{name}.md", f"docs/{folder}/{name}.md", _Bytes(content))  # type: ignore[arg-type]
    assert isinstance(result[0], page.Page), result[1]
    assert result[0].findings == []


class _Bytes:
    """A file that was read already."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read_bytes(self) -> bytes:
        """Its bytes."""
        return self.content


def test_unusual_and_harmless_pages_are_built_as_one_site_and_audited(tmp_path: Path) -> None:
    root = sample.write(tmp_path, {**cases.around(cases.benign() | cases.every_option()), **subtle.HARMLESS})
    loaded, findings = check.check(root)
    assert loaded
    assert findings == []
    out = root / "_build/html"
    assert sphinx_in_fork(root, out, root / "_build/doctrees", jobs=2) == (0, "")
    assert published.audit(out, loaded) == []
    html = (out / "networks/coverage.html").read_text("utf-8")
    assert "Is &lt;b&gt;98&lt;/b&gt;" in html
    assert "<script>alert" not in html + (out / "glossary/lca.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("seed", "count"), [(6, 150), *(pytest.param(seed, 600, marks=pytest.mark.soak) for seed in range(10, 16))]
)
def test_what_check_lets_pass_is_built_without_a_word(seed: int, count: int, tmp_path: Path) -> None:
    """Random pages: the parser of `check` and that of Sphinx must read them alike, or one of the two says something."""
    chance = random.Random(seed)
    pages: dict[str, bytes] = {}
    tried = 0
    while len(pages) < count:
        tried += 1
        text = subtle.page(grammar.body(chance))
        result = page.read("about/x", subtle.PAGE, text)
        if isinstance(result, page.Page) and not result.findings:
            pages[f"page-{tried}"] = text.encode()
    root = sample.write(tmp_path, cases.around(pages))
    for finding in check.check(root)[1]:  # links to nowhere are seen only among all pages
        assert finding.rule == "link-missing"
        (root / finding.path).unlink(missing_ok=True)
    loaded, findings = check.check(root)
    assert loaded
    assert findings == []
    assert len(loaded.pages) > count * 0.9
    out = root / "_build/html"
    assert sphinx_in_fork(root, out, root / "_build/doctrees", jobs=2) == (0, "")
    assert published.audit(out, loaded) == []
    print(f"{tried} random pages: {len(loaded.pages)} let pass, all built")


def test_bombs_end_in_a_verdict() -> None:
    """All in one process of its own, with limited memory; the slowest takes no more than a few seconds."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        worst, slowest = 0.0, ""
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
        for name, body in subtle.BOMBS.items():
            started = time.process_time()
            found = page.read("about/case", subtle.PAGE, subtle.page(body))
            assert isinstance(found, list) or found.title, name
            if time.process_time() - started > worst:
                worst, slowest = time.process_time() - started, name
        os.write(send, f"{worst:.1f} {slowest}".encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        said = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert float(said.split()[0]) < 8, said
    print(f"slowest bomb: {said} (CPU s)")


def test_the_corpora_are_as_large_as_they_claim() -> None:
    assert len(subtle.BODIES) + len(subtle.FILES) + len(subtle.LINKS) + len(subtle.BOMBS) >= 250
    assert len(cases.benign()) >= 70
