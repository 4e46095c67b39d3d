"""The kinds of records and their fields. Everything that lists fields (guide, schemas, messages) is made from here.

Field values arrive as text and are given a type here: dates as :class:`datetime.date`, numbers as
:class:`decimal.Decimal`, partial dates (2025, 2025-03) and periods (FY2025, 2025-Q1) as checked text.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from kb.finding import Finding
from kb.frontmatter import Lines

MAX_DESCRIPTION = 160  # characters that search engines and link previews show
MAX_ANSWER = 60  # words


# ---- forms of values ---------------------------------------------------------------------------------------------


def _text(value: Any) -> Any:
    if isinstance(value, str):
        if not value.strip():
            raise ValueError("it is empty; write a text, or delete the key if it is optional")
        return " ".join(value.split())
    return value


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        wrong = f"'{value}' is no date" if value.strip() else "it is empty"
        raise ValueError(f"{wrong}; write YYYY-MM-DD, for example 2025-03-10")
    return value


def _partial_date(value: str) -> str:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value)
    if match:
        try:
            datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
            return value
        except ValueError:
            pass
    raise ValueError(f"'{value}' is no date; write YYYY, YYYY-MM or YYYY-MM-DD, as exact as the source is")


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"'{value}' is no id; use lower-case letters, digits and hyphens")
    return value


def _description(value: str) -> str:
    if len(value) > MAX_DESCRIPTION:
        raise ValueError(f"it has {len(value)} characters; shorten it to {MAX_DESCRIPTION}")
    return value


def _quote(value: str) -> str:
    count = len(value.split())
    if count > 25:
        raise ValueError(f"it has {count} words; quote at most the 25 that carry the fact")
    return value


def _decimal(value: Any) -> Any:
    if isinstance(value, str):
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            return Decimal(value)
        raise ValueError(f"'{value}' is no number; write digits and a decimal point only, for example 3.80")
    return value


Text = Annotated[str, BeforeValidator(_text)]
Date = Annotated[datetime.date, BeforeValidator(_date)]
PartialDate = Annotated[str, BeforeValidator(_text), AfterValidator(_partial_date)]
Slug = Annotated[str, BeforeValidator(_text), AfterValidator(_slug)]
Description = Annotated[str, BeforeValidator(_text), AfterValidator(_description)]
Quote = Annotated[str, BeforeValidator(_text), AfterValidator(_quote)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]

EntryKind = Literal[
    "ministry", "regulator", "agency", "council", "programme", "initiative", "policy", "law", "bill", "rules", "fund",
    "scheme", "zone", "park", "incubator", "accelerator", "coworking", "payment-system", "bank", "wallet", "operator",
    "cable", "satellite", "network", "company", "investor", "association", "university", "research-centre", "event",
    "court",
]  # fmt: skip
Status = Literal["announced", "active", "completed", "stalled", "suspended", "superseded", "closed", "unknown"]
EventKind = Literal[
    "announced", "enacted", "approved", "launched", "milestone", "amended", "delayed", "suspended", "resumed",
    "merged", "renamed", "superseded", "completed", "closed", "ruled",
]  # fmt: skip
Frequency = Literal["fiscal", "calendar", "quarter", "month", "point"]
Scale = Literal["one", "thousand", "million", "billion", "trillion", "lakh", "crore"]
ObservationStatus = Literal["actual", "provisional", "estimated", "target", "revised"]
Verdict = Literal["supported", "outdated", "imprecise", "unsupported", "wrong", "not-checkable", "open"]
Outcome = Literal["right", "imprecise", "wrong", "not-in-source"]
LinkReason = Literal["refuses-robots", "region", "certificate", "slow", "login", "title-varies", "gone-for-good"]

PERIODS: dict[str, tuple[str, str]] = {
    "fiscal": (r"FY\d{4}", "FY2025, the fiscal year that closes in 2025"),
    "calendar": (r"\d{4}", "2025"),
    "quarter": (r"(FY)?\d{4}-Q[1-4]", "2025-Q1 or FY2025-Q1"),
    "month": (r"\d{4}-(0[1-9]|1[0-2])", "2025-03"),
    "point": (r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", "2025-03-10, 2025-03 or 2025"),
}


class Model(BaseModel):
    """A record or a part of one. Keys that are not listed are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def __repr__(self) -> str:
        """As JSON: whole, and written in no time (:func:`kb.corpus.digest` reads thousands)."""
        return f"{type(self).__name__}({self.model_dump_json()})"


# Which statuses an event leaves open. Events that are not listed say nothing of the status.
STATUS_AFTER: dict[str, frozenset[str]] = {
    "announced": frozenset({"announced", "stalled", "unknown"}),
    "approved": frozenset({"announced", "active", "stalled", "unknown"}),
    "enacted": frozenset({"announced", "active", "stalled", "unknown"}),
    "launched": frozenset({"active", "unknown"}),
    "delayed": frozenset({"announced", "active", "stalled"}),
    "suspended": frozenset({"suspended", "stalled", "unknown"}),
    "resumed": frozenset({"announced", "active", "unknown"}),
    "superseded": frozenset({"superseded"}),
    "completed": frozenset({"completed", "active"}),
    "closed": frozenset({"closed", "superseded"}),
}


PLANS = frozenset({"announced", "approved", "delayed"})  # of a thing that has begun they say nothing


def statuses_after(events: Iterable[Event], begun: bool) -> frozenset[str] | None:
    """The statuses that the events of an entry leave open; None where they say nothing. ``begun``: it has a start."""
    allowed: frozenset[str] | None = None
    for event in events:
        if event.kind not in PLANS:
            allowed = STATUS_AFTER.get(event.kind, allowed if begun else None)
            begun = True
        elif not begun:
            allowed = STATUS_AFTER[event.kind]
    return allowed


# ---- parts -------------------------------------------------------------------------------------------------------


class Event(Model):
    """Something that happened to an entry, on a date, shown by a source."""

    date: PartialDate = Field(description="When it happened: YYYY, YYYY-MM or YYYY-MM-DD, as exact as the source is.")
    kind: EventKind = Field(description="What sort of step it was.")
    what: Text = Field(description="What happened, in one plain sentence.")
    source: Slug = Field(description="Id of the source that shows it.")
    quote: Quote = Field(description="The few words of the source that carry it (25 at most).")


class UrduName(Model):
    """The name in Urdu script, only where a source shows it."""

    name: Text = Field(description="The name as the source writes it.")
    source: Slug = Field(description="Id of the source that shows it.")


class Series(Model):
    """One publisher's way of counting."""

    id: Slug = Field(description="Short id, used by observations.")
    publisher: Text = Field(description="Who publishes the figures.")
    definition: Text = Field(description="What is counted, as the publisher defines it.")
    label: Text | None = Field(
        default=None, description="What charts call it where its publisher has several; without it, its id in words."
    )
    default: bool = Field(default=False, description="true for the one series that pages quote when they name none.")
    concept: Slug | None = Field(
        default=None, description="What it measures, if not what the others do: no rival then."
    )
    cumulative: bool = Field(
        default=False, description="true where each value is the total since the start: said to be “by” its period."
    )


class Observation(Model):
    """One figure for one period from one source."""

    series: Slug = Field(description="Id of its series.")
    period: Text = Field(description="The period it is for, in the form of the indicator's frequency.")
    value: Number = Field(description="The value as the source prints it, digits and decimal point only.")
    status: ObservationStatus = Field(default="actual", description="Whether it is counted, estimated or a target.")
    source: Slug = Field(description="Id of the source that shows it.")
    quote: Quote = Field(description="The few words of the source that carry it (25 at most).")
    note: Text | None = Field(default=None, description="What a reader must know to use it.")


class Preferred(Model):
    """Which of two rival figures pages quote, and why."""

    period: Text = Field(description="The period for which series differ.")
    series: Slug = Field(description="The series to quote.")
    reason: Text = Field(description="Why.")


class Break(Model):
    """Where a series changed its method: no line is drawn across."""

    series: Slug = Field(description="The series.")
    period: Text = Field(description="The first period counted in the new way.")
    why: Text = Field(description="What changed.")


class Section(Model):
    """A headed section of a source article."""

    heading: Text = Field(description="The heading as the article has it.")
    page: Text = Field(description="The page that now answers it, for example mobile/5g.")


class Claim(Model):
    """What an article says, and what the sources say of it."""

    claim: Text = Field(description="The claim in our own words.")
    verdict: Verdict = Field(description="What the evidence says of it; open while the page is still to come.")
    evidence: Text | None = Field(default=None, description="The evidence in a sentence or two, with {cite}.")
    page: Text | None = Field(default=None, description="The page that treats it.")

    @model_validator(mode="after")
    def _settled(self) -> Claim:
        if self.verdict != "open" and not self.evidence:
            raise ValueError(f"the verdict is '{self.verdict}' but there is no evidence; add it, or say open")
        return self


class AuditedClaim(Model):
    """One claim of a page, held against its source by somebody who did not write it."""

    page: Text = Field(description="The page, for example mobile/5g.")
    claim: Text = Field(description="What the page said.")
    source: Slug | None = Field(default=None, description="Id of the source.")
    quote: Text | None = Field(default=None, description="What the source says.")
    outcome: Outcome = Field(description="What was found.")
    correction: Text | None = Field(default=None, description="What was changed, if anything.")


class Correction(Model):
    """A correction that was made in public: a row of ``docs/corrections.yaml``."""

    date: Date = Field(description="The day of the correction.")
    page: Text = Field(description="The page, for example mobile/5g.")
    was: Text = Field(description="What the page said.")
    now: Text = Field(alias="is", description="What it says.")
    why: Text = Field(description="Why it was changed.")
    source: Slug | None = Field(default=None, description="Id of the source that shows it.")
    reported_by: Text | None = Field(default=None, description="Who reported it, if they wish to be named.")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LinkException(Model):
    """Links that may be as they are until a day, though they are asked: a row of ``docs/link-exceptions.yaml``."""

    pattern: Text = Field(description="The address, or its beginning with an asterisk at the end.")
    reason: LinkReason = Field(description="Why nothing can be done about it.")
    until: Date = Field(description="The day on which somebody looks again: a year ahead at most.")
    note: Text = Field(description="What was seen, and when.")

    def covers(self, url: str) -> bool:
        """Whether it is about an address."""
        return url.startswith(self.pattern[:-1]) if self.pattern.endswith("*") else url == self.pattern

    @field_validator("pattern")
    @classmethod
    def _narrow(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^/*]+/[^*]*\*?", value):
            raise ValueError(f"'{value}' is no address of one host; write https://, the host, / and what follows")
        return value


# ---- kinds of pages ----------------------------------------------------------------------------------------------


class Page(Model):
    """Fields of every page."""

    description: Description = Field(description="What a reader finds here, in plain text (160 characters at most).")
    as_of: Date | None = Field(default=None, description="The date of the newest source that the page rests on.")
    review_by: Date | None = Field(default=None, description="When to look at it again; by default as_of + a span.")
    also_in: tuple[Slug, ...] = Field(default=(), description="Other topics whose index lists the page too.")
    search_terms: tuple[Text, ...] = Field(default=(), description="Words readers type; searched, never shown.")


class Index(Page):
    """The index page of a folder. It lists what is in the folder by itself."""

    order: tuple[Slug, ...] = Field(default=(), description="The children that come first, in this order.")


class Topic(Page):
    """A page that answers one question."""

    question: Text = Field(description="The question that the page answers.")
    answer: Text = Field(description="The answer in 60 words at most, with its date and {cite}.")
    primary: tuple[Slug, ...] | Text = Field(
        description="Ids of the primary or data sources, or 'none found: ' and where they were looked for."
    )
    as_of: Date = Field(description="The date of the newest source that the page rests on.")

    @model_validator(mode="after")
    def _short(self) -> Topic:
        count = len(re.sub(r"\{\w+\}`[^`]*`", "", self.answer).split())
        if count > MAX_ANSWER:
            raise ValueError(f"answer: it has {count} words; shorten it to {MAX_ANSWER}")
        if isinstance(self.primary, str) and not self.primary.startswith("none found: "):
            raise ValueError("primary: write a list of source ids, or 'none found: ' and where you looked")
        return self


class Entry(Page):
    """A name: a body, law, programme, company, cable…; the file's title is the name."""

    acronym: Text | None = Field(default=None, description="Its acronym.")
    other_names: tuple[Text, ...] = Field(default=(), description="Other names under which it is known.")
    urdu: UrduName | None = Field(default=None, description="Its Urdu name, only where a source shows it.")
    entry_kind: EntryKind = Field(description="What sort of thing it is.")
    lead_body: Slug | None = Field(default=None, description="Id of the entry that leads, owns or oversees it.")
    status: Status = Field(description="Where it stands on the date of as_of.")
    superseded_by: Slug | None = Field(default=None, description="Id of the entry that took its place.")
    start: PartialDate | None = Field(default=None, description="When it began.")
    autolink: tuple[Text, ...] | None = Field(default=None, description="Which of its names link by themselves.")
    shared_names: tuple[Text, ...] = Field(default=(), description="Names it knowingly shares with another entry.")
    events: tuple[Event, ...] = Field(default=(), description="What happened, oldest first.")
    as_of: Date = Field(description="The date of the newest source that the page rests on.")

    @model_validator(mode="after")
    def _consistent(self) -> Entry:
        if self.status == "superseded" and not self.superseded_by:
            raise ValueError("status: it is superseded, but superseded_by is missing; name the entry that replaced it")
        dates = [event.date for event in self.events]
        if dates != sorted(dates):
            raise ValueError("events: they are not in the order of their dates; put the oldest first")
        return self


class Indicator(Page):
    """Figures as data: series of observations, each with its source."""

    unit: Text = Field(description="What is counted: USD, people, subscriptions, percent…")
    scale: Scale = Field(description="What one unit of the values stands for.")
    frequency: Frequency = Field(description="The form of the periods.")
    concept: Slug = Field(description="What all the series measure; rivals share it.")
    series: tuple[Series, ...] = Field(min_length=1, description="The ways of counting.")
    observations: tuple[Observation, ...] = Field(min_length=1, description="The figures, by series and period.")
    preferred: tuple[Preferred, ...] = Field(default=(), description="Which rival figure is quoted, and why.")
    breaks: tuple[Break, ...] = Field(default=(), description="Where a method changed.")
    as_of: Date = Field(description="The date of the newest source that the page rests on.")

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        ids = [series.id for series in self.series]
        if len(set(ids)) != len(ids):
            raise ValueError("series: an id stands twice; give each series its own")
        if sum(series.default for series in self.series) != 1:
            raise ValueError("series: exactly one must have default: true")
        pattern, example = PERIODS[self.frequency]
        for field, rows in (
            ("observations", self.observations),
            ("preferred", self.preferred),
            ("breaks", self.breaks),
        ):
            for row in rows:
                if row.series not in ids:
                    raise ValueError(f"{field}: no series has the id '{row.series}'; known are {', '.join(ids)}")
                if not re.fullmatch(pattern, row.period):
                    raise ValueError(f"{field}: '{row.period}' is no {self.frequency} period; write {example}")
        keys = [(row.series, row.period, row.source) for row in self.observations]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"observations: {' '.join(key)} stands twice; keep one, or name another source")
        places = [(ids.index(series), period) for series, period, _ in keys]
        if places != sorted(places):
            raise ValueError("observations: they are not sorted; order them by series, then by period")
        return self


class Article(Page):
    """What a source article says, section by section and claim by claim."""

    source: Slug = Field(description="Id of the article's own source record.")
    sections: tuple[Section, ...] = Field(min_length=1, description="Every headed section and its page.")
    claims: tuple[Claim, ...] = Field(min_length=1, description="Every claim with its verdict.")
    licence: Text | None = Field(default=None, description="The licence of its text, if it may be published.")
    shingles: tuple[Text, ...] = Field(default=(), description="Hashes of its wording, made by the importer.")


class Audit(Page):
    """An independent re-check of an area."""

    area: Text = Field(description="What was checked.")
    seed: Text = Field(description="The seed with which the claims were drawn.")
    claims: tuple[AuditedClaim, ...] = Field(min_length=1, description="The claims and what was found.")
    as_of: Date = Field(description="The day of the check.")


FOLDERS: dict[str, type[Page]] = {
    "glossary": Entry,
    "indicators": Indicator,
    "articles": Article,
    "audits": Audit,
    "about": Page,
    "sources": Page,
}


def kind_of(docname: str) -> type[Page]:
    """The kind of record that a place holds: ``mobile/5g`` a :class:`Topic`, ``glossary/<name>`` an :class:`Entry`."""
    folder, _, name = docname.rpartition("/")
    if name == "index":
        return Index
    if not folder:
        return Page
    return FOLDERS.get(folder, Topic)


# ---- validation ----------------------------------------------------------------------------------------------------


M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], data: Any, lines: Lines, path: str, first_line: int = 1) -> M | list[Finding]:
    """The record, or what is wrong with it, one finding a fault, each on the line of the value it is about."""
    if not isinstance(data, dict):
        message = "the record is not a list of `key: value` lines"
        return [Finding(path, first_line, "value-wrong", message, "write one field a line")]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors()
        rows = {fault["loc"][:-2] for fault in faults}  # lists with a fault in a row are "too short" as well
        told = [fault for fault in faults if fault["type"] != "too_short" or fault["loc"] not in rows]
        return sorted({_explain(fault, model, lines, path, first_line) for fault in told})


def _explain(fault: Any, model: type[BaseModel], lines: Lines, path: str, first_line: int) -> Finding:
    location = tuple(fault["loc"])
    known = location
    while known and known not in lines:
        known = known[:-1]
    line = lines.get(known, first_line)
    key = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in location if not _branch(part))
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        allowed = _keys_at(model, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), allowed, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"known keys are {', '.join(allowed)}"
        meant = difflib.get_close_matches(str(location[-1]), allowed, 2, 0.8)
        sure = len(meant) == 1 and (*location[:-1], meant[0]) not in lines
        fix = (f"{location[-1]}:", f"{meant[0]}:") if sure else None
        return Finding(path, line, "key-unknown", f"the key '{key}' is not known", hint, fix=fix)
    if kind == "missing":
        return Finding(path, line, "key-missing", f"the key '{key}' is missing", f"add it: {_what(model, location)}")
    if kind == "value_error":
        message, _, remedy = str(context["error"]).partition("; ")
        prefix = f"{key}: " if key else ""
        field = message.partition(":")[0]
        if not key and (field,) in lines:
            line = lines[(field,)]
        return Finding(path, line, "value-wrong", prefix + message, remedy or "see the guide")
    if kind == "literal_error":
        given = str(fault["input"])
        allowed = re.findall(r"'([^']+)'", context["expected"])
        near = difflib.get_close_matches(given, allowed, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"use one of {', '.join(allowed)}"
        wrong = f"'{given}' is not known" if given.strip() else "it is empty"
        return Finding(path, line, "value-wrong", f"{key}: {wrong}", hint)
    if kind == "string_type" and isinstance(fault["input"], dict):
        return Finding(path, line, "value-wrong", f"{key}: a text with ': ' in it", "put it into quotation marks")
    expected = _EXPECTED.get(kind, fault["msg"].lower())
    return Finding(path, line, "value-wrong", f"{key}: {expected}", f"see the guide: {_what(model, location)}")


_EXPECTED = {
    "string_type": "a single text is expected here",
    "tuple_type": "a list is expected here",
    "list_type": "a list is expected here",
    "model_type": "a set of `key: value` pairs is expected here",
    "bool_parsing": "true or false is expected here",
    "too_short": "at least one row is expected here",
    "date_type": "a date is expected here",
}


def _branch(part: object) -> bool:
    """Whether a part of a location is pydantic's name for a branch of a union, not a key."""
    return isinstance(part, str) and ("[" in part or "(" in part)


def _submodels(model: type[BaseModel], location: Iterable[object]) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for part in location:
        if isinstance(part, int) or _branch(part) or current is None:
            continue
        field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        current = _model_in(field.annotation) if field else None
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if found := _model_in(inner):
            return found
    return None


def _keys_at(model: type[BaseModel], location: Iterable[object]) -> list[str]:
    found = _submodels(model, location)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


def _what(model: type[BaseModel], location: tuple[object, ...]) -> str:
    plain = [part for part in location if not isinstance(part, int) and not _branch(part)]
    found = _submodels(model, plain[:-1])
    if found is None or not plain:
        return "the kind's fields"
    field = next((f for n, f in found.model_fields.items() if plain[-1] in (n, f.alias)), None)
    return (field.description or str(plain[-1])).rstrip(".") if field else str(plain[-1])
