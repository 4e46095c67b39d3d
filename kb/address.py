"""Addresses that leave the site: which may stand on a page or in a record, and what a link's words may promise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

import idna

from kb.text import INVISIBLE

PAGES = ("https", "mailto")
SOURCES = ("https", "http")
Fault = tuple[str, str, str]  # rule, what is wrong, what to do

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.I)
_LOOKALIKES = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "DESERET")  # have letters like Latin ones
_RESERVED = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "test", "invalid", "onion", "arpa")
MAX_LENGTH = 1000


def leaves(href: str) -> bool:
    """Whether a link has a scheme or a host of its own, as a browser would read it."""
    return bool(SCHEME.match(href)) or href.replace("\\", "/").startswith("//")


def fault(href: str, schemes: Collection[str] = PAGES) -> Fault | None:
    """What is wrong with an address that leaves the site."""
    rule, remedy = "link-address", "write the address as the page itself gives it"
    scheme = SCHEME.match(href)
    name = scheme[0].lower() if scheme else ""
    if name not in schemes:
        return (
            "link-scheme",
            f"'{short(href)}' is not an {' or '.join(schemes)} address",
            ("link to the https page, or cite a source" if "http" not in schemes else "start it with https://"),
        )
    if len(href) > MAX_LENGTH:
        return rule, f"the address has {len(href)} characters", f"use the short form; {MAX_LENGTH} is the most"
    if hidden := INVISIBLE.search(unquote(href)) or re.search(r"[\t\n\r]", unquote(href)):
        return rule, f"the address holds the invisible character U+{ord(hidden[0]):04X}", "delete it"
    if "\\" in href or "%5c" in href.lower() or re.search(r"\s", href):
        return rule, "the address holds a backslash or a blank", remedy
    if name == "mailto":
        mail = _MAIL.fullmatch(href.partition(":")[2])
        return None if mail else (rule, f"'{short(href)}' is not one plain mail address", "write mailto:name@host")
    if not re.match(r"[a-z]+://[^/]", href, re.I):
        return rule, f"'{short(href)}' has no host", f"write {name}://, the host and the path"
    try:
        parts = urlsplit(href)
        port = parts.port
    except ValueError:
        return rule, f"'{short(href)}' cannot be read as an address", remedy
    if "@" in parts.netloc or "%40" in parts.netloc:
        return rule, "the address holds a user name before its host", "delete what stands before the @"
    if port not in (None, 443 if name == "https" else 80):
        return rule, f"the address names the port {port}", "link to the ordinary page, without a port"
    if message := _host_fault(parts.netloc.rpartition(":")[0] if port else parts.netloc.rstrip(":")):
        return rule, message, remedy
    return None


def _host_fault(host: str) -> str:
    labels = host.rstrip(".").split(".")
    last = labels[-1].lower()
    if host.startswith("[") or all(re.fullmatch(r"\d+|0x[0-9a-f]*", label, re.I) for label in labels):
        return f"'{host}' is a number, not a name"
    if len(labels) < 2 or last in _RESERVED or last.isdigit():
        return f"'{host}' is not a public name"
    if len(host) > 253:
        return "the host's name is too long"
    scripts = [_scripts(label) for label in labels]
    for label, found in zip(labels, scripts, strict=True):
        if not found:
            return f"'{short(label)}' is not a name as IDNA writes it"
        if len(found) > 1:
            return f"'{short(label)}' mixes letters of {' and '.join(sorted(found)).title()}"
        if found & set(_LOOKALIKES) and found != scripts[-1]:
            return f"'{short(label)}' looks like Latin letters but is {next(iter(found)).title()}"
    return ""


def _scripts(label: str) -> set[str]:
    """Scripts of a label's letters, {"LATIN"} for one of digits alone; empty when it is no valid label."""
    try:
        if label.lower().startswith("xn--"):
            label = idna.decode(label)
        elif not label.isascii():
            idna.encode(label)
        elif not _LABEL.fullmatch(label) or len(label) > 63:
            return set()
    except (idna.IDNAError, UnicodeError):
        return set()
    if unicodedata.normalize("NFKC", label).lower() != label.lower():
        return set()
    return {unicodedata.name(c, "?").partition(" ")[0] for c in label if c.isalpha()} or {"LATIN"}


# ---- words that promise an address -----------------------------------------------------------------------------------

_LOOKS = re.compile(r"(?:[a-z]+://)?((?:[\w-]+\.)+(?:[a-z]{2,24}|xn--[\w-]+))(?::\d+)?(/\S*|\?\S*|#\S*)?", re.I)
_INSIDE = re.compile(r"(?:[a-z]{3,}://|www\.)\S+", re.I)
_AROUND = "<>()[]“”\"'.,;"
_PRODUCTS = ("asp.net", "ado.net", "vb.net")  # names that happen to have the form of a host
_FILES = (".js", ".py", ".pdf", ".html", ".csv", ".json", ".xlsx", ".docx", ".txt", ".xml")


def promise_fault(words: str, href: str) -> Fault | None:
    """What is wrong with a link whose words read like an address that is not its own."""
    words = unicodedata.normalize("NFKC", words).strip().strip(_AROUND)
    inside = _INSIDE.search(words)
    whole = _LOOKS.fullmatch(words)
    promised = inside[0] if inside else words if whole else ""
    if not leaves(href):
        wrong = bool(inside)
    elif href.lower().startswith("mailto:"):
        wrong = bool(inside) or ("@" in words and words.lower() != href[7:].lower())
    else:
        wrong = ("@" in words.partition("/")[0] and "." in words) or (bool(promised) and not _kept(promised, href))
    if not wrong:
        return None
    message = f"the words '{short(words)}' read like an address, but the link leads to '{short(href)}'"
    return "link-text", message, "let the words say what the page is, or write its own address"


def _kept(promised: str, href: str) -> bool:
    bare, target = _bare(promised), _bare(href)
    if target == bare or target.startswith((bare + "/", bare + "?", bare + "#")):
        return True
    if "/" in bare or promised.lower().startswith("www."):
        return False
    name = promised.lower()
    return name.endswith((*_FILES, *_PRODUCTS)) or (name.endswith(".md") and target.lower().endswith(f"/{name}"))


def _bare(address: str) -> str:
    """Host and path without what a reader does not miss."""
    host, slash, path = re.sub(r"^[a-z]+://", "", unquote(address), flags=re.I).partition("/")
    try:
        host = idna.decode(host) if "xn--" in host.lower() else host.lower()
    except (idna.IDNAError, UnicodeError):
        host = host.lower()
    return f"{host.removeprefix('www.')}{slash}{path}".rstrip("/" + _AROUND)


def short(text: str) -> str:
    """At most 80 characters for a message."""
    return text if len(text) <= 80 else text[:77] + "…"
