"""Only rules that a page can use are sent."""

from __future__ import annotations

import pytest

from kb import styles

PAGE = '<body><div class="box wide" id="top"><p>Text</p><a href="#">x</a></div></body>'


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".box{a:b}.other{a:b}", ".box{a:b}"),
        (".box .other,.wide>p{a:b}", ".wide>p{a:b}"),
        ("ul{a:b}p{a:b}", "p{a:b}"),
        ("#top{a:b}#side{a:b}", "#top{a:b}"),
        (".box:not(.other){a:b}", ".box:not(.other){a:b}"),
        ("a[class=other]:hover::before{a:b}", "a[class=other]:hover::before{a:b}"),
        (".shown-later{a:b}", ".shown-later{a:b}"),
        ("@media print{.box{a:b}.other{a:b}}@media print{.other{a:b}}", "@media print{.box{a:b}}"),
        ('/* .x { */p{content:"} .other{"}', 'p{content:"} .other{"}'),
        ("@font-face{a:b}@charset x;p{a:b}", "@font-face{a:b}p{a:b}"),
        ("p{--a:1;--b:var(--c);--c:url(data:x;y);color:var(--b)}", "p{--b:var(--c);--c:url(data:x;y);color:var(--b)}"),
        ("p{--a:1}", ""),
        ("p { margin: 0 1px;\n  color: red !important; }", "p{margin:0 1px;color:red!important}"),
    ],
)
def test_rules_stay_when_a_page_or_a_script_names_what_they_ask_for(css: str, left: str) -> None:
    names = styles.named(PAGE) | styles.words('node.classList.add("shown-later")')
    assert styles.kept({"a": css}, names) == {"a": left}


def test_variables_of_one_sheet_are_used_by_another() -> None:
    kept = styles.kept({"a": "p{--x:1;--y:2;--z:3}", "b": "p{color:var(--x)}"}, {"p"}, ["style.setProperty('--z', 1)"])
    assert kept == {"a": "p{--x:1;--z:3}", "b": "p{color:var(--x)}"}


def test_scripts_lose_comments_and_indents_only() -> None:
    assert styles.bare('// Words.\n(() => {\n  // More.\n  f("// x");\n})();\n') == '(() => {\nf("// x");\n})();\n'
