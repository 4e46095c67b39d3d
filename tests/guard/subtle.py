"""Harm that a look at the plain text does not show. Each case names the rule and the line that must refuse it.

Classes follow the security notes. ``BODIES`` stand on line 6 of a page of the guide; a line of 0 is the first of the
case itself, 1 the next one, and so on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

from tests import sample
from tests.guard.cases import Files, png

PAGE, TOPIC, ENTRY, SOURCES = (
    "docs/about/case.md", "docs/networks/coverage.md", "docs/glossary/lca.md", "docs/sources/main.yaml",
)  # fmt: skip
FIRST = 6  # the line of a page on which a body starts
SCRIPT = "javascript:alert(1)"


def page(body: str) -> str:
    """A page of the guide with this body."""
    return f"---\ndescription: A case.\n---\n# A case\n\n{body}\n"


# (class, name, body, line, rule)
BODIES: list[tuple[str, str, str, int, str]] = [
    ("text", "zero-width space as an entity", "pass&#8203;word", 0, "text-control"),
    ("text", "reversed text as an entity", "see &#x202e;txt.exe", 0, "text-control"),
    ("text", "soft hyphen by name", "pay&shy;pal", 0, "text-control"),
    ("text", "zero-width space by name in a table", "| a |\n|---|\n| b&ZeroWidthSpace;c |", 2, "text-control"),
    ("text", "tag letters as entities", "a&#xE0041;&#xE0042;", 0, "text-control"),
    ("text", "letters with twenty accents", "Z" + "\u0335" * 20 + "algo", 0, "text-control"),
    ("text", "a text hidden in variation selectors", "a\ufe00\ufe01\ufe02\ufe03", 0, "text-control"),
    ("text", "letters of nobody's alphabet", "a \ue000 b", 0, "text-control"),
    ("text", "a letter that is blank", "a\u3164b", 0, "text-control"),
    ("text", "a blank made of dots", "a\u2800b", 0, "text-control"),
    ("text", "noncharacter beyond the first plane", "a\U0001fffeb", 0, "text-control"),
    ("text", "joiner between Latin letters", "pay\u200dpal and é\u200cé", 0, "text-control"),
    ("html", "in a heading", "## The <b>tag</b>", 0, "syntax-unsafe"),
    ("html", "in a link's words", "[<b>x</b>](../networks/spectrum.md)", 0, "syntax-unsafe"),
    ("html", "in a tab's label", "::::{tab-set}\n:::{tab-item} <i>x</i>\nx\n:::\n::::", 1, "syntax-unsafe"),
    ("html", "in a box's first line", ":::{tip} <b>x</b>\n:::", 0, "syntax-unsafe"),
    ("html", "processing instruction", "<?php x ?>", 0, "syntax-unsafe"),
    ("html", "CDATA", "a <![CDATA[x]]>", 0, "syntax-unsafe"),
    ("html", "unclosed comment in a box", ":::{note}\na\n\n<!-- x\n:::", 3, "syntax-unsafe"),
    ("html", "in a list in a box", ":::{note}\n- a\n  - <u>b</u>\n:::", 2, "syntax-unsafe"),
    ("box", "name with a tail", "```{include}x /etc/passwd\n```", 0, "syntax-unknown"),
    ("box", "name in capitals", "```{Include} /etc/passwd\n```", 0, "syntax-unknown"),
    ("box", "no name", ":::\ntext\n:::", 0, "syntax-unknown"),
    ("box", "a class for a name", ":::sd-d-none\ntext\n:::", 0, "syntax-unknown"),
    ("box", "empty name", "```{}\ntext\n```", 0, "syntax-unknown"),
    ("box", "a name of two words", "```{note raw} html\n```", 0, "syntax-unknown"),
    ("box", "reST by tildes", "~~~{eval-rst}\n.. raw:: html\n~~~", 0, "syntax-unsafe"),
    ("box", "include in a tab", "::::{tab-set}\n:::{tab-item} x\n```{include} ../x\n```\n:::\n::::", 2, "syntax-unsafe"),
    ("box", "include in a list in a box", ":::{note}\n- a\n\n  ```{include} ../x\n  ```\n:::", 3, "syntax-unsafe"),
    ("box", "include as a task", "- [x] ```{include} /etc/hostname\n  ```", 0, "syntax-unsafe"),
    ("box", "comment as a task", "- [ ] % hidden", 0, "syntax-unknown"),
    ("box", "HTML as a task", "- [ ] <div>x</div>", 0, "syntax-unsafe"),
    ("box", "figure whose caption is a list", "```{figure} mast.png\n:alt: x\n\n- a\n```", 0, "syntax-unknown"),
    ("box", "a record of its own", ":::{note}\n\n---\nmyst:\n  enable_extensions: [substitution]\n---\na\n:::", 2, "syntax-unknown"),
    ("box", "a line across a list", "- ***", 0, "syntax-unknown"),
    ("box", "tab outside of its set", ":::{tab-item} x\ntext\n:::", 0, "syntax-unknown"),
    ("box", "card outside of its grid", ":::{grid-item-card} x\ntext\n:::", 0, "syntax-unknown"),
    ("box", "grid that holds text", "::::{grid} 2\ntext\n::::", 1, "syntax-unknown"),
    ("box", "set of tabs that holds a note", "::::{tab-set}\n:::{note}\nx\n:::\n::::", 1, "syntax-unknown"),
    ("box", "chart that hides text", "```{chart} x\nhidden\n```", 0, "syntax-unknown"),
    ("box", "picture that hides text", "```{image} mast.png\n:alt: x\nhidden\n```", 0, "syntax-unknown"),
    ("box", "empty note", ":::{note}\n:::", 0, "syntax-unknown"),
    ("box", "admonition without a title", ":::{admonition}\ntext\n:::", 0, "syntax-unknown"),
    ("box", "answer box", ":::{answer} x\ny\n:::", 0, "syntax-unknown"),
    ("box", "ragged table", ":::{list-table}\n* - a\n  - b\n* - c\n:::", 0, "syntax-unknown"),
    ("box", "table of words", ":::{list-table}\nwords\n:::", 0, "syntax-unknown"),
    ("box", "columns without end", "::::{grid} 99999999\n:::{grid-item-card} x\nx\n:::\n::::", 0, "syntax-unknown"),
    ("option", "class that covers the page", ":::{admonition} x\n:class: sd-stretched-link\ny\n:::", 1, "value-wrong"),
    ("option", "class that hides", ":::{card} x\n:class-body: sd-d-none\ny\n:::", 1, "value-wrong"),
    ("option", "white on white", ":::{card} x\n:class-card: sd-bg-white sd-text-white\ny\n:::", 1, "value-wrong"),
    ("option", "link in a new tab", ":::{card} x\n:link: https://a.org\n:link-new-tab:\ny\n:::", 2, "syntax-unknown"),
    ("option", "icon", ":::{dropdown} x\n:icon: report\ny\n:::", 1, "syntax-unknown"),
    ("option", "name that takes over a label", ":::{admonition} x\n:name: genindex\ny\n:::", 1, "syntax-unknown"),
    ("option", "picture from elsewhere", ":::{card} x\n:img-top: https://a.org/x.png\n:img-alt: x\ny\n:::", 0, "link-scheme"),
    ("option", "picture from outside", ":::{card} x\n:img-top: ../../x.png\n:img-alt: x\ny\n:::", 0, "link-missing"),
    ("option", "picture without words", ":::{card} x\n:img-top: mast.png\ny\n:::", 0, "link-text"),
    ("option", "value over many lines", "```{image} mast.png\n:alt: |\n:  x\n```", 1, "value-wrong"),
    ("option", "value with a comment", "```{image} mast.png\n:alt: a # b\n```", 1, "value-wrong"),
    ("option", "value that is a list", "```{image} mast.png\n:alt: [a]\n```", 1, "value-wrong"),
    ("option", "the same twice", "```{image} mast.png\n:alt: a\n:alt: b\n```", 2, "syntax-unknown"),
    ("option", "no option at all", "```{image} mast.png\n:alt a\n```", 1, "syntax-unknown"),
    ("option", "a number of nine digits", "```{code-block} text\n:lineno-start: 999999999\nx\n```", 1, "value-wrong"),
    ("option", "a width of nine digits", "```{image} mast.png\n:alt: a\n:width: 999999999px\n```", 2, "value-wrong"),
    ("option", "script as a target", "```{figure} mast.png\n:alt: a\n:target: " + SCRIPT + "\n```", 2, "syntax-unknown"),
    ("option", "labels of a figure", "```{figure} mast.png\n:alt: a\n:figclass: x\n```", 2, "syntax-unknown"),
    ("option", "script in a card of a grid", "::::{grid} 2\n:::{grid-item-card} x\n:link: " + SCRIPT + "\ny\n:::\n::::", 1, "link-scheme"),
    ("option", "card that names no page", ":::{card} x\n:link: nosuch\n:link-type: doc\ny\n:::", 0, "link-missing"),
    ("option", "card out of docs", ":::{card} x\n:link: ../../conf\n:link-type: doc\ny\n:::", 0, "link-missing"),
    ("option", "card that links anything", ":::{card} x\n:link: x\n:link-type: any\ny\n:::", 2, "value-wrong"),
    ("option", "separator lines in a card", ":::{card} x\na\n^^^\nb\n:::", 2, "syntax-unknown"),
    ("option", "options in hyphens", "```{image} mast.png\n---\nalt: x\n---\n```", 1, "syntax-unknown"),
    ("code", "a lexer that never ends", "```rst\n`a<<<<\n```", 0, "syntax-unknown"),
    ("code", "the same by name", "```{code-block} rst\n`a<<<<\n```", 0, "syntax-unknown"),
    ("code", "a language with a script", '```python" onload="x\n```', 0, "syntax-unknown"),
    ("code", "words after the language", "```python {include} x\n```", 0, "syntax-unknown"),
    ("fence", "closed by another sign", "```text\nx\n~~~", 0, "fence-open"),
    ("fence", "closed in a list only", "- ```text\n  x\n\n```\ny\n```", 0, "fence-open"),
    ("fence", "inner box takes the outer's end", "::::{note}\n:::::{tip}\nx\n::::\n", 1, "fence-open"),
    ("fence", "closing line too many", ":::{note}\nx\n:::\n\n:::", 4, "fence-open"),
    ("depth", "twelve boxes", "".join(":" * (15 - n) + "{note}\n" for n in range(12)) + "x\n" + "".join(":" * (4 + n) + "\n" for n in range(12)), 8, "syntax-deep"),
    ("depth", "lists in boxes", "::::::{note}\n:::::{note}\n::::{note}\n" + "\n".join("  " * n + "- x" for n in range(7)) + "\n::::\n:::::\n::::::", 8, "syntax-deep"),
    ("depth", "emphasis", "*a **b " * 12 + "c" + "** d*" * 12, 0, "syntax-deep"),
    ("depth", "quotations", "> " * 30 + "x", 0, "syntax-deep"),
    ("heading", "in a list", "- ## x", 0, "heading-skip"),
    ("heading", "in a quotation", "> ## x", 0, "heading-skip"),
    ("heading", "in a definition", "a\n: ## x", 1, "heading-skip"),
    ("reference", "used in a box, defined outside", ":::{note}\n[x][y]\n:::\n\n[y]: " + SCRIPT, 1, "link-scheme"),
    ("reference", "defined in a box, used after", ":::{note}\na\n\n[y]: " + SCRIPT + "\n:::\n\n:::{tip}\n[x][y]\n:::", 3, "link-scheme"),
    ("reference", "defined, not used", "a\n\n[y]: vbscript:x", 2, "link-scheme"),
    ("reference", "defined twice", "[x][y]\n\n[y]: https://a.org/\n[y]: https://b.org/", 3, "syntax-unknown"),
    ("reference", "footnote", "a[^x]\n\n[^x]: " + SCRIPT, 0, "syntax-unknown"),
    ("address", "Cyrillic letters", "[x](https://аррӏе.com/)", 0, "link-address"),
    ("address", "the same as IDNA", "[x](https://xn--80ak6aa92e.com/)", 0, "link-address"),
    ("address", "Greek among Latin", "[x](https://gοοgle.com/)", 0, "link-address"),
    ("address", "full-width letters", "[x](https://ａ.org/)", 0, "link-address"),
    ("address", "encoded host", "[x](https://ex%61mple.org/)", 0, "link-address"),
    ("address", "one slash", "[x](https:/a.org/)", 0, "link-address"),
    ("address", "no slash", "[x](https:a.org)", 0, "link-address"),
    ("address", "three slashes", "[x](https:///a.org)", 0, "link-address"),
    ("address", "backslashes", "[x](<https:\\\\a.org>)", 0, "link-address"),
    ("address", "backslash after the host", "[x](<https://a.org\\@b.org>)", 0, "link-address"),
    ("address", "no scheme, backslash", "[x](<\\\\a.org/x.md>)", 0, "link-missing"),
    ("address", "slash and backslash", "[x](</\\a.org/x.md>)", 0, "link-missing"),
    ("address", "user as an encoded sign", "[x](https://a.org%40b.org/)", 0, "link-address"),
    ("address", "reversed text within", "[x](https://a.org/%E2%80%AEtxt)", 0, "link-address"),
    ("address", "encoded line end", "[x](https://a.org/%0d%0aSet-Cookie:x)", 0, "link-address"),
    ("address", "joiner in the host", "[x](https://pay\u200dpal.com/)", 0, "text-control"),
    ("address", "short number", "[x](https://127.1/)", 0, "link-address"),
    ("address", "onion", "[x](https://abc.onion/)", 0, "link-address"),
    ("address", "a name of the house", "[x](https://wiki.corp/)", 0, "link-address"),
    ("address", "a metadata server", "[x](https://metadata.google.internal/)", 0, "link-address"),
    ("address", "a thousand characters", "[x](https://a.org/" + "x" * 1200 + ")", 0, "link-address"),
    ("address", "copies of a mail", "[x](mailto:a@b.org?bcc=c@d.org)", 0, "link-address"),
    ("address", "tab in a scheme", "[x](<java&Tab;script:x>)", 0, "link-missing"),
    ("address", "MyST's own project scheme", "[x](project:../../conf.py)", 0, "link-scheme"),
    ("address", "MyST's own path scheme", "[x](path:../../conf.py)", 0, "link-scheme"),
    ("address", "inventory", "[x](inv:python:*#x)", 0, "link-scheme"),
    ("address", "script as an autolink", "<javascript:alert(1)>", 0, "link-scheme"),
    ("address", "ftp as an autolink", "<ftp://a.org/x>", 0, "link-scheme"),
    ("address", "http in a box", ":::{note}\n<http://a.org/>\n:::", 1, "link-scheme"),
    ("address", "script behind a picture", "[![a mast](mast.png)](" + SCRIPT + ")", 0, "link-scheme"),
    ("promise", "another bank", "[hbl.com](https://evil.example/)", 0, "link-text"),
    ("promise", "an address in a sentence", "[Open https://hbl.com/login now](https://evil.example/)", 0, "link-text"),
    ("promise", "an address, to our page", "[https://hbl.com/](../networks/spectrum.md)", 0, "link-text"),
    ("promise", "in bold", "[**www.hbl.com**](https://evil.example/)", 0, "link-text"),
    ("promise", "in code", "[`hbl.com`](https://evil.example/)", 0, "link-text"),
    ("promise", "full-width", "[ｈｂｌ.com](https://evil.example/)", 0, "link-text"),
    ("promise", "another path", "[https://a.org/pay](https://a.org/other)", 0, "link-text"),
    ("promise", "another mail", "[help@hbl.com](mailto:x@evil.example)", 0, "link-text"),
    ("promise", "a mail, to a page", "[help@hbl.com](https://evil.example/)", 0, "link-text"),
    ("promise", "on a card", ":::{card} https://hbl.com\n:link: https://evil.example/\ny\n:::", 0, "link-text"),
    ("promise", "in a longer host", "[hbl.com](https://hbl.com.evil.example/)", 0, "link-text"),
    ("local", "encoded way out", "[x](%2e%2e/%2e%2e/conf.py)", 0, "link-missing"),
    ("local", "a picture as a download", "[x](mast.png)", 0, "link-missing"),
    ("local", "a picture that is no picture", "![x](../sources/main.yaml)", 0, "link-missing"),
    ("local", "an absolute picture", "![x](/../../etc/x.png)", 0, "link-missing"),
    ("local", "with a query", "[x](../networks/spectrum.md?x=1)", 0, "link-missing"),
    ("local", "redirects", "[x](../redirects.txt)", 0, "link-missing"),
    ("count", "fifty-one pictures", "![x](mast.png) " * 51, 0, "file-size"),
    ("count", "seven hundred notes", "{cite}`gazette-2000-act` " * 150 + ("\n" + "{cite}`gazette-2000-act` " * 150) * 4, 4, "file-size"),
    ("count", "four thousand brackets", ("[a " * 1000 + "\n") * 5, 0, "file-size"),
    ("count", "a table two hundred wide", "|a" * 200 + "|\n" + "|-" * 200 + "|\n|x|", 0, "file-size"),
    ("count", "ten thousand lines", "a\n" * 10_001, 9_994, "file-size"),
]  # fmt: skip


def _record(old: str, new: str) -> Files:
    assert old in sample.TOPIC
    return {TOPIC: sample.TOPIC.replace(old, new, 1)}


def _answer(text: str) -> Files:
    return _record("answer: 98 percent of people in March 2024 {cite}`times-2024-coverage`.", f"answer: {text}")


def _event(text: str) -> Files:
    return {ENTRY: sample.ENTRY.replace('"Set up by law"', text)}


def _source(old: str, new: str) -> Files:
    assert old in sample.SOURCES
    return {SOURCES: sample.SOURCES.replace(old, new, 1)}


BOMB = "- &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"- &{c} [*{b}, *{b}, *{b}, *{b}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True)
)
_JPEG = b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xc0\0\x0b\x08\0\x04\0\x04\1\1\x11\0\xff\xda\0\2\0\xff\xd9"
_WEBP = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8L\x0a\0\0\0\x2f\3\xc0\0\0\0\0\0\0\0"

# (class, name, files, path, line, rule)
FILES: list[tuple[str, str, Files, str, int, str]] = [
    ("record", "include as an answer", _answer("'```{include} ../../conf.py'"), TOPIC, 4, "syntax-unsafe"),
    ("record", "box as an answer", _answer("':::{note} x'"), TOPIC, 4, "syntax-unsafe"),
    ("record", "end of the answer's box", _answer("':::'"), TOPIC, 4, "syntax-unsafe"),
    ("record", "heading as an answer", _answer("'# x'"), TOPIC, 4, "syntax-unsafe"),
    ("record", "list as an answer", _answer("'- x'"), TOPIC, 4, "syntax-unsafe"),
    ("record", "script in an answer", _answer(f"'[x]({SCRIPT})'"), TOPIC, 4, "link-scheme"),
    ("record", "HTML in an answer", _answer("x <img src=y> z"), TOPIC, 4, "syntax-unsafe"),
    ("record", "reference in an answer", {TOPIC: _answer("'[x][y]'")[TOPIC] + f"\n[y]: {SCRIPT}\n"}, TOPIC, 4, "link-scheme"),
    ("record", "label as an answer", _answer("'(genindex)='"), TOPIC, 4, "syntax-unsafe"),
    ("record", "comment as an answer", _answer("'% hidden'"), TOPIC, 4, "syntax-unsafe"),
    ("record", "include as an event", _event('"```{include} /etc/passwd"'), ENTRY, 10, "syntax-unsafe"),
    ("record", "box as a description", _record("description: How much of the country has coverage.", "description: ':::{raw} html'"), TOPIC, 2, "syntax-unsafe"),
    ("record", "MyST's settings", _record("search_terms:", "myst: {substitutions: {a: b}}\nsearch_terms:"), TOPIC, 7, "key-unknown"),
    ("record", "a second document", _record("search_terms:", "...\n--- !!python/name:os.system\nsearch_terms:"), TOPIC, 8, "yaml-syntax"),
    ("record", "a key of a list", _record("search_terms: [signal]", "? [a, b]\n: c"), TOPIC, 7, "yaml-syntax"),
    ("record", "a hundred lists in lists", _record("[signal]", "[" * 100 + "]" * 100), TOPIC, 7, "yaml-syntax"),
    ("record", "nine hundred maps in maps", _record("[signal]", "{a: " * 900 + "}" * 900), TOPIC, 7, "yaml-syntax"),
    ("record", "ten thousand lines", _record("[signal]", "\n" + "  - a\n" * 10_001), TOPIC, 10_000, "file-size"),
    ("record", "a line of six thousand", _record("[signal]", "[" + "a, " * 2000 + "a]"), TOPIC, 7, "file-size"),
    ("sources", "aliases of aliases", {"docs/sources/bomb.yaml": BOMB}, "docs/sources/bomb.yaml", 1, "yaml-plain"),
    ("sources", "script as an address", _source("https://times.example.org/coverage", SCRIPT), SOURCES, 18, "value-wrong"),
    ("sources", "look-alike host", _source("https://times.example.org/coverage", "https://tіmes.org/"), SOURCES, 18, "value-wrong"),
    ("sources", "full-width dot", _source("https://times.example.org/coverage", "https://times。org/"), SOURCES, 18, "value-wrong"),
    ("sources", "path as an id", _source("- id: times-2024-coverage", "- id: ../../x"), SOURCES, 12, "value-wrong"),
    ("sources", "not a list", {"docs/sources/more.yaml": "a: b\n"}, "docs/sources/more.yaml", 1, "value-wrong"),
    ("sources", "a megabyte", {"docs/sources/more.yaml": "# x\n" * 260_000}, "docs/sources/more.yaml", 1, "file-size"),
    ("name", "a folder of the site's data", {"docs/data/index.md": sample.HOME}, "docs/data/", 1, "file-name"),
    ("name", "the search's folder", {"docs/pagefind/index.md": sample.HOME}, "docs/pagefind/", 1, "file-name"),
    ("name", "static files", {"docs/_static/kb.js": "x"}, "docs/_static/", 1, "file-name"),
    ("name", "templates", {"docs/_templates/page.html": "x"}, "docs/_templates/", 1, "file-name"),
    ("name", "git's folder", {"docs/.git/config": "x"}, "docs/.git/", 1, "file-name"),
    ("name", "a device of Windows", {"docs/networks/con.md": sample.OTHER_TOPIC}, "docs/networks/con.md", 1, "file-name"),
    ("name", "another device", {"docs/aux/index.md": sample.TOPIC_INDEX}, "docs/aux/", 1, "file-name"),
    ("name", "a printer", {"docs/networks/lpt1.md": sample.OTHER_TOPIC}, "docs/networks/lpt1.md", 1, "file-name"),
    ("name", "differs in case only", {"docs/networks/Coverage.md": sample.OTHER_TOPIC}, "docs/networks/coverage.md", 1, "file-twice"),
    ("name", "page and folder", {"docs/networks.md": sample.OTHER_TOPIC}, "docs/networks.md", 1, "file-twice"),
    ("name", "one letter, two ways", {"docs/networks/é.md": "x", "docs/networks/e\u0301.md": "x"}, "docs/networks/é.md", 1, "file-twice"),
    ("name", "a line end", {"docs/networks/a\n::error::b.md": "x"}, "docs/networks/a\n::error::b.md", 1, "file-name"),
    ("redirect", "over the search", {"docs/redirects.txt": "search networks/coverage\n"}, "docs/redirects.txt", 1, "redirect-wrong"),
    ("redirect", "into the data", {"docs/redirects.txt": "a networks/coverage\ndata/x networks/coverage\n"}, "docs/redirects.txt", 2, "redirect-wrong"),
    ("redirect", "out of the site", {"docs/redirects.txt": "../../x networks/coverage\n"}, "docs/redirects.txt", 1, "redirect-wrong"),
    ("redirect", "to a script", {"docs/redirects.txt": f"a {SCRIPT}\n"}, "docs/redirects.txt", 1, "redirect-wrong"),
    ("redirect", "to elsewhere", {"docs/redirects.txt": "a https://evil.example/\n"}, "docs/redirects.txt", 1, "redirect-wrong"),
    ("redirect", "Arabic digits", {"docs/redirects.txt": "a/٣ networks/coverage\n"}, "docs/redirects.txt", 1, "redirect-wrong"),
    ("picture", "HTML after the end of a PNG", {"docs/networks/x.png": png(after=b"<script>x</script>")}, "docs/networks/x.png", 1, "picture-wrong"),
    ("picture", "PNG with a changed byte", {"docs/networks/x.png": png().replace(b"IDAT", b"IDBT")}, "docs/networks/x.png", 1, "picture-wrong"),
    ("picture", "PNG of 20,000 points", {"docs/networks/x.png": png(20_000, 20_000)}, "docs/networks/x.png", 1, "picture-wrong"),
    ("picture", "PNG of no width", {"docs/networks/x.png": png(0, 4)}, "docs/networks/x.png", 1, "picture-wrong"),
    ("picture", "PNG that says it is a JPEG", {"docs/networks/x.jpg": png()}, "docs/networks/x.jpg", 1, "picture-wrong"),
    ("picture", "HTML after the end of a JPEG", {"docs/networks/x.jpg": _JPEG + b"<script>"}, "docs/networks/x.jpg", 1, "picture-wrong"),
    ("picture", "JPEG cut short", {"docs/networks/x.jpg": _JPEG[:12]}, "docs/networks/x.jpg", 1, "picture-wrong"),
    ("picture", "HTML after the end of a WebP", {"docs/networks/x.webp": _WEBP + b"<script>"}, "docs/networks/x.webp", 1, "picture-wrong"),
    ("picture", "SVG", {"docs/networks/x.svg": "<svg onload='x'/>"}, "docs/networks/x.svg", 1, "file-kind"),
    ("picture", "JPEG by another suffix", {"docs/networks/x.jpeg": _JPEG}, "docs/networks/x.jpeg", 1, "file-kind"),
    ("site", "letters of two characters", {"site.toml": sample.SITE + '[search.letters]\n"ab" = "c"\n'}, "site.toml", 1, "value-wrong"),
    ("site", "a thousand lists in lists", {"site.toml": "a = " + "[" * 3000 + "]" * 3000}, "site.toml", 1, "yaml-syntax"),
    ("site", "too large", {"site.toml": "# x\n" * 20_000}, "site.toml", 1, "file-kind"),
]  # fmt: skip
SOUND_PICTURES: Files = {
    "docs/networks/a.png": png(), "docs/networks/b.jpg": _JPEG, "docs/networks/c.webp": _WEBP,
}  # fmt: skip


def _link(root: Path, path: str, target: str, folder: bool = False) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    if (root / path).is_dir():
        (root / path).rename(root / "away")
    (root / path).unlink(missing_ok=True)
    (root / path).symlink_to(target, folder)


def _fifo(root: Path, path: str) -> None:
    import os

    os.mkfifo(root / path)


# (name, what is done to the checkout, path, rule)
LINKS: list[tuple[str, Callable[[Path], None], str, str]] = [
    ("page", lambda root: _link(root, "docs/networks/x.md", "/etc/passwd"), "docs/networks/x.md", "file-kind"),
    ("page of no end", lambda root: _link(root, "docs/networks/x.md", "/dev/zero"), "docs/networks/x.md", "file-kind"),
    ("picture", lambda root: _link(root, "docs/networks/x.png", "/etc/passwd"), "docs/networks/x.png", "file-kind"),
    ("sources", lambda root: _link(root, "docs/sources/x.yaml", "/etc/passwd"), "docs/sources/x.yaml", "file-kind"),
    ("redirects", lambda root: _link(root, "docs/redirects.txt", "/etc/passwd"), "docs/redirects.txt", "file-kind"),
    ("folder", lambda root: _link(root, "docs/out", "/etc", True), "docs/out/", "file-kind"),
    ("itself", lambda root: _link(root, "docs/loop", ".", True), "docs/loop/", "file-kind"),
    ("all of docs", lambda root: _link(root, "docs", "away", True), "docs", "file-kind"),
    ("settings", lambda root: _link(root, "site.toml", "/dev/zero"), "site.toml", "file-kind"),
    ("pipe", lambda root: _fifo(root, "docs/networks/x.md"), "docs/networks/x.md", "file-kind"),
]  # fmt: skip

# Bodies that cost parsers more than they cost to write: each ends in a verdict within seconds and little memory.
_LINE = 4_900
_PIECES = [
    "[", "![", "*a_", "`a``", "<", "[a](", "[a](<", "&", "{cite}`x", "> ", "- ", "1. ", "[^a", "[^a]: ", "a|", "<!--", "<a ",
    "\\", "](", "**a", "![[]](", "*_", "<a href='", "www.a.com/((", "((", "a**b", "&#x;", "[a][", "'\"", "_a*",
]  # fmt: skip
BOMBS: dict[str, str] = {
    **{f"one paragraph of {piece}": "\n".join([(piece * _LINE)[:_LINE]] * 38) for piece in _PIECES},
    **{f"paragraphs of {piece}": "\n\n".join([(piece * _LINE)[:_LINE]] * 38) for piece in _PIECES[::4]},
    "reference definitions": "".join(f"[a{n}]: x\n" for n in range(9_000)),
    "cells": "|a" * 60 + "|\n" + "|-" * 60 + "|\n" + "|x\n" * 9_000,
    "list items": "- a\n" * 9_000,
    "lists in lists": "\n".join(" " * (2 * n) + "- a" for n in range(400)),
    "quotations": (">" * 19 + "a\n") * 9_000,
    "lazy quotation": "> a\n" + "a\n" * 9_000,
    "fences": "```\n" * 9_000,
    "colons": ":::\n" * 9_000,
    "colons that grow": "".join(":" * (3 + n) + "{note}\n" for n in range(500)),
    "definitions": "a\n: b\n" * 4_000,
    "backticks of every length": " ".join("`" * n for n in range(1, 95)),
    "headings": "## a\n" * 9_000,
    "blank lines": "\n" * 9_000,
    "tabs": "\n".join(["\t" * _LINE] * 38),
    "labels": "(a)=\n" * 9_000,
}  # fmt: skip


# What is right to show as it is: built as one site and looked at.
HARMLESS: Files = {
    "docs/networks/coverage.md": sample.TOPIC.replace("search_terms: [signal]", "search_terms: ['\"><script>x</script>', \"' onload='x\"]")
    .replace("question: How many people have coverage?", "question: 'Is <b>98</b> \"%\" {raw}`x` [a](javascript:x)?'")
    .replace("# Mobile coverage", "# The `<script>` & \"quotes\" 'of' `{{ coverage }}`"),
    "docs/glossary/lca.md": sample.ENTRY.replace("Regulator of communications", "'\"><img src=x onerror=y> & regulator")
    .replace("in Lesotho.", "in Lesotho.'").replace("other_names: [", "other_names: ['<script>alert(1)</script>', ")
    .replace('"Set up by law"', "'Set <b>up</b> by [law](javascript:x) {raw}`x` *a* $x$ &lt;i&gt; \\\\'"),
    "docs/sources/main.yaml": sample.SOURCES.replace("publisher: The Times", "publisher: 'The <b>Times</b> \"x\"'")
    .replace("Coverage reaches 98%: what it hides", "<script>alert(1)</script> {{ x }} \\\\input{x} $x$")
    .replace("family: Mokoena", "family: \"M'<i>o\\\">\""),
    "docs/about/one.md": page(
        "![<b onclick='x'>a</b> \"q\" & more](mast.png \"a \\\" onload='x' title\")\n\n"
        "[words](../networks/spectrum.md \"' onmouseover='x\") and <https://a.org/?a=1&b='c'>.\n\n"
        "```{code-block} html\n:caption: The <script> tag\n\n<script>alert(1)</script>\n```\n\n"
        ":::{admonition} `<b>` & \"title\"\nx\n:::\n\n## `</section>` in a heading\n\nText.\n\n## A. A\n\n## A A\n\n"
        "`</code></p><script>x</script>` and `{raw}` and \\<b\\> and &lt;script&gt;."
    ),
    "docs/about/two.md": page(
        "::::{grid} 2\n:::{grid-item-card} A `<b>` & \"b\"\n:link: https://a.org/?x=1&y=2\n:link-alt: A 'b' & c\n"
        ":header: x & y\n\nText.\n:::\n::::\n\n::::{tab-set}\n:::{tab-item} `<i>` & x\nText.\n:::\n::::\n\n"
        ":::{dropdown} `<u>` & x\nText.\n:::\n\n| `<b>` | & |\n|---|---|\n| &lt;i&gt; | \\| |"
    ),
}  # fmt: skip
