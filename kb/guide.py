"""``python -m kb.guide``: writes the part of ``docs/about/rules.md`` that says what a page may hold, from the tables.

The list of rules with their reasons is made when the site is built (``{generated} rules``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from kb import markup, model, text, tree

PAGE = Path("docs/about/rules.md")
TITLE = "## What a page may hold"
_ALLOWED = """\
Headings, paragraphs, lists, tables, quotations, emphasis, code, definition and task lists; links to pages of the site
(`../topic/page.md`), to https pages and mail addresses; pictures that lie in `docs/`, with words for those who cannot
see them. Everything else is refused: HTML, comments, labels, footnotes of one's own, substitutions, formulas, and every
box, option and value that the table does not list.
"""
_AFTER = {
    "body": "its text, or nothing",
    "title": "a title",
    "picture": "a picture file",
    "language": "a language",
    "columns": "numbers of columns, as in `1 2 2 3`",
    "record": "the name of a record or list",
}
_VALUES = {
    markup.FLAG: "without a value",
    markup.TEXT: "a text",
    markup.SIZE: "a size such as `60%`",
    markup.HEIGHT: "a height such as `200px`",
    markup.GAP: "0 to 5, once or four times",
    markup.SPACE: "0 to 5, `auto`, once or four times",
    markup.COLUMNS: "1 to 12",
    markup.ITEM_COLUMNS: "1 to 12, `auto`",
    markup.LINES: "lines such as `1,3-4`",
    markup.NUMBER: "a number",
    markup.WIDTHS: "numbers",
    markup.KEY: "a word",
    markup.CLASSES: "alignment, corners, shadow",
    markup.ADDRESS: "an https address or, with `link-type: doc`, a page without `.md`",
    markup.PICTURE: "a picture file",
    "[0-9]": "a number",
}


def section() -> str:
    """The generated part of the page."""
    return "\n".join([TITLE, "", *_lines()]) + "\n"


def _lines() -> Iterator[str]:
    yield _ALLOWED
    yield f"The roles are {_listed(markup.ROLES)}."
    yield ""
    yield "| Box | After its name | Options |"
    yield "|---|---|---|"
    for name, box in sorted(markup.BOXES.items()):
        where = f" (in `{box.inside}`)" if box.inside else ""
        after = _AFTER[box.argument] + ("" if box.required or box.argument == "body" else ", or nothing")
        options = "; ".join(f"`{key}`: {_value(pattern)}" for key, pattern in box.options.items()) or "none"
        yield f"| `{name}`{where} | {after} | {options} |"
    yield ""
    yield f"Code may be coloured as {_listed(markup.LANGUAGES)}."
    yield ""
    yield "## Limits"
    yield ""
    yield f"- A description has at most {model.MAX_DESCRIPTION} characters."
    yield f"- A line has at most {text.MAX_LINE:,} characters, a file {text.MAX_LINES:,} lines."
    yield f"- At most {markup.MAX_DEPTH} lists, quotations and boxes stand in each other."
    yield f"- A page holds at most {', '.join(f'{count:,} {what}' for what, count in markup.MAX_COUNTS.items())}."
    size = f"{tree.MAX_BYTES['.png'] // 1000} kB"
    yield f"- A picture has at most {size} and {tree.MAX_PIXELS:,} points on each side."


def _listed(words: set[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


def _value(pattern: str) -> str:
    if pattern in _VALUES:
        return _VALUES[pattern]
    assert re.fullmatch(r"[a-z0-9%|-]+", pattern), pattern
    return ", ".join(f"`{choice}`" for choice in pattern.split("|"))


def page(before: str) -> str:
    """The page with its generated part renewed."""
    return before.partition(TITLE)[0] + section()


def main() -> int:
    """Entry point; returns the exit code."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    print(f"written: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
