"""``python -m tests.search.benchmark``: how well, how heavy and how fast the search is, beside Sphinx's own and lunr.

All three search the same pages and are asked the same queries (``queries.yaml``) in one run, ours and Sphinx's through
the built site in Chromium. While the site has fewer than 300 pages, neutral prose is added, so that finding is not
trivial. Queries that have no answer here count for no engine's rank: of ours it is asked that it says so.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import itertools
import json
import math
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from kb import corpus, wordlists
from tests import sample
from tests.conftest import CHROMIUM_FLAGS, Quiet
from tests.scale.generate import WORDS, generate

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LEAST_PAGES = 300
MANY_PAGES = 3_000
LUNR = "lunr@2.3.9"
Ranked = dict[str, list[str]]  # query -> docnames, best first

GOALS = {  # what `nox -s search` fails below
    "MRR@10": 0.90, "MRR@10, independent half": 0.85, "entity success@1": 0.95, "acronym success@1": 0.95,
    "kB to the first results": 220, "kB of the next query": 60,
}  # fmt: skip

# Sphinx's own search over the same pages: our extension without its search, templates without its page.
STOCK = """
import shutil, tempfile, types
import kb.sphinx
kb.sphinx.search = kb.sphinx.publish = types.SimpleNamespace(setup=lambda app: None)
kb.sphinx.assets._KEPT |= {
    "searchtools.js", "language_data.js", "doctools.js", "documentation_options.js", "sphinx_highlight.js",
    "english-stemmer.js",
}
def _stock(app, config):
    import kb.sphinx.head, os
    from pathlib import Path
    folder = Path(app.confdir, "_stock")
    shutil.copytree(kb.sphinx.head.HERE / "templates", folder, dirs_exist_ok=True)
    scripts = ("documentation_options.js", "doctools.js", "sphinx_highlight.js")  # left out of our pages
    asked = "".join(f'<script src="_static/{name}"></script>' for name in scripts)
    block = "{% block site_meta %}{{ super() }}" + asked + "{% endblock %}"
    (folder / "search.html").write_text('{% extends "!search.html" %}' + block)
    shutil.rmtree(folder / "sidebar")
    config.templates_path = ["_stock"]
def _searched(app, doctree):
    from kb import wordlists
    name = app.env.current_document.docname
    if not wordlists.is_searched(app.env.kb.corpus.pages[name]):
        app.env.metadata[name]["nosearch"] = "true"
def setup(app):
    app.connect("html-collect-pages", lambda app: [("404", {}, "404.html")])
    app.connect("config-inited", _stock, priority=900)
    app.connect("doctree-read", _searched)
"""


# ---- pages -----------------------------------------------------------------------------------------------------------


def with_neutral_prose(root: Path) -> Path:
    """A copy of the checkout's pages with neutral prose added until 300 are searched."""
    shutil.copytree(ROOT / "docs", root / "docs")
    shutil.copy(ROOT / "site.toml", root)
    (root / "conf.py").write_text(sample.CONF, "utf-8")
    searched = [page for page in corpus.load(root).pages.values() if wordlists.is_searched(page)]
    chance = random.Random(1)
    for number in range(LEAST_PAGES - len(searched)):
        prose = "\n\n".join(" ".join(chance.choice(WORDS) for _ in range(60)).capitalize() + "." for _ in range(4))
        title = f"Note {number} on {chance.choice(WORDS)} and {chance.choice(WORDS)}"
        text = f"---\ndescription: About {chance.choice(WORDS)} in general.\n---\n# {title}\n\n{prose}\n"
        (root / f"docs/about/note-{number}.md").write_text(text, "utf-8")
    return root


def build(root: Path) -> tuple[Path, Path]:
    """(our site, the same with Sphinx's search)."""
    stock = root / "stock"
    stock.mkdir()
    shutil.copy(root / "site.toml", stock)
    (stock / "conf.py").write_text((root / "conf.py").read_text("utf-8") + STOCK, "utf-8")
    shutil.copytree(root / "docs", stock / "docs")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for place in (root, stock):
        command = [sys.executable, "-m", "sphinx", "-q", "-j", "auto", "-d", str(place / "trees"), "-c", str(place)]
        subprocess.run([*command, str(place / "docs"), str(place / "html")], check=True, env=environment)
    return root / "html", stock / "html"


# ---- a server that counts, a browser on a slow line ------------------------------------------------------------------


class Silent(http.server.ThreadingHTTPServer):
    """A server that does not complain when a page is left before it has everything."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


class Counting(Quiet):
    """Serves gzip and notes (path, bytes sent)."""

    protocol_version = "HTTP/1.1"
    sent: list[tuple[str, int]] = []  # noqa: RUF012 - shared on purpose: one list for all requests

    def do_GET(self) -> None:
        """Answer and count."""
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        file = Path(self.directory, path.lstrip("/"))
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        packed = content[:2] != b"\x1f\x8b" and file.suffix not in (".png", ".woff2", ".pagefind")
        if packed:
            content = gzip.compress(content, 6)
        Counting.sent.append((path, len(content)))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    server = Silent(("127.0.0.1", 0), functools.partial(Counting, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


Wait = Callable[[Page], list[str]]


def ours(page: Page) -> list[str]:
    """Links of our results."""
    page.wait_for_selector("#search-summary:not(:empty)")
    found: list[str] = page.eval_on_selector_all(
        "#search-results > li", "rows => rows.map(row => row.querySelector('a').getAttribute('href'))"
    )
    return found


def stock(page: Page) -> list[str]:
    """Links of Sphinx's results."""
    page.wait_for_function("/finished|did not match/i.test(document.querySelector('.search-summary')?.textContent)")
    found: list[str] = page.eval_on_selector_all(
        "#search-results ul.search > li", "rows => rows.map(row => row.querySelector('a').getAttribute('href'))"
    )
    return found


def asked(browser: Browser, base: str, queries: list[str], wait: Wait) -> Ranked:
    """What a site lists for each query; a page counts once, whatever section is linked."""
    page = browser.new_page(bypass_csp=True)  # Playwright's waiting evaluates text
    ranked = {}
    for query in queries:
        page.goto(f"{base}/search.html?q={urllib.parse.quote(query)}")
        paths = [urllib.parse.urlsplit(link).path.strip("/").removesuffix(".html") for link in wait(page)]
        ranked[query] = list(dict.fromkeys(paths))[:10]
    page.close()
    return ranked


def slow(context: BrowserContext, page: Page) -> None:
    """1.6 Mbit/s, 150 ms, a processor four times slower."""
    session = context.new_cdp_session(page)
    line = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def first_result(browser: Browser, url: str, excerpt: str) -> float:
    """Milliseconds until the first result stands with its excerpt, cold, on a slow line; the median of three."""
    times = []
    for _ in range(3):
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        slow(context, page)
        watch = f"""const watch = () => document.querySelector({excerpt!r})?.textContent.trim()
            ? (globalThis.seen = performance.now()) : requestAnimationFrame(watch); requestAnimationFrame(watch);"""
        page.add_init_script(watch)
        page.goto(url)
        page.wait_for_function("globalThis.seen", timeout=90_000)
        times.append(float(page.evaluate("seen")))
        context.close()
    return statistics.median(times)


def weight(browser: Browser, base: str, first: str, second: str) -> tuple[int, int, int]:
    """(bytes to the first results, requests for them, bytes of the next query): everything but the theme's files."""

    def spent() -> tuple[int, int]:
        own = [
            size
            for path, size in Counting.sent
            if re.search(r"/pagefind/|/(search|search-page|query|site)(\.\w+)?\.(js|html)$", path)
        ]
        return sum(own), len(own)

    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    Counting.sent.clear()
    page.goto(f"{base}/search.html?q={urllib.parse.quote(first)}")
    ours(page)
    page.wait_for_load_state("networkidle")
    cold, requests = spent()
    Counting.sent.clear()
    page.fill("#kb-query", second)
    page.wait_for_function("text => document.querySelector('#search-summary').textContent.includes(text)", arg=second)
    page.wait_for_load_state("networkidle")
    following, _ = spent()
    context.close()
    return cold, requests, following


# ---- lunr ------------------------------------------------------------------------------------------------------------


def lunr(root: Path, html: Path, queries: list[str]) -> Ranked | str:
    """What lunr ranks, or why it could not be asked."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "left out: there is no node"
    loaded = corpus.load(root)
    rows = []
    for docname, page in loaded.pages.items():
        article = wordlists.article((html / f"{docname}.html").read_text("utf-8"))
        if article is not None and wordlists.is_searched(page):
            names = " ".join((*wordlists.names(page), *page.record.search_terms))
            rows.append({"id": docname, "title": page.title, "names": names, "text": wordlists.plain(article)})
    code = """
      const lunr = require("lunr");
      const { rows, queries } = JSON.parse(require("fs").readFileSync("in.json"));
      const index = lunr(function () {
        this.ref("id"); this.field("title", { boost: 10 }); this.field("names", { boost: 10 }); this.field("text");
        rows.forEach((row) => this.add(row));
      });
      const search = (query) => { try { return index.search(query.replace(/[:*~^+-]/g, " ")); } catch { return []; } };
      const ranked = Object.fromEntries(queries.map((q) => [q, search(q).slice(0, 10).map((hit) => hit.ref)]));
      console.log(JSON.stringify(ranked));
    """
    with tempfile.TemporaryDirectory() as folder:
        install = ["npm", "install", "--no-audit", "--no-fund", "--silent", LUNR]
        if subprocess.run(install, cwd=folder, check=False, capture_output=True).returncode:
            return f"left out: npm could not install {LUNR}"
        Path(folder, "in.json").write_text(json.dumps({"rows": rows, "queries": queries}), "utf-8")
        done = subprocess.run(["node", "-e", code], cwd=folder, check=True, capture_output=True, text=True)
    ranked: Ranked = json.loads(done.stdout)
    return ranked


# ---- judging ---------------------------------------------------------------------------------------------------------


def place(row: dict[str, Any], ranked: Ranked) -> int:
    """The place of the first page that answers, from 1; 0 when none is among the first ten."""
    return next((at for at, name in enumerate(ranked[row["query"]], 1) if name in row["pages"]), 0)


def measures(rows: list[dict[str, Any]], ranked: Ranked) -> tuple[float, float, float, int, int]:
    """(MRR@10, success@1, success@3, misses of the first three, empty results)."""
    places = [place(row, ranked) for row in rows]
    count = len(rows)
    top = sum(0 < at <= 3 for at in places)
    empty = sum(not ranked[row["query"]] for row in rows)
    return sum(1 / at for at in places if at) / count, places.count(1) / count, top / count, count - top, empty


def table(name: str, rows: list[dict[str, Any]], ranked: Ranked) -> Iterator[str]:
    """Print an engine's measures by class; yields the goals that are missed."""
    answered = [row for row in rows if row["pages"]]
    half = [row for row in answered if row.get("independent")]
    classes = list(dict.fromkeys(row["class"] for row in answered))
    print(f"\n{name:<14} {'n':>4} {'MRR@10':>7} {'S@1':>5} {'S@3':>5} {'empty':>5}")
    groups = [("all", answered), ("independent", half)]
    groups += [(each, [row for row in answered if row["class"] == each]) for each in classes]
    for label, members in groups:
        rank, first, third, misses, empty = measures(members, ranked)
        print(f"  {label:<12} {len(members):>4} {rank:>7.3f} {first:>5.2f} {third:>5.2f} {empty:>5}")
        if label == "all" and rank < GOALS["MRR@10"]:
            yield f"MRR@10 is {rank:.3f}"
        if label == "independent" and rank < GOALS["MRR@10, independent half"]:
            yield f"MRR@10 of the independent half is {rank:.3f}"
        if label in ("entity", "acronym") and first < GOALS[f"{label} success@1"]:
            yield f"success@1 of {label} is {first:.2f}"
        if label in classes and misses > math.ceil(0.15 * len(members)) + 1:
            yield f"{misses} of {len(members)} {label} queries lack their page in the first three"
    nothing = [row for row in rows if not row["pages"]]
    silent = [row["query"] for row in nothing if ranked[row["query"]]]
    print(f"  without an answer here: {len(nothing) - len(silent)} of {len(nothing)} say so")
    if silent:
        yield f"pages are listed for {', '.join(silent)}"


def say(rows: list[dict[str, Any]], ranked: Ranked) -> None:
    """Print the queries whose page is not first."""
    for row in rows:
        if row["pages"] and row["query"] in ranked and (at := place(row, ranked)) != 1:
            print(f"  {row['class']}: {row['query']}: place {at or 'none'}: {', '.join(ranked[row['query']][:3])}")


def heavy(weights: list[tuple[int, int, int]], where: str = "") -> Iterator[str]:
    """The goals of weight that are missed by the heaviest queries."""
    for name, figures in (
        ("kB to the first results", [first for first, _, _ in weights]),
        ("kB of the next query", [after for _, _, after in weights]),
    ):
        if max(figures) > 1000 * GOALS[name]:
            yield f"{name}: {max(figures) / 1000:.0f}{where}"


def speed(browser: Browser, html: Path, stock_html: Path, query: str) -> tuple[float, float]:
    """Time to the first result with its excerpt: ours, Sphinx's."""
    times = []
    for folder, excerpt in ((html, "#search-results li .kb-excerpt"), (stock_html, "#search-results li p.context")):
        with served(folder) as base:
            times.append(first_result(browser, f"{base}/search.html?q={urllib.parse.quote(query)}", excerpt))
    return times[0], times[1]


def main() -> int:
    """Print all measures; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description="Measure the search.")
    parser.add_argument("--quick", action="store_true", help="no runs on the slow line, nothing at 3,000 pages")
    parser.add_argument("--verbose", action="store_true", help="list the queries whose page is not first")
    options = parser.parse_args()
    rows = yaml.safe_load((HERE / "queries.yaml").read_text("utf-8"))
    queries = [row["query"] for row in rows]
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        root = with_neutral_prose(Path(folder, "site"))
        html, stock_html = build(root)
        with served(html) as base:
            ranked = asked(browser, base, queries, ours)
            weights = [weight(browser, base, *pair) for pair in itertools.pairwise(queries[:30])]
        missed += table("ours", rows, ranked)
        say(rows, ranked if options.verbose else {})
        with served(stock_html) as base:
            list(table("Sphinx", rows, asked(browser, base, queries, stock)))
        other = lunr(root, html, queries)
        if isinstance(other, str):
            print(f"\nlunr: {other}")
        else:
            list(table("lunr", rows, other))
        cold = [first / 1000 for first, _, _ in weights]
        following = [after / 1000 for _, _, after in weights]
        print(f"\nfirst results, cold: median {statistics.median(cold):.0f} kB, most {max(cold):.0f} kB, "
              f"{statistics.median(count for _, count, _ in weights):.0f} requests; "
              f"next query: median {statistics.median(following):.0f} kB, most {max(following):.0f} kB")  # fmt: skip
        missed += heavy(weights)
        if not options.quick:
            missed += scale(browser, Path(folder), (html, stock_html))
        browser.close()
    for fault in missed:
        print(f"goal missed: {fault}")
    return 1 if missed else 0


def scale(browser: Browser, folder: Path, site: tuple[Path, Path]) -> Iterator[str]:
    """The slow line at 300 pages, and time and weight at 3,000 generated ones; yields the goals that are missed."""
    query = "spectrum auction licence"
    queries = [" ".join(WORDS[at : at + 3]) for at in range(0, len(WORDS), 7)]
    now, then = speed(browser, *site, query)
    print(f"slow line, {LEAST_PAGES} pages: first result after {now:.0f} ms, Sphinx {then:.0f} ms: {now / then:.2f}")
    if now > then:
        yield f"slower than Sphinx at {LEAST_PAGES} pages: {now / then:.2f}"
    kilobytes = {}
    for pages in (LEAST_PAGES, MANY_PAGES):
        html, stock_html = build(generate(folder / f"made-{pages}", pages))
        with served(html) as base:
            weights = [weight(browser, base, *pair) for pair in itertools.pairwise(queries)]
        first, requests, after = (statistics.median(figures) for figures in zip(*weights, strict=True))
        kilobytes[pages] = first / 1000
        print(
            f"{pages} generated pages: first results {first / 1000:.0f} kB, {requests:.0f} requests, "
            f"next query {after / 1000:.0f} kB (medians of {len(weights)}); "
            f"Sphinx's index {len(gzip.compress((stock_html / 'searchindex.js').read_bytes(), 6)) / 1000:.0f} kB"
        )
        yield from heavy(weights, f" at {pages} pages")
    now, then = speed(browser, html, stock_html, query)
    print(f"slow line, {MANY_PAGES} pages: first result after {now:.0f} ms, Sphinx {then:.0f} ms: {now / then:.2f}")
    growth = kilobytes[MANY_PAGES] / kilobytes[LEAST_PAGES]
    print(f"bytes at {MANY_PAGES} / {LEAST_PAGES} pages: {growth:.2f}")
    if now > 0.5 * then:
        yield f"more than half of Sphinx's time at {MANY_PAGES} pages: {now / then:.2f}"
    if growth > 1.1:
        yield f"bytes grow by {growth:.2f} from {LEAST_PAGES} to {MANY_PAGES} pages"


if __name__ == "__main__":
    sys.exit(main())
