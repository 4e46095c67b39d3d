"""Bytes to text, folding, anchors."""

from __future__ import annotations

import pytest

from kb import text


def test_text_is_utf8_with_unix_line_ends() -> None:
    assert text.decode(b"\xef\xbb\xbfa\r\nb\rc", "p") == ("a\nb\nc", [])


def test_other_encodings_are_refused_with_the_line() -> None:
    content, (finding,) = text.decode("x\ny é".encode("latin-1"), "p")
    assert content == ""
    assert (finding.line, finding.rule) == (2, "text-encoding")


@pytest.mark.parametrize("character", ["\0", "\x1b", "\u202e", "\u200b", "\U000e0041", "\ufeff", "\u2066"])
def test_invisible_characters_are_refused(character: str) -> None:
    _, (finding,) = text.decode(f"a\nb{character}c".encode(), "p")
    assert (finding.line, finding.column, finding.rule) == (2, 2, "text-control")


def test_joiners_are_spelling_between_letters_of_urdu_but_not_of_english() -> None:
    assert text.decode("می\u200cخواهم".encode(), "p")[1] == []
    assert text.decode("ab\u200ccd".encode(), "p")[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café", "cafe"), ("ＰＴＡ", "pta"), ("راستي", "راستی"), ("ﬁber", "fiber"), ("Straße", "strasse")],
)
def test_spellings_of_one_name_fold_together(one: str, other: str) -> None:
    letters = {"ي": "ی"}
    assert text.fold(one, letters) == text.fold(other, letters)


@pytest.mark.parametrize(
    ("heading", "anchor"), [("What is it?", "what-is-it"), ("IT & ITeS", "it--ites"), ("راست", "راست"), ("5G", "5g")]
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    assert text.slug(heading) == anchor
