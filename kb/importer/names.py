"""Which names of an article are entries or pages already, and which are new. Ambiguous ones are never linked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass

from kb import corpus, model
from kb.importer.article import Article, Sentence
from kb.importer.place import stem

_NOUN = re.compile(r"(?i)(?:^|[\s(\"“])(?:a|an|his|her|its|my|our|your|their|every|each)\s+(?:[a-z]+\s+)?$")
_POSSESSOR = re.compile(r"(\w+)['’]s\s+$")
_OWNER = re.compile(r"\s+of\s+(?:the\s+)?([A-Z]\w+)")
_CAPITAL_BEFORE = re.compile(r"\S\s+[A-Z][\w’'-]*\s+$")
_CAPITAL_AFTER = re.compile(r"\s+[A-Z][a-z]")
_LIST = re.compile(r"[^\W_][\w&-]*(?:, [^\W_][\w&-]*)+,? (?:and|or) [^\W_][\w&-]*")
MAX_WORDS = 7  # of a new name
_SMALL = "of|for|and|de|&|the"
_NAME = re.compile(
    rf"(?:[^\W\d_a-z][\w’'&@-]*|\d+[A-Z]\w+|[a-z]\d\w+)(?:\s+(?:(?:{_SMALL})\s+)?(?:[^\W\d_a-z][\w’'&@-]*|\((?:Private|Pvt)\.?\)|Ltd\.?|Co\.))+"
    r"|[A-Z][a-z]+(?:[A-Z]\w+)+|[A-Z][a-z]+-\d+"
)
_TITLE = re.compile(r"(?:^|\s)(?:Dr|Mr|Mrs|Ms|Prof|Justice|Minister|President|Senator|General|Sheikh)\.?\s+$")
_PLACE = re.compile(r"(?i)\b(?:in|at|near|from|to|between|across|around|of|towards?)\s+(?:the\s+)?$")
_BODY = re.compile(
    r"(?i)\b(?:academy|labs?|partners|ltd|limited|co|company|bank|fund|college|works|steelworks|towers|systems?|networks?|net|"
    r"park|city|app|pay|code|parcels|broadband|ventures?|studios?|games|solutions|technologies|foundation|institute|"
    r"university|centre|center|authority|council|board|agency|association|policy|act|rules|forum|space|workspaces|"
    r"handsets|freight|express|forensics|robotics|optics|cables|standards|adverts|reader|vision|wallet|archive|forms|parser)\b"
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry and the words and sentence of its first mention; ``auto``: the site links these words by itself."""

    entry: str
    name: str
    sentence: str
    auto: bool = True


@dataclass(frozen=True, slots=True)
class PageLink:
    """A topic page that has no entry, and the words and sentence that name it first."""

    page: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that no entry has, and the first sentence that holds it."""

    name: str
    sentence: str


class Names:
    """The names of a knowledge base, ready to be looked for. ``words``: stems of all words that its pages use."""

    def __init__(self, loaded: corpus.Corpus, words: Container[str]) -> None:
        self.words = words
        self.home = set(re.findall(r"\w+", loaded.site.title))
        self.entries: dict[str, str] = {}
        for rows in loaded.linked_names.values():
            self.entries.update({name: entry for name, _, entry in rows})
        self.auto = set(self.entries)
        for entry in loaded.entries.values():
            record = entry.record
            assert isinstance(record, model.Entry)
            for name in corpus.names_of(entry):
                if (
                    len(name.split()) > 2
                    and len(loaded.names[name.lower()]) == 1
                    and name not in loaded.site.names.never_link
                ):
                    self.entries.setdefault(name, entry.name)
                    body, _, last = name.rpartition(" ")
                    if last.istitle():  # “the Digital … vision” is the “Digital … Vision”
                        self.entries.setdefault(f"{body} {last.lower()}", entry.name)
            if record.urdu and len(loaded.names.get(record.urdu.name.lower(), ())) == 1:
                self.entries.setdefault(record.urdu.name, entry.name)
        self.single = {name.lower(): entry for name, entry in self.entries.items() if name.isalpha()}
        self.known = {name.lower() for name in loaded.names}
        self.pattern = _any_of(self.entries)
        titles = [(item.title, name) for name, item in loaded.pages.items() if item.folder in loaded.topics]
        told = Counter(title.lower() for title, _ in titles)
        self.titles = {
            title.lower(): (title, name)
            for title, name in titles
            if told[title.lower()] == 1 and title.lower() not in self.known and _is_subject(title)
        }
        self.title_pattern = _any_of(self.titles, re.IGNORECASE)

    def links(self, article: Article, lines: Iterable[Sentence]) -> list[Link]:
        """The entries that sentences and tables mention, each once, in order."""
        found: dict[str, Link] = {}
        lower = set(re.findall(r"\b[a-z]+\b", article.text))
        texts = [line.text for line in lines] + [block.text for block in article.blocks if block.kind == "row"]
        for text in texts:
            for match in self.pattern.finditer(text):
                entry = self.entries[match[0]]
                if entry not in found and self.meant(text, match, lower):
                    found[entry] = Link(entry, match[0], text, match[0] in self.auto)
        return list(found.values())

    def pages(self, lines: Iterable[Sentence]) -> list[PageLink]:
        """The topic pages whose title sentences say, each once, in order."""
        found: dict[str, PageLink] = {}
        for line in lines:
            for match in self.title_pattern.finditer(self._without_entries(line.text)):
                title, page = self.titles[match[0].lower()]
                acronyms = set(re.findall(r"\b[A-Z]{2,}\b", title))  # “where it exports to” is not about “IT exports”
                part = (
                    match[0][0].isupper()
                    and (  # of a longer name
                        _CAPITAL_BEFORE.search(line.text[: match.start()])
                        or _CAPITAL_AFTER.match(line.text, match.end())
                    )
                )
                if not part and acronyms <= set(re.findall(r"\w+", match[0])):
                    found.setdefault(page, PageLink(page, match[0], line.text))
        return list(found.values())

    def _without_entries(self, text: str) -> str:
        return self.pattern.sub(lambda match: "\0" * len(match[0]), text)

    def stray(self, links: Iterable[Link]) -> list[str]:
        """Words that are names of entries which an article does not mean: they say nothing of where it belongs."""
        meant = {link.entry for link in links}
        return [word for word, entry in self.single.items() if entry not in meant]

    def mentioned(self, text: str) -> list[str]:
        """The entries that a sentence names."""
        found = (self.entries[m[0]] for m in self.pattern.finditer(text) if self.meant(text, m, set()))
        return list(dict.fromkeys(found))

    def meant(self, text: str, match: re.Match[str], lower: set[str]) -> bool:
        """Whether a name means the entry here, and not a thing, or somebody else of that name."""
        name, before = match[0], text[: match.start()]
        possessor = _POSSESSOR.search(before)
        if possessor and possessor[1][:1].isupper() and possessor[1] not in self.home:
            return False
        if (owner := _OWNER.match(text, match.end())) and owner[1] not in self.home and len(name.split()) > 1:
            return False
        if re.search(r"[“\"‘]$", before) and text[match.end() : match.end() + 1] in ("!", "?"):
            return False
        if " " in name or not name.isascii():
            return True
        if name.isupper():
            return not _NOUN.search(before)
        if name.isalpha() and name.istitle():
            return name.lower() not in lower and not re.search(r"(?i)\bthe\s+$", before)
        return True

    def new(self, article: Article, lines: Iterable[Sentence]) -> list[NewName]:
        """Names that no entry has, that are no people and no places, with what the article says of them."""
        counts: dict[str, str] = {}
        authors = article.author.lower()
        for line in lines:
            for match in _NAME.finditer(self._without_entries(line.text)):
                name, start = match[0].strip(), match.start()
                name = re.sub(r"['’]s$", "", name)
                first, _, rest = name.partition(" ")
                if start == 0 and rest and first.lower() in _COMMON:
                    name = rest
                before = line.text[: match.start()]
                words = name.split()
                if name.lower() in authors or set(words) <= self.home or not 0 < len(words) <= MAX_WORDS:
                    continue
                if (
                    name.lower() in self.known
                    or name.lower() in self.titles
                    or name in article.title
                    or _TITLE.search(before)
                ):
                    continue
                if all(word.rstrip(".,") in _CALENDAR for word in words) or (len(words) == 1 and name in _COMMON):
                    continue
                if _PLACE.search(before) and not _BODY.search(name):
                    continue
                counts.setdefault(name, line.text)
            for name in self._listed(line.text):
                counts.setdefault(name, line.text)
        names = sorted(counts, key=lambda name: -len(name))
        kept = [name for name in names if not any(name != other and name in other for other in names)]
        return [NewName(name, counts[name]) for name in counts if name in kept]

    def _listed(self, text: str) -> list[str]:
        """Words of small letters among names in a list, “AI, IoT, and blockchain”, that no page of the site has."""
        found = []
        for match in _LIST.finditer(text):
            words = re.findall(r"[^\W_][\w&-]*", re.sub(r",? (?:and|or) ", ", ", match[0]))
            small = [word for word in words if word.islower()]
            if len(small) == 1 and len(words) > 2 and stem(small[0]) not in self.words:
                found += small
        return found


def _any_of(names: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Matches any of the names as whole words, the longest first."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(
        r"(?<![\w@-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w@])" if longest else r"(?!)", flags
    )


def _is_subject(title: str) -> bool:
    """Whether a title names a subject wherever it stands: several words that ask nothing, or letters and digits."""
    first, _, rest = title.partition(" ")
    return first.isupper() or first.lower() not in _COMMON if rest else not title.replace("-", "").isalpha()


_CALENDAR = set(
    """January February March April May June July August September October November December Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday Ramadan Eid""".split()
)
_COMMON = set(
    """a an the this that these those it its he she they we i you in on at of for from to by with under after before
    since during between one two three four another some many most each every no not if when where while what who how
    and but or so as is are was were both all other besides seed mast ask use repair""".split()
)
