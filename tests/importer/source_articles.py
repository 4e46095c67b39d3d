"""``python -m tests.importer.source_articles FOLDER``: the two source articles beside their hand-made records."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from pathlib import Path

from kb import model
from kb.importer import examine
from kb.importer.article import Sentence, squeeze
from kb.importer.place import Places

ROOT = Path(__file__).parents[2]
ARTICLES = ("growth-of-it-sector", "latest-tech-news")
FURNITURE = ("Posted in", "Leave a Reply", "Your email address", "Required fields", "Back to Top", "Title:")
SAME_PLACE = 1.5  # what it counts that the record puts a claim on a page of the sentence's section
NEXT = 1.0  # what it counts that a sentence is the one after that of the claim before
FURTHER = 0.4  # what each sentence costs that is passed over
READ = {  # first words of a sentence: claims whose sentence was found by reading, where the likest one was another
    "growth-of-it-sector": {
        "Moreover, Pakistan’s diaspora": (8,),
        "Buoyed by": (27, 28, 29),
        "Platforms like": (34, 35, 36, 37),
        "These include": (49, 50),
        "With the right mix": (54,),
    },
    "latest-tech-news": {
        "Moreover, the adoption": (36,),
        "AI-powered solutions": (38, 39, 41),
        "Local startups": (42,),
        "Pakistan’s startup ecosystem": (44,),
        "The availability of funding": (48, 49),
        "Pakistan faces cybersecurity": (53, 54),
        "However, the government": (55,),
        "However, it has": (73, 74),
        "In Pakistan, the tech sector": (75, 76),
        "This experience": (78,),
    },
}


def words(places: Places, text: str) -> set[str]:
    """The content words and figures of a text."""
    return {*places.words(text), *re.findall(r"\d[\d,.]*\d|\d", text)}


def aligned(
    claims: list[model.Claim], sentences: list[Sentence], pages: set[tuple[str, str]], places: Places
) -> list[int]:
    """For each claim the number of its sentence: the likest ones in the article's order, which the record keeps."""
    told = [words(places, claim.claim) for claim in claims]
    said = [words(places, sentence.text) for sentence in sentences]
    seen = Counter(word for some in [*told, *said] for word in some)

    def like(row: int, at: int) -> float:
        shared = sum(math.log(len(seen) / seen[word]) for word in told[row] & said[at]) / 2
        return shared + SAME_PLACE * ((sentences[at].section, claims[row].page or "") in pages)

    def step(before: int, at: int) -> float:
        return 0.0 if at == before else NEXT - FURTHER * (at - before - 1)

    best = [like(0, at) - FURTHER * at for at in range(len(said))]
    came: list[list[int]] = []
    for row in range(1, len(claims)):
        before = [max(range(at + 1), key=lambda k: best[k] + step(k, at)) for at in range(len(said))]
        best = [best[k] + step(k, at) + like(row, at) for at, k in enumerate(before)]
        came.append(before)
    at = max(range(len(said)), key=best.__getitem__)
    path = [at]
    for before in reversed(came):
        path.append(at := before[at])
    return path[::-1]


def measure(name: str, path: Path, base: examine.Base) -> None:
    """Print what the importer makes of one article, beside its record."""
    found = examine.examine(examine.load(path), base)
    record = base.corpus.pages[f"articles/{name}"].record
    assert isinstance(record, model.Article)
    pages = {(row.heading, row.page) for row in record.sections}
    headings = list(dict.fromkeys(row.heading for row in record.sections))
    got = [block.text for block in found.article.headings]
    print(f"\n# {name}: {found.article.title}")
    print(f"headings {len(set(got) & set(headings))}/{len(headings)}, wrong {sorted(set(got) - set(headings))}")
    print(f"furniture left {[line for line in FURNITURE if line in found.article.text]}")
    kept = squeeze(found.article.text)
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip() and squeeze(line) not in kept]
    print(f"lines left out {lines}")
    right: Counter[str] = Counter()
    for section in found.sections:
        want = {page for heading, page in pages if heading == section.heading}
        given = [page.where for page in section.pages]
        topic = section.topic in {page.partition("/")[0] for page in want}
        if want:
            first, some = given[:1] and given[0] in want, want & set(given)
            right.update(sections=1, topic=topic, first=bool(first), any=bool(some))
            print(f"section {section.heading}: topic {topic}, first {bool(first)}, any {bool(some)}: {given}")
    print(f"places {dict(right)}")
    linked = [link.entry for link in found.links], [link.page for link in found.page_links]
    print(f"linked {linked[0]}, pages {linked[1]}, proposed {[new.name for new in found.new_names]}")
    listed = {row.text: row.kind for row in [*found.statements, *found.claims]}
    sentences = list(found.article.sentences())
    claims = list(record.claims)
    print(f"sentences {len(sentences)}: {dict(Counter(listed.get(row.text, 'not listed') for row in sentences))}")
    path_of = aligned(claims, sentences, pages, base.places)
    read = {number: first for first, numbers in READ[name].items() for number in numbers}
    for number, first in read.items():
        path_of[number] = next((at for at, row in enumerate(sentences) if row.text.startswith(first)), -1)
    kinds: Counter[str] = Counter()
    for number, (claim, at) in enumerate(zip(claims, path_of, strict=True)):
        text = sentences[at].text if at >= 0 else ""
        kind = listed.get(text, "missed")
        kinds[kind] += 1
        shared = sorted(words(base.places, claim.claim) & words(base.places, text))
        how = "read" if number in read else ", ".join(shared) or "by place"
        print(f"{number:3} {kind} ({how}): {claim.claim} <- {at} {text}")
    print(f"claims {len(claims)}: found {1 - kinds['missed'] / len(claims):.1%} {dict(kinds)}")
    print(f"on the list of claims {len(found.claims)}, of statements {len(found.statements)}")
    print(f"sentences without a hand-made claim {sorted(set(range(len(sentences))) - set(path_of))}")


def main() -> int:
    """Entry point."""
    base = examine.Base(ROOT)
    for name in ARTICLES:
        measure(name, Path(sys.argv[1]) / f"{name}.txt", base)
    return 0


if __name__ == "__main__":
    sys.exit(main())
