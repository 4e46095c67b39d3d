"""Counts and bytes of a generated site of 300 pages: what grows too fast, or is written without need, is seen here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb import corpus
from tests.conftest import sphinx_in_fork, tree
from tests.scale import bench, plain
from tests.scale.generate import generate

PAGES = 300
MOST = {  # a tenth above what was measured when this was written
    "topic gzip bytes": 11_200,
    "sidebar links": 45,
    "output MB": 16.4,
    "search MB": 1.6,
}
PICKLED = 3_000  # bytes a page of what Sphinx keeps of a build beside the pages
WRITTEN = {"body": 4, "title": 28, "definition": 22, "observation": 8}  # pages


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = generate(tmp_path_factory.mktemp("scale"), PAGES)
    code, said = sphinx_in_fork(root, root / "_build/html", root / "_build/doctrees")
    assert code == 0, said
    return root


def test_counts_and_bytes_stay_within_limits(site: Path) -> None:
    found = bench.counted(site / "_build/html", corpus.load(site))
    assert {name: found[name] for name in MOST if found[name] > MOST[name]} == {}
    assert (site / "_build/doctrees/environment.pickle").stat().st_size / found["pages"] <= PICKLED


@pytest.mark.parametrize("edit", bench.EDITS)
def test_an_edit_writes_the_pages_that_show_it(site: Path, edit: Callable[[Path, corpus.Corpus], None]) -> None:
    html = site / "_build/html"
    before = {file: file.stat().st_mtime_ns for file in html.rglob("*.html")}
    edit(site, corpus.load(site))
    code, said = sphinx_in_fork(site, html, site / "_build/doctrees")
    assert code == 0, said
    written = {file for file in html.rglob("*.html") if before.get(file) != file.stat().st_mtime_ns}
    assert 0 < len(written) <= WRITTEN[edit.__name__], sorted(written)


def test_the_same_number_gives_the_same_pages(tmp_path: Path) -> None:
    assert tree(generate(tmp_path / "one", 30) / "docs") == tree(generate(tmp_path / "two", 30) / "docs")
    kinds = {type(page.record).__name__ for page in corpus.load(tmp_path / "one").pages.values()}
    assert kinds == {"Topic", "Entry", "Indicator", "Article", "Index", "Page"}


def test_plain_sphinx_builds_the_same_text(tmp_path: Path) -> None:
    root = generate(tmp_path / "site", 12)
    source = plain.write(root, tmp_path / "plain")
    bench.run(source, "-m", "sphinx", "-q", "-W", "-D", "html_theme=basic", ".", str(tmp_path / "out"))
    page = (tmp_path / "out/field-0/page-0.html").read_text("utf-8")
    assert "footnote-reference" in page
    assert "{cite}" not in page
