"""What is kept between runs: right, harmless, and never in the way."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from kb import cache, check, corpus
from tests import sample


class Harm:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def test_unchanged_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = sample.write(tmp_path)
    first, findings = check.check(root, keep=True)
    assert first
    read: list[str] = []
    real = corpus._read
    monkeypatch.setattr(corpus, "_read", lambda relative, file: (read.append(relative), real(relative, file))[1])
    second, again = check.check(root, keep=True)
    assert second
    assert not read
    assert second.pages == first.pages
    assert again == findings
    page = next(iter(first.pages.values()))
    (root / page.path).write_text((root / page.path).read_text("utf-8") + "\nMore words.\n", "utf-8")
    third, _ = check.check(root, keep=True)
    assert third
    assert [f"docs/{name}" for name in read] == [page.path]
    assert "More words." in third.pages[page.docname].text


def test_a_kept_file_calls_nothing(tmp_path: Path) -> None:
    root = sample.write(tmp_path)
    check.check(root, keep=True)
    mark = tmp_path / "harm"
    kept = root / cache.NAME / f"{cache._part('index.md')}.pickle"
    kept.write_bytes(cache._mark() + pickle.dumps({"index.md": Harm(mark)}))
    assert "index.md" not in cache.read(root)
    assert not mark.exists()
    loaded, findings = check.check(root, keep=True)
    assert loaded
    assert findings == []


@pytest.mark.parametrize("content", [b"", b"\x80", b"not a pickle at all"], ids=["empty", "cut off", "foreign"])
def test_a_broken_one_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    root = sample.write(tmp_path)
    (root / cache.NAME).mkdir(parents=True)
    for part in range(cache._PARTS):
        (root / cache.NAME / f"{part}.pickle").write_bytes(cache._mark() + content)
    loaded, findings = check.check(root, keep=True)
    assert loaded
    assert findings == []
    assert cache.read(root).keys() == loaded.files.keys()


def test_faults_are_told_again_and_nothing_is_kept_of_another_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = sample.write(tmp_path / "theirs", {"docs/index.md": "no record\n"})
    (tmp_path / "own").mkdir()
    monkeypatch.chdir(tmp_path / "own")
    said = [(check.main(["--root", str(root)]), capsys.readouterr().out) for _ in range(2)]
    assert said[0] == said[1]
    assert said[0][0] == 1
    assert "docs/index.md:1:" in said[0][1]
    assert not (root / "_build").exists()
    monkeypatch.chdir(root)
    assert [(check.main([]), capsys.readouterr().out) for _ in range(2)] == said
    assert (root / cache.NAME).exists()
