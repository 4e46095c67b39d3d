"""``site.toml``: the settings that more than one part reads."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.finding import Finding
from kb.frontmatter import Refused

NAME = "site.toml"
MAX_BYTES = 64_000


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Address(_Table):
    """Where the site and its sources are. An empty address turns its feature off."""

    base_url: str = ""
    repository: str = ""
    branch: str = "main"
    contact: str = ""


class Names(_Table):
    """How names are written and linked."""

    never_link: tuple[str, ...] = ()


class Search(_Table):
    """What readers type, and what the pages write for it."""

    letters: dict[Annotated[str, Field(min_length=1, max_length=1)], str] = Field(
        default_factory=dict
    )  # a letter -> the one it is read as
    house_names: dict[str, str] = Field(default_factory=dict)  # another spelling -> ours
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # our word -> the same in readers' languages
    sounds: dict[str, str] = Field(default_factory=dict)  # a letter of another script -> the Latin consonant
    related: tuple[str, ...] = ()  # words that mean much the same, between blanks
    stop: str = ""  # words of readers' languages that carry no meaning, between blanks


class Site(_Table):
    """One knowledge base: its title and what is particular to its country or field."""

    title: str
    tagline: str = ""
    language: str = "en"
    fiscal_year_start: int = Field(default=1, ge=1, le=12)
    address: Address = Address()
    names: Names = Names()
    search: Search = Search()
    scripts: dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], str] = Field(
        default_factory=dict
    )  # a language -> its script, where that is not the site's own: "Arabic", as Unicode names it
    key_figures: tuple[str, ...] = ()  # indicators on the home page
    review_months: dict[str, int] = Field(default_factory=dict)


def load(root: Path) -> Site:
    """The site table of a checkout. Raises :class:`~kb.frontmatter.Refused` with what to mend."""
    file = root / NAME
    if not file.is_file():
        raise Refused(Finding(NAME, 1, "file-kind", "there is no site.toml", "add one at the root"))
    if file.is_symlink() or file.stat().st_size > MAX_BYTES:
        message = "it is no plain file of settings"
        raise Refused(Finding(NAME, 1, "file-kind", message, "put the settings themselves here"))
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except RecursionError:
        raise Refused(Finding(NAME, 1, "yaml-syntax", "values are nested too deeply", "flatten them")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(Finding(NAME, 1, "yaml-syntax", f"TOML cannot be read: {error}", "mend the line named")) from None
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise Refused(
            Finding(NAME, 1, "value-wrong", f"{key}: {first['msg']}", "see the guide's table of settings")
        ) from None
