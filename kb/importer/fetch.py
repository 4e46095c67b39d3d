"""An address that a person names becomes a file in the work folder; asked safely, once, and only on the public web."""

from __future__ import annotations

import asyncio
import hashlib
import html
from pathlib import Path
from urllib.parse import urljoin

from kb.importer.article import Refused
from kb.importer.write import atomic
from kb.links import content
from kb.links.client import HTML, REDIRECTS, Client, Limits
from kb.links.pace import Pace
from kb.links.safety import Resolver, Trouble, wire
from kb.links.verdicts import REASONS

BODY = 5_000_000
HOPS = 5
SECONDS = 30.0


def fetch(url: str, folder: Path, agent: str, resolver: Resolver | None = None) -> Path:
    """The file that holds a page; one that was fetched before is not asked for again. Raises :class:`Refused`."""
    path = folder / f"{hashlib.blake2b(url.encode(), digest_size=8).hexdigest()}.html"
    if path.exists():
        return path
    try:
        final, text = asyncio.run(_get(url, agent, resolver))
    except Trouble as trouble:
        said = REASONS[trouble.reason][1]
        raise Refused("import-address", f"no page came: {said}", "open it in a browser and save the page") from None
    head = f'<link rel="canonical" href="{html.escape(final)}">'
    atomic(path, text if 'rel="canonical"' in text or "rel='canonical'" in text else f"{head}\n{text}")
    return path


async def _get(url: str, agent: str, resolver: Resolver | None) -> tuple[str, str]:
    async with Client(agent, Pace(1.0), resolver, Limits(body=BODY)) as client:
        for _ in range(HOPS):
            reply, _ = await client.request("GET", url, SECONDS, ranged=False)
            if reply.status not in REDIRECTS or not reply.location:
                break
            url = urljoin(url, reply.location)
            wire(url)
        if reply.status != 200:
            raise Refused(
                "import-address", f"the server answers {reply.status}", "open it in a browser and save the page"
            )
        if reply.type.partition(";")[0].strip().lower() not in HTML:
            raise Refused("import-address", f"it is no web page but '{reply.type}'", "save the file and name that")
        if not reply.whole:
            raise Refused(
                "import-size", "the page is too large", f"{BODY // 1_000_000} MB is the most; save the article"
            )
        return url, content.decoded(reply.body, reply.type, reply.encoding, BODY)
