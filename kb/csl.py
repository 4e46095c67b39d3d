"""Source records: CSL-YAML in ``docs/sources/``, shown as notes, exported as CSL-JSON and BibTeX.

Field names are those of the Citation Style Language (https://docs.citationstyles.org), what CSL has no name for
stands under ``custom``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field

from kb import address
from kb.model import Date, Model, PartialDate, Quote, Slug, Text
from kb.words import _

SourceKind = Literal["primary", "data", "press", "research", "company"]
CslType = Literal[
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
    "dataset", "document", "hearing", "interview", "legal_case", "legislation", "manuscript", "paper-conference",
    "patent", "periodical", "personal_communication", "post", "post-weblog", "regulation", "report", "software",
    "speech", "standard", "thesis", "treaty", "webpage",
]  # fmt: skip


def _address(value: str) -> str:
    if fault := address.fault(value, address.SOURCES):
        raise ValueError(f"{fault[1]}; write the address as a browser shows it, from https:// on")
    return value


Address = Annotated[Text, AfterValidator(_address)]


class Name(Model):
    """A person (family, given) or a body (literal)."""

    family: Text | None = Field(default=None, description="Family name.")
    given: Text | None = Field(default=None, description="Given names.")
    literal: Text | None = Field(default=None, description="The name of a body, or a name that has no such parts.")

    def __str__(self) -> str:
        return self.literal or " ".join(part for part in (self.given, self.family) if part)


class Reading(Model):
    """When and how the source was read."""

    date: Date = Field(description="The day it was read.")
    how: Literal["live", "archived-copy", "excerpt"] = Field(
        alias="from", description="live: the page itself; archived-copy: a whole stored copy; excerpt: a part of one."
    )


class Custom(Model):
    """What CSL has no name for."""

    kind: SourceKind = Field(description="primary, data, press, research or company.")
    read: Reading = Field(description="When and how it was read.")
    licence: Text | None = Field(default=None, description="The source's own licence, where it names one.")
    reuse: Text | None = Field(default=None, description="What that licence forbids, if our data must leave it out.")
    quotes: tuple[Quote, ...] = Field(default=(), description="The few words that carry each fact (25 at most each).")
    archive: Address | None = Field(default=None, description="An archived copy that was seen.")


class Source(Model):
    """One source: who says it, where and when."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: Slug = Field(description="Its id: publisher, year, subject.")
    type: CslType = Field(description="What it is, in the words of CSL.")
    title: Text = Field(description="Its title as published.")
    author: tuple[Name, ...] = Field(default=(), description="Who wrote it, if named.")
    container_title: Text | None = Field(default=None, alias="container-title", description="Journal or series.")
    publisher: Text = Field(description="Who published it.")
    issued: PartialDate | None = Field(default=None, description="When it was published, if it says so.")
    url: Address | None = Field(default=None, alias="URL", description="Its address; none for a paper document.")
    language: Annotated[Text, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]+)*$")] = Field(description="en, ur…")
    custom: Custom = Field(description="What CSL has no name for.")


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def written(date: str) -> str:
    """A date as prose has it: ``2025-03-10`` -> ``10 March 2025``, ``2025-03`` -> ``March 2025``."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = _(MONTHS[int(rest[0]) - 1])
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


@dataclass(frozen=True, slots=True)
class Gone:
    """What is known of a source whose page is no longer there."""

    alive: str  # the last day on which it was; empty where it was never seen
    copy: str  # an archived copy; empty where none is known


def note(source: Source, gone: Gone | None = None) -> list[tuple[str, str]]:
    """The note of a source as (text, address) runs; the address is empty where the run is not a link.

    "Accessed" is said only of a page that was read live. Where the page is gone, its title leads to the copy.
    """
    runs: list[tuple[str, str]] = []
    authors = ", ".join(str(name) for name in source.author)
    for lead in dict.fromkeys((authors, source.publisher)):
        if lead:
            runs.append((f"{lead}. ", ""))
    runs.append((source.title, gone.copy if gone else source.url or ""))
    tail = f". {written(source.issued)}." if source.issued else f". {_('No date shown.')}"
    day = written(source.custom.read.date.isoformat())
    how = {
        "live": _("Accessed {day}."),
        "archived-copy": _("Read in an archived copy on {day}."),
        "excerpt": _("Read as an excerpt on {day}."),
    }
    runs.append((f"{tail} {how[source.custom.read.how].format(day=day)}", ""))
    if gone:
        seen = f" {_('(last seen there on {day})').format(day=written(gone.alive))}" if gone.alive else ""
        copy = _("the title leads to an archived copy") if gone.copy else _("no archived copy is known")
        said = _("The page is gone{seen}; {copy}.").format(seen=seen, copy=copy)
        runs += [(f" {said} ", ""), (_("Former address"), source.url or ""), (".", "")]
    elif source.custom.archive:
        runs += [(" ", ""), (_("Archived copy"), source.custom.archive), (".", "")]
    return runs


def plain(source: Source) -> str:
    """The note as plain text."""
    return "".join(text for text, _ in note(source))


def csl_json(source: Source) -> dict[str, Any]:
    """The source as a CSL-JSON item."""
    item: dict[str, Any] = {"id": source.id, "type": source.type, "title": source.title}
    if source.author:
        item["author"] = [name.model_dump(exclude_none=True) for name in source.author]
    if source.container_title:
        item["container-title"] = source.container_title
    item["publisher"] = source.publisher
    if source.issued:
        item["issued"] = {"date-parts": [[int(part) for part in source.issued.split("-")]]}
    if source.url:
        item["URL"] = source.url
    if source.custom.read.how == "live":
        read = source.custom.read.date
        item["accessed"] = {"date-parts": [[read.year, read.month, read.day]]}
    item["language"] = source.language
    item["custom"] = source.custom.model_dump(mode="json", by_alias=True, exclude_none=True)
    return item


_BIBTEX_TYPES = {"article-journal": "article", "book": "book", "report": "techreport", "thesis": "phdthesis"}
_BIBTEX_ESCAPES = str.maketrans(
    {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_",
     "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)  # fmt: skip


def bibtex_text(text: str) -> str:
    """Plain text as BibTeX reads it."""
    return text.translate(_BIBTEX_ESCAPES)


def bibtex_address(url: str) -> str:
    """An address as BibTeX reads it."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("%", r"\%")


def bibtex_entry(kind: str, identity: str, fields: dict[str, str]) -> str:
    """An entry of the fields that have a value."""
    body = "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items() if value)
    return f"@{kind}{{{identity},\n{body}}}\n"


def bibtex(source: Source) -> str:
    """The source as a BibTeX entry; titles keep their capitals."""
    kind = _BIBTEX_TYPES.get(source.type, "misc")
    publisher = {"techreport": "institution", "article": "journal", "phdthesis": "school"}.get(kind, "publisher")
    fields = {
        "author": " and ".join("{" + bibtex_text(str(name)) + "}" for name in source.author),
        "title": "{" + bibtex_text(source.title) + "}",
        publisher: bibtex_text(source.container_title or source.publisher),
        "year": source.issued[:4] if source.issued else "",
        "month": source.issued[5:7].lstrip("0") if source.issued and len(source.issued) > 4 else "",
        "url": bibtex_address(source.url or ""),
        "urldate": source.custom.read.date.isoformat() if source.custom.read.how == "live" else "",
        "language": source.language,
    }
    return bibtex_entry(kind, source.id, fields)
