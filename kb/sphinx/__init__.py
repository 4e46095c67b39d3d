"""The thin layer between the records and Sphinx. Each module is one thing the site can do, with its ``setup(app)``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from kb.sphinx import (
    assets,
    cite,
    env,
    epub,
    head,
    indicators,
    inside,
    limits,
    listings,
    markdown,
    nav,
    publish,
    scripts,
    search,
    speed,
    tables,
    terms,
    translate,
)  # fmt: skip

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def code_version() -> int:
    """A number that changes with any change of this package: pages kept from before are then read anew."""
    digest = hashlib.blake2b(digest_size=6)
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return int.from_bytes(digest.digest())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set all of them up, in the order in which a page passes them."""
    for module in (
        limits, translate, env, speed, inside, cite, terms, listings, indicators, tables, scripts, nav, head, markdown,
        epub, search, assets, publish,
    ):  # fmt: skip
        module.setup(app)
    return {
        "version": "1",
        "env_version": code_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
