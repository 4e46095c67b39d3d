"""Paragraphs become sentences."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…۔؟])([\"”’»)]*)\s+(?=[\"“‘«(]*[^\sa-z])")
_SHORT = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|St|No|Nos|Rs|vs|etc|Co|Inc|Ltd|Fig|approx|Vol|Art|Sec|e\.g|i\.e)\.$"
)
_DANGLING = re.compile(  # starts that no sentence of its own has, when no main clause follows
    r"(?:And|But|Or|Nor|Have|Has|Had|Propelled|Driven|Backed|Fuell?ed|Provided that|Most of|Including|Such as|"
    r"Showing|Showcasing|Fostering|Bringing|Boosting|Ensuring|Contributing|Creating|Positioning|Reshaping|Attracting)\b"
)
_CLAUSE = re.compile(r"(?:While|Though|Although|Whereas|Which)\b[^,]*$|In [A-Z]\w+ \d{4}$")


def split(text: str) -> list[str]:
    """The sentences of a paragraph; those that stray full stops have broken are whole again."""
    parts: list[str] = []
    at = 0
    for match in _END.finditer(text):
        head = text[at : match.end(1)]
        if _SHORT.search(head):
            continue
        parts.append(head.strip())
        at = match.end()
    parts.append(text[at:].strip())
    return rejoin([part for part in parts if part])


def rejoin(parts: list[str]) -> list[str]:
    """Fragments go to the sentence before them: “It has no chimney. And leaves no smoke.”"""
    whole: list[str] = []
    for part in parts:
        bare = part.rstrip(".")
        fragment = _DANGLING.match(bare) or _CLAUSE.match(bare)
        if whole and whole[-1].endswith(".") and fragment:
            whole[-1] = f"{whole[-1][:-1]}, {part[0].lower()}{part[1:]}"
        else:
            whole.append(part)
    return whole


def is_sentence(text: str) -> bool:
    """Whether a line ends as sentences do."""
    return bool(re.search(r"[.!?…:۔؟][\"”’»)\]]*$", text)) and len(text.split()) >= 3
