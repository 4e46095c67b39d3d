"""``python -m tests.importer.crowd FOLDER COUNT``: any number of articles, mixed from the set's own sentences."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

from tests.importer import make

SECTIONS = 3
SENTENCES = 5


def crowd(folder: Path, count: int) -> None:
    """Write so many articles, every tenth of them twice; the same ones every time."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = [truth for truth in make.truths() if truth.get("claims") and truth.get("headings")]
    for number in range(count):
        dice = random.Random(number - number % 10 if number % 10 == 1 else number)
        picked = [dice.choice(truths) for _ in range(SECTIONS)]
        lines = [
            f"Report {dice.randrange(10**6)} on {picked[0]['headings'][0].lower()}",
            "",
            f"{1 + number % 28} May 2026",
            "",
        ]
        for truth in picked:
            said = [claim["text"] for claim in truth["claims"]] + truth.get("keep", []) + truth.get("not_claims", [])
            body = " ".join(dice.choice(said) for _ in range(SENTENCES))
            body = re.sub(r"\b\d{2}\b(?![\d,.])", str(dice.randrange(10, 99)), body)
            lines += [dice.choice(truth["headings"]), "", body, ""]
        (folder / f"{number:05}.txt").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    crowd(Path(sys.argv[1]), int(sys.argv[2]))
