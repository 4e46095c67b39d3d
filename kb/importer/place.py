"""Where an article belongs, judged by what the site itself holds: its names, headings and wording (tf-idf)."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kb import corpus, frontmatter, model, page
from kb.text import fold

Vector = dict[str, float]
ENDINGS = ("ing", "ed", "er", "ion", "ment", "ly")  # typos: ignore
_WORD = re.compile(r"[^\W_]{2,}")
NAMES = 0.12  # what the names of an article count beside its wording
HEADINGS = 0.30  # what its headings count beside its wording
PAGE_LIKE = 0.06  # a page less like a section is not proposed
MANY = 6  # sections of an article of many subjects
SURE = 0.30  # below it a placed article goes to the inbox
ON_TOPIC = 0.07  # below it an article has nothing to do with the site
DOUBTFUL = 0.10  # below it an article that names no entry has not either


@dataclass(frozen=True, slots=True)
class Place:
    """A topic or a page, how well the text fits there, and the words and names that say so.

    ``like``: how like a topic a text is by all its words, those of every topic too, and by its names.
    """

    where: str
    score: float
    reasons: tuple[str, ...]
    like: float = 0.0


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending, so that “certified” and “certifies” are one."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    ending = next((e for e in ENDINGS if word.endswith(e) and len(word) - len(e) >= 4), "")
    return word.removesuffix(ending).rstrip("e")


class Places:
    """The pages of a knowledge base as vectors of words, and the topics in which they stand."""

    def __init__(self, loaded: corpus.Corpus) -> None:
        self.letters = loaded.site.search.letters
        self.foreign = {
            fold(said, self.letters): ours for ours, others in loaded.site.search.words.items() for said in others
        }
        self.long = max((len(said.split()) for said in self.foreign), default=1)
        self.stop = {fold(word, self.letters) for word in loaded.site.search.stop.split()}
        self.topics = loaded.topics
        topical = [item for item in loaded.pages.values() if item.folder in self.topics]
        belongs: dict[str, dict[str, float]] = {item.docname: {item.folder: 1.0} for item in topical}
        self.entry_topics = _entry_topics(loaded, topical)
        others = [item for item in loaded.pages.values() if isinstance(item.record, model.Entry | model.Indicator)]
        for item in others:
            near = Counter(t[0].partition("/")[0] for use in item.links if (t := item.target(use.target)))
            near.update(self.entry_topics.get(item.name, {}) if isinstance(item.record, model.Entry) else {})
            counted = {topic: float(count) for topic, count in near.items() if topic in self.topics}
            total = sum(counted.values())
            belongs[item.docname] = {topic: 0.6 * count / total for topic, count in counted.items()}
        counts = {item.docname: self._page_words(item) for item in [*topical, *others]}
        seen = Counter(word for words in counts.values() for word in words)
        self.idf = {word: math.log(len(counts) / count) for word, count in seen.items()}
        vectors = {name: _unit(self._weigh(words)) for name, words in counts.items()}
        self.pages = {item.docname: vectors[item.docname] for item in topical}
        self.centroids = _centroids(vectors, belongs)
        self.telling = _telling(self.centroids)
        self.page_headings = {item.docname: _unit(self._weigh(self.words(_strong(item)))) for item in topical}
        self.headings = {t: self._told(vector) for t, vector in _centroids(self.page_headings, belongs).items()}

    def words(self, text: str) -> Counter[str]:
        """The words of a text, folded; foreign ones as the pages write them."""
        found = _WORD.findall(text)
        tokens = [word.lower() if word.isascii() else fold(word, self.letters) for word in found]
        if self.foreign and not text.isascii():
            tokens = self._translated(tokens)
        return Counter(stem(word) for word in tokens if not word.isdigit() and word not in self.stop)

    def _translated(self, tokens: list[str]) -> list[str]:
        out: list[str] = []
        at = 0
        while at < len(tokens):
            for length in range(self.long, 0, -1):
                said = " ".join(tokens[at : at + length])
                if said in self.foreign:
                    out += self.foreign[said].split()
                    at += length
                    break
            else:
                out.append(tokens[at])
                at += 1
        return out

    def _page_words(self, item: page.Page) -> Counter[str]:
        record = item.record
        body = re.sub(r"\{\w+\}`[^`]*`|\]\([^)]*\)", " ", frontmatter.FENCE.sub("", item.text, count=1))
        said = [body, record.description]
        if isinstance(record, model.Topic):
            said.append(record.answer)
        elif isinstance(record, model.Entry):
            said += [event.what for event in record.events]
        elif isinstance(record, model.Indicator):
            said += [series.definition for series in record.series]
        words = self.words(" ".join(said))
        for word, count in self.words(_strong(item)).items():
            words[word] += 2 * count
        return words

    def _weigh(self, words: Mapping[str, float]) -> Vector:
        return {
            word: (1 + math.log(count)) * self.idf[word]
            for word, count in words.items()
            if word in self.idf and count > 0
        }

    def _told(self, vector: Mapping[str, float]) -> Vector:
        """A vector in which words of every topic count little."""
        return _unit({word: weight * self.telling[word] for word, weight in vector.items() if word in self.telling})

    def vector(self, title: str, headings: Iterable[str], text: str, without: Iterable[str] = ()) -> Vector:
        """A text as a vector, its title and headings counted more; ``without``: words that mean something else here."""
        words = self.words(text)
        for word, count in self.words(title).items():
            words[word] += 2 * count
        for word, count in self.words(" ".join(headings)).items():
            words[word] += 2 * count
        for word in without:
            words.pop(stem(word), None)
        return _unit(self._weigh(words))

    def vectors(self, sections: Iterable[tuple[str, str]]) -> list[Vector]:
        """The sections (heading, text) of an article; words that many of them share say little of where one belongs."""
        plain = [self.vector(f"{heading} {heading}", [], text) for heading, text in sections]
        seen = Counter(word for vector in plain for word in vector)
        return [
            _unit({word: weight * math.log(1 + len(plain) / seen[word]) for word, weight in vector.items()})
            for vector in plain
        ]

    def topics_of(self, vector: Vector, headings: Iterable[str] = (), entries: Iterable[str] = ()) -> list[Place]:
        """Topics, the likeliest first. Headings are held against those of the pages as well; names count for the
        topics on whose pages they stand.
        """
        by_name: dict[str, float] = defaultdict(float)
        named: dict[str, list[str]] = defaultdict(list)
        entries = list(entries)
        for entry in entries:
            shares: Mapping[str, int] = self.entry_topics.get(entry, {})
            total = sum(shares.values())
            for topic, share in shares.items():
                by_name[topic] += share / total / max(3, len(entries))
                if share == max(shares.values()):
                    named[topic].append(entry)
        told, headed = self._told(vector), self._told(self._weigh(self.words(" ".join(headings))))
        places = []
        for topic, centroid in self.centroids.items():
            name = NAMES * by_name[topic]
            score = _cosine(told, centroid) + HEADINGS * _cosine(headed, self.headings[topic]) + name
            reasons = (*_shared(told, centroid), *named[topic][:3])
            places.append(Place(topic, round(score, 4), reasons, round(_cosine(vector, centroid) + name, 4)))
        return sorted(places, key=lambda place: (-place.score, place.where))

    def pages_of(self, vector: Vector, headings: Iterable[str], topics: Iterable[Place], count: int) -> list[Place]:
        """The pages most like a text and its headings, those of its likelier topics first; at least ``PAGE_LIKE``."""
        headed = _unit(self._weigh(self.words(" ".join(headings))))
        likely = {topic.where: topic.score for topic in topics}
        found = []
        for name, page_vector in self.pages.items():
            like = _cosine(vector, page_vector) + HEADINGS * _cosine(headed, self.page_headings[name])
            if like >= PAGE_LIKE and not name.endswith("/index"):
                found.append((-round(like + likely[name.partition("/")[0]], 4), name))
        return [Place(name, -score, _shared(vector, self.pages[name])) for score, name in sorted(found)[:count]]


def of_many(places: Places, firsts: list[str], ranked: list[Place]) -> list[Place]:
    """Topics of an article whose sections belong to many: the first topic of the home page comes first then."""
    most = max(Counter(firsts).values(), default=0)
    alike = len(ranked) > 1 and ranked[1].score >= 0.8 * ranked[0].score
    if len(firsts) < MANY or len(set(firsts)) < MANY - 2 or most > 0.8 * len(firsts) or not alike:
        return ranked
    general = next(place for place in ranked if place.where == places.topics[0])
    reason = f"its {len(firsts)} sections belong to {len(set(firsts))} topics"
    first = Place(general.where, ranked[0].score, (reason,), max(place.like for place in ranked))
    return [first, *(place for place in ranked if place is not general)]


def off_topic(places: list[Place], named: bool) -> bool:
    """Whether an article has nothing to do with any topic; ``named``: it names an entry."""
    return max((place.like for place in places), default=0.0) < (ON_TOPIC if named else DOUBTFUL)


def confidence(places: list[Place]) -> float:
    """How sure the first place is: how like it is, and how far before all others."""
    if not places or places[0].like <= 0:
        return 0.0
    first, *others = (place.like for place in places)
    ahead = (first - max(others, default=0.0)) / first
    return round(min(1.0, first * 3) * max(0.0, 0.5 + min(0.5, 2 * ahead)), 2)


def _entry_topics(loaded: corpus.Corpus, topical: list[page.Page]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for item in topical:
        for entry in corpus.mentioned(loaded, item):
            found[entry][item.folder] += 1
    return found


def _strong(item: page.Page) -> str:
    """What a page says of itself: its title, headings and terms."""
    record = item.record
    said = [item.title, record.description, *(heading.text for heading in item.headings), *record.search_terms]
    return " ".join([*said, record.question] if isinstance(record, model.Topic) else said)


def _centroids(vectors: Mapping[str, Vector], belongs: Mapping[str, Mapping[str, float]]) -> dict[str, Vector]:
    """For each topic the sum of the vectors of its pages, each by its share in the topic."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name, vector in vectors.items():
        for topic, share in belongs[name].items():
            for word, weight in vector.items():
                sums[topic][word] += share * weight
    return {topic: _unit(vector) for topic, vector in sums.items()}


def _telling(centroids: Mapping[str, Vector]) -> Vector:
    """For each word how much it tells topics apart: 1 when one alone has it, 0 when all have it alike (entropy)."""
    found: dict[str, list[float]] = defaultdict(list)
    for vector in centroids.values():
        for word, weight in vector.items():
            if weight:
                found[word].append(weight)
    most = math.log(max(2, len(centroids)))
    return {
        word: math.sqrt(max(0.0, 1 + sum(w / total * math.log(w / total) for w in weights) / most))
        for word, weights in found.items()
        if (total := sum(weights))
    }


def _unit(vector: Mapping[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _shared(one: Vector, other: Vector) -> tuple[str, ...]:
    common = sorted(((one[word] * other[word], word) for word in one.keys() & other.keys()), reverse=True)
    return tuple(word for _, word in common[:5])


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)
