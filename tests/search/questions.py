"""``python -m tests.search.questions``: type each question into the built site's search, as a reader would.

A question is answered when the text of one section (title and introduction, or one second-level section) matches every
``accept`` pattern; it is found when such a page is among the first three results of one of its queries. Lists of more
than 25,000 characters never count.
"""

from __future__ import annotations

import argparse
import collections
import functools
import http.server
import os
import re
import shutil
import sys
import threading
import urllib.parse
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Page, sync_playwright

from tests.conftest import CHROMIUM_FLAGS, Quiet

LIST_LENGTH = 25_000


def sections(file: Path) -> list[str]:
    """The texts of a page that may answer by themselves."""
    main = BeautifulSoup(file.read_text("utf-8"), "html.parser").select_one("[role=main]")
    if main is None or len(main.get_text(" ")) > LIST_LENGTH:
        return []
    title = main.find("h1")
    lead = _flat(title.get_text(" ")) if title else ""
    inner = [heading.parent for heading in main.select("section > h2") if heading.parent]
    parts = [f"{lead} {_flat(part.get_text(' '))}" for part in inner]
    for part in inner:
        part.extract()
    return [_flat(main.get_text(" ")), *parts]


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def answering(texts: dict[str, list[str]], question: dict[str, Any]) -> set[str]:
    """Pages one section of which holds the answer."""
    patterns = [re.compile(pattern, re.I) for pattern in question["accept"]]
    return {name for name, parts in texts.items() if any(all(p.search(part) for p in patterns) for part in parts)}


def results(page: Page, base: str, query: str) -> list[str]:
    """The pages that the search lists for a query, best first."""
    page.goto(f"{base}/search.html?q={urllib.parse.quote(query)}")
    page.wait_for_selector("#search-summary:not(:empty)")
    links = page.eval_on_selector_all("#search-results > li", "rows => rows.map(row => row.querySelector('a').href)")
    return [urllib.parse.unquote(urllib.parse.urlsplit(link).path).lstrip("/") for link in links]


def main() -> int:
    """Print what is not answered or not found, then the shares; 1 when too few are answered."""
    parser = argparse.ArgumentParser(description="Ask the built site readers' questions.")
    parser.add_argument("--html", type=Path, default=Path("_build/html"))
    parser.add_argument("--questions", type=Path, default=Path("tests/search/questions.yaml"))
    parser.add_argument("--need", type=float, default=0.95, help="share that must be answered")
    options = parser.parse_args()
    asked = yaml.safe_load(options.questions.read_text("utf-8"))
    texts = {file.relative_to(options.html).as_posix(): sections(file) for file in options.html.rglob("*.html")}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(options.html)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    answered, found = 0, 0
    topics: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0])
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        page = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS).new_page()
        for question in asked:
            right = answering(texts, question)
            queries = [*question["queries"], question["question"]]
            hit = bool(right) and any(right & set(results(page, base, query)[:3]) for query in queries)
            answered, found = answered + bool(right), found + hit
            row = topics[question["topic"]]
            row[0], row[1], row[2] = row[0] + 1, row[1] + bool(right), row[2] + hit
            if not hit:
                print(f"{question['id']}: {'not found' if right else 'not answered'}: {question['question']}")
    server.shutdown()
    for topic, (count, right_count, hit_count) in sorted(topics.items()):
        print(f"  {topic}: {right_count} answered, {hit_count} found, of {count}")
    print(f"answered {answered} of {len(asked)}, found in the first three {found} of {len(asked)}")
    return 0 if answered >= options.need * len(asked) else 1


if __name__ == "__main__":
    sys.exit(main())
