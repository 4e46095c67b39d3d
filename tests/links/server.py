"""A server on this machine that misbehaves: which host is asked decides how."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

TLS = Path(__file__).parent / "tls"


@dataclass
class Request:
    """What was asked, and the connection to answer on."""

    method: str
    path: str
    host: str
    headers: dict[str, str]
    writer: asyncio.StreamWriter
    count: int  # requests of this method for this address so far

    async def send(self, *parts: bytes, pause: float = 0.0) -> None:
        """Bytes as they are."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(pause)

    def reset(self) -> None:
        """Hang up without a word."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler = Callable[[Request], Awaitable[None]]


@dataclass
class Server:
    """Ports of the server while it runs, and what it was asked."""

    handlers: dict[str, Handler]
    port: int = 0
    tls_port: int = 0
    closed_port: int = 0
    shouting_port: int = 0  # speaks before it is asked
    asked: Counter[str] = field(default_factory=Counter)  # "METHOD host/path"
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen_headers: list[dict[str, str]] = field(default_factory=list)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            if (start := await reader.readexactly(1)) == b"\x16":  # TLS where there is none
                writer.transport.abort()
                return
            head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            method, path, _ = first.split(" ", 2)
            headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in lines if line)}
            host = headers.get("host", "").partition(":")[0]
            self.seen_headers.append(headers)
            self.asked[f"{method} {host}{path}"] += 1
            self.times[host].append(time.monotonic())
            request = Request(method, path, host, headers, writer, self.asked[f"{method} {host}{path}"])
            handler = self.handlers.get(host.partition(".")[0])
            if handler:
                await handler(request)
        with contextlib.suppress(OSError, RuntimeError):
            writer.close()

    async def _shout(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\nspeak TLS")
        writer.close()

    async def _run(self, ready: threading.Event) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / "good.pem")
        other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        other.load_cert_chain(TLS / "other.pem")
        distrusted = {"selfsigned.example.org"}

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            if name in distrusted:
                connection.context = other

        context.sni_callback = choose  # type: ignore[assignment]
        plain = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self.port = plain.sockets[0].getsockname()[1]
        servers = [plain]
        with contextlib.suppress(OSError):  # a machine without IPv6
            servers.append(await asyncio.start_server(self._serve, "::1", self.port, limit=2**20))
        servers.append(await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context, limit=2**20))
        self.tls_port = servers[-1].sockets[0].getsockname()[1]
        servers.append(await asyncio.start_server(self._shout, "127.0.0.1", 0))
        self.shouting_port = servers[-1].sockets[0].getsockname()[1]
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.closed_port = unused.getsockname()[1]
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # clients hang up on us all the time
        ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    @contextlib.contextmanager
    def running(self):  # type: ignore[no-untyped-def]
        """Runs in a thread of its own."""
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)
