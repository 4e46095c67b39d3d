"""What the guide tells maintainers is so: the order of events, and what is used of others' insides, with its tests."""

from __future__ import annotations

import ast
import io
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import furo
import pytest
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import docutils_namespace

import kb.sphinx
from tests.conftest import ROOT, Built

GUIDE = (ROOT / "docs/about/architecture.md").read_text("utf-8")
THEME = Path(furo.__file__).parent / "theme/furo"


def table(title: str) -> list[list[str]]:
    """The rows of the table below a heading, code marks left out."""
    part = GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [row for row in part.splitlines() if row.startswith("|")][2:]
    return [[cell.strip().replace("`", "") for cell in row.strip("|").split(" | ")] for row in rows]


def connected() -> dict[str, list[str]]:
    """Event -> our handlers, in the order in which Sphinx calls them."""
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    app = MagicMock()

    def connect(event: str, handler: Callable[..., object], priority: int = 500) -> None:
        module = handler.__module__.rpartition(".")[2]
        found[event].append((priority, len(found[event]), f"{module}.{handler.__name__}"))

    app.connect = connect
    kb.sphinx.setup(app)
    return {event: [name for _, _, name in sorted(handlers)] for event, handlers in found.items()}


def test_the_guide_tells_the_order_of_events() -> None:
    told = [(row[0], row[1].split(", ")) for row in table("A build, event by event")]
    assert dict(told) == connected()


def test_every_private_interface_that_is_listed_is_used_and_watched() -> None:
    rows = table("What we use of others' insides")
    assert len(rows) >= 12
    for name, files, tests in rows:
        for file in files.split(", "):
            assert name in (ROOT / "kb" / file).read_text("utf-8"), (name, file)
        for place in tests.split(", "):
            file, _, function = place.partition("::")
            functions = {
                node.name
                for node in ast.walk(ast.parse((ROOT / "tests" / file).read_text("utf-8")))
                if isinstance(node, ast.FunctionDef)
            }
            assert function in functions, place


def test_private_names_in_the_code_are_listed() -> None:
    listed = {name for name, _, _ in table("What we use of others' insides")}
    for file in sorted((ROOT / "kb/sphinx").glob("*.py")):
        for line in file.read_text("utf-8").splitlines():
            private = set(re.findall(r"\b(?!self\b)\w+\.(_[a-z]\w*)", line.partition("#")[0]))
            assert private <= {name.rpartition(".")[2] for name in listed}, (file.name, line)
            if "_app" in line:
                assert "env._app" in listed
            for name in re.findall(r"app\.builder\.(\w+)", line):
                assert name in ("name", "get_relative_uri") or any(name in one for one in listed), (file.name, line)


def test_furo_runs_between_our_two_handlers() -> None:
    """Ours at 100 and 900 stand around it only while furo connects at the usual 500."""
    app = MagicMock()
    app.config.html_theme = "furo"
    furo.setup(app)
    priorities = [
        call.kwargs.get("priority", 500) for call in app.connect.call_args_list if call.args[0] == "html-page-context"
    ]
    assert priorities == [500]


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("base.html", r"{%-? *block site_meta"),
        ("base.html", r"{%-? *block regular_scripts"),
        ("page.html", r"{% *block content"),
        ("page.html", r"{% *block footer"),
        ("page.html", r"{% *block right_sidebar"),
        ("page.html", 'class="related-pages"'),
        ("page.html", 'class="bottom-of-page"'),
        ("page.html", 'class="left-details"'),
        ("partials/icons.html", 'id="svg-arrow-right"'),
        ("sidebar/navigation.html", "furo_navigation_tree"),
        ("sidebar/search.html", "searchbox"),
    ],
)
def test_furos_templates_have_what_ours_replace(file: str, what: str) -> None:
    assert re.search(what, (THEME / file).read_text("utf-8"))


def test_builders_have_what_we_replace() -> None:
    for name in ("read_doc", "write_doc", "get_outfilename"):
        assert callable(getattr(StandaloneHTMLBuilder, name))
    assert StandaloneHTMLBuilder.search is True
    assert SphinxTransform.env  # whose _app leads to the builder


def test_an_environment_leads_to_its_builder_and_keeps_what_we_put_on_it(built: Built, tmp_path: Path) -> None:
    out = built()
    root, nowhere = out.parents[1], io.StringIO()
    with docutils_namespace():
        app = Sphinx(root / "docs", root, tmp_path, out.parent / "doctrees", "html", status=None, warning=nowhere)
    environment: Any = app.env
    assert environment._app is app
    assert environment.kb is None  # records are read anew, not pickled with the environment
    assert environment.kb_outside
    assert environment.metadata["index"]["orphan"] == "true"
