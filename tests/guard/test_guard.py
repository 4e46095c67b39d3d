"""Hostile input is refused by the rule named for it, on its line; benign input passes; what is built is looked at."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import address, check, corpus, page, published
from kb.finding import RULES
from tests import sample
from tests.conftest import sphinx_in_fork
from tests.guard import benign, hostile
from tests.guard.hostile import FIRST, HERE, topic

PAGE = "docs/networks/coverage.md"


def _box(name: str) -> str:
    return f"```{{{name if '}' in name else name + '}'}\nx\n```"


BODIES: list[tuple[str, str, str]] = [
    *((f"html {text[:30]}", text, "syntax-unsafe") for text in hostile.HTML),
    *((f"directive {name[:30]}", _box(name), "syntax-un") for name in hostile.DIRECTIVES),
    *((f"role {role[:30]}", f"text {role}", "syntax-un") for role in hostile.ROLES),
    *((f"link {url}", f"[words]({url})", "link-") for url in hostile.ADDRESSES),
    *((f"misleading {link}", link, "link-text") for link in hostile.MISLEADING),
    *((f"local {link}", link, "link-missing") for link in hostile.LOCAL),
    *hostile.MARKUP,
    *((f"character {name}", f"text{character}text", "text-control") for name, character in hostile.CHARACTERS.items()),
]


def found(tmp_path: Path, changes: dict[str, str | bytes | None]) -> list[tuple[str, int, str]]:
    """(path, line, rule) of every finding."""
    return [(f.path, f.line, f.rule) for f in check.check(sample.write(tmp_path, changes))[1]]


@pytest.mark.parametrize(("body", "rule"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_hostile_bodies_are_refused_on_their_line(body: str, rule: str, tmp_path: Path) -> None:
    findings = found(tmp_path, {PAGE: topic(body)})
    first = FIRST + HERE - 1
    lines = range(1 if rule == "file-size" else FIRST, first + body.count("\n") + 1)
    assert any(name == PAGE and line in lines and got.startswith(rule) for name, line, got in findings), findings


@pytest.mark.parametrize("field", hostile.RECORDS)
def test_hostile_records_are_refused(field: str, tmp_path: Path) -> None:
    text = sample.TOPIC.replace("search_terms: [signal]", field)
    findings = found(tmp_path, {PAGE: text})
    assert hostile.RECORDS[field] in {rule for name, _, rule in findings if name == PAGE}, findings


@pytest.mark.parametrize("name", hostile.NAMES)
def test_hostile_names_are_refused(name: str, tmp_path: Path) -> None:
    findings = check.check(sample.write(tmp_path, {name: sample.OTHER_TOPIC}))[1]
    assert "file-name" in {finding.rule for finding in findings}, findings
    assert all("\n" not in str(finding) for finding in findings)


@pytest.mark.parametrize("name", hostile.KINDS)
def test_hostile_files_are_refused(name: str, tmp_path: Path) -> None:
    rules = {rule for _, _, rule in found(tmp_path, {name: "x"})}
    assert rules & {"file-kind", "file-folder", "file-name"}, rules


@pytest.mark.parametrize("what", hostile.PICTURES)
def test_hostile_pictures_are_refused(what: str, tmp_path: Path) -> None:
    assert ("docs/networks/x.png", 1, "picture-wrong") in found(
        tmp_path, {"docs/networks/x.png": hostile.PICTURES[what]}
    )


@pytest.mark.parametrize("url", hostile.SOURCE_ADDRESSES)
def test_hostile_source_addresses_are_refused(url: str, tmp_path: Path) -> None:
    text = sample.SOURCES.replace("https://times.example.org/coverage", f'"{url}"'.replace("\\", "\\\\"))
    assert "value-wrong" in {rule for _, _, rule in found(tmp_path, {"docs/sources/main.yaml": text})}


@pytest.mark.parametrize("place", ["docs/networks/link.md", "docs/linked"])
def test_links_out_of_docs_are_refused(place: str, tmp_path: Path) -> None:
    root = sample.write(tmp_path / "site")
    (tmp_path / "secret").mkdir()
    (root / place).symlink_to(tmp_path / "secret")
    assert {f.rule for f in check.check(root)[1]} & {"file-kind", "file-folder"}


def test_the_corpus_is_as_large_as_it_claims() -> None:
    others = (hostile.RECORDS, hostile.NAMES, hostile.KINDS, hostile.PICTURES, hostile.SOURCE_ADDRESSES)
    assert len(BODIES) + sum(map(len, others)) >= 250
    assert len(benign.BODIES) >= 60


def harmless(body: str) -> str:
    """A benign body as a page of the guide, which states no facts of the field."""
    body = re.sub(r"\((\.\./networks/)?spectrum\.md\)", "(../networks/spectrum.md)", body)
    body = body.replace(":link: spectrum", ":link: ../networks/spectrum")
    return f"---\ndescription: A page.\n---\n# A page\n\n{body}\n"


@pytest.mark.parametrize("name", benign.BODIES)
def test_benign_pages_pass(name: str) -> None:
    item = page.read("about/x", "docs/about/x.md", harmless(benign.BODIES[name]))
    assert isinstance(item, page.Page), item
    assert item.findings == []


def test_benign_pages_are_built_as_one_site_and_audited(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {"docs/about/index.md": sample.INDEX}
    changes |= {f"docs/about/page-{number}.md": harmless(body) for number, body in enumerate(benign.BODIES.values())}
    root = sample.write(tmp_path, changes)
    loaded, findings = check.check(root)
    assert loaded
    out = root / "_build/html"
    code, printed = sphinx_in_fork(root, out, root / "_build/doctrees")
    assert (code, findings) == (0, []), printed
    assert published.audit(out, loaded) == []
    everything = "".join(file.read_text("utf-8") for file in (out / "about").glob("*.html"))
    assert "&lt;script&gt;" in everything
    assert not re.search(r"href=\"\s*(javascript|data|vbscript):", everything, re.I)


@pytest.mark.parametrize(
    "html",
    [
        "<script src='https://a.org/x.js'></script>", "<iframe></iframe>", "<p onclick='x'>x</p>", "<base href='x'>",
        "<a href='javascript:x'>x</a>", "<a href='java\nscript:x'>x</a>", "<img src='https://a.org/x.png'>",
        "<p style='position:fixed'>x</p>", "<form action='javascript:x'></form>", "<p id='a'></p><p id='a'></p>",
        "<object data='x'></object>", "<meta http-equiv='refresh' content='0'>", "<svg><a xlink:href='javascript:x'/></svg>",
        "<img src='//a.org/x.png'>", "<p srcdoc='x'>x</p>", "<video src='x'></video>", "<style>*{}</style>", "<math></math>",
    ],
)  # fmt: skip
def test_harm_in_a_built_page_is_found(html: str) -> None:
    assert list(published.page(f"<html><body><article role='main'>{html}</article></body></html>", "x.html"))


def test_files_of_other_kinds_are_not_published(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    out = tmp_path / "out"
    for name in ("x.html", "a/b/x.html", "_static/x.html", "_downloads/x.txt", "x.svg", "_images/x.svg", "data/x.exe"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("<html></html>")
    refused = {f.path for f in published.audit(out, corpus.load(root))}
    assert refused == {
        "x.html",
        "a/b/x.html",
        "_static/x.html",
        "_downloads/x.txt",
        "x.svg",
        "_images/x.svg",
        "data/x.exe",
    }


ANY = settings(max_examples=120, deadline=2_000, suppress_health_check=list(HealthCheck))
MARKUP = st.text(st.sampled_from("#*_`~:|>-+[](){}<>!\\\"'$%&@^= \n\tab1é\u06cc\u200c{}"), max_size=400)


@ANY
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_verdict(data: bytes) -> None:
    from kb import text

    content, findings = text.decode(data, "docs/x.md")
    assert isinstance(page.read("networks/x", "docs/x.md", content), list | page.Page) or findings


@ANY
@given(MARKUP)
def test_any_markdown_ends_in_a_verdict(body: str) -> None:
    found = page.read("networks/coverage", PAGE, topic(body))
    findings = found if isinstance(found, list) else found.findings
    assert all(finding.rule in RULES and finding.line >= 1 for finding in findings)


@ANY
@given(MARKUP)
def test_any_front_matter_ends_in_a_verdict(head: str) -> None:
    found = page.read("networks/coverage", PAGE, f"---\n{head}\n---\n# T\n")
    assert found if isinstance(found, list) else found.title


class _Content:
    """A file that was read already."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read_bytes(self) -> bytes:
        """Its bytes."""
        return self.content


YAML = st.text(st.sampled_from("-: \n{}[]&*!|>%@`'\"#?,a1\tid<é\x85\u2028"), max_size=300)


@ANY
@given(
    st.one_of(st.binary(max_size=300), YAML.map(str.encode)),
    st.sampled_from(["sources/x.yaml", "redirects.txt", "corrections.yaml", "networks/x.md"]),
)
def test_any_file_ends_in_a_verdict(data: bytes, name: str) -> None:
    _, findings = corpus._read(name, _Content(data))  # type: ignore[arg-type]
    assert not [finding for finding in findings if finding.rule == "build-stopped"]
    assert all(finding.line >= 1 for finding in findings)


@ANY
@given(st.text(st.sampled_from("htps:/.@[]%0aF-xn\\ 1２。а‮?#&=é\u200d"), max_size=60))
def test_any_address_ends_in_a_verdict(tail: str) -> None:
    for href in (tail, f"https://{tail}", f"mailto:{tail}", f"https://a.org/{tail}"):
        fault = address.fault(href)
        address.promise_fault(tail, href)
        if fault is None and not href.startswith("mailto:"):
            host = urlsplit(href).hostname or ""
            assert "." in host
            assert not re.search(r"[\s%\\@\u200d‮]", host)


@ANY
@given(st.text(st.sampled_from("<>/='\" \n!-ascriptonhefjv:&#;\x00"), max_size=200))
def test_any_html_ends_in_a_verdict(html: str) -> None:
    list(published.page(f"<html><body><article role='main'>{html}</article></body></html>", "x.html"))
