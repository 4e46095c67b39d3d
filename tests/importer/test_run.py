"""A run over files: what it writes, what it leaves alone, what it says of bad files, and that it can be killed."""

from __future__ import annotations

import http.server
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb import check
from kb.importer import __main__ as command
from kb.importer import fetch
from kb.importer.article import Refused
from kb.links.safety import Resolver
from tests import sample
from tests.conftest import ROOT, tree

ARTICLE = """\
<html lang="en"><head><title>Who is out of reach | Mountain Post</title>
<meta name="author" content="Thabo Letsie"><meta property="article:published_time" content="2025-02-03">
<link rel="canonical" href="https://mountainpost.example.org/reach"></head><body>
<nav><a href="/">Front page</a></nav><article><h1>Who is out of reach</h1>
<p>Mobile coverage stood at 97 percent of people in the mountains in March 2024, and the rest wait for a mast.</p>
<h2>Who shares the spectrum</h2>
<p>Econet and one other operator hold spectrum in the country. The Lesotho Communications Authority is active.
A new mast by Maluti Towers is to be built in June 2026.</p></article>
<div class="share">Share on Facebook</div></body></html>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return sample.write(tmp_path / "site")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "reach.html"
    path.write_text(ARTICLE, "utf-8")
    return path


def run(site: Path, *inputs: object) -> int:
    return command.main([*map(str, inputs), "--root", str(site), "--jobs", "1"])


def changed(site: Path, before: dict[str, bytes]) -> set[str]:
    after = tree(site)
    assert {name for name in before if after.get(name) != before[name]} == set()
    return {name for name in after if name not in before and not name.startswith("_import/results")}


def test_an_article_that_is_only_read_becomes_records_without_its_sentences(site: Path, article: Path) -> None:
    before = tree(site)
    assert run(site, article) == 0
    assert changed(site, before) == {
        "_import/outlines/who-is-out-of-reach.md",
        "_import/report.md",
        "_import/started",
        "docs/articles/who-is-out-of-reach.md",
        "docs/sources/who-is-out-of-reach.yaml",
    } - ({"docs/articles/index.md"} & set(before))
    record = (site / "docs/articles/who-is-out-of-reach.md").read_text("utf-8")
    assert "wait for a mast" not in record
    assert "97 percent" in record
    assert "heading: Who shares the spectrum" in record
    source = (site / "docs/sources/who-is-out-of-reach.yaml").read_text("utf-8")
    for line in ("Thabo Letsie", "Mountain Post", "'2025-02-03'", "https://mountainpost.example.org/reach"):
        assert line in source
    outline = (site / "_import/outlines/who-is-out-of-reach.md").read_text("utf-8")
    for line in ("networks", "{term}`lca`", "new: **Maluti Towers**", "status, agrees lca"):
        assert line in outline


def test_what_was_written_passes_the_checks(site: Path, article: Path) -> None:
    assert run(site, article) == 0
    findings = [str(finding) for finding in check.check(site)[1]]
    assert [line for line in findings if "articles' has no index" not in line] == []


def test_a_second_run_changes_nothing_and_edited_records_stay(site: Path, article: Path) -> None:
    run(site, article)
    record = site / "docs/articles/who-is-out-of-reach.md"
    record.write_text(record.read_text("utf-8").replace("verdict: open", "verdict: open\n  # looked at", 1), "utf-8")
    before = tree(site)
    assert run(site, article) == 0
    assert changed(site, before) == set()


def test_another_article_of_the_same_title_gets_a_name_of_its_own(site: Path, article: Path) -> None:
    run(site, article)
    before = tree(site)
    words = ARTICLE.replace("mountainpost.example.org/reach", "other.example.org/r").replace("Mountain Post", "Valley")
    article.write_text(words.replace("wait for a mast", "have moved to the plain, where masts stand"), "utf-8")
    assert run(site, article) == 0
    new = {name for name in tree(site) if name not in before and name.startswith("docs/")}
    assert len(new) == 2
    assert all(
        name.startswith(("docs/articles/who-is-out-of-reach-", "docs/sources/who-is-out-of-reach-")) for name in new
    )


def test_a_page_that_copies_an_article_is_refused(site: Path, article: Path) -> None:
    run(site, article)
    page = site / "docs/networks/coverage.md"
    said = "Mobile coverage stood at 97 percent of people in the mountains in March 2024, and the rest wait for a mast."
    page.write_text(page.read_text("utf-8") + f"\n{said} {{cite}}`times-2024-coverage`\n", "utf-8")
    copied = [finding for finding in check.check(site)[1] if finding.rule == "wording-copied"]
    assert [finding.path for finding in copied] == ["docs/networks/coverage.md"]
    page.write_text(page.read_text("utf-8").replace(said, f"The Mountain Post says: “{said}”"), "utf-8")
    assert [finding for finding in check.check(site)[1] if finding.rule == "wording-copied"] == []


def test_with_a_licence_the_text_becomes_a_page(site: Path, article: Path) -> None:
    assert command.main([str(article), "--root", str(site), "--jobs", "1", "--licence", "CC-BY-4.0"]) == 0
    page = (site / "docs/networks/who-is-out-of-reach.md").read_text("utf-8")
    assert "the rest wait for a mast. {cite}`mountain-post-2025-who-is-out-of-reach`" in page
    assert "## Who shares the spectrum" in page
    assert "licence: CC-BY-4.0" in (site / "docs/articles/who-is-out-of-reach.md").read_text("utf-8")
    findings = [str(finding) for finding in check.check(site)[1]]
    assert [line for line in findings if "articles' has no index" not in line] == []


def test_each_bad_file_is_named_in_one_line_and_the_others_are_imported(
    site: Path, article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {
        "empty.txt": b"",
        "film.mp4": b"x",
        "broken.docx": b"PK\x03\x04",
        "torn.pdf": b"%PDF-1.4 ",
        "nul.md": b"a\0b",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    assert run(site, *(tmp_path / name for name in bad), tmp_path / "missing.txt", article) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(bad) + 1
    for line, name in zip(said, [*bad, "missing.txt"], strict=True):
        assert line.startswith(f"{name}: import-")
        assert "; " in line
    assert (site / "docs/articles/who-is-out-of-reach.md").exists()


def test_markup_in_an_article_does_nothing(site: Path, tmp_path: Path) -> None:
    hostile = (
        "# {{ 7*7 }} ../../x `{include}`\n\nMobile coverage {cite}`x` is 97 percent {% raw %} of people in 2024.\n\n"
    )
    hostile += "## :::{include} conf.py\n\nEconet holds spectrum, <script>x</script> and $$x$$ has coverage in 2025.\n"
    (tmp_path / "hostile.md").write_text(hostile, "utf-8")
    assert command.main([str(tmp_path / "hostile.md"), "--root", str(site), "--jobs", "1", "--licence", "own"]) == 0
    findings = [finding for finding in check.check(site)[1] if "has no index" not in finding.message]
    assert findings == []


def many(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        dice = random.Random(number)
        lines = [f"Coverage of district {number}", f"{1 + number % 28} March 2025"]
        for heading in ("Coverage", "Spectrum"):
            body = " ".join(
                f"In {2000 + dice.randrange(25)} mobile coverage of area {dice.randrange(10**6)} stood at "
                f"{dice.randrange(100)} percent of people, and spectrum for {dice.randrange(90)} masts "
                f"was shared by Econet."
                for _ in range(8)
            )
            lines += [f"{heading} in {number}", body]
        (folder / f"{number:03}.txt").write_text("\n\n".join(lines), "utf-8")


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    many(tmp_path / "articles", 40)
    sites = [sample.write(tmp_path / name) for name in ("whole", "killed")]
    articles = str(tmp_path / "articles")
    assert command.main([articles, "--root", str(sites[0]), "--jobs", "1"]) == 0
    call = [sys.executable, "-m", "kb.importer", articles, "--jobs", "2", "--root", str(sites[1])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(call, env=environment, start_new_session=True)
    results = sites[1] / "_import/results"
    deadline = time.monotonic() + 60
    while len(list(results.glob("*.json"))) < 5 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 5 <= len(list(results.glob("*.json"))) < 40
    assert not (sites[1] / "_import/report.md").exists()
    assert command.main([articles, "--root", str(sites[1]), "--jobs", "1"]) == 0
    whole, killed = ({name: data for name, data in tree(site).items() if not name.endswith(".part")} for site in sites)
    assert whole == killed
    assert sum(name.startswith("docs/articles/") for name in whole) > 30


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/reach")
            self.end_headers()
            return
        body = ARTICLE.encode() if self.path == "/reach" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def resolver(port: int) -> Resolver:
    async def here(host: str) -> list[str]:
        return ["127.0.0.1"]

    return Resolver(here, {80: port})


def test_an_address_is_fetched_once_and_redirects_are_followed(port: int, tmp_path: Path) -> None:
    path = fetch.fetch("http://mountainpost.example.org/moved", tmp_path, "test", resolver(port))
    assert "the rest wait for a mast" in path.read_text("utf-8")
    assert fetch.fetch("http://mountainpost.example.org/moved", tmp_path, "test") == path
    with pytest.raises(Refused, match="the server answers 404"):
        fetch.fetch("http://mountainpost.example.org/gone", tmp_path, "test", resolver(port))


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/latest", "http://user@example.org/"])
def test_addresses_inside_are_not_asked(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="import-address"):
        fetch.fetch(url, tmp_path, "test")
    assert list(tmp_path.iterdir()) == []
