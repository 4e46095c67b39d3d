"""`nox -s linkcheck -- --external` as people and the workflow run it: resumable, careful, and clear about the end."""

from __future__ import annotations

import datetime
import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.links import __main__ as command
from kb.links import ledger
from kb.links.ledger import Row
from tests import sample
from tests.conftest import ROOT, run
from tests.links.cases import reply
from tests.links.server import Request, Server
from tests.test_urls import git

TODAY = datetime.datetime.now(datetime.UTC).date()
SOURCES, PAGE = "docs/sources/main.yaml", "docs/networks/coverage.md"


def ago(days: int) -> str:
    return (TODAY - datetime.timedelta(days)).isoformat()


async def answer(request: Request) -> None:
    kind = request.path.rpartition("/")[2].partition("-")[0]
    if kind == "gone":
        await request.send(reply("404 Not Found", b""))
    elif kind == "moved":
        await request.send(reply("301 Moved", b"", "Location: /new-place\r\n"))
    elif kind == "refused":
        await request.send(reply("403 Forbidden", b""))
    else:
        await request.send(reply())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    hosts = ["times", "gazette", "new", *(f"h{number}" for number in range(24))]
    with Server(dict.fromkeys(hosts, answer)).running() as running:
        yield running


def site(root: Path, times: str, **files: str) -> Path:
    """The sample with one source at another address, without https."""
    sources = sample.SOURCES.replace("https://", "http://").replace("times.example.org/coverage", times)
    return sample.write(root, {SOURCES: sources, **files})


def check(root: Path, server: Server, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "kb.links", "--loopback", str(server.port), "--rate", "50", *arguments, cwd=root, **environment)


def failing(root: Path, url: str, **more: str) -> None:
    """The ledger of a site whose page has been missing for some time."""
    row = Row(url, first_seen=ago(90), alive=ago(30), failures=2, failing_since=ago(20), **more)
    ledger.save(root / ledger.NAME, [row])


def test_what_dies_is_named_and_fails_the_weekly_run_alone(tmp_path: Path, server: Server) -> None:
    root, url = site(tmp_path, "times.example.org/gone"), "http://times.example.org/gone"
    first = check(root, server, "--strict")
    assert first.returncode == 0, first.stdout + first.stderr
    failing(root, url)
    result = check(root, server)
    assert result.returncode == 0
    expected = f"{SOURCES}:12: link-dead: '{url}' leads nowhere: 404 since {ago(20)}; find where it went"
    assert result.stdout.startswith(expected)
    failing(root, url)
    assert check(root, server, "--strict").returncode == 1
    rows = ledger.read(root / ledger.NAME)
    assert rows is not None
    assert (rows[url].verdict, rows[url].failures) == ("dead", 3)


def test_exceptions_hold_until_their_day(tmp_path: Path, server: Server) -> None:
    url = "http://times.example.org/gone"
    for until, code in ((TODAY + datetime.timedelta(30), 0), (TODAY - datetime.timedelta(1), 1), (TODAY.replace(year=TODAY.year + 3), 1)):  # fmt: skip  # noqa: E501
        text = f'- {{pattern: "{url}*", reason: gone-for-good, until: "{until}", note: "Seen"}}\n'
        root = site(tmp_path, "times.example.org/gone", **{"docs/link-exceptions.yaml": text})
        failing(root, url)
        result = check(root, server, "--strict")
        assert result.returncode == code, result.stdout
        assert ("docs/link-exceptions.yaml:1: link-exception: " in result.stdout) == bool(code)
        rows = ledger.read(root / ledger.NAME)
        assert rows is not None
        assert rows[url].verdict == "dead", "it is asked and recorded all the same"


def test_a_moved_source_is_rewritten_on_request(tmp_path: Path, server: Server) -> None:
    root = site(tmp_path, "times.example.org/moved")
    before = (root / SOURCES).read_text()
    assert check(root, server).returncode == 0
    assert (root / SOURCES).read_text() == before
    (root / ledger.NAME).unlink()
    result = check(root, server, "--fix")
    new = "http://times.example.org/new-place"
    assert result.stdout == f"{SOURCES}:18: times-2024-coverage: http://times.example.org/moved -> {new}\n"
    assert (root / SOURCES).read_text() == before.replace("http://times.example.org/moved", f'"{new}"')
    assert run("-m", "kb.check", cwd=root).returncode == 0


def test_a_branch_is_asked_for_what_it_adds(tmp_path: Path, server: Server) -> None:
    root = site(tmp_path, "times.example.org/gone-before")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "change")
    asked = Counter(server.asked)
    nothing = check(root, server, "--since", "main")
    assert (nothing.returncode, Counter(server.asked)) == (0, asked)

    def add(words: str) -> subprocess.CompletedProcess[str]:
        page = sample.TOPIC.replace("Speed is", f"{words} Speed is")
        (root / PAGE).write_text(page)
        return check(root, server, "--since", "main", "--minutes", "1")

    # --loopback gives every name one port that speaks no TLS: such links are unverified, and pass
    unsure = add("[Slow](https://new.example.org/x) and")
    assert (unsure.returncode, unsure.stdout) == (0, "")
    (root / SOURCES).write_text((root / SOURCES).read_text().replace("/2000/act", "/gone-now"))
    result = add("")
    assert result.returncode == 1
    assert result.stdout == (
        f"{SOURCES}:1: link-dead: 'http://gazette.example.org/gone-now' leads nowhere: 404; mend the address\n"
    )
    assert not (root / ledger.NAME).exists()
    new = set(server.asked) - set(asked)
    assert {key.partition(" ")[2] for key in new} == {"gazette.example.org/gone-now"}


def test_a_branch_without_history_says_so(tmp_path: Path, server: Server) -> None:
    root = site(tmp_path, "times.example.org/gone-before")
    result = check(root, server, "--since", "main", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert result.returncode == 0
    assert "no history to compare with main: nothing was asked" in result.stderr


def test_the_report_is_written_for_job_and_issue(tmp_path: Path, server: Server) -> None:
    root = site(tmp_path, "times.example.org/refused")
    report, summary = tmp_path / "report.md", tmp_path / "summary.md"
    result = check(root, server, "--report", str(report), GITHUB_STEP_SUMMARY=str(summary))
    assert result.returncode == 0
    said = report.read_text("utf-8")
    assert said == summary.read_text("utf-8")
    assert said.startswith("50.0% of 2 links are alive (")
    assert f"- `http://times.example.org/refused` in `{SOURCES}:12`: 403, never seen alive\n" in said


def no_network(*arguments: object, **options: object) -> list[object]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")  # as a machine without a network may say


@pytest.mark.parametrize("extra", [[], ["--since", "main"], ["--strict", "--archive"]])
def test_without_a_network_nothing_is_marked(
    extra: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    root = sample.write(tmp_path)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "change")
    (root / PAGE).write_text(sample.TOPIC.replace("Speed is", "[A](https://new.example.org/) Speed is"))
    failing(root, "https://times.example.org/coverage", verdict="unverified")
    before = (root / ledger.NAME).read_bytes()
    assert command.main(["--root", str(root), *extra]) == command.NO_NETWORK
    said = capsys.readouterr()
    assert "no network" in said.err
    assert said.out == ""
    assert (root / ledger.NAME).read_bytes() == before


def test_a_full_disk_is_told_without_a_traceback(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(out: object, row: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger, "append", full)
    root = site(tmp_path, "times.example.org/coverage")
    assert command.main(["--root", str(root), "--loopback", str(server.port)]) == 2
    assert "stopped: [Errno 28] No space left on device" in capsys.readouterr().err


def test_site_toml_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--root", str(sample.write(tmp_path, {"site.toml": "title"}))]) == 1
    assert capsys.readouterr().out.startswith("site.toml:1: yaml-syntax: ")


def many(root: Path, hosts: int, each: int) -> list[str]:
    """A site with as many sources on as many hosts; their addresses."""
    urls = [f"http://h{host}.example.org/page-{number}" for number in range(each) for host in range(hosts)]
    record = sample.SOURCES.partition("- id: times")[0]
    records = [
        record.replace("gazette-2000-act", f"s-{number}").replace("https://gazette.example.org/2000/act", url)
        for number, url in enumerate(urls)
    ]
    parts = {f"docs/sources/many-{part}.yaml": "".join(records[part : part + 500]) for part in range(0, len(urls), 500)}
    sample.write(root, {SOURCES: "", **parts})
    return urls


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path, server: Server) -> None:
    root = tmp_path
    urls = many(root, 24, 20)
    arguments = [sys.executable, "-m", "kb.links", "--loopback", str(server.port), "--rate", "15"]
    process = subprocess.Popen(arguments, cwd=root, env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    file = root / ledger.NAME
    end = time.monotonic() + 20
    while time.monotonic() < end and (not file.exists() or file.read_bytes().count(b"\n") < 120):
        time.sleep(0.02)
    process.kill()
    process.wait()
    known = ledger.read(file)
    assert known is not None
    assert 120 <= len(known) < len(urls), "killed in the middle"
    asked = {f"http://{key.partition(' ')[2]}" for key in server.asked if "/page-" in key}
    began = time.monotonic()
    result = check(root, server, "--rate", "15")
    assert result.returncode == 0, result.stderr
    assert f"{len(known)} of them asked in the last hours" in result.stderr
    rows = ledger.read(file)
    assert rows is not None
    assert rows.keys() == set(urls)
    assert {row.verdict for row in rows.values()} == {"alive"}
    assert {url: rows[url] for url in known} == known, "what was known was not asked again"
    heads = {key.partition(" ")[2]: count for key, count in server.asked.items() if key.startswith("HEAD ") and "/page-" in key}  # fmt: skip  # noqa: E501
    twice = {f"http://{key}" for key, count in heads.items() if count > 1}
    assert max(heads.values()) <= 2
    assert twice <= asked - known.keys(), "only what was in flight is asked twice"
    assert len(twice) <= 24 * 2
    left = len(urls) - len(known)
    assert time.monotonic() - began >= left / 24 * 2 / 15 * 0.5, "its pace was kept"
    again = check(root, server)
    assert "0 to ask" in again.stderr


def test_the_user_agent_names_site_and_contact(tmp_path: Path, server: Server) -> None:
    address = '[address]\nbase_url = "https://notes.example.org/"\ncontact = "me@example.org"\n'
    root = site(tmp_path, "times.example.org/coverage", **{"site.toml": sample.SITE + address})
    server.seen_headers.clear()
    assert check(root, server).returncode == 0
    expected = "link-check/1.0 (Lesotho Telecom Notes; +https://notes.example.org/; me@example.org)"
    assert {headers["user-agent"] for headers in server.seen_headers} == {expected}


def test_the_guide_names_every_option_and_reason() -> None:
    guide = (ROOT / "docs/about/links.md").read_text("utf-8")
    help_ = run("-m", "kb.links", "--help").stdout
    options = set(re.findall(r"--[a-z]+", help_)) - {
        "--help",
        "--root",
        "--report",
        "--minutes",
        "--rate",
        "--loopback",
    }
    assert {option for option in options if f"`{option}" not in guide} == set()
    from kb import model

    reasons = json.dumps(model.LinkReason.__args__)
    assert all(f"`{reason}`" in guide for reason in json.loads(reasons))
