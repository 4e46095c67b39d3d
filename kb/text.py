"""Bytes become text, text becomes words, headings become anchors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from kb.finding import Finding

WORD = re.compile(r"\w+")
_JOINERS = "\u200c\u200d"  # spelling in Urdu and Persian, where they stand between letters
_SELECTORS = "\ufe00-\ufe0f"  # choose between two pictures of one sign; a run of them can carry a hidden text
_NO_CHARACTERS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    f"\ue000-\uf8ff\U000f0000-\U0010ffff{_NO_CHARACTERS}"
)
INVISIBLE = re.compile(f"[{_UNSEEN}{_SELECTORS}]")
_CONTROL = re.compile(f"[{_UNSEEN}]|(?<=[{_SELECTORS}])[{_SELECTORS}]")
_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_MARKS = re.compile(_MARK.pattern + "{4,}")
MAX_LINE = 5_000
MAX_LINES = 10_000


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
    return text, control_characters(text, path)


def control_characters(text: str, path: str) -> list[Finding]:
    """The first ten invisible characters."""
    findings: list[Finding] = []
    distinct = "".join(set(text))  # a few dozen: most pages are clean, and that is seen here
    if not _CONTROL.search(distinct) and not INVISIBLE.search(distinct) and not _MARK.search(distinct):
        return []
    for match in _CONTROL.finditer(text):
        character, at = match[0], match.start()
        if character in _JOINERS and _joins(text, at):
            continue
        name = f"U+{ord(character):04X}"
        message = f"invisible character {name}"
        place = _line(text, at), "text-control", message, "delete it", _column(text, at)
        findings.append(Finding(path, *place, fix=(character, "")))
        if len(findings) == 10:
            break
    for match in _MARKS.finditer(text):
        at = match.start()
        message = f"{len(match[0])} accents on one letter"
        findings.append(Finding(path, _line(text, at), "text-control", message, "keep one or two", _column(text, at)))
        break
    return findings


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands where spelling or an emoji needs it: after a letter or sign that is not ASCII."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before or before.isascii() or not after or after.isascii():
        return False
    letters = unicodedata.category(before)[0] in "LM" and unicodedata.category(after)[0] in "LM"
    latin = unicodedata.name(before, "").startswith("LATIN")
    picture = text[at] == "\u200d" and unicodedata.category(before) in ("So", "Sk", "Mn")
    return (letters and not latin) or (picture and unicodedata.category(after) == "So")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)


def too_long(text: str, path: str) -> list[Finding]:
    """The line, or the number of lines, that no person wrote; judged before any parser sees them."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        message = f"the file has {len(lines)} lines"
        return [Finding(path, MAX_LINES, "file-size", message, f"split it; {MAX_LINES} lines is the most")]
    if max(map(len, lines)) > MAX_LINE:
        number = next(n for n, line in enumerate(lines, 1) if len(line) > MAX_LINE)
        message = f"the line has {len(lines[number - 1])} characters"
        return [Finding(path, number, "file-size", message, f"break it; {MAX_LINE} is the most")]
    return []


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


def runs(script: str) -> re.Pattern[str]:
    """Words of a script, by the name with which Unicode's names of its letters begin, with what stands between them.

    Numbers and acronyms do; a word in small Latin letters ends the run.
    """
    start = f"{script.upper()} "
    letters = [code for code in range(0x80, 0x10000) if unicodedata.name(chr(code), "").startswith(start)]
    if not letters:
        return re.compile(r"(?!)")
    ranges: list[list[int]] = []
    for code in letters:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    own = "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)
    between = r" A-Z\d\u200c\u200d.,:;()!?%/'\u2013\u2018-\u201d-"
    return re.compile(f"[{own}](?:[{own}{between}]*[{own}])?")
