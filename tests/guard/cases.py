"""Pages of the two corpora: texts between lines ``@@@ name``, and what is too long to be written out."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from tests import sample

HERE = Path(__file__).parent
HEAD = """\
---
description: A page of the guard's corpus.
question: Does it pass?
answer: It should be judged {cite}`gazette-2000-act`.
primary: "none found: nothing was searched"
as_of: "2024-03-31"
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
    """The sample with a folder of cases."""
    files: Files = {f"docs/cases/{name}.md": content for name, content in pages.items()}
    return {"docs/cases/index.md": INDEX, "docs/cases/mast.png": png(), **files}


def write(root: Path, files: Files) -> Path:
    """The sample and the files below ``root``."""
    return sample.write(root, files)
