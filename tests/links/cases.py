"""The ways in which a server misbehaves, each with the verdict that it must get: written down before it was asked."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.links.server import Handler, Request

TITLE = "Coverage of mobile networks in Lesotho"
PAGE = f"<!doctype html><title>{TITLE}</title><h1 id=top>{TITLE}</h1><p>Words.".encode()
HTML = "Content-Type: text/html; charset=utf-8\r\n"


@dataclass(frozen=True)
class Case:
    """An address, how its server answers, and what has to come of it."""

    name: str
    url: str
    verdict: str
    reason: str
    handler: Handler | None = None
    final: str = ""


CASES: list[Case] = []
ADDRESSES: dict[str, list[str] | Exception] = {}  # of hosts that are not simply this machine


def reply(status: str = "200 OK", body: bytes = PAGE, headers: str = HTML, length: int | None = None) -> bytes:
    """A whole answer."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {size}\r\nConnection: close\r\n\r\n".encode() + body


def case(
    name: str, verdict: str, reason: str, path: str = "/a/page", scheme: str = "http", final: str = "", host: str = ""
) -> Callable[[Handler], Handler]:
    """Register a handler under its host."""

    def register(handler: Handler) -> Handler:
        CASES.append(Case(name, f"{scheme}://{host or f'{name}.example.org'}{path}", verdict, reason, handler, final))
        return handler

    return register


def fixed(name: str, verdict: str, reason: str, answer: bytes, head: bytes = b"", **more: str) -> None:
    """A case whose answer is always the same (``head``: another one to HEAD)."""

    async def handler(request: Request) -> None:
        plain = answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if answer.startswith(b"HTTP/1.1 2") else answer
        await request.send((head or plain) if request.method == "HEAD" else answer)

    case(name, verdict, reason, **more)(handler)


def redirected(name: str, verdict: str, reason: str, location: str, status: str = "302 Found", **more: str) -> None:
    """A case that leads elsewhere; what it leads to on the same host is the page."""

    async def handler(request: Request) -> None:
        if urlsplit(location).path == request.path and "://" not in location:
            await request.send(reply())
        else:
            await request.send(reply(status, b"", f"Location: {location}\r\n"))

    case(name, verdict, reason, **more)(handler)


def bare(name: str, verdict: str, reason: str, url: str) -> None:
    """A case for which no server is needed."""
    CASES.append(Case(name, url, verdict, reason))


def titled(title: str, text: str = "") -> bytes:
    """A page with another title."""
    return reply(body=f"<!doctype html><title>{title}</title><p>{text or 'Words.'}".encode())


async def forever(request: Request, start: bytes, part: bytes, pause: float) -> None:
    """Without end."""
    await request.send(start)
    while True:
        await request.send(part, pause=pause)


# ---- pages that are there

fixed("fine", "alive", "ok", reply())
fixed("head-405", "alive", "ok", reply(), reply("405 Method Not Allowed", b""))
fixed("head-404", "alive", "ok", reply(), reply("404 Not Found", b""))
fixed("head-with-body", "alive", "ok", reply(), reply())
fixed("head-garbled", "alive", "ok", reply(), b"what?\r\n\r\n")
fixed("too-short", "alive", "ok", reply(length=100_000))
fixed("too-long", "unverified", "garbled", reply(body=PAGE + b"x" * 5000, length=len(PAGE)))
fixed("early-hints", "alive", "ok", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + reply())
fixed("latin-1", "alive", "ok", reply(body=PAGE + "Zürich".encode("latin-1")))
fixed("charset-unknown", "alive", "ok", reply(headers="Content-Type: text/html; charset=klingon\r\n"))
fixed("charset-binary", "alive", "ok", reply(headers="Content-Type: text/html; charset=rot13\r\n"))
fixed("no-type", "alive", "ok", reply(headers=""))
fixed("gzip", "alive", "ok", reply(body=gzip.compress(PAGE), headers=HTML + "Content-Encoding: gzip\r\n"))
fixed("nested", "alive", "ok", reply(body=PAGE + b"<div>" * 40_000))
fixed("nul", "alive", "ok", reply(body=PAGE + b"\0" * 1000))
fixed("idna", "alive", "ok", reply(), host="بلاگ.idna.example.org")
fixed("umlaut", "alive", "ok", reply(), host="umlaut.bücher.example.org")
fixed("ipv6", "alive", "ok", reply())
fixed("retry-nonsense", "alive", "ok", reply(headers=HTML + "Retry-After: soon\r\n"))
fixed("date-nonsense", "alive", "ok", reply(headers=HTML + "Retry-After: Fri, 99 Foo 99999 99:99:99 GMT\r\n"))
fixed("section", "alive", "ok", reply(), path="/a/page#top")
fixed("text-fragment", "alive", "ok", reply(), path="/a/page#:~:text=Words")
fixed("script-fragment", "alive", "ok", reply(), path="/a/page#!/route")
fixed("pdf", "alive", "ok", reply(headers="Content-Type: application/pdf\r\n"), path="/a.pdf#page=3")
bomb = gzip.compress(PAGE + b" " * 50_000_000, 6)
fixed("gzip-bomb", "alive", "ok", reply(body=bomb, headers=HTML + "Content-Encoding: gzip\r\n"))


@case("head-silent", "alive", "ok")
async def head_silent(request: Request) -> None:
    await (asyncio.sleep(60) if request.method == "HEAD" else request.send(reply()))


@case("head-reset", "alive", "ok")
async def head_reset(request: Request) -> None:
    await request.send(reply()) if request.method == "GET" else request.reset()


@case("huge", "alive", "ok")
async def huge(request: Request) -> None:
    start = f"HTTP/1.1 200 OK\r\n{HTML}Content-Length: 100000000000\r\n\r\n".encode() + PAGE
    await (request.send(reply()) if request.method == "HEAD" else forever(request, start, b"x" * 65536, 0.0))


@case("ranged", "alive", "ok")
async def ranged(request: Request) -> None:
    assert request.method == "HEAD" or request.headers["range"].startswith("bytes=0-")
    await request.send(reply("206 Partial Content" if request.method == "GET" else "200 OK"))


@case("range-refused", "alive", "ok")
async def range_refused(request: Request) -> None:
    await request.send(reply("416 Range Not Satisfiable", b"") if "range" in request.headers else reply())


@case("busy-then-fine", "alive", "ok")
async def busy_then_fine(request: Request) -> None:
    await request.send(
        reply("503 Service Unavailable", b"", "Retry-After: 0\r\n")
        if request.count == 1 and request.method == "HEAD"
        else reply()
    )


@case("wire", "alive", "ok", path="/%D8%A7/a%2Fb;c=1?q=%20x&amp=%7E&r=[1]|2")
async def wire(request: Request) -> None:
    kept = request.path == "/%D8%A7/a%2Fb;c=1?q=%20x&amp=%7E&r=[1]|2"
    await request.send(reply() if kept else reply("404 Not Found", b""))


# ---- pages that have gone elsewhere

redirected("temporary", "alive", "ok", "/new/page", final="http://temporary.example.org/new/page")
redirected("moved", "moved", "moved", "/new/page", "301 Moved", final="http://moved.example.org/new/page")
redirected("moved-308", "moved", "moved", "/new/page", "308 Moved", final="http://moved-308.example.org/new/page")
redirected("upgraded", "moved", "moved", "https://tls-target.example.org/a/page", "301 Moved",
           final="https://tls-target.example.org/a/page")  # fmt: skip
redirected("blank-target", "alive", "ok", "/new/p age".replace(" ", "%20"))
redirected("home", "changed", "soft-404", "/", "301 Moved")
redirected("error-page", "changed", "soft-404", "/404.html")
redirected("sign-in", "unverified", "login", "/login")
redirected("to-file", "unverified", "unsafe", "file:///etc/passwd")
redirected("to-script", "unverified", "unsafe", "javascript:alert(1)")
redirected("to-port", "unverified", "unsafe", "http://fine.example.org:22/")
redirected("to-user", "unverified", "unsafe", "http://user:secret@fine.example.org/")
redirected("to-number", "unverified", "unsafe", "http://127.0.0.1/")
redirected("to-odd-number", "unverified", "unsafe", "http://0x7f.1/")
redirected("to-integer", "unverified", "unsafe", "http://2130706433/")
redirected("to-ipv6", "unverified", "unsafe", "http://[::1]/")
redirected("to-private", "unverified", "unsafe", "http://private.example.org/")
redirected("to-metadata", "unverified", "unsafe", "http://metadata.example.org/latest/meta-data/")
fixed("to-nonsense", "unverified", "unsafe", reply("302 Found", b"", "Location: http://[bad/\r\n"))
fixed("no-location", "unverified", "odd", reply("302 Found", b"", ""))
fixed("tls-target", "alive", "ok", reply(), scheme="https")
fixed("refresh-private", "unverified", "unsafe", titled(TITLE + '</title><meta http-equiv="Refresh" content="0; URL=http://private.example.org/">'))  # fmt: skip  # noqa: E501


@case("refresh", "alive", "ok", final="http://refresh.example.org/new/page")
async def refresh(request: Request) -> None:
    mark = '<meta http-equiv="refresh" content="0;url=/new/page">'
    await request.send(reply() if request.path == "/new/page" else titled(f"Moving</title>{mark}"))


@case("chain", "moved", "moved", final="http://chain.example.org/two")
async def chain(request: Request) -> None:
    steps = {"/a/page": ("301", "/one"), "/one": ("308", "/two"), "/two": ("302", "/three")}
    status, target = steps.get(request.path, ("", ""))
    await request.send(reply(f"{status} Elsewhere", b"", f"Location: {target}\r\n") if status else reply())


@case("redirect-loop", "unverified", "loop")
async def redirect_loop(request: Request) -> None:
    target = "/b" if request.path == "/a/page" else "/a/page"
    await request.send(reply("302 Found", b"", f"Location: {target}\r\n"))


@case("redirect-endless", "unverified", "loop")
async def redirect_endless(request: Request) -> None:
    await request.send(reply("301 Moved", b"", f"Location: {request.path}x\r\n"))


@case("cookies", "unverified", "loop")
async def cookies(request: Request) -> None:
    if "cookie" in request.headers:
        await request.send(reply())
    else:
        await request.send(reply("302 Found", b"", "Set-Cookie: seen=1\r\nLocation: /a/page\r\n"))


# ---- pages that are not what they were

fixed("soft-404", "changed", "soft-404", titled("Page not found | The Times"))
fixed("soft-404-urdu", "changed", "soft-404", titled("صفحہ نہیں ملا"))
fixed("parked", "changed", "parked", titled("example", "This domain is for sale. Make an offer."))
fixed("suspended", "changed", "parked", titled("Suspended", "This account has been suspended."))
fixed("other-title", "changed", "title", titled("Buy cheap shoes online"))
fixed("no-section", "changed", "section", reply(), path="/a/page#gone")
fixed("no-content", "changed", "empty", b"HTTP/1.1 204 No Content\r\n\r\n")
fixed("empty-page", "changed", "empty", reply(body=b""))
fixed("gzip-lie", "changed", "empty", reply(headers=HTML + "Content-Encoding: gzip\r\n"))

# ---- no answer that proves anything

for number, reason in (
    (400, "odd"), (401, "login"), (402, "refused"), (403, "refused"), (407, "login"), (418, "odd"), (451, "region"),
    (500, "server"), (502, "server"), (504, "server"), (999, "refused"), (300, "odd"), (304, "odd"),
):  # fmt: skip
    fixed(f"status-{number}", "unverified", reason, reply(f"{number} Said", b""))
fixed("later-hour", "unverified", "busy", reply("429 Too Many Requests", b"", "Retry-After: 3600\r\n"))
fixed("later-2099", "unverified", "busy",
      reply("429 Too Many Requests", b"", "Retry-After: Thu, 01 Jan 2099 00:00:00 GMT\r\n"))  # fmt: skip
fixed("later-huge", "unverified", "busy", reply("503 Busy", b"", f"Retry-After: {'9' * 300}\r\n"))
fixed("later-always", "unverified", "busy", reply("429 Too Many Requests", b"", "Retry-After: 1\r\n"))
fixed("busy", "unverified", "busy", reply("503 Service Unavailable", b""))
fixed("bad-status-line", "unverified", "garbled", b"HTTP/1.1 TWO HUNDRED\r\n\r\nhello")
fixed("no-http", "unverified", "garbled", b"220 smtp.example.org ready\r\n\r\n")
fixed("huge-header", "unverified", "garbled", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 900_000 + b"\r\n\r\n")
fixed("bad-chunks", "unverified", "garbled",
      f"HTTP/1.1 200 OK\r\n{HTML}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello".encode(), reply())  # fmt: skip
fixed("wrong-name", "unverified", "certificate", reply(), scheme="https")
fixed("selfsigned", "unverified", "certificate", reply(), scheme="https")
bare("tls-plain", "unverified", "certificate", "https://tls-plain.example.org:8443/")  # speaks HTTP where TLS should be
bare("refused", "unverified", "unreachable", "http://refused.example.org:8080/")
bare("private", "unverified", "unsafe", "http://private.example.org/")
bare("mapped", "unverified", "unsafe", "http://mapped.example.org/")
bare("half-private", "unverified", "unsafe", "http://half-private.example.org/")
bare("dns-trouble", "unverified", "dns", "http://dns-trouble.example.org/")
bare("dns-slow", "unverified", "dns", "http://dns-slow.example.org/")
bare("user", "unverified", "unsafe", "http://user:secret@user.example.org/")
bare("ftp", "unverified", "unsafe", "ftp://fine.example.org/")


@case("silent", "unverified", "timeout")
async def silent(request: Request) -> None:
    await asyncio.sleep(60)


@case("drip", "unverified", "timeout")
async def drip(request: Request) -> None:
    start = f"HTTP/1.1 200 OK\r\n{HTML}Content-Length: 100000\r\n\r\n".encode()
    await (request.send(reply()) if request.method == "HEAD" else forever(request, start, b"x", 0.05))


@case("slow-headers", "unverified", "timeout")
async def slow_headers(request: Request) -> None:
    await forever(request, b"HTTP/1.1 200 OK\r\n", b"X", 0.05)


@case("endless-headers", "unverified", "garbled")
async def endless_headers(request: Request) -> None:
    await forever(request, b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 100, 0.0)


@case("endless-continue", "unverified", "timeout")
async def endless_continue(request: Request) -> None:
    await forever(request, b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)


@case("reset", "unverified", "connection")
async def reset(request: Request) -> None:
    request.reset()


@case("hang-up", "unverified", "connection")
async def hang_up(request: Request) -> None:
    """No byte at all."""


@case("reset-midway", "unverified", "connection")
async def reset_midway(request: Request) -> None:
    await request.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    request.reset()


# ---- gone

fixed("gone-404", "dead", "gone", reply("404 Not Found", b"No."))
fixed("gone-410", "dead", "gone", reply("410 Gone", b"No."))
bare("no-host", "dead", "no-host", "http://no-host.example.org/")

ADDRESSES |= {
    "ipv6.example.org": ["::1"],
    "private.example.org": ["10.0.0.7"],
    "metadata.example.org": ["169.254.169.254"],
    "mapped.example.org": ["::ffff:192.168.1.1"],
    "half-private.example.org": ["127.0.0.1", "172.16.0.1"],
    "dns-trouble.example.org": socket.gaierror(socket.EAI_AGAIN, "try again"),
    "dns-slow.example.org": TimeoutError(),
    "no-host.example.org": socket.gaierror(socket.EAI_NONAME, "unknown"),
}


def handlers(cases: Iterable[Case] = CASES) -> dict[str, Handler]:
    """First label of the host as it is sent -> handler."""
    found = {case.name: case.handler for case in cases if case.handler}
    found |= {"xn--mgbb8f4t": found["idna"]}
    return found


async def lookup(host: str) -> list[str]:
    """Names as this machine; the odd ones as they are."""
    found = ADDRESSES.get(host, ["127.0.0.1"])
    if isinstance(found, TimeoutError):
        await asyncio.sleep(60)
    if isinstance(found, Exception):
        raise found
    return found
