"""What the search's query layer loads beside the index: settings, names, known words, and which page is of which kind.

Names and words are split by their first letters, a list too long by one letter more (words by two at most). So what a
query loads hardly grows with the site: the settings do, as they name the lists, and lists of words do.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from kb import corpus, model, text
from kb.page import Page
from kb.site import Site

LIMIT = 8_000  # characters of a list; a longer one is split
WORD_LETTERS = 2  # by so many letters words are split; by more, a slip would lead to another list
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑@'’.&][^\W_]+)*")
_TAG = re.compile(r"<[^>]+>")
_ARTICLE = re.compile(r'<div data-pagefind-body="">(.*)</div><!-- /data-pagefind-body -->', re.S)
_APART = re.compile(
    r'<aside class="footnote-list.*?</aside>\s*</aside>|<(p|dl) class="[^"]*\bkb-(?:facts|named)\b.*?</\1>'
    r'|<a class="(?:headerlink|footnote-reference)\b.*?</a>',
    re.S,
)
_SHORT = 2  # letters; initials as short are those of too much else
_OFTEN = 5  # pages; words on as many pages are likelier corrections than rarer ones
_MINOR = ("page", "article")  # kinds that are listed after others: about the site itself, or of everything
_EVERYWHERE = 0.5  # share of pages; words on more of them tell no page from another


def is_searched(page: Page) -> bool:
    """Lists of other pages and re-check records answer nothing themselves."""
    return page.name != "index" and not page.generated and not isinstance(page.record, model.Audit)


def article(html: str) -> str | None:
    """What is searched of a built page: its article without notes, facts and permalinks."""
    match = _ARTICLE.search(html)
    return _APART.sub("", match[1]) if match else None


def kind(page: Page) -> str:
    """The kind of a page, as its record names it."""
    return type(page.record).__name__.lower()


def names(page: Page) -> tuple[str, ...]:
    """What a page is called: title first, then an entry's other names."""
    return corpus.names_of(page) if isinstance(page.record, model.Entry) else (page.title,)


def terms(page: Page) -> tuple[str, ...]:
    """What a page is searched by besides: its record's search terms, and the initials of an entry's long names."""
    initials = ("".join(re.findall(r"\b[A-Z]", name)) for name in names(page))
    long = initials if isinstance(page.record, model.Entry) else ()
    return tuple(dict.fromkeys((*page.record.search_terms, *(short for short in long if len(short) > _SHORT))))


def words(content: str, letters: Mapping[str, str]) -> Iterator[str]:
    """The folded words of a text, compounds also as one word: the search's own notion of a word."""
    for match in _TOKEN.finditer(text.fold(content, letters)):
        parts = re.split(r"[^\w@]+", match[0])
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)


def distinct(content: str, letters: Mapping[str, str], known: dict[str, tuple[str, ...]]) -> set[str]:
    """The distinct :func:`words` of a text; ``known`` remembers those of each piece between blanks."""
    found: set[str] = set()
    for piece in set(content.split()):
        if piece not in known:
            known[piece] = tuple(words(piece, letters))
        found.update(known[piece])
    return found


def plain(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(_TAG.sub(" ", html))


def bare(name: str, letters: Mapping[str, str]) -> str:
    """A name's folded words, one blank between them."""
    return " ".join(re.split(r"(?:[^\w@]|_)+", text.fold(name, letters))).strip()


def key(start: str) -> str:
    """What the file is called whose names and words begin like this."""
    return "of-" + "".join(
        letter if letter.isascii() and letter.isalnum() else "-" if letter == " " else f"_{ord(letter):x}_"
        for letter in start
    )


def files(
    loaded: corpus.Corpus, articles: Mapping[str, str], ids: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, content) of every list. ``articles``: docname -> HTML searched; ``ids``: docname -> id in the index."""
    letters = loaded.site.search.letters
    counts: Counter[str] = Counter()
    naming: set[str] = set()
    known: dict[str, tuple[str, ...]] = {}
    for docname, html in articles.items():
        page = loaded.pages[docname]
        called = " ".join((*names(page), *terms(page)))
        title = distinct(called, letters, known)
        naming |= title
        counts.update(title | distinct(f"{plain(html)} {page.record.description}", letters, known))
    shards = {key(start): content for start, content in _shards(loaded, list(articles), ids, counts, naming)}
    common = sorted(word for word, count in counts.items() if count > _EVERYWHERE * len(articles) and len(word) > 2)
    yield "settings", _settings(loaded, common, sorted(shards), {name: ids[name] for name in articles})
    yield "pages", _pages(loaded, ids)
    yield from sorted(shards.items())


def _settings(loaded: corpus.Corpus, common: list[str], shards: list[str], ids: Mapping[str, str]) -> dict[str, Any]:
    site: Site = loaded.site
    search = site.search
    return {
        "pages": len(ids),
        "minor": " ".join(identity for docname, identity in ids.items() if kind(loaded.pages[docname]) in _MINOR),
        "keys": " ".join(key.removeprefix("of-") for key in shards),
        "common": " ".join(common),
        "letters": search.letters,
        "same": {
            **{key: value for value, keys in search.words.items() for key in keys},
            **search.house_names,
        },
        "names": list(search.house_names),
        "related": search.related,
        "sounds": search.sounds,
        "stop": " ".join(search.stop.split()),
        "repository": site.address.repository,
    }


_Name = tuple[
    str, str, int
]  # its bare form, the page's docname; an entry's name, a search term, or another page's title
_Word = tuple[str, int]  # and its group: of names, of many pages, of few


def _shards(
    loaded: corpus.Corpus, docnames: list[str], ids: Mapping[str, str], counts: Counter[str], naming: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    letters = loaded.site.search.letters
    listed: list[_Name] = []
    for docname in docnames:
        page = loaded.pages[docname]
        own = 0 if isinstance(page.record, model.Entry) else 2
        called = {bare(name, letters): 1 for name in terms(page)} | {bare(name, letters): own for name in names(page)}
        listed += [(name, docname, sort) for name, sort in called.items() if name]
    known = [
        (word, 0 if word in naming else 1 if counts[word] >= _OFTEN else 2)
        for word in sorted(counts)
        if word.isalpha() and len(word) > 1 and not (word.endswith("s") and word[:-1] in counts)
    ]

    def content(own: list[_Name], words: list[_Word]) -> dict[str, Any]:
        place: dict[str, int] = {}
        rows = [[name, place.setdefault(docname, len(place)), sort] for name, docname, sort in own]
        pages = [[ids[docname], f"{docname}.html", loaded.pages[docname].title] for docname in place]
        groups = [" ".join(word for word, own_group in words if own_group == group) for group in range(3)]
        return {"pages": pages, "names": rows, "words": groups}

    def split(start: str, own: list[_Name], words: list[_Word]) -> Iterator[tuple[str, dict[str, Any]]]:
        here = content(own, words)
        if start and len(compact(here)) <= LIMIT:
            yield start, here
            return
        deeper: dict[str, tuple[list[_Name], list[_Word]]] = defaultdict(lambda: ([], []))
        stay: tuple[list[_Name], list[_Word]] = ([], [])
        for name in own:
            (deeper[name[0][: len(start) + 1]] if len(name[0]) > len(start) else stay)[0].append(name)
        for word in words:
            (deeper[word[0][: len(start) + 1]] if len(start) < WORD_LETTERS else stay)[1].append(word)
        if any(stay):
            yield start, content(*stay)
        for longer, members in deeper.items():
            yield from split(longer, *members)

    yield from split("", sorted(listed), known)


def _pages(loaded: corpus.Corpus, ids: Mapping[str, str]) -> dict[str, Any]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for docname, identity in ids.items():
        page = loaded.pages[docname]
        groups[kind(page), page.folder].append(identity)
    titles = {}
    for folder in sorted({folder for _, folder in groups}):
        index = loaded.pages.get(f"{folder}/index")
        titles[folder] = index.title if index else folder
    return {"topics": titles, "groups": [[*key, " ".join(sorted(group))] for key, group in sorted(groups.items())]}


def compact(data: object) -> str:
    """JSON without blanks, in a stable order."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
