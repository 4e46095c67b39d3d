"""After any edit the incremental build equals a fresh one, byte for byte, and refuses with the same words.

Stock Sphinx fails this: titles in sidebars, link texts and neighbours stay stale, files of removed pages stay.
"""

from __future__ import annotations

import collections
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import check
from tests.conftest import sphinx_in_fork, tree
from tests.scale.generate import CORRECTION, WORDS, generate
from tests.test_history import commit

Edit = Callable[[Path, random.Random], str]


def _pages(root: Path, pattern: str = "field-*/page-*.md") -> list[Path]:
    return sorted((root / "docs").glob(pattern))


def _replace(file: Path, pattern: str, text: str) -> None:
    content = file.read_text("utf-8")
    changed = re.sub(pattern, text, content, count=1, flags=re.M)
    assert changed != content, (file, pattern)
    file.write_text(changed, "utf-8")


def body(root: Path, chance: random.Random) -> str:
    """Words are added to a page."""
    file = chance.choice(_pages(root))
    file.write_text(
        file.read_text("utf-8") + f"\nMore of it, {chance.choice(WORDS)} {chance.choice(WORDS)}.\n", "utf-8"
    )
    return file.name


def title(root: Path, chance: random.Random) -> str:
    """A topic's title changes."""
    file = chance.choice(_pages(root) + _pages(root, "field-*/index.md"))
    _replace(file, r"^# .*$", f"# Title {chance.randrange(1000)}")
    return file.name


def description(root: Path, chance: random.Random) -> str:
    """A page's description, or an entry's definition, changes."""
    file = chance.choice(_pages(root) + _pages(root, "glossary/body-*.md"))
    _replace(file, r"^description: .*$", f"description: About {chance.randrange(1000)}.")
    return file.name


def rename_entry(root: Path, chance: random.Random) -> str:
    """An entry gets another name, one that pages mention or not."""
    file = chance.choice(_pages(root, "glossary/body-*.md"))
    words = chance.choice(("Network", "Office", "Survey"))
    _replace(file, r"^# .*$", f"# {words} Board {chance.randrange(40)}")
    return file.name


def rename_file(root: Path, chance: random.Random) -> str:
    """A page moves, with its links and a redirect; or, half of the time, without them."""
    file = chance.choice(_pages(root))
    old = file.relative_to(root / "docs").as_posix().removesuffix(".md")
    new = f"{old}-{chance.randrange(1000)}"
    file.rename(root / "docs" / f"{new}.md")
    if chance.random() < 0.8:
        for other in (root / "docs").rglob("*.md"):
            text = other.read_text("utf-8")
            if f"../{old}.md" in text:
                other.write_text(text.replace(f"../{old}.md", f"../{new}.md"), "utf-8")
        with (root / "docs" / "redirects.txt").open("a") as redirects:
            redirects.write(f"{old} {new}\n")
    return old


def add(root: Path, chance: random.Random) -> str:
    """A copy of a page with its own title."""
    file = chance.choice(_pages(root))
    new = file.with_name(f"page-new-{chance.randrange(10000)}.md")
    new.write_text(re.sub(r"^# .*$", f"# New {chance.random()}", file.read_text("utf-8"), count=1, flags=re.M), "utf-8")
    return new.name


def add_entry(root: Path, chance: random.Random) -> str:
    """A new entry whose name stands on pages already."""
    word = chance.choice(("schools", "Auction", "Loan", "See"))
    number = chance.randrange(10000)
    file = root / "docs" / "glossary" / f"body-new-{number}.md"
    text = _pages(root, "glossary/body-*.md")[0].read_text("utf-8")
    text = re.sub(r"^acronym: .*$", f"acronym: N{number}", text, count=1, flags=re.M)
    file.write_text(re.sub(r"^# .*$", f"# {word}", text, count=1, flags=re.M), "utf-8")
    return word


def delete(root: Path, chance: random.Random) -> str:
    """A page goes; links to it are taken out most of the time."""
    file = chance.choice(_pages(root))
    name = file.relative_to(root / "docs").as_posix()
    file.unlink()
    if chance.random() < 0.8:
        for other in (root / "docs").rglob("*.md"):
            text = other.read_text("utf-8")
            if f"../{name}" in text:
                other.write_text(re.sub(rf"\[([^]]*)\]\(\.\./{re.escape(name)}\)", r"\1", text), "utf-8")
        redirects = root / "docs" / "redirects.txt"
        if redirects.exists():
            kept = [line for line in redirects.read_text().splitlines() if name.removesuffix(".md") not in line]
            redirects.write_text("".join(f"{line}\n" for line in kept))
    return name


def source(root: Path, chance: random.Random) -> str:
    """A source gets another title or date, or an id that nothing cites."""
    file = root / "docs" / "sources" / "all.yaml"
    rows = file.read_text("utf-8").split("- id: ")
    number = chance.randrange(1, len(rows))
    if chance.random() < 0.1:
        rows[number] = re.sub(r"^\S+", "paper-unused", rows[number])
    else:
        rows[number] = re.sub(r'title: ".*"', f'title: "Paper {chance.random()}"', rows[number])
    file.write_text("- id: ".join(rows), "utf-8")
    return rows[number].partition("\n")[0]


def observation(root: Path, chance: random.Random) -> str:
    """A figure changes, with every page that quotes or draws it."""
    file = chance.choice(_pages(root, "indicators/count-*.md"))
    _replace(file, r'value: "\d+\.\d"', f'value: "{chance.randrange(100, 999)}.5"')
    return file.name


def indicator_title(root: Path, chance: random.Random) -> str:
    """An indicator gets another title; charts of it name it."""
    file = chance.choice(_pages(root, "indicators/count-*.md"))
    _replace(file, r"^# .*$", f"# Figure {chance.randrange(1000)}")
    return file.name


def event(root: Path, chance: random.Random) -> str:
    """What happened to an entry is told differently: on its page, in timelines and on the board."""
    file = chance.choice(_pages(root, "glossary/body-*.md"))
    _replace(file, r'what: "[^"]*"', f'what: "Step {chance.randrange(1000)}"')
    return file.name


def status(root: Path, chance: random.Random) -> str:
    """An entry's status changes, sometimes against its events."""
    file = chance.choice(_pages(root, "glossary/body-*.md"))
    _replace(file, r"^status: .*$", f"status: {chance.choice(('unknown', 'unknown', 'unknown', 'closed'))}")
    return file.name


def correction(root: Path, chance: random.Random) -> str:
    """A correction of a page is recorded."""
    page = chance.choice(_pages(root)).relative_to(root / "docs").as_posix().removesuffix(".md")
    with (root / "docs/corrections.yaml").open("a") as file:
        file.write(CORRECTION.format(page=page, was=chance.random(), now=chance.random()))
    return page


def heading(root: Path, chance: random.Random) -> str:
    """A section is renamed."""
    file = chance.choice(_pages(root))
    _replace(file, r"^## .*$", f"## Section {chance.randrange(1000)}")
    return file.name


def order(root: Path, chance: random.Random) -> str:
    """An index puts other pages first."""
    file = chance.choice(_pages(root, "field-*/index.md"))
    names = [page.stem for page in sorted(file.parent.glob("page-*.md"))]
    chance.shuffle(names)
    text = re.sub(r"^order: .*\n", "", file.read_text("utf-8"), flags=re.M)
    file.write_text(text.replace("---\n", f"---\norder: [{', '.join(names[:3])}]\n", 1), "utf-8")
    return file.parent.name


def box(root: Path, chance: random.Random) -> str:
    """A page gets a box: the style sheet of all pages has rules for it from then on."""
    file = chance.choice(_pages(root))
    kind = chance.choice(("note", "tip", "warning"))
    file.write_text(file.read_text("utf-8") + f"\n:::{{{kind}}}\nMore of it.\n:::\n", "utf-8")
    return kind


def new_commit(root: Path, chance: random.Random) -> str:
    """What was changed so far is committed: pages name the version in which they last changed."""
    return commit(root, "changes", f"2026-03-{chance.randrange(1, 29):02}")


EDITS: tuple[Edit, ...] = (
    body, title, description, rename_entry, rename_file, add, add_entry, delete, source, heading, order,
    observation, indicator_title, event, status, correction,
    box, new_commit, new_commit,
)  # fmt: skip


def run_edits(folder: Path, pages: int, edits: int, seed: int, jobs: int = 2) -> tuple[int, dict[str, list[int]]]:
    """Random edits one after the other; returns (buildable states, counts per kind of good and refused edits)."""
    root = generate(folder / "site", pages, seed)
    chance = random.Random(seed)
    out, doctrees = root / "_build" / "html", root / "_build" / "doctrees"
    code, printed = sphinx_in_fork(root, out, doctrees, jobs)
    assert code == 0, printed
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    kinds = [EDITS[number % len(EDITS)] for number in range(edits)]
    chance.shuffle(kinds)
    for number, edit in enumerate(kinds):
        before = folder / "before"
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(root / "docs", before)
        what = f"edit {number}: {edit.__name__} {edit(root, chance)}"
        incremental = sphinx_in_fork(root, out, doctrees, jobs)
        fresh_out = folder / "fresh"
        shutil.rmtree(fresh_out, ignore_errors=True)
        fresh = sphinx_in_fork(root, fresh_out, folder / f"doctrees-{number}", 1)
        shutil.rmtree(folder / f"doctrees-{number}", ignore_errors=True)
        assert incremental == fresh, what
        assert (fresh[0] == 0) == (not check.check(root)[1]), what
        counts[edit.__name__][fresh[0] != 0] += 1
        if fresh[0] == 0:
            ours, theirs = tree(out), tree(fresh_out)
            assert ours.keys() == theirs.keys(), (what, sorted(ours.keys() ^ theirs.keys())[:9])
            assert not [name for name in ours if ours[name] != theirs[name]], what
        else:
            shutil.rmtree(root / "docs")
            shutil.move(before, root / "docs")
    return sum(good for good, _ in counts.values()), counts


def test_incremental_build_equals_fresh_build(tmp_path: Path) -> None:
    good, counts = run_edits(tmp_path, pages=24, edits=len(EDITS), seed=3)
    assert good >= len(EDITS) - 4, dict(counts)


def test_only_date_dependent_pages_change_with_the_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = generate(tmp_path / "site", 12)
    out = root / "_build" / "html"
    trees = []
    for day in ("1772323200", "1772496000"):  # 1 and 3 March 2026
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        assert sphinx_in_fork(root, out, root / "_build" / "doctrees")[0] == 0
        trees.append(tree(out))
    fresh = tmp_path / "fresh"
    assert sphinx_in_fork(root, fresh, tmp_path / "doctrees")[0] == 0
    assert trees[1] == tree(fresh)
    changed = {name for name in trees[1] if trees[0].get(name) != trees[1][name]}
    assert {name for name in changed if name.endswith(".html")} == {"about/due.html"}
    own = ("about/due.html", "about/due.md")
    assert all(name in own or name.startswith("pagefind/") for name in changed)


@pytest.mark.soak
def test_sixty_edits(tmp_path: Path) -> None:
    good, counts = run_edits(tmp_path, pages=100, edits=60, seed=11)
    for name, (passed, refused) in sorted(counts.items()):
        print(f"{name}: {passed} built, {refused} refused")
    assert good >= 50, f"only {good} of 60 edits left a buildable site"
