"""Which sentences of an article can be checked: figures, dates, forecasts, superlatives, statuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kb.importer import dates
from kb.importer.article import Sentence

ClaimKind = Literal["figure", "date", "forecast", "superlative", "status", "statement"]

_ONES = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_PARTS = "half third quarter fifth tenth"
NUMBER_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:-(?:one|{'|'.join(_ONES[:8])}))?|{'|'.join(_ONES)}|hundreds?|thousands?|millions?|billions?|dozens?)"
_WHEN = re.compile(
    rf"""(?ix)\b(?:on|since|by|from|in|until|before|after|between|during|early|late|of)\s+(?:the\s+)?(?:(?:early|late|mid|autumn|summer|spring|winter|start\ of|end\ of|middle\ of)[\s-]+)?
    (?:\d{{1,2}}(?:st|[nr]d|th)?\s+)?(?:{dates.MONTH}\b(?:\s+\d{{1,2}}\b,?)?(?:\s+\d{{4}})?|(?:FY)?(?:19|20)\d\d\b)|
    \bat\s+\d{{1,2}}:\d\d\b|\bon\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"""
)
_DIGITS = re.compile(r"(?<![\w.-])(?:[$€£]|US\$|[A-Z][A-Za-z]{1,2}\.?\s?)?\d[\d,.]*(?:½|¼|¾)?(?:\s?%)?(?!\w*-\w)")
_FORECAST = re.compile(
    r"""(?ix)\b(?:will|shall)\ (?!not\ believe)(?!let\b)\w+|\b(?:is|are|was|were)\ (?:still\ |also\ )?(?:to|due|expected|planned|promised|scheduled|set|likely|poised|said\ to|forecast|projected|slated)\b(?!\ (?:the|a|an)\b)|
    (?<!person\ )\bmay\ (?:last|follow|rise|fall|come|begin|start|reach|take|be|go|need)\b|\b(?:expect|plan|hope|aim|intend|forecast|project|want|wish|promise|predict)s?\ (?:to|that|exports?|one|two|three|four|five|six|seven|IT|the|\$|a|an|\d|more)\b|
    \btargets?\ (?:for|of|is|was|had)\b|\b(?:follows?|begins?|starts?|opens?|ends?)\ (?:in|on|from)\ (?:MONTH|20\d\d|autumn|spring|summer|winter)|\bby\ (?:FY)?20[2-9]\d\b|\bwithin\ \d+\ (?:hours|days|weeks|months)|
    \bhas\ the\ potential\b|\bon\ the\ horizon\b|\bfuture\b.*\b(?:looks?|bright|promising|holds?)|\bsees\ \w+\ (?:slow|grow|rise|fall)""".replace(
        "MONTH", dates.MONTH
    )
)
_SUPERLATIVE = re.compile(
    r"(?i)\b(?:largest|biggest|oldest|newest|longest|shortest|highest|lowest|best|worst|fastest|slowest|poorest|richest|busiest|"
    r"smallest|cheapest|greatest|strongest|leading|most (?:common|notable|popular|expensive|important|advanced|widely)|the most \w+|"
    r"(?:the|its|his|her|their|country's|world's) first (?:such|ever|time|of its|\w+ of its)|first such|record (?:year|high|low)|"
    r"no (?:year|month|other|firm|company|country|city)\b[^.]* (?:since|has|been|more|ever))\b"
)
_STATUS = re.compile(
    r"""(?ix)\b(?:in\ force|in\ use|in\ effect|(?:is|are|remains?|became|become)\ (?:now\ |both\ |also\ |still\ |back\ |not\ yet\ )?(?:active|open|closed|suspended|stalled|working|online|live|operational|available|under|out\ of\ service|in\ service|running|over|law|accredited|back|complete|completed|ready|banned|blocked|run\ by|held\ by|paid\ for\ by|gone|dead)|
    (?:has|have|had)\ (?:not\ |now\ |also\ |since\ |just\ |already\ )?(?:been\ )?(?:announced|completed|launched|suspended|stalled|closed|opened|begun|started|ended|stopped|approved|passed|cleared|repealed|withdrawn|signed|backed|resumed|taken\ over|moved|merged|delayed|cancelled|shut|finished|enacted|notified)|
    still\ (?:runs?|delivers?|works?|operates?|serves?|sells?|holds?|stands?|waits?)|works\ as|(?:took|takes)\ (?:over|no|\w+\ now\b)|opened\ (?:to|its)|remains\ in|
    runs?\ \w+['’]s?\ hours|run\ by\ the|no\ longer|was\ (?:closed|suspended|opened|completed|launched|repealed))\b"""
)
_QUESTION = re.compile(r"[?؟][\"”’»]*$")
_SPEECH = re.compile(r"^[\"“‘«»].*[\"”’«»]|[\"”]\s*(?:he|she|they|\w+ \w+) (?:says|said)\b")
_ADVICE = re.compile(
    r"""^(?:Ask|Read|Register|Bring|File|Print|Dial|Do|Let|Write|Send|Visit|Mark|Serve|Wash|Simmer|Install|Show|Count|Press|Click|
    Check|Call|Keep|Take|Make|Put|Note|Look|Remember|Join|Learn|Find|Try|Use|Avoid|Never|Don't|Please|Consider|Imagine|Think|Choose|
    Pay|Turn|Open|Go|Add|Wait|Stay|Buy|Follow)\b(?!\s+(?:is|are|was|were|has|had|will|of|by|to\ the\ \w+\ (?:is|was))\b)|^(?:So|Then|Until\ then,?)\ (?:do|bring|let|keep|you)\b""",
    re.X,
)
_OPINION = re.compile(
    r"(?i)^(?:perhaps|maybe|until somebody|nothing says|no court has|i (?:have|had|do|am|was|shall|would|know|read|took|think|applied|asked|believe|stayed|fear|wonder)|whoever|whether|what (?:it|he|she|they|i|remains|has become)|"
    r"if|when friends|good enough|which of|in this (?:article|post|piece))\b|\bI (?:have|had) (?:heard|queued)|\bso that you\b|\bnobody (?:knows|has measured|counts)|\bnot known\b|\bunknown to me\b"
)
_COUNT = re.compile(
    rf"(?i)\b(?:{NUMBER_WORD})\b(?!\s+(?:of (?:them|us|those|its|my)\b\s+(?:still|never|cannot)|never|years after|things|columns|names|languages|copies|ways))"
    r"|\b(?:a|one|half|nine|four) (?:third|quarter|fifth|tenth|in (?:ten|five|six|four|three|eleven|thirty|twenty|a hundred))\b|\b(?:a third|a tenth|a quarter|half) (?:of|goes|shared|the)\b|\bone \w+ in (?:\w+)\b|\bone per ?cent\b"
)
_LAW = re.compile(r"(?i)\b(?:is|was) the law\b")
_NAMED_YEAR = re.compile(
    r"\b(?:Act|Policy|Rules|Bill|Ordinance|Regulations|Plan|Vision|Strategy|Order),?\s+(?:19|20)\d\d\b"
)
_UR_FIGURE = re.compile(r"\d")
_UR_FORECAST = re.compile(r"\d{4}\s+تک|ارادہ|منصوبہ|توقع|متوقع|گے\b|گی\b|گا\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that can be checked, and what sort of claim it is."""

    text: str
    section: str
    kind: ClaimKind


def find(sentence: Sentence, names_with_digits: re.Pattern[str] | None = None) -> Found | None:
    """The claim that a sentence makes; None when nothing in it can be checked."""
    text = sentence.text
    kind = kind_of(text, names_with_digits)
    return Found(text, sentence.section, kind) if kind else None


def kind_of(text: str, names_with_digits: re.Pattern[str] | None = None) -> ClaimKind | None:
    """Figure, date, forecast, superlative or status; None for opinions, questions, advice and speech."""
    if _QUESTION.search(text) or _SPEECH.match(text) or _ADVICE.match(text):
        return None
    if re.search(r"[\u0600-\u06ff]{3}", text):
        if _UR_FORECAST.search(text) and re.search(r"\d", text):
            return "forecast"
        return "figure" if _UR_FIGURE.search(text) else None
    bare = _NAMED_YEAR.sub(" ", text)
    if names_with_digits:
        bare = names_with_digits.sub(" ", bare)
    opinion = bool(_OPINION.search(text))
    undated = dates.DATE.sub(" ", _WHEN.sub(" ", bare))
    undated = re.sub(r"\b(?:FY)?(?:19|20)\d\d(?:-Q[1-4])?\b|\b\d{1,2}:\d\d\b|\bCOVID-19\b", " ", undated)
    figure = bool(_DIGITS.search(undated))
    if opinion and not (figure and re.search(r"\b(?:counted|percent|per cent|million)\b", text)):
        return None
    if _FORECAST.search(bare):
        return "forecast"
    if _SUPERLATIVE.search(bare):
        return "superlative"
    if figure:
        return "figure"
    if _STATUS.search(bare) or _LAW.search(bare):
        return "status"
    if _COUNT.search(undated):
        return "figure"
    return "date" if _WHEN.search(bare) or dates.DATE.search(bare) else None


def states(text: str) -> bool:
    """Whether a sentence states something, if nothing that can be counted: no question, advice, speech or opinion."""
    told = not (_QUESTION.search(text) or _SPEECH.match(text) or _ADVICE.match(text) or _OPINION.search(text))
    return told and not re.search(r"(?i)\b(?:I|we|our|us|my|me)\b", text) and len(text.split()) >= 5
