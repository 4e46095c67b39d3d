"""What readers see of the ledger: notes of dead sources, and the page of link health; with and without a ledger."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from kb import build, check, published
from kb.links import collect
from tests import sample
from tests.conftest import Built, sphinx_in_fork, tree

ABOUT = "---\ndescription: About.\n---\n# About\n\nText.\n"
LINKS = "---\ndescription: Links.\n---\n# Link health\n\n:::{generated} links\n:::\n"
COPY = "https://web.archive.org/web/2025/https://times.example.org/coverage"
URL = "https://times.example.org/coverage"
PAGES: dict[str, str | bytes | None] = {"docs/about/index.md": ABOUT, "docs/about/links.md": LINKS}


def ledger(**times: object) -> str:
    rows = [{"url": URL, "asked": "2026-03-09T00:00:00Z", "verdict": "alive", "reason": "ok", **times}]
    rows += [{"url": "https://gazette.example.org/2000/act", "asked": "2026-03-08T00:00:00Z", "verdict": "unverified",
              "reason": "refused", "status": 403, "alive": "2026-01-05"}]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


DEAD = {"verdict": "dead", "reason": "gone", "status": 404, "failures": 3, "failing_since": "2026-02-16", "alive": "2026-02-09"}  # fmt: skip  # noqa: E501


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def note(out: Path) -> str:
    html = (out / "networks/coverage.html").read_text("utf-8")
    return next(
        part for part in re.findall(r"<aside class=\"footnote.*?</aside>", html, re.S) if "Coverage reaches" in part
    )


def test_a_dead_source_shows_its_copy_first(built: Built) -> None:
    html = note(built({**PAGES, "links.jsonl": ledger(**DEAD, archive=COPY)}))
    assert re.findall(r'<a class="reference external" href="([^"]+)"', html) == [COPY, URL]
    assert "The page is gone (last seen there on 9 February 2026); the title leads to an archived copy. Former address." in words(html)  # fmt: skip  # noqa: E501


def test_a_dead_source_without_a_copy_says_so(built: Built) -> None:
    html = note(built({**PAGES, "links.jsonl": ledger(**DEAD)}))
    assert re.findall(r'<a class="reference external" href="([^"]+)"', html) == [URL]
    assert "no archived copy is known" in words(html)


def test_a_source_that_lives_is_as_ever(built: Built) -> None:
    assert note(built({**PAGES, "links.jsonl": ledger()})) == note(built(PAGES))


def test_the_page_of_link_health(built: Built) -> None:
    said = words(
        (built({**PAGES, "links.jsonl": ledger(**DEAD, archive=COPY)}) / "about/links.html").read_text("utf-8")
    )
    assert (
        "0.0% of 2 links are alive or have moved; newest check: 9 March 2026. Not asked yet: 0. Links were last" in said
    )
    assert f"{URL} not there (404) 2026-02-09 copy" in said
    assert "https://gazette.example.org/2000/act refuses automatic requests (403) 2026-01-05 –" in said
    assert "gazette.example.org 1 – – – 1 –" in said


def test_without_a_ledger_the_page_says_so_and_explains_the_verdicts(built: Built) -> None:
    said = words((built(PAGES) / "about/links.html").read_text("utf-8"))
    assert "No record of link checks was at hand when this page was built." in said
    assert "dead Not there (404, 410, unknown host) 3 times in a row over at least 14 days." in said


def test_a_build_says_what_it_knows(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: E501
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")  # May 2026
    root = sample.write(tmp_path, PAGES)
    assert build.build(root, jobs="1") == 0
    assert "there is no links.jsonl" in capfd.readouterr().err
    (root / "links.jsonl").write_text(ledger())
    assert build.build(root, jobs="1") == 0
    assert "links were last checked on 2026-03-09 (" in capfd.readouterr().err


def test_pages_follow_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
    root = sample.write(tmp_path, PAGES)
    doctrees = tmp_path / "doctrees"
    for content in (ledger(), ledger(**DEAD, archive=COPY)):
        (root / "links.jsonl").write_text(content)
        assert sphinx_in_fork(root, tmp_path / "kept", doctrees) == (0, "")
    assert sphinx_in_fork(root, tmp_path / "fresh", tmp_path / "other") == (0, "")
    kept, fresh = tree(tmp_path / "kept"), tree(tmp_path / "fresh")
    assert {name for name in fresh if name.endswith(".html") and kept.get(name) != fresh[name]} == set()
    assert COPY in note(tmp_path / "kept")


def test_links_are_collected_once_with_every_place(tmp_path: Path) -> None:
    twice = sample.TOPIC.replace("Speed is", "[A](https://a.example.org/x) and\n[b](https://a.example.org/x#y), [mail](mailto:a@example.org). Speed is")  # fmt: skip  # noqa: E501
    other = sample.OTHER_TOPIC.replace("More", "[A](https://a.example.org/x). More")
    loaded, findings = check.check(sample.write(tmp_path, {"docs/networks/coverage.md": twice, "docs/networks/spectrum.md": other}))  # fmt: skip  # noqa: E501
    assert loaded and not findings
    links = collect.links(loaded)
    assert list(links) == ["https://a.example.org/x", "https://a.example.org/x#y", "https://gazette.example.org/2000/act", URL]  # fmt: skip  # noqa: E501
    places = (("docs/networks/coverage.md", 16), ("docs/networks/spectrum.md", 10))
    assert links["https://a.example.org/x"].places == places
    assert links["https://a.example.org/x#y"].places == (("docs/networks/coverage.md", 17),)
    assert (links[URL].sources, links[URL].read) == (("times-2024-coverage",), "2026-01-06")


INSIDE = {
    "a renamed page": (
        {"docs/networks/spectrum.md": None, "docs/networks/waves.md": sample.OTHER_TOPIC},
        "docs/networks/coverage.md:16: link-missing: there is no page 'networks/spectrum'",
    ),
    "a renamed heading": (
        {"docs/networks/coverage.md": sample.TOPIC.replace("## What is not measured", "## Not measured")},
        "docs/networks/spectrum.md:10: link-missing: the page 'networks/coverage' has no section '#what-is-not-meas",
    ),
    "a mistyped link": (
        {"docs/networks/coverage.md": sample.TOPIC.replace("](spectrum.md)", "](spectrm.md)")},
        "docs/networks/coverage.md:16: link-missing: there is no page 'networks/spectrm'; did you mean 'networks/spec",
    ),
    "a missing picture": (
        {"docs/networks/coverage.md": sample.TOPIC.replace("Speed is", "![Map](map.png) Speed is")},
        "docs/networks/coverage.md:16: link-missing: there is no picture 'networks/map.png'; put the file into docs/",
    ),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_sphinx_can_know_is_named_in_the_source(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    changes, expected = INSIDE[name]
    root = sample.write(tmp_path, changes)
    assert [str(finding) for finding in check.check(root)[1] if str(finding).startswith(expected)]
    assert build.build(root, jobs="1") == 1
    assert expected in capfd.readouterr().out


def test_data_files_name_what_is_there(built: Built, tmp_path: Path) -> None:
    users = {"docs/indicators/index.md": sample.INDEX, "docs/indicators/users.md": sample.INDICATOR}
    out = tmp_path / "html"
    shutil.copytree(built(users), out)
    loaded, _ = check.check(sample.write(tmp_path / "site", users))
    assert loaded
    assert published.audit(out, loaded) == []
    (out / "data/indicators/users.csv").unlink()
    (out / "glossary/lca.html").unlink()
    said = [finding.message for finding in published.audit(out, loaded)]
    assert said == [
        "data/datapackage.json: it names 'indicators/users.csv', which is not there",
        "data/pages.json: it names 'glossary/lca', which is not there",
    ]
