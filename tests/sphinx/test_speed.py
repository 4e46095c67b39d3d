"""What is replaced for speed gives the same, and is still needed: a test fails when upstream has mended it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import myst_parser.mdit_to_docutils.base as myst
import pytest
import sphinx.util.docutils
import sphinx.util.logging
import sphinx_design.aside
import sphinx_design.dropdown
import sphinx_design.tabs
from docutils import frontend, nodes
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from docutils.writers.html5_polyglot import HTMLTranslator
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import SphinxParallelError
from sphinx.events import EventManager
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.registry import SphinxComponentRegistry
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform
from sphinx.util.nodes import NodeMatcher
from sphinx.util.parallel import ParallelTasks

from kb import markup
from kb.sphinx import assets, speed
from tests import sample
from tests.conftest import Built, tree

MENDED = "upstream has mended this: take the part out of kb/sphinx/speed.py"


def document() -> nodes.document:
    made = new_document("x", frontend.get_default_settings(Parser))
    item = nodes.list_item("", nodes.paragraph("", "two ", nodes.strong("", "three")))
    made += nodes.section("", nodes.title("", "one"), nodes.bullet_list("", item), nodes.paragraph("", "four"))
    return made


CONDITIONS: list[Any] = [
    None, nodes.Text, nodes.Element, nodes.paragraph, nodes.literal_block, NodeMatcher(nodes.strong), NodeMatcher(),
    NodeMatcher(nodes.literal_block), NodeMatcher(nodes.Text), lambda node: "two" in node.astext(),
]  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize(
    "options", [{}, {"include_self": False}, {"descend": False}, {"siblings": True}, {"ascend": True}]
)
def test_walks_find_what_docutils_finds(
    condition: Any, options: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes.Node, "setup_child", speed.put)
    top = document()
    for start in (top, top[0], top[0][1]):
        assert list(speed.walk(start, condition, **options)) == list(speed.findall(start, condition, **options))
    top[0] += nodes.literal_block("", "five")
    top[0][1] += nodes.list_item("", addnodes.highlightlang())
    assert list(speed.walk(top, condition, **options)) == list(speed.findall(top, condition, **options))
    assert [node.astext() for node in speed.walk(top, nodes.literal_block)] == ["five"]


def test_a_walk_goes_on_where_a_node_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes.Node, "setup_child", speed.put)
    ends = []
    for walk in (speed.walk, speed.findall):
        top = document()
        for text in walk(top, nodes.Text):
            text.parent.replace(text, [nodes.emphasis("", "a"), nodes.Text("b")])
            if len(top.astext()) > 200:
                break
        ends.append(top.pformat())
    assert ends[0] == ends[1]


def test_docutils_still_walks_with_a_generator_a_node() -> None:
    assert "yield from child._fast_findall" in inspect.getsource(nodes), MENDED


def test_settings_are_still_made_anew_for_each_page() -> None:
    first, second = (speed.get_defaults(Parser) for _ in range(2))
    assert first is not second
    for function in (speed.get_settings, frontend.get_default_settings):
        assert "OptionParser(" in inspect.getsource(function), MENDED
    assert "get_default_settings(" in inspect.getsource(myst.make_document), MENDED
    assert "_get_settings(" in inspect.getsource(sphinx.util.docutils._parse_str_to_doctree), MENDED


def test_settings_of_one_page_do_not_reach_another() -> None:
    settings = speed.remembered(frontend.get_default_settings)
    first = settings(Parser)
    first.tab_width = 99
    first.record_dependencies.add("x")
    second = settings(Parser)
    assert (second.tab_width, second.record_dependencies.list) == (8, [])
    assert vars(second).keys() == vars(frontend.get_default_settings(Parser)).keys()


def calls(function: Callable[..., Any]) -> set[str]:
    """Names of what a function calls."""
    code = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return {ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(code) if isinstance(node, ast.Call)}


def test_others_still_walk_every_page() -> None:
    assert "walkabout" in calls(HighlightLanguageTransform.apply), MENDED
    for module in (sphinx_design.aside, sphinx_design.dropdown, sphinx_design.tabs):
        assert ".findall(lambda" in inspect.getsource(module), MENDED


def test_sphinx_still_gives_each_translator_its_functions() -> None:
    assert "setattr" in calls(SphinxComponentRegistry.create_translator), MENDED


@pytest.mark.parametrize("title", ["IT exports & more", "a < b", 'An "as of" day', "me@here", "آدھار  twice"])
def test_a_title_of_text_is_still_written_by_a_whole_writer(title: str) -> None:
    assert "walkabout" in calls(StandaloneHTMLBuilder.render_partial), MENDED
    node = nodes.title("", title)
    app = MagicMock(builder=MagicMock(spec=StandaloneHTMLBuilder))
    whole = app.builder.render_partial
    speed.write_titles(app)
    made = app.builder.render_partial(node)["title"]
    assert not whole.called
    visitor = HTMLTranslator.__new__(HTMLTranslator)
    assert made == visitor.encode(title)
    app.builder.render_partial(nodes.title("", "", nodes.strong("", title)))
    assert whole.called


def test_sphinx_still_words_what_nobody_is_told() -> None:
    assert "setLevel(logging.DEBUG)" in inspect.getsource(sphinx.util.logging.setup), MENDED
    assert "logger.debug" in inspect.getsource(EventManager.emit), MENDED


def test_templates_are_still_compiled_in_every_build() -> None:
    assert "bytecode_cache" not in inspect.getsource(BuiltinTemplateLoader), MENDED


def test_sphinx_still_resolves_all_pages_ahead() -> None:
    code = ast.parse(textwrap.dedent(inspect.getsource(ParallelTasks.add_task)))
    assert not any(isinstance(node, ast.While) for node in ast.walk(code)), MENDED


def test_no_task_waits_while_the_next_is_made_ready() -> None:
    tasks, done, waiting = speed.Tasks(1), [], []
    for number in range(4):
        tasks.add_task(lambda argument: argument * 2, number, lambda argument, result: done.append(result))
        waiting.append(len(tasks._precvs_waiting))
    tasks.join()
    assert (sorted(done), waiting) == ([0, 2, 4, 6], [0, 0, 0, 0])


def test_a_task_that_fails_ends_the_build() -> None:
    tasks = speed.Tasks(1)
    with pytest.raises(SphinxParallelError):
        for number in range(3):
            tasks.add_task(lambda argument: 1 // argument, number)
        tasks.join()


def test_pages_with_boxes_are_known_by_their_text() -> None:
    own = {name for name in markup.BOXES if speed.BOX.search(f":::{{{name}}}")}
    assert own == {"grid", "grid-item-card", "card", "dropdown", "tab-set", "tab-item"}


BOXES = """
::::{tab-set}
:::{tab-item} One
First.
:::
:::{tab-item} Two
Second.
:::
::::

:::{dropdown} More
Inside.
:::

```python
print(1)
```
"""


def test_pages_are_written_as_without_it(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    changes: dict[str, str | bytes | None] = {"docs/networks/spectrum.md": sample.OTHER_TOPIC + BOXES}
    ours = tree(built(changes))
    monkeypatch.setattr(speed, "setup", lambda app: None)
    theirs = tree(built({**changes, "docs/sources/index.md": sample.FILES["docs/sources/index.md"] + " "}))
    assert {name for name in ours if ours[name] != theirs[name]} == set()
    assert b"sd-tab-set" in ours["networks/spectrum.html"]
    assert b"<details" in ours["networks/spectrum.html"]


def test_pages_of_the_last_build_are_not_looked_at_again(tmp_path: Path) -> None:
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page, name in zip(pages, ("a", "b"), strict=True):
        page.write_text(f'<p class="{name}">', "utf-8")
    memory = assets.Memory(tmp_path / "named.json")
    assert {"p", "a", "b"} <= memory.named(pages)
    assert memory.without(pages, {"site.css": "site.1.css"}) == pages
    memory.keep(pages, {"site.css": "site.1.css"})
    pages[1].write_text('<div id="c">', "utf-8")
    memory = assets.Memory(tmp_path / "named.json")
    assert memory.named(pages) - {""} == {"p", "a", "div", "c"}
    assert memory.without(pages, {"site.css": "site.1.css"}) == [pages[1]]
    assert memory.without(pages, {"site.css": "site.2.css"}) == pages


def test_pages_may_name_any_number_of_things(tmp_path: Path) -> None:
    pages = [tmp_path / f"{number}.html" for number in range(30)]
    for number, page in enumerate(pages):
        page.write_text("".join(f'<p id="n{number}-{place}">' for place in range(1_000)), "utf-8")
    for _ in range(2):
        memory = assets.Memory(tmp_path / "named.json")
        assert len(memory.named(pages)) > 30_000
        memory.keep(pages, {})
