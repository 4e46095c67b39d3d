"""The query layer by itself, as a module in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from kb import corpus, model, text, wordlists
from tests import sample
from tests.scale.generate import generate

ROOT = Path(__file__).parents[2]
QUERY = ROOT / "kb/sphinx/static/query.js"
Run = Callable[[str, Any], Any]

SETTINGS = {
    "pages": 100, "keys": "a b c e l s sp st st-a w p_40_", "common": "lesotho",
    "letters": {"ي": "ی", "ك": "ک"}, "names": ["e commerce", "wi fi"], "stop": "kya hai کیا",
    "same": {"e commerce": "ecommerce", "wi fi": "wifi", "nilami": "auction", "نیلامی": "auction", "band": "closed",
             "ai band": "ai auction"},
    "related": ["jail prison"], "minor": "en_5",
    "sounds": {"س": "s", "ٹ": "t", "ر": "r", "ل": "l", "ن": "n", "ک": "k", "پ": "p", "ی": ""},
}  # fmt: skip
PAGES = [
    ["en_1", "glossary/starlink.html", "Starlink"],
    ["en_2", "mobile/spectrum.html", "Spectrum auction"],
    ["en_3", "glossary/lca.html", "Lesotho Communications Authority"],
]
LISTS = {
    "pages": PAGES,
    "names": [
        ["starlink", 0, 0], ["spectrum auction", 1, 0], ["lesotho communications authority", 2, 0], ["lca", 2, 0],
        ["who sells airwaves", 1, 1],
    ],
    "words": ["auction authority communications lesotho spectrum starlink", "exporter licence band where ai", "action water"],
}  # fmt: skip

SETUP = """
const Q = await import(where);
const table = Q.prepare(given.settings);
const lists = Q.merge([given.lists]);
const meant = (query, literal) => {
  const words = Q.tokens(Q.fold(query, table));
  return Q.understand(literal ? words : Q.translate(words, table, lists), table, lists, literal);
};
"""


@pytest.fixture(scope="module")
def run(browser: Browser, served: Any) -> Run:
    """Evaluates the body of a function over the query layer ``Q``, its ``table`` and ``lists``, and an argument."""
    given = {"settings": SETTINGS, "lists": LISTS}
    page = browser.new_page()
    page.goto(f"{served(QUERY.parent)}/icon.svg")

    def in_chromium(body: str, argument: Any) -> Any:
        code = f"async ([given, argument]) => {{ const where = '/query.js'; {SETUP}\n{body} }}"
        return page.evaluate(code, [given, argument])

    return in_chromium


@pytest.mark.browser
def test_texts_are_folded_as_the_lists_were(run: Run) -> None:
    texts = ["Café CRÈME", "كي", "ﬁne Ⅷ", "e\u0301 \u202eabc\u0000", "P@SHA", "  two\t words ", "نیلامی", "10 kB"]
    plain = [word.replace("\u202e", "").replace("\x00", "") for word in texts]
    expected = [" ".join(text.fold(word, SETTINGS["letters"]).split()) for word in plain]  # type: ignore[arg-type]
    assert run("return argument.map((text) => Q.fold(text, table))", texts) == expected


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "words", "changed"),
    [
        ("spectrum acution", ["spectrum", "auction"], True),  # a slip
        ("starlnik", ["starlink"], True),
        ("action", ["action"], False),  # known words stay, however rare
        ("exporters", ["exporters"], False),  # known by its stem
        ("2024 3.81 901,764", ["2024", "3.81", "901764"], False),  # numbers stay
        ("starlnk 5g", ["starlink", "5g"], True),
        ("what is the auction", ["auction"], False),  # stop words
        ("the", ["the"], False),  # nothing else is left
        ("lesotho auction", ["auction"], False),  # a word of every page tells nothing
        ("e-commerce", ["ecommerce"], False),  # a house name
        ("Wi-Fi auction", ["wifi", "auction"], False),
        ("nilami kya hai", ["auction"], True),  # another language
        ("نیلامی", ["auction"], True),
        ("band", ["band"], False),  # our word, as long as nothing says otherwise
        ("auction band kya", ["auction", "closed"], True),
        ("ai band kya", ["ai", "auction"], True),  # a phrase before its words
        ("سٹرلنک", ["starlink"], True),  # by its consonants
        ("starlikn actuion", ["starlink", "auction"], True),  # letters out of order
        ("lisense", ["licence"], True),  # as it is heard
        ("salinse", ["salinse"], False),  # too far
        ("wher", ["wher"], False),  # never to a word without meaning
        ("auct", ["auct"], False),  # the last word may be begun
        ("zzzz", ["zzzz"], False),
    ],
)
def test_what_was_meant(run: Run, query: str, words: list[str], changed: bool) -> None:
    found = run("const found = meant(argument); return [found.words.map((word) => word.text), found.changed]", query)
    assert found == [words, changed]


@pytest.mark.browser
def test_nothing_is_repaired_when_it_was_asked_as_typed(run: Run) -> None:
    code = "const found = meant(argument, true); return [found.shown, found.changed, found.words[0].unknown]"
    assert run(code, "starlnik") == ["starlnik", False, True]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("abcd", "abcd", 0), ("abdc", "abcd", 1), ("abc", "abcd", 1), ("xbcd", "abcd", 1), ("ab", "abcde", 3)],
)
def test_distance(run: Run, one: str, other: str, edits: int) -> None:
    assert run("return Q.distance(...argument)", [one, other]) == edits


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("LCA", ["Lesotho Communications Authority"]),
        ("starl", ["Starlink"]),
        ("starlnik", ["Starlink"]),
        ("starlink licence price", ["Starlink"]),
        ("who sells airwaves", ["Spectrum auction"]),
        ("nothing of it", []),
    ],
)
def test_names_are_found_at_once(run: Run, query: str, titles: list[str]) -> None:
    code = "return Q.named(Q.fold(argument, table), argument, lists, argument.split(' ')).map(({page}) => page.title)"
    assert run(code, query) == titles


FIND = """
const texts = argument.texts;
const engine = { search: async (query) => Object.entries(texts)
  .filter(([, text]) => (query.startsWith('"') ? text.split(" ").includes(query.slice(1, -1)) : query.split(" ").every((word) => text.includes(word))))
  .map(([id]) => ({ id, score: argument.score ?? 9 })) };
const out = await Q.find(argument.query, { engine, table, load: async () => given.lists, literal: argument.literal });
return out.rows.map((row) => row.id);
"""
TEXTS = {
    "en_1": "starlink licence",
    "en_2": "spectrum auction licence",
    "en_4": "spectrum of a rainbow",
    "en_5": "licence",
}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "first", "count"),
    [
        ("spectrum auction", "en_2", 2),
        ("starlink", "en_1", 1),
        ("the spectrum licence", "en_2", 4),  # all words, then any
        ("unheard starlink", "en_1", 1),  # the name was meant
        ("unheard gibberish licence", None, 0),  # too little is known
        ("spectrum auction licence unheard gibberish", "en_2", 1),  # among many known words it does not matter
        ("qqqq", None, 0),
        ("", None, 0),
        ("…", None, 0),
    ],
)
def test_ranking(run: Run, query: str, first: str | None, count: int) -> None:
    found = run(FIND, {"query": query, "texts": TEXTS})
    assert (found[0] if found else None, len(found)) == (first, count)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("spectrm", "spectrum"),
        ("psectrum", "spectrum"),  # the first letter changed places with the second,
        ("xauction", "auction"),  # or is one too many;
        ("sectrum", "spectrum"),  # the second is missing,
        ("sbectrum", "spectrum"),  # another,
        ("acution", "auction"),  # or changed places
        ("سپکٹرم", "spectrum"),
    ],
)
def test_slips_in_the_letters_by_which_lists_are_split(run: Run, query: str, shown: str) -> None:
    code = """
    const own = Q.prepare({ ...given.settings, keys: "ac au sa sp st", sounds: { ...given.settings.sounds, "م": "m" } });
    const words = { "of-sp": "spectrum", "of-au": "auction" };
    const load = async (key) => ({ pages: [], names: [], words: [words[key] ?? "", "", ""] });
    return (await Q.find(argument, { engine: { search: async () => [] }, load, table: own })).shown;
    """
    assert run(code, query) == shown


@pytest.mark.browser
def test_a_short_word_is_no_longer_one_and_a_longer_one_counts_less(run: Run) -> None:
    texts = {"en_1": "airlift", "en_2": "ai", "en_3": "spectrums", "en_4": "spectrum"}
    assert run(FIND, {"query": "ai", "texts": texts}) == ["en_2"]
    assert run(FIND, {"query": "spectrum licence", "texts": {**texts, "en_5": "licence"}})[:2] == ["en_4", "en_5"]


@pytest.mark.browser
def test_a_rare_or_unknown_word_is_searched_by_related_words_unless_it_was_asked_as_typed(run: Run) -> None:
    given = {"query": "jail", "texts": {"en_1": "prison", "en_2": "spectrum"}}
    assert run(FIND, given) == ["en_1"]
    assert run(FIND, {**given, "literal": True}) == []


@pytest.mark.browser
def test_of_a_long_question_words_of_many_pages_are_not_searched(run: Run) -> None:
    body = "return Q.fewer(argument.split(' ').map((text) => ({ text })), lists).map(({ text }) => text).join(' ')"
    assert (
        run(body, "exporter licence starlink where water action auction")
        == "licence starlink where water action auction"
    )
    assert (
        run(body, "action water starlink auction spectrum lesotho band more")
        == "action water starlink auction spectrum lesotho more"
    )
    assert run(body, "exporter licence band") == "exporter licence band"


@pytest.mark.browser
def test_pages_about_the_site_come_after_others(run: Run) -> None:
    texts = {"en_4": "water", "en_5": "water"}
    assert run(FIND, {"query": "water", "texts": texts}) == ["en_4", "en_5"]
    assert run(FIND, {"query": "water", "texts": {"en_5": "water", "en_6": "water"}}) == ["en_6", "en_5"]


@pytest.mark.browser
@pytest.mark.parametrize(("score", "count"), [(15, 4), (0.5, 0)])
def test_scattered_mentions_are_no_answer(run: Run, score: float, count: int) -> None:
    texts = {
        "a": "water auction action",
        "b": "licence band",
        "c": "water licence",
        "d": "auction band",
        "e": "action of",
    }
    assert len(run(FIND, {"query": "water auction action licence band", "texts": texts, "score": score})) == count


HOSTILE = ["a" * 10_000, "word " * 2_000, "<img src=x onerror=alert(1)>", "(?:[", ".*+?^${}()|[]\\", "\x00\x01\x1b",
           "\u202eabc\u2066def", "👩‍👩‍👧‍👦🇱🇸", "__proto__ constructor toString",
           "﷽" * 50, "%00%2e%2e/", "'\";--"]  # fmt: skip


@pytest.mark.browser
def test_hostile_queries_break_nothing(run: Run) -> None:
    each = FIND.replace("return out.rows.map((row) => row.id);", "count += out.rows.length >= 0;")
    loop = f"for (const query of every.queries) {{ const argument = {{ ...every, query }}; {each} }}"
    code = f"let count = 0; const every = argument; {loop} return count;"
    assert run(code, {"queries": HOSTILE, "texts": TEXTS}) == len(HOSTILE)


# ---- the lists and the benchmark's queries -------------------------------------------------------------------------


def test_lists_hold_names_words_and_kinds(tmp_path: Path) -> None:
    loaded = corpus.load(sample.write(tmp_path))
    articles = dict.fromkeys(("glossary/lca", "networks/coverage"), "<p>Spectrum &amp; P@SHA re-organisation</p>")
    lists = dict(wordlists.files(loaded, articles, {name: f"id-{name[-3:]}" for name in articles}))
    assert ["lca", 0, 0] in lists["of-l"]["names"]
    assert lists["of-l"]["pages"][0] == ["id-lca", "glossary/lca.html", "Lesotho Communications Authority"]
    assert ["signal", 0, 1] in lists["of-s"]["names"]
    assert "reorganisation" in " ".join(lists["of-r"]["words"]).split()
    assert lists["settings"]["keys"] == " ".join(name.removeprefix("of-") for name in lists if name.startswith("of-"))
    assert lists["pages"]["groups"] == [["entry", "glossary", "id-lca"], ["topic", "networks", "id-age"]]
    assert (lists["settings"]["pages"], lists["settings"]["minor"]) == (2, "")
    assert wordlists.terms(loaded.pages["glossary/lca"])[-1] == "LTA"  # initials of a former name


@pytest.mark.browser
def test_long_lists_are_split_and_every_name_and_word_is_in_the_list_that_is_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wordlists, "LIMIT", 600)
    root = generate(tmp_path, 90)
    entry = root / "docs/glossary/body-1.md"
    urdu = "urdu: {name: کمیونیکیشن اتھارٹی, source: paper-1}"
    terms = """search_terms: ["1,000 links", Reader's own, R&D, P@SHA, e-commerce, 3.81 (of them)]"""
    entry.write_text(entry.read_text("utf-8").replace("entry_kind", f"{urdu}\n{terms}\nentry_kind", 1), "utf-8")
    loaded = corpus.load(root)
    searched = [name for name, page in loaded.pages.items() if wordlists.is_searched(page)]
    articles = {name: (root / f"docs/{name}.md").read_text("utf-8") for name in searched}
    lists = dict(wordlists.files(loaded, articles, {name: name for name in articles}))
    split = {name: content for name, content in lists.items() if name.startswith("of-")}
    where = {name: key for key, content in split.items() for name, _, _ in content["names"]}
    asked = {
        text.fold(name)
        for each in searched
        for name in (*wordlists.names(loaded.pages[each]), *wordlists.terms(loaded.pages[each]))
    }
    assert where.keys() == {wordlists.bare(name, {}) for name in asked}
    called = [(name, where[wordlists.bare(name, {})]) for name in sorted(asked)]
    known = {(word, key) for key, content in split.items() for words in content["words"] for word in words.split()}
    code = """
    const own = Q.prepare(argument.settings);
    const wrong = argument.called.filter(([name, key]) => !Q.needed(Q.tokens(name), own).includes(key.slice(3)));
    return [...wrong, ...argument.known.filter(([word, key]) => !Q.needed([{ text: word, parts: [] }], own).includes(key.slice(3)))];
    """
    given = {"settings": lists["settings"], "called": called, "known": sorted(known)}
    assert run(code, given) == []
    names_alone = [content for content in split.values() if not any(content["words"])]
    assert max(len(wordlists.compact(content)) for content in names_alone) <= wordlists.LIMIT
    assert len(split) > 100


ROWS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text("utf-8"))


def test_the_benchmark_is_large_and_half_of_it_independent() -> None:
    assert len(ROWS) >= 160
    assert len({row["query"] for row in ROWS}) == len(ROWS)
    assert sum(bool(row.get("independent")) for row in ROWS) >= len(ROWS) / 2
    assert sum(not row["pages"] for row in ROWS) >= 12
    kinds = {row["class"] for row in ROWS}
    assert kinds == set("entity acronym question typo synonym number urdu roman prefix none".split())
    assert all(bool(row["pages"]) == (row["class"] != "none") for row in ROWS)


def test_pages_that_answer_exist_and_no_query_was_copied_into_a_record() -> None:
    loaded = corpus.load(ROOT)
    assert [page for row in ROWS for page in row["pages"] if page not in loaded.pages] == []
    copied = set()
    for page in loaded.pages.values():
        record = page.record
        copied |= {text.fold(term) for term in record.search_terms}
        copied |= {text.fold(name) for name in (record.other_names if isinstance(record, model.Entry) else ())}
    assert [row["query"] for row in ROWS if text.fold(row["query"]) in copied] == []
