"""Pages and files that would do harm, hide something, or break the site: each with the rule that must refuse it.

The classes and many of the cases are those of the measurements in the security notes: what the stock stack let pass,
crashed on, or never ended with.
"""

from __future__ import annotations

from tests import sample

Case = tuple[str, str, str]  # (what, body from line 3 of the body on, rule)
HERE = 3  # the line of the body on which a hostile line stands

HTML = [
    "<script>alert(1)</script>", "<iframe src='https://a.org'></iframe>", "<form action='https://a.org'></form>",
    "<meta http-equiv='refresh' content='0; url=https://a.org'>", "<base href='https://a.org/'>", "<style>*{}</style>",
    "<link rel='stylesheet' href='https://a.org/x.css'>", "<object data='x'></object>", "<embed src='x'>",
    "<svg onload='alert(1)'></svg>", "<details ontoggle='alert(1)' open>x</details>", "<a href='javascript:x'>x</a>",
    "<div style='position:fixed'>x</div>", "<template>x</template>", "<!-- never closed", "</div></article>",
    "<img src=x onerror=alert(1)>", "text <b>bold</b> text", "text <img src=x onerror=alert(1)> text", "<!DOCTYPE html>",
    "text <!-- hidden --> text", "<math><mi xlink:href='javascript:x'>x</mi></math>",
]  # fmt: skip
DIRECTIVES = [
    "raw} html", "include} ../conf.py", "include} /etc/passwd", "include} /proc/self/environ", "literalinclude} ../x.py",
    "literalinclude} /dev/zero", "eval-rst", "csv-table} x\n:file: /etc/passwd", "csv-table} x\n:url: http://127.0.0.1/",
    "only} html", "meta", "role} x(raw)", "default-role} raw", "download} /etc/passwd", "toctree", "math", "highlight} python",
    "index} x", "glossary", "substitution-definition", "button-link} javascript:alert(1)", "button-ref} x", "article-info",
    "bibliography", "rubric} x", "sidebar} x", "topic} x", "contents", "sectionauthor} x", "parsed-literal", "container} x",
    "class} sd-stretched-link", "unknown-thing", "answer} q", "py:function} f()", "option} -x", "mermaid", "figure-md",
]  # fmt: skip
ROLES = [
    "{raw}`x`", "{octicon}`report;1em;x\" onload=\"alert(1)`", "{fas}`x;y`", "{download}`/etc/passwd`", "{ref}`x`",
    "{doc}`index`", "{math}`x`", "{abbr}`x(y)`", "{sub-ref}`x`", "{eval}`x`", "{page}`index`", "{button-link}`x`",
    "{index}`x`", "{pep}`8`", "{guilabel}`x`",
]  # fmt: skip
ADDRESSES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x", "data:image/svg+xml;base64,x",
    "file:///etc/passwd", "ftp://a.org/x", "http://a.org/", "steam://run", "ms-msdt:/id", "intent:x", "blob:x", "tel:1",
    "//a.org/x", "https://user@a.org/", "https://user:word@a.org/", "https://a.org:8080/", "https://127.0.0.1/x",
    "https://2130706433/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://[::1]/", "https://localhost/",
    "https://intranet/", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://раypal.com/",
    "mailto:a@b", "mailto:x", "https:///x", "https://a%2eorg/", "javascript&colon;alert(1)",
]  # fmt: skip
MISLEADING = [
    "[https://sbp.org.pk](https://evil.example/)", "[www.pta.gov.pk](https://evil.example/)",
    "[pta.gov.pk](https://pta.gov.pk.evil.example/)", "[https://a.org/login](https://b.org/login)",
    "[a.org](https://a.org.evil.example/a.org)",
]  # fmt: skip
LOCAL = [
    "[x](../../conf.py)", "[x](../../../etc/passwd)", "[x](/etc/passwd)", "[x](../site.toml)", "[x](spectrum)",
    "[x](spectrum.html)", "[x](nosuch.md)", "[x](spectrum.md#nosuch)", "[x](..)", "[x](../sources/main.yaml)",
    "![a picture](../../secret.png)", "![a picture](nosuch.png)", "![a picture](../../../etc/hostname)",
]  # fmt: skip
MARKUP: list[Case] = [
    ("label", "(a-label)=\ntext", "syntax-unknown"),
    ("comment", "% hidden words", "syntax-unknown"),
    ("block break", "+++", "syntax-unknown"),
    ("footnote", "text[^1]", "syntax-unknown"),
    ("footnote definition", "[^1]: text", "syntax-unknown"),
    ("substitution", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "syntax-unsafe"),
    ("substitution in a sentence", "text {{ env }} text", "syntax-unsafe"),
    ("jinja block", "{% for x in y %}", "syntax-unsafe"),
    ("formula", "$$\nx\n$$", "syntax-unknown"),
    ("remote picture", "![x](https://evil.example/pixel.png)", "link-scheme"),
    ("data picture", "![x](data:image/svg+xml;base64,AAAA)", "link-scheme"),
    ("picture without words", "![](x.png)", "link-text"),
    ("link without words", "[](spectrum.md)", "link-text"),
    ("figure from elsewhere", "```{figure} https://evil.example/x.png\n:alt: x\n```", "link-scheme"),
    ("figure without words", "```{figure} x.png\n```", "link-text"),
    ("figure with a target", "```{figure} x.png\n:alt: x\n:target: javascript:alert(1)\n```", "syntax-unknown"),
    ("image with a class", "```{image} x.png\n:alt: x\n:class: external\n```", "syntax-unknown"),
    ("card with a script", ":::{card} x\n:link: javascript:alert(1)\n:::", "link-scheme"),
    ("card out of the site", ":::{card} x\n:link: ../../../etc/passwd.txt\n:::", "link-scheme"),
    ("card with a picture from elsewhere", ":::{card} x\n:img-top: https://evil.example/x.png\n:::", "syntax-unknown"),
    ("card with a class", ":::{card} x\n:class-card: sd-stretched-link\n:::", "syntax-unknown"),
    ("card with a reference", ":::{card} x\n:link: x\n:link-type: ref\n:::", "syntax-unknown"),
    ("options in hyphens", ":::{card} x\n---\nlink: javascript:alert(1)\n---\n:::", "syntax-unknown"),
    ("code block that counts to the moon", "```{code-block} python\n:emphasize-lines: 1-2000000000\nx\n```", "value-wrong"),
    ("note with a name", ":::{note}\n:name: x\ntext\n:::", "syntax-unknown"),
    ("many gutters", "::::{grid} 2\n:gutter: 99\n\n:::{grid-item-card} x\nx\n:::\n::::", "value-wrong"),
    ("fence never closed", "```python\nx", "fence-open"),
    ("box never closed", ":::{note}\ntext", "fence-open"),
    ("box closed by too few", "::::{note}\ntext\n:::", "fence-open"),
    ("html in a box", ":::{note}\n<script>x</script>\n:::", "syntax-unsafe"),
    ("include in a box", "::::{note}\n```{include} /etc/passwd\n```\n::::", "syntax-unsafe"),
    ("link in a box", ":::{note}\n[x](javascript:alert(1))\n:::", "link-scheme"),
    ("html in a card's title", ":::{card} <b>x</b>\ntext\n:::", "syntax-unsafe"),
    ("heading in a box", ":::{note}\n## x\n:::", "heading-skip"),
    ("html in a table", "| a |\n|---|\n| <b>x</b> |", "syntax-unsafe"),
    ("html in a list", "- <b>x</b>", "syntax-unsafe"),
    ("html in a definition", "Term\n: <script>x</script>", "syntax-unsafe"),
    ("reference to a script", "[x][y]\n\n[y]: javascript:alert(1)", "link-scheme"),
    ("autolink of another kind", "<steam://run>", "link-scheme"),
    ("unknown source", "text {cite}`nosuch`", "source-unknown"),
    ("unknown term", "text {term}`nosuch`", "term-unknown"),
    ("unknown figure", "text {indicator}`nosuch`", "figure-unknown"),
    ("chart of nothing", ":::{chart} nosuch\n:::", "figure-unknown"),
    ("list of nothing", ":::{generated} nosuch\n:::", "syntax-unknown"),
    ("second title", "# Again", "title-again"),
    ("level skipped", "#### Deep", "heading-skip"),
    ("nine lists", "\n".join("  " * n + "- x" for n in range(9)), "syntax-deep"),
    ("a hundred quotations", ">" * 100 + " x", "syntax-deep"),
    ("fifty lists", "\n".join("  " * n + "- x" for n in range(50)), "syntax-deep"),
    ("long line", "x" * 6_000, "file-size"),
    ("many headings", "\n\n".join(f"## Part {chr(97 + n % 26) * (n // 26 + 1)}" for n in range(160)), "file-size"),
    ("many links", " ".join("[x](spectrum.md)" for _ in range(510)), "file-size"),
    ("many cells", "| a |\n|---|\n" + "| x |\n" * 3_100, "file-size"),
    ("large page", "word " * 900 + ("\n\n" + "word " * 900) * 50, "file-size"),
    ("figure without a source", "It has 12 staff.", "figure-uncited"),
    ("praise", "A world-class place.", "word-vague"),
]  # fmt: skip
CHARACTERS = {
    "NUL": "\0", "escape": "\x1b[31m", "backspace": "\x08", "right-to-left override": "\u202e", "isolate": "\u2067",
    "zero-width space": "\u200b", "word joiner": "\u2060", "soft hyphen": "\u00ad", "tag letter": "\U000e0041",
    "noncharacter": "\ufdd0", "line separator": "\u2028", "byte-order mark inside": "\ufeff", "joiner in English": "a\u200cb",
    "interlinear mark": "\ufff9",
}  # fmt: skip
RECORDS = {  # added to the front matter of a topic -> rule
    "myst: {enable_extensions: [substitution]}": "key-unknown", "myst: {disable_syntax: []}": "key-unknown",
    "myst: {url_schemes: {https: 'javascript:{{path}}'}}": "key-unknown", "orphan: true": "key-unknown",
    "no-search: true": "key-unknown", "tocdepth: 99999": "key-unknown", "title: x": "key-unknown",
    "html_meta: {refresh: 0}": "key-unknown", "abstract: x": "key-unknown", "dedication: x": "key-unknown",
    "layout: landing": "key-unknown", "hide-toc: true": "key-unknown", "kind: topic": "key-unknown",
    "a: !!python/object/apply:os.system [id]": "yaml-plain", "a: !!binary x": "yaml-plain", "a: &x y": "yaml-plain",
    "a: *x": "yaml-plain", "<<: {a: b}": "yaml-plain", "description: twice": "yaml-duplicate", "a: [": "yaml-syntax",
    "a: {b: [c: d}": "yaml-syntax", "\ta: b": "yaml-syntax", "a: " + "[" * 40 + "]" * 40: "yaml-syntax",
    "? [a]\n: b": "yaml-syntax", "also_in: [nosuch]": "record-unknown", "review_by: never": "value-wrong",
    "also_in: networks": "value-wrong", "search_terms: {a: b}": "value-wrong", "search_terms: [[a]]": "value-wrong",
}  # fmt: skip
NAMES = [
    "docs/networks/UPPER.md", "docs/networks/with space.md", "docs/networks/quote\".md", "docs/networks/<img src=x>.md",
    "docs/networks/dot.dot.md", "docs/networks/-dash.md", "docs/networks/under_score.md", "docs/networks/راست.md",
    "docs/networks/new\nline.md", "docs/networks/::error::.md", "docs/search.md", "docs/genindex.md", "docs/404.md",
    "docs/py-modindex.md", "docs/networks/" + "x" * 90 + ".md", "docs/networks/.hidden.md", "docs/networks/a--b.md",
]  # fmt: skip
KINDS = [
    "docs/conf.py", "docs/docutils.conf", "docs/networks/page.rst", "docs/networks/page.html", "docs/networks/x.svg",
    "docs/_static/x.js", "docs/_templates/page.html", "docs/networks/x.exe", "docs/networks/x.yaml", "docs/x.yaml",
    "docs/networks/page.MD", "docs/networks/page.markdown", "docs/networks/page.txt", "docs/sources/x.json", "docs/.env",
    "docs/networks/x.gif", "docs/networks/x.pdf",
]  # fmt: skip
PICTURES: dict[str, bytes] = {
    "html as png": b"<html><script>alert(1)</script>", "svg as png": b"<svg onload='alert(1)'/>", "empty": b"",
    "jpg as png": b"\xff\xd8\xff\xe0" + b"\0" * 40, "cut short": b"\x89PNG\r\n\x1a\n",
    "far too large": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (20_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0",
    "half a megabyte": b"\x89PNG\r\n\x1a\n" + b"\0" * 500_001,
}  # fmt: skip
SOURCE_ADDRESSES = [
    "javascript:alert(1)", "ftp://a.org/", "https://user@a.org/", "https://127.0.0.1/", "https://localhost/x",
    "https://a.org:99/", "https://a b.org/", "file:///etc/passwd", "//a.org/", "https://a.org\\@evil.example/",
]  # fmt: skip


def topic(body: str) -> str:
    """The sample's topic page with another body; ``body`` stands on line :data:`HERE` of it."""
    head = sample.TOPIC.partition("# Mobile coverage")[0]
    return f"{head}# Mobile coverage\n\n{body}\n"


FIRST = sample.TOPIC[: sample.TOPIC.index("# Mobile coverage")].count("\n") + 1  # the line of the title
