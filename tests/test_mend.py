"""``check --fix`` mends what can be mended in one way only; anything else stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import check
from tests import sample

PAGE, OTHER, REDIRECTS = "docs/networks/coverage.md", "docs/networks/spectrum.md", "docs/redirects.txt"
MENDED: dict[str, tuple[str, str, str]] = {
    "a misspelt key": (PAGE, sample.TOPIC.replace("question:", "queston:"), sample.TOPIC),
    "an invisible character": (PAGE, sample.TOPIC.replace("signal", "sig\u200bnal"), sample.TOPIC),
    "a heading that skips a level": (PAGE, sample.TOPIC.replace("## What", "### What"), sample.TOPIC),
    "a link to a built page": (OTHER, sample.OTHER_TOPIC.replace("coverage.md", "coverage.html"), sample.OTHER_TOPIC),
    "a link without a suffix": (OTHER, sample.OTHER_TOPIC.replace("coverage.md", "coverage"), sample.OTHER_TOPIC),
    "a title without a blank": (PAGE, sample.TOPIC.replace("# Mobile", "#Mobile"), sample.TOPIC),
    "a role apart from its words": (OTHER, sample.OTHER_TOPIC.replace("{term}`", "{term} `"), sample.OTHER_TOPIC),
    "windows line ends": (
        PAGE, sample.TOPIC.replace("question:", "queston:").replace("\n", "\r\n"), sample.TOPIC.replace("\n", "\r\n"),
    ),
    "a redirect to a redirect": (
        REDIRECTS, "old networks/signal\nnetworks/signal networks/coverage\n",
        "old networks/coverage\nnetworks/signal networks/coverage\n",
    ),
}  # fmt: skip
LEFT = {
    "a key that could mean two": sample.TOPIC.replace("as_of:", "as_by:"),
    "a key that is there already": sample.TOPIC.replace("question:", "question: x\nqueston:"),
    "an unknown source, though another is like it": sample.TOPIC.replace("{cite}`times-2024-c", "{cite}`times-2023-c"),
    "a text that is not UTF-8": sample.TOPIC.encode() + b"\xff",
    "line ends of an old system": sample.TOPIC.replace("question:", "queston:").replace("\n", "\r"),
}


@pytest.mark.parametrize("name", MENDED)
def test_what_has_one_remedy_is_mended(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, broken, mended = MENDED[name]
    root = sample.write(tmp_path, {path: broken})
    assert check.check(root)[1]
    assert check.main(["--root", str(root), "--fix"]) == 0
    assert (root / path).read_bytes().decode() == mended
    assert f"{path}:" in (said := capsys.readouterr().err)
    assert ": mended: " in said
    assert {file.name for file in (root / path).parent.iterdir()} == {
        Path(file).name for file in sample.FILES if Path(file).parent == Path(path).parent
    } | {folder.name for folder in (root / path).parent.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("name", LEFT)
def test_anything_else_is_left_alone(name: str, tmp_path: Path) -> None:
    root = sample.write(tmp_path, {PAGE: LEFT[name]})
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    assert check.main(["--root", str(root), "--fix"]) == 1
    assert before == {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_a_file_outside_is_not_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(sample.TOPIC.replace("question:", "queston:"))
    root = sample.write(tmp_path / "site", {PAGE: None})
    (root / PAGE).symlink_to(outside)
    assert check.main(["--root", str(root), "--fix"]) == 1
    assert "queston:" in outside.read_text()
