"""``python -m tests.scale.parts audit|index ROOT``: one part of a build of a built checkout, to be measured alone."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kb import check, published, wordlists
from kb.sphinx import search


def main(part: str, root: Path) -> None:
    """Audit the built pages, or index their articles."""
    html = root / "_build/html"
    loaded, _ = check.check(root, keep=True)
    assert loaded
    if part == "audit":
        assert not published.audit(html, loaded)
    elif part == "index":
        made = {name: wordlists.article((html / f"{name}.html").read_text("utf-8")) for name in loaded.pages}
        articles = {name: text for name, text in made.items() if text and wordlists.is_searched(loaded.pages[name])}
        with tempfile.TemporaryDirectory() as folder:
            search.write(loaded, articles, Path(folder, "pagefind"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
