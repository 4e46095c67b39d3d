"""The importer's test articles: reads the truth beside them and writes each article in its real form (README.md)."""

from __future__ import annotations

import random
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import yaml

from tests.importer import pdf, word

ARTICLES = Path(__file__).parent / "articles"
CHAPTERS = 120
WORDS = 1000  # a chapter
NESTED = 5000

Truth = dict[str, Any]


def truths() -> list[Truth]:
    """The truth of every article, by file name."""
    rows = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*.yaml"))]
    for row in rows:
        if row.get("damage") == "long":
            row["headings"] = [chapter_title(number) for number in range(1, CHAPTERS + 1)]
    return rows


def source(name: str) -> str:
    """The text behind a file of the set; nothing for files that are wholly made."""
    plain = ARTICLES / name
    markup = plain.with_name(f"{name}.md")
    return next((path.read_text("utf-8") for path in (plain, markup) if path.exists()), "")


def make(folder: Path) -> list[Path]:
    """Write every article into a folder; the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for truth in truths():
        for name in (truth["file"], *truth.get("follows", ())):
            path = folder / name
            path.write_bytes(content(name, truth))
            made.append(path)
    return made


def content(name: str, truth: Truth) -> bytes:
    """The bytes of one file."""
    text = source(name)
    damage = truth.get("damage")
    if damage in MADE:
        return MADE[damage](text)
    if name.endswith(".docx"):
        return word.document(text, truth)
    if name.endswith(".pdf"):
        return pdf.document(text, truth)
    return text.encode(truth.get("encoding", "utf-8"))


# Long and hostile files


def chapter_title(number: int) -> str:
    subjects = ("exports", "cables", "wallets", "phones", "skills", "zones", "founders", "attacks")
    return f"Chapter {number}: on {subjects[number % len(subjects)]}"


def long_text(text: str) -> bytes:
    """A report of 120,000 words."""
    dice = random.Random(13)
    who = "clerks engineers teachers founders bankers inspectors riders farmers students nurses".split()
    does = "count repair sell question trust measure copy forget describe rent".split()
    what = "networks phones wallets cables licences servers parcels courses contracts masts".split()
    where = "in Lahore; near Quetta; behind the station; at the till; under the roof; along the canal".split("; ")
    parts = [text.strip()]
    for number in range(1, CHAPTERS + 1):
        parts.append(chapter_title(number))
        words = 0
        while words < WORDS:
            sentences = []
            for _ in range(dice.randint(4, 9)):
                picks = (dice.choice(who).capitalize(), dice.choice(does), dice.choice(what), dice.choice(where))
                sentences.append("{} {} {} {}, and {} {} them too.".format(*picks, dice.choice(who), dice.choice(does)))
            parts.append(" ".join(sentences))
            words += len(parts[-1].split())
    return ("\n\n".join(parts) + "\n").encode()


def nested(text: str) -> bytes:
    before, article, after = text.partition("<article>")
    inside, end, rest = after.partition("</article>")
    return (before + "<div>" * NESTED + article + inside + end + "</div>" * NESTED + rest).encode()


def png(_: str) -> bytes:
    """A grey square of one point."""
    chunks = ((b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


MADE = {
    "empty": lambda text: b"",
    "blank": lambda text: b" \n\t\n\xef\xbb\xbf \n",
    "nul": lambda text: text.replace("\n\n", "\n\n\0\0\0", 1).encode(),
    "cut": lambda text: text.strip().encode()[:-1],
    "long": long_text,
    "nested": nested,
    "picture": png,
    "bomb": word.bomb,
    "torn": lambda text: word.document(text, {})[:900],
    "scan": pdf.scan,
    "locked": pdf.locked,
}

if __name__ == "__main__":
    make(Path(sys.argv[1]))
