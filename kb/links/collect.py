"""The addresses that pages and source records hold, each once, with the places where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Link:
    """An address: its places as (path, line), the sources that have it, the day on which one was last read."""

    url: str
    places: tuple[tuple[str, int], ...]
    sources: tuple[str, ...] = ()
    read: str = ""


def links(corpus: Corpus) -> dict[str, Link]:
    """Every address of the web that readers can follow."""
    places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    sources: defaultdict[str, list[str]] = defaultdict(list)
    read: defaultdict[str, list[str]] = defaultdict(list)
    for key, located in corpus.sources.items():
        source = located.source
        for address in filter(None, (source.url, source.custom.archive)):
            places[address].append((located.path, located.line))
        if source.url:
            sources[source.url].append(key)
            read[source.url].append(source.custom.read.date.isoformat())
    for page in corpus.pages.values():
        for use in page.addresses:
            places[use.target].append((page.path, use.line))
    return {
        url: Link(url, tuple(sorted(found)), tuple(sources[url]), max(read[url], default=""))
        for url, found in sorted(places.items())
    }


def added(now: Mapping[str, Link], before: Mapping[str, Link]) -> dict[str, Link]:
    """The addresses of one corpus that another does not have."""
    return {url: link for url, link in now.items() if url not in before}


def host_of(url: str) -> str:
    """The host of an address; with and without www it is the same machine."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
