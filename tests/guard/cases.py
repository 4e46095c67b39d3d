"""Pages of the two corpora: texts between lines ``@@@ name``, and what is too long to be written out."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from kb import markup
from tests import sample

HERE = Path(__file__).parent
HEAD = """\
---
description: A page of the guard's corpus.
---
"""
INDEX = "---\ndescription: Pages of the guard's corpus.\n---\n# Cases\n\nPages.\n"
_LONG = {
    "LONG_TABLE": "| No | Name | Value | Note |\n|---|---|---:|---|\n"
    + "".join(f"| {n} | Row {n} | {n * 37:,} | note {n} {{cite}}`gazette-2000-act` |\n" for n in range(400)),
    "LONG_PARAGRAPH": "A sentence that says nothing new, again and again, in one line. " * 70,
    "LONG_PAGE": "".join(f"## Part {n}\n\n{'Words of the part. ' * 40}\n\n- a\n- b\n\n" for n in range(100)),
}


def png(width: int = 4, height: int = 4, after: bytes = b"") -> bytes:
    """A sound picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\0" * width for _ in range(height)) if height < 5000 else b""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + after


def texts(name: str) -> dict[str, str]:
    """name -> text of the pages in a file of this folder."""
    parts = re.split(r"^@@@ (\S+)[^\n]*\n", (HERE / name).read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def page(text: str) -> str:
    """The text with a record, if it has none of its own."""
    for key, value in _LONG.items():
        text = text.replace("{{" + key + "}}", value.rstrip())
    return text if text.startswith("---\n") else HEAD + text


Files = dict[str, str | bytes | None]


def benign() -> dict[str, bytes]:
    """name -> content of every page that must pass."""
    found = {name: page(text).encode() for name, text in texts("benign.txt").items()}
    found["no-final-newline"] = found["no-final-newline"].rstrip(b"\n")
    plain = found["boxes"]
    found["windows-lines"] = plain.replace(b"\n", b"\r\n")
    found["old-mac-lines"] = plain.replace(b"\n", b"\r")
    found["byte-order-mark"] = b"\xef\xbb\xbf" + plain
    return found


def around(pages: dict[str, bytes]) -> Files:
    """The sample with a folder of cases: of the guide, which states no facts, or a topic where a record says so."""
    files: Files = {"docs/about/index.md": INDEX, "docs/about/mast.png": png()}
    for name, content in pages.items():
        folder = "networks" if b"\nquestion: " in content else "about"
        files[f"docs/{folder}/{name}.md"] = content
    return files


def write(root: Path, files: Files) -> Path:
    """The sample and the files below ``root``."""
    return sample.write(root, files)


_SAMPLES = {
    markup.FLAG: "", markup.TEXT: "Words & more", markup.SIZE: "60%", markup.SPACE: "1 2 3 auto", markup.GAP: "1 2 3 4", markup.HEIGHT: "200px", markup.LINES: "1, 2-3",
    markup.ITEM_COLUMNS: "12 6 auto 3", markup.NUMBER: "3", markup.WIDTHS: "30 70", markup.KEY: "a-1",
    markup.CLASSES: "sd-text-center sd-shadow-md", markup.ADDRESS: "https://a.org/", markup.PICTURE: "mast.png", "[0-9]": "1",
}  # fmt: skip
_AFTER = {
    "title": " A title",
    "picture": " mast.png",
    "language": " python",
    "columns": " 1 2 2 3",
    "body": "",
    "record": "",
}
_INSIDE = {"list-table": "* - a\n  - b\n* - c\n  - d", "image": "", "code-block": "a = 1\nb = 2\nc = 3"}
_WITH = {  # options that need another one
    "link-alt": {"link": "https://a.org/"}, "link-type": {"link": "https://a.org/"}, "img-top": {"img-alt": "a mast"},
    "img-bottom": {"img-alt": "a mast"}, "img-alt": {"img-top": "mast.png"},
}  # fmt: skip


def every_option() -> dict[str, bytes]:
    """One page a box: each of its options, with each of its values where they are listed."""
    pages = {}
    for name, box in markup.BOXES.items():
        made = [_box(name, {})]
        for key, pattern in box.options.items():
            for value in [_SAMPLES[pattern]] if pattern in _SAMPLES else pattern.split("|"):
                more = {"link": "../networks/spectrum"} if value == "doc" else _WITH.get(key, {})
                made.append(_box(name, {key: value, **more}))
        if box.argument != "record":
            pages[f"every-{name}"] = page("# Every option\n\n" + "\n\n".join(made) + "\n").encode()
    return pages


def _box(name: str, options: dict[str, str], around: bool = True) -> str:
    box = markup.BOXES[name]
    if box.argument == "picture":
        options = {"alt": "a mast", **options}
    inner = _box(box.only, {}, around=False) if box.only else _INSIDE.get(name, "Text.")
    sign = "::::" if box.only else ":::"
    rows = [f"{sign}{{{name}}}{_AFTER[box.argument]}", *(f":{key}: {value}".rstrip() for key, value in options.items())]
    made = "\n".join([*rows, "", inner, sign])
    return f"::::{{{box.inside}}}\n{made}\n::::" if box.inside and around else made
