"""What is remembered from run to run, and what follows from it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from kb.links import content, ledger
from kb.links.ledger import Row
from kb.links.verdicts import DAYS, FAILURES, REASONS, VERDICTS, Answer, after

URL = "https://times.example.org/coverage"
START = datetime.datetime(2026, 3, 2, 4, 0, tzinfo=datetime.UTC)
OK, GONE = Answer("ok", 200, title=content.fingerprint("Coverage reaches new heights")), Answer("gone", 404)


def history(*answers: tuple[int, Answer], read: str = "") -> Row:
    """The row after answers, each so many days after the start."""
    row: Row | None = None
    for day, answer in answers:
        row = after(row, URL, answer, START + datetime.timedelta(day), read)
    assert row
    return row


SLOW = Answer("timeout", reached=False)
NEW = Answer("ok", 200, title=content.fingerprint("Buy cheap shoes online"))
HISTORIES = {
    "alive": ([(0, OK)], "alive"),
    "one 404": ([(0, OK), (7, GONE)], "unverified"),
    "many in a day": ([(0, OK), *[(7, GONE)] * 10], "unverified"),
    "few over a long time": ([(0, OK), (7, GONE), (90, GONE)], "unverified"),
    "enough over enough days": ([(0, OK), (7, GONE), (14, GONE), (21, GONE)], "dead"),
    "never seen alive": ([(0, GONE), (7, GONE), (14, Answer("no-host", reached=False))], "dead"),
    "a bad day in between proves nothing": ([(0, GONE), (7, SLOW), (14, GONE), (21, GONE)], "dead"),
    "back for a day": ([(0, GONE), (7, GONE), (10, OK), (14, GONE), (21, GONE)], "unverified"),
    "a bad day does not bring it back": ([(0, GONE), (7, GONE), (14, GONE), (21, SLOW)], "dead"),
    "it comes back": ([(0, GONE), (7, GONE), (14, GONE), (21, OK)], "alive"),
    "unverified for ever": ([(day, SLOW) for day in range(0, 400, 7)], "unverified"),
    "another title": ([(0, OK), (7, NEW)], "changed"),
    "another title, again and again": ([(0, OK), (7, NEW), (14, NEW)], "changed"),
    "the old title is back": ([(0, OK), (7, NEW), (14, OK)], "alive"),
    "moved": ([(0, OK), (7, Answer("moved", 200, final="https://x.example.org/", redirect="permanent"))], "moved"),
    "no title now": ([(0, OK), (7, Answer("ok", 200))], "alive"),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_verdict_follows_from_the_history(name: str) -> None:
    answers, verdict = HISTORIES[name]
    assert history(*answers).verdict == verdict


def test_reading_the_source_again_accepts_its_new_title() -> None:
    assert history((0, OK), (7, NEW), read="2026-03-02").verdict == "changed"
    row = history((0, OK), (7, NEW), read="2026-03-08")
    assert (row.verdict, row.title) == ("alive", NEW.title)


def test_what_a_row_says() -> None:
    row = history((0, OK), (7, GONE), (14, GONE))
    assert (row.first_seen, row.alive, row.failures, row.failing_since) == ("2026-03-02", "2026-03-02", 2, "2026-03-09")
    assert (row.asked, row.status, row.reason) == ("2026-03-16T04:00:00Z", 404, "gone")
    assert FAILURES >= 2 and DAYS >= 7


def test_every_reason_has_a_verdict_that_is_explained() -> None:
    assert {verdict for verdict, _ in REASONS.values()} == VERDICTS.keys()


def test_rows_outlive_the_process_and_the_last_one_counts(tmp_path: Path) -> None:
    file = tmp_path / "links.jsonl"
    with ledger.appending(file) as out:
        for failures in (1, 2):
            ledger.append(out, Row(URL, failures=failures))
            assert ledger.read(file) == {URL: Row(URL, failures=failures)}, "without closing it"


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "links.jsonl"
    with ledger.appending(file) as out:
        ledger.append(out, Row(URL))
        ledger.append(out, Row(f"{URL}/b"))
    whole = file.read_bytes()
    for end in range(len(whole)):
        file.write_bytes(whole[:end])
        with ledger.appending(file) as out:
            ledger.append(out, Row(f"{URL}/c"))
        rows = ledger.read(file)
        assert rows is not None
        assert f"{URL}/c" in rows
        assert (URL in rows) == (end >= whole.index(b"}") + 1)


@pytest.mark.parametrize("line", [
    "", "[]", "null", "{}", '{"url": 1}', '{"url": "javascript:alert(1)"}', "[" * 5000,
    '{"url": "https://x.example.org/", "status": "1"}',
    '{"url": "https://x.example.org/", "archive": "javascript:alert(1)"}', "\x00\xff", '{"url": "https://10.0.0.1/"}',
])  # fmt: skip
def test_what_is_no_row_is_left_out(line: str, tmp_path: Path) -> None:
    file = tmp_path / "links.jsonl"
    file.write_text(f'{line}\n{{"url": "{URL}", "later": "a key of a later version"}}\n', "utf-8")
    assert ledger.read(file) == {URL: Row(URL)}


def test_saving_is_all_or_nothing_and_in_order(tmp_path: Path) -> None:
    file = tmp_path / "links.jsonl"
    assert ledger.read(file) is None
    ledger.save(file, [Row("https://b.example.org/", status=200), Row("https://a.example.org/", title="1a2b")])
    assert file.read_text() == (
        '{"url": "https://a.example.org/", "title": "1a2b"}\n{"url": "https://b.example.org/", "status": 200}\n'
    )
    assert [path.name for path in tmp_path.iterdir()] == ["links.jsonl"]


def test_addresses_that_nobody_names_are_forgotten_in_time() -> None:
    row = Row(URL, asked="2026-03-02T00:00:00Z")
    day = datetime.date(2026, 3, 2)
    assert ledger.kept({URL: row}, [], day + datetime.timedelta(ledger.FORGET_DAYS)) == [row]
    assert ledger.kept({URL: row}, [], day + datetime.timedelta(ledger.FORGET_DAYS + 1)) == []
    assert ledger.kept({URL: row}, [URL], day + datetime.timedelta(9999)) == [row]


def test_a_ledger_older_than_two_periods_is_told() -> None:
    rows = {URL: Row(URL, asked="2026-03-02T00:00:00Z"), "x": Row("x", asked="2026-02-01T00:00:00Z")}
    day = datetime.date(2026, 3, 2)
    assert ledger.late(rows, day + datetime.timedelta(2 * ledger.PERIOD_DAYS)) == ""
    assert "2026-03-02 (15 days ago)" in ledger.late(rows, day + datetime.timedelta(2 * ledger.PERIOD_DAYS + 1))
    assert "ever been" in ledger.late({URL: replace(rows[URL], asked="")}, day)
