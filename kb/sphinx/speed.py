"""What docutils, Sphinx and others do for each page, or each node, and need not; nothing here changes what is written.

Each part replaces one function of theirs. ``tests/sphinx/test_speed.py`` fails when upstream has mended what a part is
for, so that it can be taken out.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import logging
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import myst_parser.mdit_to_docutils.base as myst
import sphinx.builders
import sphinx.util.docutils
from docutils import frontend, nodes
from docutils.writers.html5_polyglot import HTMLTranslator
from jinja2 import FileSystemBytecodeCache
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform
from sphinx.util.logging import NAMESPACE, VERBOSITY_MAP
from sphinx.util.nodes import NodeMatcher
from sphinx.util.parallel import ParallelTasks

from kb.sphinx.env import views_of

if TYPE_CHECKING:
    from docutils.frontend import Values
    from docutils.transforms import Transform
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_OBJECTS = 200_000  # made before the collector looks for cycles; a page makes some 10,000
_OWN = ("record_dependencies", "_config_files")  # settings that a document may change
BOX = re.compile(r"\{(?:grid|card|dropdown|tab|button)")  # those of sphinx-design

findall, setup_child = nodes.Node.findall, nodes.Node.setup_child
get_settings = sphinx.util.docutils._get_settings
get_defaults = frontend.get_default_settings


# ---- walks: transforms look through every page for nodes that hardly any page has -----------------------------------


class Kinds:
    """The kinds of nodes that stand, or stood, in the document that was walked last."""

    def __init__(self) -> None:
        self.document: nodes.Node | None = None
        self.kinds: set[type] = set()

    def lack(self, document: nodes.Node, kinds: type | tuple[type, ...]) -> bool:
        """Whether the document has no node of these kinds."""
        if self.document is not document:
            self.kinds, self.document = _kinds(document), document
        return not any(issubclass(kind, kinds) for kind in self.kinds)


def _kinds(top: nodes.Node) -> set[type]:
    found: set[type] = set()
    rest = [top]
    while rest:
        node = rest.pop()
        found.add(type(node))
        rest.extend(node.children)
    return found


_there = Kinds()


def walk(
    self: nodes.Node,
    condition: type | Callable[[nodes.Node], bool] | None = None,
    include_self: bool = True,
    descend: bool = True,
    siblings: bool = False,
    ascend: bool = False,
) -> Iterator[Any]:
    """``Node.findall`` without a generator a node, and without a walk for what is not there."""
    if not (include_self and descend) or siblings or ascend:
        return findall(self, condition, include_self, descend, siblings, ascend)
    if condition is None:
        return _every(self)
    asked = condition.classes if isinstance(condition, NodeMatcher) else condition
    if isinstance(self, nodes.document) and isinstance(asked, type | tuple) and asked and _there.lack(self, asked):
        return iter(())
    return _instances(self, condition) if isinstance(condition, type) else filter(condition, _every(self))


def _instances(top: nodes.Node, kind: type) -> Iterator[nodes.Node]:
    stack = [iter((top,))]
    while stack:
        for node in stack[-1]:
            if isinstance(node, kind):
                yield node
            if node.children:
                stack.append(iter(node.children))
                break
        else:
            stack.pop()


def _every(top: nodes.Node) -> Iterator[nodes.Node]:
    stack = [iter((top,))]
    while stack:
        for node in stack[-1]:
            yield node
            if node.children:
                stack.append(iter(node.children))
                break
        else:
            stack.pop()


def put(self: nodes.Node, child: nodes.Node) -> None:
    """``Node.setup_child``, through which every node passes that is put into another."""
    _there.kinds.add(type(child))
    setup_child(self, child)


class WithCode:
    """A transform that sets the language of code, for pages that have some."""

    def apply(self: Any, **kwargs: Any) -> None:
        """As it was."""
        if not _there.lack(self.document, (nodes.literal_block, addnodes.highlightlang)):
            super().apply(**kwargs)  # type: ignore[misc] # the transform that it is mixed into has it


class WithBoxes:
    """A transform of sphinx-design, for pages that have one of its boxes."""

    def apply(self: Any, **kwargs: Any) -> None:
        """As it was."""
        if _boxed(self.env, self.env.current_document.docname):
            super().apply(**kwargs)  # type: ignore[misc] # the transform that it is mixed into has it


def _boxed(env: BuildEnvironment, docname: str) -> bool:
    return bool(BOX.search(views_of(env).corpus.pages[docname].text))


def _guarded(transform: type[Transform]) -> type[Transform]:
    if issubclass(transform, HighlightLanguageTransform):
        return type(transform.__name__, (WithCode, transform), {})
    if transform.__module__.startswith("sphinx_design."):
        return type(transform.__name__, (WithBoxes, transform), {})
    return transform


def guard(app: Sphinx) -> None:
    """builder-inited: what walks every page for boxes or code does so on pages that have them."""
    registry = app.registry
    registry.post_transforms[:] = map(_guarded, registry.post_transforms)
    for listener in list(app.events.listeners["doctree-resolved"]):
        if (listener.handler.__module__ or "").startswith("sphinx_design."):
            app.disconnect(listener.id)

            def resolve(app: Sphinx, doctree: nodes.document, docname: str, whole: Any = listener.handler) -> None:
                if _boxed(app.env, docname):
                    whole(app, doctree, docname)

            app.connect("doctree-resolved", resolve, priority=listener.priority)


# ---- what is alike for all pages -------------------------------------------------------------------------------------


def remembered(make: Callable[..., Values]) -> Callable[..., Values]:
    """Settings of documents, which are alike, made once and copied: an option parser is built for each otherwise."""
    made: dict[str, Values] = {}

    def settings(*components: Any, **options: Any) -> Values:
        key = repr(([one if isinstance(one, type) else type(one) for one in components], options))
        if key not in made:
            made[key] = make(*components, **options)
        own = copy.copy(made[key])
        own.__dict__ = {name: copy.deepcopy(value) if name in _OWN else value for name, value in vars(own).items()}
        return own

    return settings


def translate(app: Sphinx) -> None:
    """builder-inited: the functions that write nodes become methods of a class, once, not of each of its objects."""
    registry, builder = app.registry, app.builder
    if builder.format != "html":
        return
    handlers = registry.translation_handlers.get(builder.name, registry.translation_handlers.get(builder.format, {}))
    methods = {}
    for name, (visit, depart) in handlers.items():
        methods[f"visit_{name}"] = visit
        if depart:
            methods[f"depart_{name}"] = depart
    whole = registry.get_translator_class(builder)
    registry.add_translator(builder.name, type(whole.__name__, (whole,), methods), override=True)
    registry.translation_handlers[builder.name] = {}


class Tasks(ParallelTasks):
    """Processes, each begun before the next is made ready: Sphinx resolves all pages ahead of those that write them."""

    failed: Exception | None = None  # Sphinx would go on without what the process was to do

    def _join_one(self) -> bool:
        try:
            return super()._join_one()
        except Exception as error:
            self.failed = error
            raise

    def add_task(self, *task: Any, **options: Any) -> None:
        """Begin it, or wait for a free process."""
        super().add_task(*task, **options)
        while self._precvs_waiting and not self.failed:
            with contextlib.suppress(Exception):
                if not self._join_one():
                    time.sleep(0.02)
        if self.failed:
            self.terminate()
            raise self.failed


def quiet(app: Sphinx) -> None:
    """builder-inited: what would be told to nobody is not put into words, a dozen times a page."""
    logging.getLogger(NAMESPACE).setLevel(VERBOSITY_MAP[app.verbosity])


def write_titles(app: Sphinx) -> None:
    """builder-inited: a title of mere text is written as it is, not by a writer of whole documents."""
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    whole = app.builder.render_partial

    def render_partial(node: nodes.Node | None) -> dict[str, str]:
        if isinstance(node, nodes.title) and all(isinstance(child, nodes.Text) for child in node.children):
            return {"title": node.astext().translate(HTMLTranslator.special_characters)}
        return whole(node)

    app.builder.render_partial = render_partial  # type: ignore[method-assign] # replaced on purpose


def keep_templates(app: Sphinx) -> None:
    """builder-inited: templates are compiled once, not in every build."""
    if templates := getattr(app.builder, "templates", None):
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(app.doctreedir))


def collect_less(app: Sphinx, *about: Any) -> None:
    """Before pages are read, and before they are written: what is there stays, and is not looked through for cycles."""
    several = app.parallel > 1  # what other processes send leaves much; one alone leaves nothing among the old ones
    if several:
        gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 5, 5 if several else 1_000)
    gc.enable()


def setup(app: Sphinx) -> None:
    """Put them in place."""
    nodes.Node.findall = walk  # type: ignore[method-assign,assignment] # replaced on purpose, as are the next
    nodes.Node.setup_child = put  # type: ignore[method-assign] # likewise
    sphinx.util.docutils._get_settings = remembered(get_settings)
    myst.get_default_settings = remembered(get_defaults)  # type: ignore[attr-defined] # likewise, imported there
    sphinx.builders.ParallelTasks = Tasks  # type: ignore[attr-defined] # likewise, imported there
    gc.disable()  # until pages are read: the records of the last build are no garbage
    app.connect("builder-inited", guard, priority=900)
    app.connect("builder-inited", translate, priority=900)
    app.connect("builder-inited", keep_templates)
    app.connect("builder-inited", quiet)
    app.connect("builder-inited", write_titles)
    app.connect("env-before-read-docs", collect_less)
    app.connect("write-started", collect_less)
