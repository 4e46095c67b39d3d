"""The real pages as a whole: nobody is left at a dead end, and no two pages say the same in the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kb import check, frontmatter, model, views
from kb.corpus import Corpus, mentioned, names_of

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def loaded() -> Corpus:
    corpus, _ = check.check(ROOT)
    assert corpus
    return corpus


def test_no_page_is_a_dead_end(loaded: Corpus) -> None:
    """Each topic and entry leads on: by links, or by names that link by themselves."""
    ends = []
    shown = views.Views(loaded)
    for docname, page in loaded.pages.items():
        if isinstance(page.record, model.Topic | model.Entry):
            onward = {found[0] for use in page.links if (found := page.target(use.target))} - {docname}
            onward |= {f"glossary/{entry}" for entry in mentioned(loaded, page)}
            onward |= set(shown.page_targets(page))
            onward |= {row.docname for row in shown.mentioned_on(page)}
            if not onward:
                ends.append(docname)
    assert ends == []


def shingles(text: str, names: re.Pattern[str]) -> set[tuple[str, ...]]:
    """Runs of five words, names and figures left out."""
    plain = re.sub(r"\{\w+\}`[^`]*`|\]\([^)]*\)|[\d.,%$]+", " ", names.sub(" ", text))
    words = re.findall(r"[a-z']+", plain.lower())
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def test_no_page_repeats_another(loaded: Corpus) -> None:
    """At most a fifth of a page's runs of five words stand on another page."""
    known = sorted({name for entry in loaded.entries.values() for name in names_of(entry)}, key=len, reverse=True)
    names = re.compile("|".join(map(re.escape, known)))
    found: dict[str, set[tuple[str, ...]]] = {}
    for docname, page in loaded.pages.items():
        if isinstance(page.record, model.Topic | model.Entry):
            _, body, _ = frontmatter.split((ROOT / page.path).read_text("utf-8"), page.path)
            runs = shingles(body, names)
            if len(runs) >= 20:
                found[docname] = runs
    places: dict[tuple[str, ...], list[str]] = {}
    for docname, runs in found.items():
        for run in runs:
            places.setdefault(run, []).append(docname)
    shared: dict[tuple[str, str], int] = {}
    for pages in places.values():
        for one in pages:
            for other in pages:
                if one != other:
                    shared[one, other] = shared.get((one, other), 0) + 1
    alike = {pair: round(count / len(found[pair[0]]), 2) for pair, count in shared.items()}
    assert {pair: share for pair, share in alike.items() if share > 0.2} == {}


def bare(name: str) -> str:
    """A name as it is compared: lower case, without "The", "A" or "Draft" before it and a year behind it."""
    return re.sub(r"^(?:the|an?|draft) |,? \d{4}$", "", name.lower())


def bodies_in(found: str) -> list[str]:
    """The names in a run of capitalised words such as "First the X Board" or "X Council and the Y Authority"."""
    *before, last = re.split(r"(?: (?:and|of|for|in|on))?\b ?[Tt]he ", f" {found}")
    ends = r"(?:Act|Policy|Authority|Fund|Board|Council|Bill|Rules|Commission|Ordinance|Regulations)(?:,? \d{4})?$"
    return [part.strip() for part in (*(part for part in before if re.search(ends, part)), last)]


def test_every_named_body_and_law_has_an_entry(loaded: Corpus) -> None:
    """Names like "… Act", "… Board" and "… Policy" have an entry or a reason in names.yaml, which holds no others."""
    known = {bare(name) for name in loaded.names}
    excused = {bare(name) for name in yaml.safe_load((ROOT / "tests/names.yaml").read_text("utf-8"))}
    wanting: dict[str, str] = {}
    used = set()
    for docname, page in loaded.pages.items():
        if isinstance(page.record, model.Topic | model.Entry):
            for found in page.bodies:
                for name in bodies_in(found) if bare(found) not in known else ():
                    if bare(name) in excused:
                        used.add(bare(name))
                    elif bare(name) not in known:
                        wanting.setdefault(name, docname)
    assert wanting == {}, "add an entry, or the name with a reason to tests/names.yaml"
    assert excused - used == set(), "take what is on no page, or has an entry, out of tests/names.yaml"


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ("The Right to Data Act, 2016", ["Right to Data Act, 2016"]),
        ("First the Space Board", ["Space Board"]),
        ("Film Council and the Film Authority", ["Film Council", "Film Authority"]),
        ("Seed Fund of the Film Commission", ["Seed Fund", "Film Commission"]),
    ],
)
def test_glued_names_are_taken_apart(found: str, names: list[str]) -> None:
    assert bodies_in(found) == names
