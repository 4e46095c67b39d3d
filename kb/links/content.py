"""What came over the wire: a page's title, whether it is an error page in disguise, where it sends a browser."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import re
import zlib
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

ERROR_TITLES = (
    "page not found", "404 not found", "error 404", "404 error", "404 -", "404 |", "404:", "page cannot be found",
    "page could not be found", "page can't be found", "page can’t be found", "page does not exist",
    "page doesn't exist", "page doesn’t exist", "page you requested", "page you are looking for", "no longer available",
    "file not found", "nothing found", "nothing here", "صفحہ نہیں ملا",
)  # fmt: skip
ERROR_NAMES = frozenset({"404", "not found", "error", "oops", "oops!", "page not found"})
ERROR_PATHS = re.compile(r"/(?:404|error|errors|not-?found|page-?not-?found)(?:\.[a-z]{2,5})?/?", re.I)
PARKED = (
    "domain is for sale", "domain may be for sale", "buy this domain", "domain name is for sale", "domain is parked",
    "parked free", "domain has expired", "domain parking", "account has been suspended",
    "website has been suspended", "this site has been suspended",
)  # fmt: skip
PARKING = ("sedoparking", "hugedomains", "parkingcrew")  # in the source of a page
LOGIN_PATHS = re.compile(r"/(?:log-?in|sign-?in|signon|sso|auth|account/login)(?:[/.?]|\Z)", re.I)
MAX_TEXT = 5_000  # characters; a page that is for sale has fewer
MAX_REFRESH_SECONDS = 5  # a page that moves on by itself sooner is a redirect
ALIKE = 0.3  # share of words that two titles of one page have in common at least


@dataclass(frozen=True, slots=True)
class Content:
    """What is read from an HTML page."""

    title: str = ""
    fault: str = ""  # a reason of kb.links.verdicts, empty when nothing is wrong
    refresh: str = ""  # where it sends the browser at once


def decoded(body: bytes, type_: str, encoding: str, cap: int) -> str:
    """A body as text, unpacked up to ``cap`` bytes; bytes that its charset does not know are replaced."""
    if encoding in ("gzip", "x-gzip", "deflate"):
        unpack = zlib.decompressobj(47 if "gzip" in encoding else 15)
        try:
            body = unpack.decompress(body, cap)
        except zlib.error:
            body = b""
    charset = type_.lower().partition("charset=")[2].partition(";")[0].strip(" \"'") or "utf-8"
    try:
        codecs.lookup(charset)
        return body.decode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        return body.decode("utf-8", "replace")


def read(html: str, fragment: str = "", whole: bool = True) -> Content:
    """Title, refresh and faults of a page of which ``whole`` or only the start is there.

    Pages may be hostile, and a tree is built in quadratic time from one that is nested deeply; this scans, once.
    """
    if not html.strip():
        return Content(fault="empty")
    shown = _without_scripts(html)
    titles = [_inside(shown, "title"), _inside(shown, "h1")]
    title = next(filter(None, titles), "")
    for meta in itertools.islice(_META.finditer(shown), 100):
        found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(meta[1])}
        if found.get("http-equiv", "").lower() == "refresh":
            seconds, _, target = unescape(found.get("content", "")).partition(";")
            name, _, url = target.strip().partition("=")
            if name.strip().lower() == "url" and _soon(seconds):
                return Content(title, refresh=url.strip(" \"'"))
    if any(_is_error(text) for text in titles):
        return Content(title, "soft-404")
    text = _TAG.sub(" ", shown)
    if any(mark in html[:MAX_TEXT].lower() for mark in PARKING):
        return Content(title, "parked")
    if len(text) < MAX_TEXT and any(mark in " ".join(text.lower().split()) for mark in PARKED):
        return Content(title, "parked")
    wanted = {fragment, unquote(fragment), f"user-content-{fragment}"}
    if whole and fragment and not any(unescape(mark[1]) in wanted for mark in _ANCHOR.finditer(shown)):
        return Content(title, "section")
    return Content(title)


_META = re.compile(r"<meta\b([^<>]{0,2000})>", re.I)
_ATTRIBUTE = re.compile(r"""(?<![a-z-])([a-z-]{1,30}+)\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.I)
_ANCHOR = re.compile(r"""\b(?:id|name)\s{0,5}=\s{0,5}["']?([^"'\s<>]{1,300})""", re.I)
_TAG = re.compile(r"<[^<>]{0,5000}>")


def _without_scripts(html: str) -> str:
    """The page without what only a browser with, or only one without scripts reads."""
    lower = html.lower() if len(html.lower()) == len(html) else html
    for name in ("script", "style", "noscript"):
        parts, at = [], 0
        while (start := lower.find(f"<{name}", at)) >= 0 and (end := lower.find(f"</{name}", start)) >= 0:
            parts.append(html[at:start])
            at = end
        html = "".join(parts) + html[at:]
        lower = html.lower() if len(html.lower()) == len(html) else html
    return html


def _inside(html: str, name: str) -> str:
    """The words of the first element of a name."""
    match = re.search(rf"<{name}\b[^<>]{{0,2000}}>", html, re.I)
    if not match:
        return ""
    end = re.compile(rf"</{name}", re.I).search(html, match.end())
    return " ".join(
        unescape(_TAG.sub(" ", html[match.end() : end.start() if end else match.end() + 300]))[:1000].split()
    )


def _soon(seconds: str) -> bool:
    try:
        return float(seconds) <= MAX_REFRESH_SECONDS
    except ValueError:
        return False


def _is_error(title: str) -> bool:
    title = title.lower()
    return title in ERROR_NAMES or any(mark in title for mark in ERROR_TITLES)


def names_a_section(url: str) -> str:
    """The fragment of an address that names a part of an HTML page; empty for those that scripts and viewers read."""
    fragment = urlsplit(url).fragment
    return "" if fragment.startswith((":~:", "!", "/", "page=")) else fragment.partition(":~:")[0]


def led_astray(asked: str, final: str) -> str:
    """The reason when redirects led from a page to a home page, an error page or a form to sign in; else empty."""
    before, after = urlsplit(asked), urlsplit(final)
    if ERROR_PATHS.fullmatch(after.path):
        return "soft-404"
    if LOGIN_PATHS.search(after.path) and not LOGIN_PATHS.search(before.path):
        return "login"
    deep = before.path.strip("/") and not re.fullmatch(
        r"/?(?:index|home|default)(?:\.[a-z]{2,5})?/?", before.path, re.I
    )
    return "soft-404" if deep and not after.path.strip("/") and not after.query else ""


def fingerprint(title: str) -> str:
    """The words of a title as short hashes, by which it can be told apart from another but not read."""
    words = sorted(set(re.findall(r"[^\W\d_]{2,}", title.lower())))[:24]
    return " ".join(hashlib.blake2b(word.encode(), digest_size=2).hexdigest() for word in words)


def similar(before: str, now: str) -> bool:
    """Whether two fingerprints may be of one page; unknown ones may."""
    old, new = set(before.split()), set(now.split())
    return not old or not new or len(old & new) / len(old | new) >= ALIKE
