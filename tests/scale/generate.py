"""``python -m tests.scale.generate FOLDER --pages N``: N pages in the real kinds, the same for the same N and seed.

One page in three is an entry, the rest are topics in folders of about the square root of their number; each topic
cites four sources, links three pages, names four entries. Texts are made of the words below among made-up ones, not of
real facts. Words are as frequent, and pages as unlike in length, as in natural text: of a few words alone every page
would hold every one, and an index of them would have no natural size, neither ours nor the one it is held against.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import random
from pathlib import Path

from kb.views import GENERATED
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


def generate(root: Path, pages: int, seed: int = 1) -> Path:
    """Write a checkout with about ``pages`` pages (indexes come on top) below ``root``."""
    chance = random.Random(seed)
    entries = [f"body-{number}" for number in range(max(2, pages // 3))]
    topics = pages - len(entries)
    per_folder = max(4, int(topics**0.5))
    docnames = [f"field-{number // per_folder}/page-{number}" for number in range(topics)]
    sources = [f"paper-{number}" for number in range(max(6, pages // 2))]
    folders = sorted({name.partition("/")[0] for name in docnames})
    files: dict[str, str] = {
        "site.toml": 'key_figures = ["count-0/b"]\n' + sample.SITE,
        "conf.py": sample.CONF,
        "docs/index.md": _index("Home", "Where to start."),
        "docs/glossary/index.md": _index("Glossary", "Names."),
        "docs/sources/index.md": _index("Sources", "Publishers."),
    }
    for start in range(0, len(sources), PER_FILE):
        text = "".join(_source(chance, key) for key in sources[start : start + PER_FILE])
        files[f"docs/sources/all{f'-{start}' if start else ''}.yaml"] = text
    for folder in folders:
        files[f"docs/{folder}/index.md"] = _index(f"Field {folder[6:]}", f"About {folder}.")
    cited: set[str] = set()
    indicators = [f"count-{number}" for number in range(max(1, pages // 10))]
    files["docs/about/index.md"] = _index("About", "How it is made.")
    for listed in GENERATED:
        files[f"docs/about/{listed}.md"] = _index(f"List {listed}", "A list.") + f"\n:::{{generated}} {listed}\n:::\n"
    files["docs/corrections.yaml"] = CORRECTION.format(page=docnames[0], was="12.", now="13.")
    files["docs/indicators/index.md"] = _index("Figures", "Figures as data.")
    for number, slug in enumerate(indicators):
        files[f"docs/indicators/{slug}.md"] = _indicator(chance, number, sources)
    for number, docname in enumerate(docnames):
        keys = [sources[(number + step) % len(sources)] for step in range(4)]
        cited |= set(keys)
        linked = [docnames[(number + step) % topics] for step in (1, 2, 7)]
        named = [entries[(number + step) % len(entries)] for step in range(4)]
        quoted = indicators[number % len(indicators)]
        files[f"docs/{docname}.md"] = _topic(chance, number, keys, linked, named, quoted)
    spare = [key for key in sources if key not in cited] or sources[:1]
    for number, entry in enumerate(entries):
        keys = spare if number == 0 else [sources[number % len(sources)]]
        files[f"docs/glossary/{entry}.md"] = _entry(chance, number, keys)
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def name(number: int) -> str:
    """The name of the n-th entry."""
    return f"{WORDS[number % len(WORDS)].title()} Board {number}"


def _prose(chance: random.Random, count: int) -> str:
    words, sums = vocabulary()
    return " ".join(chance.choices(words, cum_weights=sums, k=count)).capitalize() + "."


def _index(title: str, description: str) -> str:
    return f"---\ndescription: {description}\n---\n# {title}\n\n{description}\n"


def _source(chance: random.Random, key: str) -> str:
    return (
        f'- id: {key}\n  type: report\n  title: "{_prose(chance, 6)}"\n  publisher: {name(chance.randrange(9))}\n'
        f'  issued: "20{chance.randrange(10, 26)}"\n  URL: https://papers.example.org/{key}\n  language: en\n'
        '  custom:\n    kind: data\n    read: {date: "2026-01-05", from: live}\n'
    )


def _indicator(chance: random.Random, number: int, sources: list[str]) -> str:
    rows = "".join(
        f'  - {{series: {series}, period: "{year}", value: "{chance.randrange(10, 99)}.{series == "b":d}", '
        f'source: {sources[(number + year) % len(sources)]}, quote: "{_prose(chance, 4)}"}}\n'
        for series in "ab"
        for year in range(2019, 2024)
    )
    preferred = "".join(f'  - {{period: "{year}", series: a, reason: It is older}}\n' for year in range(2019, 2024))
    return (
        f"---\ndescription: {_prose(chance, 8)}\nunit: subsidies\nscale: million\nfrequency: calendar\n"
        f'concept: subsidies\nas_of: "2025-01-01"\nseries:\n'
        "  - {id: a, publisher: Office, definition: All of them, default: true}\n"
        "  - {id: b, publisher: Board, definition: Most of them}\n"
        f"observations:\n{rows}preferred:\n{preferred}---\n# Count {number}\n\n{_prose(chance, 20)}\n"
    )


def _topic(
    chance: random.Random, number: int, keys: list[str], linked: list[str], named: list[str], quoted: str
) -> str:
    links = " ".join(f"See [{_prose(chance, 2)[:-1]}](../{docname}.md)." for docname in linked)
    names = ", ".join(name(int(entry.partition("-")[2])) for entry in named)
    length = 30 + number * 37 % 61  # words
    sections = "".join(
        f"\n## Part {part} of {number}\n\n{_prose(chance, length)} {{cite}}`{key}`\n\n"
        f"{_prose(chance, length * 2 // 3)} {{cite}}`{key}`\n"
        for part, key in enumerate(keys)
    )
    sections += (
        f"\n## Figures of {number}\n\nThey were {{indicator}}`{quoted}` and {{indicator}}`{quoted}/b@2020..2022`.\n"
    )
    if number % 5 == 0:
        sections += f"\n:::{{chart}} {quoted}\n:::\n"
    return (
        f"---\ndescription: {_prose(chance, 8)}\nquestion: {_prose(chance, 6)[:-1]}?\n"
        f"answer: {_prose(chance, 20)} {{cite}}`{keys[0]}`\nprimary: [{keys[0]}]\n"
        f'as_of: "2025-0{1 + number % 9}-01"\n---\n# Page {number} on {chance.choice(WORDS)}\n\n'
        f"{_prose(chance, 30)} {names}. {{cite}}`{'; '.join(keys)}` {links}\n{sections}"
    )


def _entry(chance: random.Random, number: int, keys: list[str]) -> str:
    return (
        f"---\ndescription: {_prose(chance, 8)}\nacronym: B{number}X\nentry_kind: agency\nstatus: active\n"
        f'as_of: "2025-01-01"\nevents:\n  - {{date: "2020", kind: launched, what: "{_prose(chance, 5)}", '
        f'source: {keys[0]}, quote: "{_prose(chance, 5)}"}}\n---\n# {name(number)}\n\n'
        f"{_prose(chance, 10 + number * 37 % 41)} {{cite}}`{'; '.join(keys)}`\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Generate a knowledge base.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args()
    generate(options.folder, options.pages)
