"""What docutils and Sphinx do for each page, or each node, and need not; nothing here changes what is written.

Each part replaces one function of theirs. ``tests/sphinx/test_speed.py`` fails when upstream has mended what a part is
for, so that it can be taken out.
"""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import myst_parser.mdit_to_docutils.base as myst
import sphinx.util.docutils
from docutils import nodes

if TYPE_CHECKING:
    from docutils.frontend import Values
    from sphinx.application import Sphinx

_OBJECTS = 200_000  # made before the collector looks for cycles; a page makes some 20,000

_OWN = ("record_dependencies", "_config_files")  # settings that a document may change

findall = nodes.Node.findall
get_settings = sphinx.util.docutils._get_settings
get_defaults = myst.get_default_settings


def walk(
    self: nodes.Node,
    condition: type | Callable[[nodes.Node], bool] | None = None,
    include_self: bool = True,
    descend: bool = True,
    siblings: bool = False,
    ascend: bool = False,
) -> Iterator[Any]:
    """``Node.findall`` without a generator a node: a fifth of a build was spent in them."""
    if not (include_self and descend) or siblings or ascend:
        return findall(self, condition, include_self, descend, siblings, ascend)
    if isinstance(condition, type):
        return _instances(self, condition)
    return _every(self) if condition is None else filter(condition, _every(self))


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


def remembered(make: Callable[..., Values]) -> Callable[..., Values]:
    """Settings of documents, which are alike, made once and copied: they are read from a parser of options each time."""
    made: dict[str, Values] = {}

    def settings(*components: Any, **options: Any) -> Values:
        key = repr(([one if isinstance(one, type) else type(one) for one in components], options))
        if key not in made:
            made[key] = make(*components, **options)
        own = copy.copy(made[key])
        own.__dict__ = {name: copy.copy(value) if name in _OWN else value for name, value in vars(own).items()}
        return own

    return settings


def collect_less(app: Sphinx) -> None:
    """builder-inited: what is there by now stays; cycles of pages are looked for every few pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 50)


def setup(app: Sphinx) -> None:
    """Put them in place."""
    nodes.Node.findall = walk  # type: ignore[method-assign,assignment]
    sphinx.util.docutils._get_settings = remembered(get_settings)
    myst.get_default_settings = remembered(get_defaults)
    app.connect("builder-inited", collect_less, priority=900)
