"""Whom we ask, what a page says, how often: the parts of the client, without a network."""

from __future__ import annotations

import asyncio
import time

import pytest

from kb.links import content, safety
from kb.links.client import _pause
from kb.links.pace import Pace

PRIVATE = """127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 0.0.0.0 100.64.0.1
192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16 ::1 :: fe80::1
fe80::1%eth0 fc00::1 fd12::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:a00:1:: 2001:0:4136:e378:8000:63bf:f5ff:fffe 100::1 x""".split()
PUBLIC = "93.184.216.34 8.8.8.8 172.32.0.1 2606:2800:220:1:248:1893:25c8:1946 ::ffff:8.8.8.8 64:ff9b::808:808".split()


@pytest.mark.parametrize("number", PRIVATE)
def test_not_public(number: str) -> None:
    assert not safety.public(number)


@pytest.mark.parametrize("number", PUBLIC)
def test_public(number: str) -> None:
    assert safety.public(number)


@pytest.mark.parametrize(("url", "sent"), [
    ("https://a.example.org", "https://a.example.org/"),
    ("https://a.example.org/x#part", "https://a.example.org/x"),
    ("https://a.example.org:443/x", "https://a.example.org/x"),
    ("http://a.example.org:8080/x", "http://a.example.org:8080/x"),
    ("https://bücher.example.org/straße?q=ä%20b", "https://xn--bcher-kva.example.org/stra%C3%9Fe?q=%C3%A4%20b"),
    ("https://a.example.org/خبر", "https://a.example.org/%D8%AE%D8%A8%D8%B1"),
    ("https://A.Example.org/%7Ex%2f", "https://a.example.org/%7Ex%2f"),
    ("https://a.example.org./", "https://a.example.org/"),
    ("https://a.example.org/a b\r\nX: y", "https://a.example.org/a%20bX:%20y"),
])  # fmt: skip
def test_addresses_are_sent_as_written(url: str, sent: str) -> None:
    assert safety.wire(url) == sent


@pytest.mark.parametrize("url", [
    "ftp://a.example.org/", "file:///etc/passwd", "javascript:alert(1)", "//a.example.org/", "https:///x", "https://",
    "https://user@a.example.org/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://a.example.org:22/",
    "https://a.example.org:99999/", "https://[bad/", "https://１２７.0.0.1/",
    "https://é..example.org/", "https://\ud800.example.org/",
])  # fmt: skip
def test_where_we_do_not_ask(url: str) -> None:
    with pytest.raises(safety.Trouble):
        safety.wire(url)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["::1"], ["8.8.8.8", "10.0.0.1"], []])
def test_names_that_are_not_public_alone_are_refused(found: list[str]) -> None:
    async def lookup(host: str) -> list[str]:
        return found

    async def ask() -> None:
        await safety.Resolver(lookup).resolve("x.example.org", 443)

    with pytest.raises(safety.Trouble):
        asyncio.run(ask())


HOSTILE = {
    "nested": "<div>" * 200_000,
    "open tags": "<a" * 500_000,
    "open scripts": "<script" * 140_000,
    "open metas": "<meta " * 160_000,
    "half attributes": ("<meta " + "a-" * 900 + ">") * 500,
    "blanks": "id " + " " * 900_000 + "<meta " + " " * 90_000,
    "titles": "<title>" * 140_000,
    "closed scripts": "<script></script" * 60_000,
    "entities": "<title>" + "&#x" * 300_000,
    "quotes": "<meta content='" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_long_to_read(name: str) -> None:
    started = time.process_time()
    content.read(HOSTILE[name], "part")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(("html", "found"), [
    ("<title>A &amp; B</title>", content.Content("A & B")),
    ("<TITLE lang=en>A\n <b>B</b></TITLE>", content.Content("A B")),
    ("<h1 class=x>Only a heading</h1>", content.Content("Only a heading")),
    ("<script>document.write('<title>No</title>')</script><title>Yes</title>", content.Content("Yes")),
    ("<title>404 startups and counting</title>", content.Content("404 startups and counting")),
    ("<title>404 - The Times</title>", content.Content("404 - The Times", "soft-404")),
    ("<title>The Times</title><h1>Oops!</h1>", content.Content("The Times", "soft-404")),
    ("<title>How to buy this domain is explained</title>" + "<p>word " * 2000,
     content.Content("How to buy this domain is explained")),
    ("<title>x.example</title>Buy this\n domain", content.Content("x.example", "parked")),
    ('<meta content="2; url=\'/new\'" http-equiv=REFRESH>', content.Content("", refresh="/new")),
    ('<meta http-equiv=refresh content="300;url=/again"><title>Live</title>', content.Content("Live")),
    ('<meta http-equiv=refresh content="5"><title>Live</title>', content.Content("Live")),
    ('<noscript><meta http-equiv=refresh content="0;url=/plain"></noscript><title>A</title>', content.Content("A")),
    ("   \n", content.Content(fault="empty")),
])  # fmt: skip
def test_what_a_page_says(html: str, found: content.Content) -> None:
    assert content.read(html) == found


@pytest.mark.parametrize(("asked", "final", "reason"), [
    ("https://a.org/news/1", "https://a.org/", "soft-404"),
    ("https://a.org/news/1", "https://b.org", "soft-404"),
    ("https://a.org/news/1", "https://a.org/?p=1", ""),
    ("https://a.org/", "https://b.org/", ""),
    ("https://a.org/index.php", "https://a.org/", ""),
    ("https://a.org/x", "https://a.org/errors/404.html", ""),
    ("https://a.org/x", "https://a.org/404.html", "soft-404"),
    ("https://a.org/x", "https://a.org/Page-Not-Found/", "soft-404"),
    ("https://a.org/x", "https://a.org/account/login?next=x", "login"),
    ("https://a.org/login", "https://a.org/login/", ""),
    ("https://a.org/x", "https://a.org/authors/y", ""),
])  # fmt: skip
def test_where_redirects_may_not_lead(asked: str, final: str, reason: str) -> None:
    assert content.led_astray(asked, final) == reason


def test_titles_may_change_a_little() -> None:
    before = content.fingerprint("PTA reports 98% coverage | The Times")
    assert content.similar(before, content.fingerprint("PTA reports 99% coverage - The Times of today"))
    assert not content.similar(before, content.fingerprint("Sports, weather and more"))
    assert content.similar(before, "") and content.similar("", before)


@pytest.mark.parametrize(("value", "low", "high"), [
    ("120", 120, 120), ("0", 0, 0), ("", 0, 0), ("soon", 0, 0), ("-5", 0, 0), ("1.5", 0, 0), ("٣", 0, 0),
    ("9" * 400, 999_999_999, 999_999_999), ("Thu, 01 Jan 2099 00:00:00 GMT", 1e9, 4e9),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
])  # fmt: skip
def test_pauses_that_servers_ask_for(value: str, low: float, high: float) -> None:
    assert low <= _pause(value) <= high


def test_two_at_once_a_host_with_uneven_pauses() -> None:
    starts: dict[str, list[float]] = {"a": [], "b": []}
    now = {"a": 0, "b": 0}
    most = {"a": 0, "b": 0}

    async def one(pace: Pace, host: str) -> None:
        async with pace.turn(f"https://{'www.' if len(starts[host]) % 2 else ''}{host}.org/"):
            starts[host].append(asyncio.get_running_loop().time())
            now[host] += 1
            most[host] = max(most[host], now[host])
            await asyncio.sleep(0.15)
            now[host] -= 1

    async def all_of_them() -> None:
        pace = Pace(0.05)
        pace.hold("https://b.org/", 0.4)
        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(one(pace, "a"))
            group.create_task(one(pace, "b"))

    began = time.monotonic()
    asyncio.run(all_of_them())
    gaps = [later - earlier for earlier, later in zip(starts["a"], starts["a"][1:], strict=False)]
    assert most["a"] == 2
    assert min(gaps) >= 0.02
    assert len({round(gap, 3) for gap in gaps}) > 2
    assert starts["b"][0] - began >= 0.35 or starts["b"][0] - min(starts["a"]) >= 0.35
