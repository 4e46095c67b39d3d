"""The architecture, held to by reading the code: imports go downwards, nothing here knows the country."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kb import check
from tests import sample
from tests.conftest import Built

ROOT = Path(__file__).parents[1]
LAYERS = (
    "words", "finding", "limits", "shingles", "text", "styles", "history", "related", "address", "markup", "guard",
    "mend", "frontmatter", "site", "model", "csl", "series", "chart", "evidence", "page", "citing", "tree", "corpus",
    "cache", "urls", "links", "template", "views", "render", "rules", "wordlists", "export", "linked", "feeds",
    "offline", "published", "check", "build", "serve", "changed", "audit", "new", "importer", "guide", "sphinx",
)  # fmt: skip
COUNTRY = re.compile(r"pakistan|karachi|lahore|islamabad|punjab|sindh|rupee|\bpkr\b|\bpta\b|\bsbp\b", re.I)


def imported(file: Path) -> set[str]:
    """Names of the modules that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def layer(file: Path) -> str:
    """A module of ``kb/``, or a package in it."""
    return file.relative_to(ROOT / "kb").parts[0].removesuffix(".py")


MODULES = sorted([*(ROOT / "kb").glob("*.py"), *(ROOT / "kb/links").glob("*.py"), *(ROOT / "kb/importer").glob("*.py")])


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_core_imports_neither_sphinx_nor_docutils(file: Path) -> None:
    packages = {name.partition(".")[0] for name in imported(file)}
    assert not packages & {"sphinx", "docutils", "myst_parser", "furo", "sphinx_design"}
    assert not {name for name in imported(file) if name.startswith("kb.sphinx")}


@pytest.mark.parametrize("file", [file for file in MODULES if layer(file) != "__init__"], ids=lambda file: file.stem)
def test_imports_go_downwards(file: Path) -> None:
    place = LAYERS.index(layer(file))
    ours = {name.split(".")[1] for name in imported(file) if name.startswith("kb.")} & set(LAYERS)
    assert not {name for name in ours - {file.parent.name} if LAYERS.index(name) >= place}


def test_code_does_not_know_the_country() -> None:
    known = [
        (file.relative_to(ROOT).as_posix(), match[0])
        for file in (ROOT / "kb").rglob("*")
        if file.suffix in (".py", ".html", ".css", ".js", ".svg")
        for match in COUNTRY.finditer(file.read_text("utf-8"))
    ]
    assert known == []


def test_another_country_is_built_with_the_same_code(built: Built) -> None:
    home = (built() / "index.html").read_text("utf-8")
    assert "Lesotho Telecom Notes" in home
    assert "akistan" not in home


def test_docs_hold_no_code() -> None:
    suffixes = {file.suffix for file in (ROOT / "docs").rglob("*") if file.is_file()}
    assert suffixes <= {".md", ".yaml", ".txt", ".png", ".jpg", ".webp"}


def test_the_sample_is_clean(tmp_path: Path) -> None:
    assert check.check(sample.write(tmp_path))[1] == []
