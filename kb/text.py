"""Bytes become text, text becomes words, headings become anchors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from kb.finding import Finding

WORD = re.compile(r"\w+")
_JOINERS = "\u200c\u200d"  # spelling in Urdu and Persian, where they stand between letters
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)


def decode(data: bytes, path: str) -> tuple[str, list[Finding]]:
    """Text of a file, with unix line ends, and what is wrong with its characters.

    A byte-order mark at the start is dropped. Text that is not UTF-8 comes back empty, with one finding.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8"
        return "", [Finding(path, line, "text-encoding", message, "save the file as UTF-8")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, _control_characters(text, path)


def _control_characters(text: str, path: str) -> list[Finding]:
    findings: list[Finding] = []
    for match in _CONTROL.finditer(text):
        character, at = match[0], match.start()
        between_letters = text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
        if character in _JOINERS and between_letters and not text[at - 1].isascii():
            continue
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        name = f"U+{ord(character):04X}"
        findings.append(Finding(path, line, "text-control", f"invisible character {name}", "delete it", column))
        if len(findings) == 10:
            break
    return findings


def fold(text: str, letters: Mapping[str, str] | None = None) -> str:
    """The form in which two spellings of one name are equal: NFKC, lower case, no marks, letter variants unified.

    ``letters`` maps a character to the one it is read as (``site.toml``, ``[search] letters``).
    """
    text = unicodedata.normalize("NFKC", text)
    if letters:
        text = text.translate({ord(key): value for key, value in letters.items()})
    marks = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in marks if not unicodedata.combining(c)))


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub and MyST make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def words(text: str) -> set[str]:
    """The distinct words of a text, in the case in which they stand."""
    return set(WORD.findall(text))
