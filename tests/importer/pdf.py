"""PDF files made from a little Markdown: running lines, page numbers, words broken at line ends, one or two columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")  # PDF 1.7, algorithm 2
IDENTITY = b"0123456789abcdef"
PERMISSIONS = -4
PASSWORD = b"sesame"
LINES = 16  # a column
LETTERS = 58  # a line
LEADING = 26
TOP, LEFT = 515, 50
COLUMN, HEIGHT = 420, 595  # a page of one column is A5
FONTS = {"# ": ("F2", 17), "## ": ("F2", 13), "": ("F1", 11)}

Line = tuple[str, str]  # what it starts with in the source, text


def document(text: str, truth: dict[str, Any]) -> bytes:
    """A PDF with text."""
    header, footer = [*truth.get("running", ()), "", ""][:2]
    columns = 2 if truth.get("form") == "pdf-columns" else 1
    lines = typeset(text)
    screens = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    pages = [screens[at : at + columns] for at in range(0, len(screens), columns)]
    contents = []
    for number, page in enumerate(pages, 1):
        shown = [show("F1", 8, LEFT, 560, header)] if header else []
        for column, screen in enumerate(page):
            x = LEFT + COLUMN * column
            shown += [show(*FONTS[mark], x, TOP - LEADING * row, line) for row, (mark, line) in enumerate(screen)]
        if footer:
            shown.append(show("F1", 8, 180, 40, f"{footer} {number} of {len(pages)}"))
        contents.append("\n".join(shown).encode("cp1252"))
    return file(contents, truth, columns)


def scan(_: str) -> bytes:
    """A PDF whose only page is a picture."""
    picture = b"BI /W 8 /H 8 /CS /G /BPC 1 ID \xaa\x55\xaa\x55\xaa\x55\xaa\x55 EI"
    return file([b"q 300 0 0 450 50 70 cm\n" + picture + b"\nQ"], {})


def locked(text: str) -> bytes:
    """A PDF that opens only with a password."""
    user = (PASSWORD + PAD)[:32]
    owner = rc4(hashlib.md5(user).digest()[:5], user)
    key = hashlib.md5(user + owner + PERMISSIONS.to_bytes(4, "little", signed=True) + IDENTITY).digest()[:5]
    guard = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{rc4(key, PAD).hex()}> /P {PERMISSIONS} >>"

    def cipher(number: int, data: bytes) -> bytes:
        return rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)

    lines = typeset(text)
    shown = "\n".join(show(*FONTS[mark], LEFT, TOP - LEADING * row, line) for row, (mark, line) in enumerate(lines))
    return file([shown.encode("cp1252")], {}, guard=guard, cipher=cipher)


def typeset(text: str) -> list[Line]:
    """The lines of a column; a long word that does not fit is broken with a hyphen."""
    lines: list[Line] = []
    for block in text.strip().split("\n\n"):
        mark = next(mark for mark in FONTS if block.startswith(mark))
        room = LETTERS * FONTS[""][1] // FONTS[mark][1]
        line = ""
        for word in block.removeprefix(mark).split():
            free = room - len(line) - 2
            if len(line) + len(word) + 1 > room:
                if not mark and len(word) > 7 and free >= 4 and len(word) - free >= 3 and word[: free + 1].isalpha():
                    line, word = f"{line} {word[:free]}-", word[free:]
                lines.append((mark, line.strip()))
                line = ""
            line = f"{line} {word}"
        lines.append((mark, line.strip()))
    return lines


def show(font: str, size: int, x: int, y: int, text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({plain}) Tj ET"


def file(
    contents: list[bytes],
    truth: dict[str, Any],
    columns: int = 1,
    guard: str = "",
    cipher: Callable[[int, bytes], bytes] | None = None,
) -> bytes:
    """The objects of a PDF around the contents of its pages."""
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(contents)))
    day = truth.get("published", "2025-01-01").replace("-", "")
    info = f"<< /CreationDate (D:{day}080000Z)"
    for key in ("title", "author"):
        if key in truth:
            info += f" /{key.title()} <{(chr(0xFEFF) + truth[key]).encode('utf-16-be').hex()}>"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for data in contents:
        stream = cipher(len(objects) + 1, data) if cipher else data
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
        fonts = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        box = f"/MediaBox [0 0 {COLUMN * columns} {HEIGHT}]"
        page = f"<< /Type /Page /Parent 2 0 R {box} {fonts} /Contents {len(objects)} 0 R >>"
        objects.append(page.encode())
    if not guard:
        objects.append(f"{info} >>".encode())
        guard = f"/Info {len(objects)} 0 R"
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"trailer\n<< /Size {size} /Root 1 0 R {guard} /ID [<{IDENTITY.hex()}> <{IDENTITY.hex()}>] >>"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{tail}\nstartxref\n{len(out)}\n%%EOF\n".encode()


def rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
