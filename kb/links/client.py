"""Ask for one address: HEAD, then the start of the page, hop by hop, within limits of time and size."""

from __future__ import annotations

import asyncio
import datetime
import email.utils
import ssl
from dataclasses import dataclass, replace
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import aiohttp
import yarl

from kb.links import content
from kb.links.content import Content
from kb.links.pace import Pace
from kb.links.safety import Resolver, Trouble, wire
from kb.links.verdicts import Answer


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may cost."""

    seconds: float = 20.0  # for all its requests together, waiting for turns left out
    retry_seconds: float = 60.0  # the longest pause that a server may ask for; beyond it we come back another time
    pause_seconds: float = 3.0  # before the second try, where the server names no pause
    tries: int = 2
    hops: int = 8
    body: int = 1_000_000  # bytes, packed and unpacked


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from one request."""

    status: int
    type: str
    location: str
    wait: float
    body: bytes
    encoding: str
    whole: bool
    copy: str  # Content-Location: where an archive has put what was asked for


PERMANENT, REDIRECTS = frozenset({301, 308}), frozenset({301, 302, 303, 307, 308})
HTML = ("text/html", "application/xhtml+xml", "")
_REFUSED = {
    999: "refused",
    401: "login",
    407: "login",
    402: "refused",
    403: "refused",
    451: "region",
    429: "busy",
    503: "busy",
}
_AGAIN = frozenset({"busy", "server", "connection"})  # worth a second try in the same run


class Client:
    """Asks politely and safely: no cookies, no credentials, nothing from the environment. For ``async with``."""

    def __init__(
        self,
        agent: str,
        pace: Pace,
        resolver: Resolver | None = None,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.pace, self.resolver, self.limits = pace, resolver or Resolver(), limits or Limits()
        self._agent, self._tls = agent, tls

    async def __aenter__(self) -> Client:
        connector = aiohttp.TCPConnector(
            resolver=self.resolver, use_dns_cache=False, force_close=True, limit=0, ssl=self._tls or True
        )
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None), read_bufsize=2**15,
            headers={"User-Agent": self._agent, "Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "identity"},
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self.resolver.close()

    async def ask(self, url: str) -> Answer:
        """The answer of an address, tried again after the pause that a busy server asks for."""
        for last in range(self.limits.tries - 1, -1, -1):
            try:
                answer = await _Question(self, url).answer()
            except Trouble as trouble:
                answer = Answer(trouble.reason, reached=trouble.reached)
            if answer.wait > self.limits.retry_seconds:
                self.pace.close(answer.final or url)
                break
            if answer.reason not in _AGAIN or not last:
                break
            self.pace.hold(answer.final or url, answer.wait or self.limits.pause_seconds)
        return answer

    async def request(self, method: str, url: str, seconds: float, ranged: bool = True) -> tuple[Reply, float]:
        """One request: the reply and the seconds it took, lookup and waiting for its turn left out.

        Raises Trouble when there is no reply.
        """
        sent = wire(url)
        await self.resolver.addresses(urlsplit(sent).hostname or "")
        clock = asyncio.get_running_loop().time
        async with self.pace.turn(url):
            started = clock()
            try:
                async with asyncio.timeout(seconds):
                    return await self._send(method, sent, ranged), clock() - started
            except TimeoutError:
                raise Trouble("timeout") from None
            except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
                raise Trouble("certificate", True) from None
            except aiohttp.ClientConnectorError:
                raise Trouble("unreachable") from None
            except (aiohttp.ServerConnectionError, aiohttp.ClientOSError, ConnectionError):
                raise Trouble("connection", True) from None
            except (aiohttp.ClientError, OSError, ValueError, LookupError, RuntimeError):
                raise Trouble("garbled", True) from None

    async def _send(self, method: str, sent: str, ranged: bool) -> Reply:
        cap = self.limits.body
        headers = {"Range": f"bytes=0-{cap - 1}"} if method == "GET" and ranged else {}
        target = yarl.URL(sent, encoded=True)
        async with self._session.request(method, target, allow_redirects=False, headers=headers) as response:
            body, whole = b"", True
            type_ = response.headers.get("Content-Type", "")
            kind = type_.partition(";")[0].strip().lower()
            if method == "GET" and response.status not in REDIRECTS and kind in (*HTML, "application/json"):
                body, whole = await _read(response.content, cap)
            response.close()
            return Reply(
                response.status, type_, response.headers.get("Location", ""),
                _pause(response.headers.get("Retry-After", "")), body,
                response.headers.get("Content-Encoding", "").strip().lower(), whole and response.status != 206,
                response.headers.get("Content-Location", ""),
            )  # fmt: skip


async def _read(stream: aiohttp.StreamReader, cap: int) -> tuple[bytes, bool]:
    """The start of a body, and whether it is all of it. A connection that breaks in the middle leaves what came."""
    parts: list[bytes] = []
    size = 0
    try:
        while size < cap:
            part = await stream.read(2**15)
            if not part:
                return b"".join(parts), True
            parts.append(part)
            size += len(part)
    except (aiohttp.ClientError, ConnectionError):
        if not parts:
            raise
    return b"".join(parts)[:cap], False


def _pause(value: str) -> float:
    """Seconds that Retry-After asks for; 0 where it asks for none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


class _Question:
    """One address on its way through redirects."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.asked, self.url = client, url, url
        self.left = client.limits.seconds
        self.hops = 0
        self.seen: set[tuple[str, str]] = set()
        self.moved = ""  # where permanent redirects alone have led
        self.temporary = False

    async def answer(self) -> Answer:
        """Follow it to its end. Raises Trouble when there is no end, or none we may see."""
        method, ranged = "HEAD", True
        while True:
            if (method, self.url) in self.seen:
                raise Trouble("loop", True)
            try:
                reply = await self._request(method, ranged)
            except Trouble as trouble:
                if method == "HEAD" and trouble.reason in ("timeout", "connection", "garbled"):
                    method = "GET"  # some servers choke on HEAD
                    continue
                raise
            if reply.status == 416 and ranged:
                ranged = False
                continue
            self.seen.add((method, self.url))
            if reply.status in REDIRECTS and reply.location:
                self._hop(reply.location, reply.status in PERMANENT)
            elif method == "HEAD" and not self._settled(reply):
                method = "GET"
            else:
                page = self._page(reply)
                if not page.refresh or urljoin(self.url, page.refresh) == self.url:
                    return self._verdict(reply, page)
                self._hop(page.refresh, False)

    async def _request(self, method: str, ranged: bool) -> Reply:
        share = self.client.limits.seconds / 3 if method == "HEAD" else self.left
        share = min(share, self.left)
        if share <= 0:
            raise Trouble("timeout")
        try:
            reply, seconds = await self.client.request(method, self.url, share, ranged)
        except Trouble as trouble:
            self.left -= share if trouble.reason == "timeout" else 0
            raise
        self.left -= seconds
        return reply

    def _hop(self, location: str, permanent: bool) -> None:
        self.hops += 1
        if self.hops > self.client.limits.hops:
            raise Trouble("loop", True)
        try:
            new = urljoin(self.url, location.strip())
            wire(new)
        except (ValueError, Trouble):
            raise Trouble("unsafe", True) from None
        fragment = urlsplit(self.asked).fragment
        self.url = new if "#" in new or not fragment else f"{new}#{fragment}"
        if permanent and not self.temporary:
            self.moved = self.url
        else:
            self.temporary = True

    def _settled(self, reply: Reply) -> bool:
        """Whether the reply to HEAD says all there is to know."""
        is_page = reply.type.partition(";")[0].strip().lower() in HTML
        return (reply.status == 200 and not is_page) or reply.status in (429, 503)

    def _page(self, reply: Reply) -> Content:
        if not 200 <= reply.status < 300 or reply.type.partition(";")[0].strip().lower() not in HTML:
            return Content()
        cap = self.client.limits.body
        html = content.decoded(reply.body, reply.type, reply.encoding, cap)
        whole = reply.whole and len(html) < cap
        return content.read(html, content.names_a_section(self.url), whole)

    def _verdict(self, reply: Reply, page: Content) -> Answer:
        changed = page.fault or (content.led_astray(self.asked, self.url) if self.hops else "")
        answer = Answer(
            _reason(reply.status) or changed or "ok", reply.status, self.url if self.hops else "",
            ("temporary" if self.temporary else "permanent") if self.hops else "",
            reply.type.partition(";")[0].strip().lower()[:100], content.fingerprint(page.title),
            wait=reply.wait if reply.status in (429, 503) else 0.0,
        )  # fmt: skip
        if answer.reason == "ok" and self.moved:
            return replace(answer, reason="moved", final=self.moved)
        return answer


def _reason(status: int) -> str:
    """The reason that a status gives by itself; empty when the page has to be looked at."""
    if 200 <= status < 300:
        return ""
    if status in (404, 410):
        return "gone"
    return _REFUSED.get(status) or ("server" if status >= 500 else "odd")
