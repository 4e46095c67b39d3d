"""What the search's query layer loads beside the index: settings, names, known words, and which page is of which kind.

Names and words are split by first letter, so that a query loads a few small files however large the site grows.
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

OTHER = "_"  # the file for first letters that are not a-z or 0-9
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑@'’.&][^\W_]+)*")
_TAG = re.compile(r"<[^>]+>")
_ARTICLE = re.compile(r'<div data-pagefind-body="">(.*)</div><!-- /data-pagefind-body -->', re.S)
_APART = re.compile(
    r'<aside class="footnote-list.*?</aside>\s*</aside>|<(p|dl) class="[^"]*\bkb-(?:facts|named)\b.*?</\1>'
    r'|<a class="(?:headerlink|footnote-reference)\b.*?</a>',
    re.S,
)
_OFTEN = 5  # pages; words on as many pages are likelier corrections than rarer ones
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


def words(content: str, letters: Mapping[str, str]) -> Iterator[str]:
    """The folded words of a text, compounds also as one word: the search's own notion of a word."""
    for match in _TOKEN.finditer(text.fold(content, letters)):
        parts = re.split(r"[^\w@]+", match[0])
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)


def plain(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(_TAG.sub(" ", html))


def shard(name: str) -> str:
    """The file in which a folded name or word stands."""
    first = name[:1]
    return first if first.isascii() and first.isalnum() else OTHER


def files(
    loaded: corpus.Corpus, articles: Mapping[str, str], ids: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, content) of every list. ``articles``: docname -> HTML searched; ``ids``: docname -> id in the index."""
    letters = loaded.site.search.letters
    counts: Counter[str] = Counter()
    naming: set[str] = set()
    for docname, html in articles.items():
        page = loaded.pages[docname]
        called = " ".join((*names(page), *page.record.search_terms))
        title = set(words(called, letters))
        naming |= title
        counts.update(title | set(words(plain(html) + " " + page.record.description, letters)))
    shards = _shards(loaded, list(articles), ids, counts, naming)
    common = sorted(word for word, count in counts.items() if count > _EVERYWHERE * len(articles) and len(word) > 2)
    yield "settings", _settings(loaded, common, sorted(shards), len(articles))
    yield "pages", _pages(loaded, ids)
    yield from sorted(shards.items())


def _settings(loaded: corpus.Corpus, common: list[str], shards: list[str], pages: int) -> dict[str, Any]:
    site: Site = loaded.site
    search = site.search
    return {
        "pages": pages,
        "shards": "".join(shards),
        "common": " ".join(common),
        "letters": search.letters,
        "same": {
            **{key: value for value, keys in search.words.items() for key in keys},
            **search.house_names,
        },
        "names": list(search.house_names),
        "sounds": search.sounds,
        "stop": " ".join(search.stop.split()),
        "repository": site.address.repository,
    }


def _shards(
    loaded: corpus.Corpus, docnames: list[str], ids: Mapping[str, str], counts: Counter[str], naming: set[str]
) -> dict[str, dict[str, Any]]:
    letters = loaded.site.search.letters
    shards: dict[str, dict[str, Any]] = defaultdict(lambda: {"pages": [], "names": [], "words": ["", "", ""]})
    for docname in docnames:
        page = loaded.pages[docname]
        place: dict[str, int] = {}
        own = names(page)
        for number, name in enumerate(dict.fromkeys((*own, *page.record.search_terms))):
            folded = " ".join(text.fold(name, letters).split())
            target = shards[shard(re.sub(r"^\W+", "", folded))]
            if (at := place.setdefault(str(id(target)), len(target["pages"]))) == len(target["pages"]):
                target["pages"].append(_row(page, ids[docname], number < len(own)))
            target["names"].append([folded, at, int(number >= len(own))])
    lists: dict[str, list[list[str]]] = defaultdict(lambda: [[], [], []])
    for word in sorted(counts):
        if word.isalpha() and len(word) > 1 and not (word.endswith("s") and word[:-1] in counts):
            group = 0 if word in naming else 1 if counts[word] >= _OFTEN else 2
            lists[shard(word)][group].append(word)
    for key, groups in lists.items():
        shards[key]["words"] = [" ".join(group) for group in groups]
    return dict(shards)


def _row(page: Page, identity: str, own: bool) -> list[str]:
    """A page as it is shown before the index is there; an entry's definition stands beside its names only."""
    row = [identity, f"{page.docname}.html", page.title, kind(page)]
    if isinstance(page.record, model.Entry):
        row += [page.record.entry_kind, page.record.status, page.record.description if own else ""]
    return row


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
