"""Any file becomes an article, or is refused with what is wrong and what to do."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from kb.importer import html, markdown, pdf, plain, word
from kb.importer.article import Article, Refused

SUFFIXES = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "text", ".text": "text", ".md": "markdown",
    ".markdown": "markdown", ".docx": "docx", ".pdf": "pdf",
}  # fmt: skip
MAX_BYTES = 20_000_000
_CHARSET = re.compile(rb"""(?i)<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""")


def read(path: Path) -> Article:
    """The article of a file. Raises :class:`Refused`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"the file has {path.stat().st_size // 1_000_000} MB, which is too large"
            raise Refused("import-size", message, f"{MAX_BYTES // 1_000_000} MB is the most; give the article alone")
        return article(path.read_bytes(), path.suffix.lower(), path.name)
    except OSError as error:
        raise Refused("import-missing", f"the file cannot be read ({error.strerror})", "look at its name") from None


def article(data: bytes, suffix: str, name: str) -> Article:
    """The article of bytes whose kind a suffix says. Raises :class:`Refused`."""
    kind = SUFFIXES.get(suffix)
    if kind is None:
        known = ", ".join(SUFFIXES)
        raise Refused("import-kind", f"files of the kind '{suffix or 'without suffix'}' are not read", f"use {known}")
    if not data.strip():
        raise Refused("import-empty", "the file is empty", "give a file with text")
    if kind == "docx":
        return word.read(data, name)
    if kind == "pdf":
        return pdf.read(data, name)
    text = decode(data)
    if not text.strip():
        raise Refused("import-empty", "the file is empty: it holds nothing but spaces", "give a file with text")
    reader = {"html": html.read, "markdown": markdown.read, "text": plain.read}[kind]
    try:
        return reader(text, name)
    except RecursionError:
        raise Refused("import-deep", "the text is nested beyond reading", "make it flatter") from None


def decode(data: bytes) -> str:
    """Bytes as text: a byte-order mark, then UTF-8, then what the page says it is, then Windows' Western letters."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return _unix(data.decode(encoding).lstrip("\ufeff"))
            except UnicodeDecodeError as error:
                raise _broken(error) from None
    if b"\0" in data:
        raise Refused("import-binary", "the file holds NUL bytes: it is binary, no text", "save the article as text")
    try:
        return _unix(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise _broken(error) from None
    said = _CHARSET.search(data[:4096])
    try:
        encoding = codecs.lookup(said[1].decode()).name if said else "cp1252"
    except LookupError:
        encoding = "cp1252"
    if encoding in ("utf-8", "iso8859-1", "ascii"):
        encoding = "cp1252"
    try:
        return _unix(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise _broken(error) from None


def _broken(error: UnicodeDecodeError) -> Refused:
    message = f"the text is not {error.encoding.upper()} from byte {error.start} on; it may be cut off"
    return Refused("import-encoding", message.replace(";", ","), "save it whole, as UTF-8")


def _unix(text: str) -> str:
    if "\0" in text:
        raise Refused(
            "import-binary", "the file holds NUL characters: it is binary, no text", "save the article as text"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
