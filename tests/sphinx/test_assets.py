"""Styles and scripts under names with a hash of what is in them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tests import sample
from tests.conftest import sphinx_in_fork, tree

STATIC = Path(__file__).parents[2] / "kb/sphinx/static"
OTHER = """
def setup(app):
    app.connect("builder-inited", lambda app: app.config.html_static_path.append("other"), priority=900)
"""
_ASKED = re.compile(rb'(?:_static/|"\./)([\w.-]+\.(?:js|css))')


def asked(site: dict[str, bytes]) -> set[str]:
    """The styles and scripts that pages and scripts of ours name."""
    ours = (content for file, content in site.items() if file.endswith((".html", ".js")) and "pagefind" not in file)
    return {name.decode() for content in ours for name in _ASKED.findall(content)}


def test_a_changed_script_has_a_new_address_and_nothing_asks_for_the_old_one(tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site")
    out, doctrees = tmp_path / "out", tmp_path / "doctrees"
    assert sphinx_in_fork(root, out, doctrees)[0] == 0
    before = tree(out)
    changed = (STATIC / "query.js").read_text("utf-8").replace('"a about', '"aaa a about')
    sample.write(root, {"other/query.js": changed, "conf.py": sample.CONF + OTHER})
    assert sphinx_in_fork(root, out, doctrees)[0] == 0
    after = tree(out)
    there = [{name for name in site if name.startswith("_static/")} for site in (before, after)]
    moved = {name.partition(".")[0] for name in there[1] - there[0]}
    assert moved == {f"_static/{name}" for name in ("query", "small", "search", "search-page", "site")}
    for site, names in ((before, there[0]), (after, there[1])):
        assert {f"_static/{name}" for name in asked(site)} <= names
        for name in names - {"_static/icon.svg"}:
            digest = hashlib.blake2b(site[name], digest_size=4).hexdigest()
            assert name.split(".")[1] == digest
    assert sphinx_in_fork(root, tmp_path / "fresh", tmp_path / "fresh-doctrees")[0] == 0
    assert tree(tmp_path / "fresh") == after
