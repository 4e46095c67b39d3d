"""Whom we ask: public addresses of the web and nobody else, judged before we connect, connected to as judged."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from aiohttp.abc import AbstractResolver, ResolveResult

PORTS = {"http": 80, "https": 443}
ALSO_OPEN = (8080, 8443)
THREADS = 64  # names that are looked up at once
PRIVATE_THOUGH_PUBLIC = frozenset({"168.63.129.16"})  # a cloud's own service, under a number of the public range
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Lookup = Callable[[str], Awaitable[list[str]]]
IP = TypeVar("IP", ipaddress.IPv4Address, ipaddress.IPv6Address)


class Trouble(Exception):
    """Why there is no answer: a reason of :data:`kb.links.verdicts.REASONS`."""

    def __init__(self, reason: str, reached: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.reached = reason, reached


def public(number: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever form it is wrapped in."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return public(str(inner))
    return address.is_global and not address.is_multicast and str(address) not in PRIVATE_THOUGH_PUBLIC


def wire(url: str) -> str:
    """An address as it is sent: host in IDNA, everything else in ASCII. Raises Trouble where we do not ask."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except (ValueError, UnicodeError):
        raise Trouble("unsafe") from None
    if parts.scheme not in PORTS or "@" in parts.netloc or port not in (None, *PORTS.values(), *ALSO_OPEN):
        raise Trouble("unsafe")
    if not host or ":" in host or re.fullmatch(r"(?:0x[0-9a-f]*|\d+)", host.rpartition(".")[2], re.I):
        raise Trouble("unsafe")  # a number, not a name
    netloc = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    path, query = (quote(part, safe="%/:=&?~#+!$,;'@()*[]|^`{}<>\"\\") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, netloc, path or "/", query, ""))


class Resolver(AbstractResolver):
    """Looks each name up once a run and judges what it finds; connections go to what was judged, so no second answer
    can lead elsewhere. ``opened``, for tests: loopback is allowed, and these ports stand for the ordinary ones.
    """

    def __init__(
        self, lookup: Lookup | None = None, opened: Mapping[int, int] | None = None, seconds: float = 10.0
    ) -> None:
        self._lookup = lookup or self._system
        self._opened = opened
        self._seconds = seconds
        self._room = asyncio.Semaphore(THREADS)
        self._known: dict[str, asyncio.Task[list[str]]] = {}
        self._threads = ThreadPoolExecutor(THREADS, "lookup")
        self.resolved = 0  # names that were found

    async def addresses(self, host: str) -> list[str]:
        """The public addresses of a name. Raises Trouble when it is unknown or not public."""
        if host not in self._known:
            self._known[host] = asyncio.create_task(self._judged(host))
            self._known[host].add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._known[host])

    async def _judged(self, host: str) -> list[str]:
        try:
            async with self._room, asyncio.timeout(self._seconds):
                found = await self._lookup(host)
        except socket.gaierror as error:
            raise Trouble("no-host" if error.errno in _UNKNOWN else "dns") from None
        except (OSError, UnicodeError):
            raise Trouble("dns") from None
        self.resolved += 1
        for number in found:
            loopback = self._opened is not None and number in ("127.0.0.1", "::1")
            if not loopback and not public(number):
                raise Trouble("unsafe")
        if not found:
            raise Trouble("no-host")
        return found

    async def _system(self, host: str) -> list[str]:
        def ask() -> list[str]:
            return [str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]

        return list(dict.fromkeys(await asyncio.get_running_loop().run_in_executor(self._threads, ask)))

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """What the HTTP client connects to."""
        numbers = await self.addresses(host)
        port = (self._opened or {}).get(port, port)
        return [
            ResolveResult(
                hostname=host, host=number, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in number else socket.AF_INET,
            )
            for number in numbers
        ]  # fmt: skip

    async def close(self) -> None:
        """Leave lookups that hang to themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


_UNKNOWN = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
