"""Random Markdown that looks like what people write and what attackers write, from fragments put into each other."""

from __future__ import annotations

import random

WORDS = [
    "word", "two words", "*soft*", "**strong**", "`code`", "{cite}`gazette-2000-act`", "{term}`LCA`", "&amp;", "&lt;b&gt;", "a < b",
    "[spectrum](../networks/spectrum.md)", "[site](https://a.org/?x=1&y=(2))", "<https://a.org/>", "![a mast](mast.png)", "[r]",
    "[text][r]", "\\*", "\\[x\\]", "راست", "یہ ہے۔", "x_y_z", "2*3*4", "a|b", "#1", "50%", "$5", "{a}", "(x)=", "C:\\x", "it's", '"q"',
    "`{raw}`", "`<script>`", "a--b", "::", ":x:", ":::", "[^1]", "{{x}}", "~~s~~", "!x", "![", "](", "[", "]", "*", "**", "_", "`",
    "``", "<", ">", "&", "&#65;", "&copy;", "\\", "\\\\", "@x", "+", "-", "=", "^", "~", "|", "{", "}", "()", "[]()", "<b>", "e.g.",
    "www.a.org", "a@b.org", "{cite}", "{nosuch}`x`", "[a](b)", "[x]: y", "% c", "+++", "---", "***", "===", "\t",
]  # fmt: skip
STARTS = [
    "",
    "",
    "",
    "",
    "- ",
    "* ",
    "1. ",
    "2) ",
    "> ",
    ">> ",
    "## ",
    "### ",
    "    ",
    "  ",
    "- [ ] ",
    "- [x] ",
    ": ",
    "| ",
    "# ",
]
BOXES = [
    "note", "tip", "warning", "important", "seealso", "admonition Title", "dropdown More", "dropdown", "card", "card A `b`",
    "list-table", "code-block python", "code-block", "figure mast.png", "image mast.png", "raw html", "include x", "grid 2",
    "tab-set", "nosuch",
]  # fmt: skip
OPTIONS = [
    ":alt: a mast", ":class: tip", ":open:", ":header-rows: 1", ":width: 50%", ":shadow: sm", ":header: H", ":footer: F & G",
    ":link: https://a.org/", ":link: ../networks/spectrum", ":link-type: doc", ":caption: C", ":linenos:", ":widths: 1 2",
    ":emphasize-lines: 1", ":color: info", ":text-align: center", ":name: x", ":alt: [x]", ":x", ":align: center",
    ":img-top: mast.png", ":img-alt: a mast", ":columns: 6", ":sync: a", ":animate: fade-in",
]  # fmt: skip


def body(chance: random.Random, depth: int = 0) -> str:
    """A few blocks."""
    return "\n\n".join(_block(chance, depth) for _ in range(chance.randint(1, 4)))


def _line(chance: random.Random) -> str:
    return chance.choice(STARTS) + " ".join(
        chance.choice(WORDS[: chance.choice((24, 40, 99))]) for _ in range(chance.randint(1, 6))
    )


def _block(chance: random.Random, depth: int) -> str:
    kind = chance.random()
    if depth < 3 and kind < 0.35:
        return _box(chance, depth)
    if kind < 0.45:
        cells = chance.randint(1, 4)
        rows = [" | ".join(_line(chance) for _ in range(chance.randint(1, cells))) for _ in range(chance.randint(1, 3))]
        return "\n".join([" | ".join(["h"] * cells), " | ".join(["---"] * cells), *rows])
    if depth < 3 and kind < 0.55:
        mark = chance.choice(("- ", "1. ", "> "))
        inner = body(chance, depth + 1).split("\n")
        after = "> " if mark == "> " else " " * len(mark)
        return "\n".join([mark + inner[0], *(after + line if line else after.rstrip() for line in inner[1:])])
    return "\n".join(_line(chance) for _ in range(chance.randint(1, 3)))


def _box(chance: random.Random, depth: int) -> str:
    name = chance.choice(BOXES)
    options = chance.sample(OPTIONS, chance.choice((0, 0, 0, 1, 1, 2)))
    if name.startswith(("figure", "image")):
        options = list(dict.fromkeys([":alt: a mast", *options]))
    if name == "list-table":
        inner = "\n".join(f"* - {_line(chance)}\n  - {_line(chance)}" for _ in range(chance.randint(1, 3)))
    elif name == "grid 2":
        inner = f":::{{grid-item-card}} {chance.choice(WORDS)}\n{_line(chance)}\n:::"
    elif name == "tab-set":
        inner = "\n\n".join(f":::{{tab-item}} {chance.choice(WORDS)}\n{_line(chance)}\n:::" for _ in range(2))
    elif name.startswith("image"):
        inner = ""
    else:
        inner = body(chance, depth + 1)
    sign = chance.choice((":", ":", "`")) * (9 - depth * 2 - chance.randint(0, 1))
    end = sign if chance.random() < 0.97 else sign[:-1]
    return "\n".join([f"{sign}{{{name.split(' ')[0]}}}{name[len(name.split(' ')[0]) :]}", *options, "", inner, end])
