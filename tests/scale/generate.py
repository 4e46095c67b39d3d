"""``python -m tests.scale.generate FOLDER --pages N``: N pages in the real kinds, the same for the same N and seed.

Of a hundred pages 45 are topics in folders of about the square root of their number, 40 entries, 14 indicators, one an
article; indexes come on top. Lengths and references are near the medians of the site's own pages: a topic has about 850
words, 40 citations of 24 sources, four links, two figures; an entry 200 words and three events; an indicator ten
observations; an article 70 claims. Texts are made of the words below among made-up ones, not of real facts. Words are
as frequent, and pages as unlike in length, as in natural text: of a few words alone every page would hold every one,
and an index of them would have no natural size, neither ours nor the one it is held against.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import random
import re
from pathlib import Path

from kb.markup import GENERATED
from tests import sample

WORDS = (
    "network cable tower fibre licence regulator operator rural subsidy project school clinic market payment wallet "
    "merchant bank account import phone assembly tax levy court order bill act fund board auction band spectrum lease "
    "landing station exchange traffic price speed outage repair survey household district province city valley road "
    "office worker graduate course exam teacher grant loan tender contract vendor audit report quarter month share"
).split()

PER_FILE = 500  # sources; longer files are refused
FIRST, STEP = 100, 12  # the ranks at which the words stand, the most frequent word being of rank 0
RANKS = 50_000
BEND = 1_000  # a word's frequency falls as 1/rank up to here, then as 1/rank² (Ferrer i Cancho and Solé 2001)
_ONSETS = (
    "b c d f g h j k l m n p r s t v w br ch cl cr dr fl fr gl gr pl pr sc sh sl sp st str th tr a e i o u".split()
)
_RHYMES = (
    "a e i o u an ar as at el en er es et il in ir is it ol on or os ot un ur us ai ea ou".split()  # typos: ignore
)


@functools.cache
def vocabulary() -> tuple[list[str], list[float]]:
    """(the words by rank, the sums of their frequencies up to each)."""
    chance = random.Random(0)
    made = dict.fromkeys(WORDS)
    while len(made) < RANKS:
        syllables = 1 + (len(made) > 2 * FIRST) + (len(made) > 10 * BEND)
        word = "".join(chance.choice(_ONSETS) + chance.choice(_RHYMES) for _ in range(syllables))
        made.setdefault(word)
    words = list(made)[len(WORDS) :]
    for number, word in enumerate(WORDS):
        words.insert(FIRST + STEP * number, word)
    frequencies = (1 / (rank + 3) if rank < BEND else BEND / (rank + 3) ** 2 for rank in range(RANKS))
    return words, list(itertools.accumulate(frequencies))


CORRECTION = '- {{date: "2026-01-05", page: {page}, was: "{was}", is: "{now}", why: "A slip."}}\n'
KINDS = ("Authority", "Board", "Act", "Fund", "Council", "Policy")
STEPS = ("announced", "launched", "milestone")  # an entry's events
CITED = 24  # sources of a topic
CLAIMS, SECTIONS, SHINGLES = 70, 20, 40  # of an article
_NAMES = 3_000  # rank of the first word that stands in names of entries; of titles, that much later again


def generate(root: Path, pages: int, seed: int = 1) -> Path:
    """Write a checkout with about ``pages`` pages (indexes come on top) below ``root``."""
    chance = random.Random(seed)
    entries = max(2, pages * 40 // 100)
    indicators, articles = max(1, pages * 14 // 100), max(1, pages // 100)
    topics = max(4, pages - entries - indicators - articles)
    per_folder = max(4, int(topics**0.5))
    docnames = [f"field-{number // per_folder}/page-{number}" for number in range(topics)]
    sources = [f"paper-{number}" for number in range(max(CITED, pages * 3))]
    files: dict[str, str] = {
        "site.toml": 'key_figures = ["count-0/b"]\n' + sample.SITE,
        "conf.py": sample.CONF,
        "docs/corrections.yaml": CORRECTION.format(page=docnames[0], was="12.", now="13."),
    }
    for folder in ("", "glossary", "sources", "about", "indicators", "articles"):
        title = folder.capitalize() or "Home"
        files[f"docs/{folder}/index.md"] = _index(title, f"{title}, and what is there.")
    for folder in dict.fromkeys(name.partition("/")[0] for name in docnames):
        files[f"docs/{folder}/index.md"] = _index(f"Field {folder[6:]}", f"About {folder}.")
    for listed in GENERATED:
        files[f"docs/about/{listed}.md"] = _index(f"List {listed}", "A list.") + f"\n:::{{generated}} {listed}\n:::\n"
    for start in range(0, len(sources), PER_FILE):
        text = "".join(_source(chance, key) for key in sources[start : start + PER_FILE])
        files[f"docs/sources/all{f'-{start}' if start else ''}.yaml"] = text
    given = itertools.cycle(sources)

    def some(count: int) -> list[str]:
        """Sources, all of them in turn and some again, so that each is cited and some often."""
        return [next(given) if chance.random() < 0.4 else chance.choice(sources) for _ in range(count)]

    for number in range(indicators):
        files[f"docs/indicators/count-{number}.md"] = _indicator(chance, number, some(6))
    for number, docname in enumerate(docnames):
        linked = [docnames[(number + step) % topics] for step in (1, 2, 7, chance.randrange(topics))]
        named = [chance.randrange(entries) for _ in range(6)]
        quoted = f"count-{number % indicators}"
        files[f"docs/{docname}.md"] = _topic(chance, number, some(CITED), linked, named, quoted)
    for number in range(entries):
        files[f"docs/glossary/body-{number}.md"] = _entry(chance, number, some(4), chance.randrange(entries))
    for number in range(articles):
        files[f"docs/articles/told-{number}.md"] = _article(chance, number, some(CLAIMS), docnames)
    cited = set(re.findall(r"\bpaper-\d+", " ".join(text for name, text in files.items() if name.endswith(".md"))))
    rest = [key for key in sources if key not in cited]
    for number, start in enumerate(range(0, len(rest), CITED)):
        text = "".join(f"{_sentence(chance, 6)} {{cite}}`{key}`\n\n" for key in rest[start : start + CITED])
        files[f"docs/about/reading-{number}.md"] = _index(f"Reading {number}", "What else was read.") + f"\n{text}"
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def name(number: int) -> str:
    """The name of the n-th entry."""
    word = vocabulary()[0][_NAMES + number % _NAMES * 4].title()
    more = f" {vocabulary()[0][number].title()}" if number >= _NAMES else ""
    return f"{word}{more} {WORDS[number % len(WORDS)].title()} {KINDS[number % len(KINDS)]}"


def _prose(chance: random.Random, count: int) -> str:
    words, sums = vocabulary()
    return " ".join(chance.choices(words, cum_weights=sums, k=count)).capitalize()


def _sentence(chance: random.Random, count: int, figures: bool = False) -> str:
    """Words, some of them with a figure among them."""
    figure = f" {chance.randrange(2, 99)}.{chance.randrange(10)} percent in {chance.randrange(2015, 2026)}"
    return _prose(chance, count) + (figure if figures and chance.random() < 0.6 else "") + "."


def _index(title: str, description: str) -> str:
    return f"---\ndescription: {description}\n---\n# {title}\n\n{description}\n"


def _source(chance: random.Random, key: str) -> str:
    return (
        f'- id: {key}\n  type: report\n  title: "{_prose(chance, 8)}"\n  publisher: {name(chance.randrange(40))}\n'
        f'  issued: "20{chance.randrange(10, 26)}"\n  URL: https://papers.example.org/{key}\n  language: en\n'
        '  custom:\n    kind: data\n    read: {date: "2026-01-05", from: live}\n'
        f'    quotes: ["{_prose(chance, 12)}"]\n'
    )


def _indicator(chance: random.Random, number: int, sources: list[str]) -> str:
    rows = "".join(
        f'  - {{series: {series}, period: "{year}", value: "{chance.randrange(10, 99)}.{series == "b":d}", '
        f'source: {sources[year % len(sources)]}, quote: "{_prose(chance, 6)}"}}\n'
        for series in "ab"
        for year in range(2019, 2024)
    )
    preferred = "".join(f'  - {{period: "{year}", series: a, reason: It is older}}\n' for year in range(2019, 2024))
    return (
        f"---\ndescription: {_sentence(chance, 8)}\nunit: subsidies\nscale: million\nfrequency: calendar\n"
        f'concept: subsidies\nas_of: "2025-01-01"\nseries:\n'
        "  - {id: a, publisher: Office, definition: All of them, default: true}\n"
        "  - {id: b, publisher: Board, definition: Most of them}\n"
        f"observations:\n{rows}preferred:\n{preferred}---\n# {_title(number, 'Count of')}\n\n"
        + "".join(f"{_sentence(chance, 40, figures=True)} {{cite}}`{key}`\n\n" for key in sources[:3])
    )


def _title(number: int, about: str) -> str:
    """A title that no other page of its kind has; one in twenty has a digit."""
    words = vocabulary()[0]
    more = f" {words[200 + number % 97]}" if number >= _NAMES else ""
    return f"{about} {words[2 * _NAMES + number % _NAMES * 5]}{more}{' 2025' if number % 20 == 0 else ''}".capitalize()


def _topic(
    chance: random.Random, number: int, keys: list[str], linked: list[str], named: list[int], quoted: str
) -> str:
    length = 16 + number * 37 % 31  # words of a paragraph
    names = iter([name(entry) for entry in named])
    links = iter([f"See [{_prose(chance, 3)}](../{docname}.md)." for docname in linked])
    parts = []
    for part in range(7):
        first, second, third, other = keys[part * 3], keys[part * 3 + 1], keys[part * 3 + 2], chance.choice(keys)
        text = (
            f"{_prose(chance, length)} {next(names, 'board')} {_sentence(chance, 8, figures=True)} {{cite}}`{first}` "
            f"{_sentence(chance, length, figures=True)} {{cite}}`{second}` {next(links, '')}\n\n"
        )
        if part % 3 == 1:
            rows = "".join(
                f"| {_prose(chance, 3)} | {chance.randrange(99)} million | {_prose(chance, 4)} {{cite}}`{key}` |\n"
                for key in (first, second, third, other)
            )
            text += f"| Year | Number | Basis |\n|---|---|---|\n{rows}"
        elif part % 3 == 2:
            text += "".join(
                f"- {_sentence(chance, length // 2, figures=True)} {{cite}}`{key}`\n" for key in (first, third, other)
            )
        else:
            text += f"{_sentence(chance, 2 * length, figures=True)} {{cite}}`{third}; {other}`\n"
        parts.append(f"## {_prose(chance, 6)}\n\n{text}\n")
    chart = f":::{{chart}} {quoted}\n:::\n\n" if number % 5 < 3 else ""
    return (
        f"---\ndescription: {_sentence(chance, 14)}\nquestion: {_prose(chance, 8)}?\n"
        f"answer: {_sentence(chance, 30, figures=True)} {{cite}}`{keys[0]}; {keys[1]}`\n"
        f"primary: [{keys[0]}, {keys[21]}]\n"
        f'as_of: "2025-0{1 + number % 9}-01"\nsearch_terms: [{_prose(chance, 3)}, {_prose(chance, 2)}]\n---\n'
        f"# {_title(number, chance.choice(WORDS))}\n\n{_sentence(chance, 30)} {{cite}}`{'; '.join(keys[21:])}`\n\n"
        f"They were {{indicator}}`{quoted}` and {{indicator}}`{quoted}/b@2020..2022`.\n\n{chart}"
        f"{''.join(parts)}"
    )


def _entry(chance: random.Random, number: int, keys: list[str], lead: int) -> str:
    events = "".join(
        f'  - {{date: "20{20 + step}-0{1 + number % 9}", kind: {kind}, what: "{_prose(chance, 9)}", '
        f'source: {keys[step]}, quote: "{_prose(chance, 8)}"}}\n'
        for step, kind in enumerate(STEPS)
    )
    led = f"lead_body: body-{lead}\n" if lead < number and number % 3 else ""
    return (
        f"---\ndescription: {_sentence(chance, 12)}\nacronym: B{number}X\n"
        f"entry_kind: {('agency', 'programme', 'law', 'fund')[number % 4]}\n{led}status: active\n"
        f'as_of: "2025-01-01"\nevents:\n{events}---\n# {name(number)}\n\n'
        f"{_sentence(chance, 20 + number * 37 % 31, figures=True)} {{cite}}`{'; '.join(keys[:2])}` "
        f"It is led with {{term}}`{name(lead)}`.\n\n{_sentence(chance, 30, figures=True)} {{cite}}`{keys[3]}`\n"
    )


def _article(chance: random.Random, number: int, keys: list[str], docnames: list[str]) -> str:
    sections = "".join(
        f'  - {{heading: "{_prose(chance, 4)}", page: {chance.choice(docnames)}}}\n' for _ in range(SECTIONS)
    )
    verdicts = ("supported", "outdated", "imprecise", "unsupported")
    claims = "".join(
        f'  - claim: "{_sentence(chance, 14)}"\n    verdict: {chance.choice(verdicts)}\n'
        f"    evidence: {_sentence(chance, 24, figures=True)} {{cite}}`{key}`\n    page: {chance.choice(docnames)}\n"
        for key in keys
    )
    shingles = ", ".join(f'"{chance.randrange(16**10):010x}"' for _ in range(SHINGLES))
    return (
        f"---\ndescription: {_sentence(chance, 12)}\nsource: {keys[0]}\n"
        f'as_of: "2025-01-01"\nshingles: [{shingles}]\nsections:\n{sections}claims:\n{claims}---\n'
        f"# {_title(number, 'Told of')}\n\n{_sentence(chance, 40)}\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Generate a knowledge base.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args()
    generate(options.folder, options.pages)
