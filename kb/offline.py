"""``python -m kb.offline``: the built site as a zip that works when its pages are opened from disk.

Browsers load neither modules nor WebAssembly from ``file://``. So the zip holds the same query layer and interface as
one plain script, with a small index in it: titles, names, descriptions and the first words of each page.
"""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb import corpus, model, text, views, wordlists

SCRIPT = "search-index.js"
MODULES = ("query", "small", "search")
LEFT_OUT = {"404.html", "pagefind", ".buildinfo", ".doctrees"}
_WORDS = 60  # of each page's text
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same zip from the same site
_TITLE = re.compile(r"<h1>.*?</h1>", re.S)
_ONLINE = re.compile(r'<link rel="(?:modulepreload|preload)"[^>]*>|<script type="module".*?</script>')


def index(loaded: corpus.Corpus, html: Path) -> dict[str, Any]:
    """The small index and the query layer's lists, of the same words."""
    texts = {}
    for docname, page in loaded.pages.items():
        article = wordlists.article((html / f"{docname}.html").read_text("utf-8"))
        if article is not None and wordlists.is_searched(page):
            texts[docname] = " ".join(wordlists.plain(_TITLE.sub(" ", article)).split()[:_WORDS])
    ids = {docname: docname for docname in texts}
    found = dict(wordlists.files(loaded, texts, ids))
    return {"lists": found, "pages": [_row(loaded, docname, text) for docname, text in texts.items()]}


def _row(loaded: corpus.Corpus, docname: str, text: str) -> list[str]:
    page = loaded.pages[docname]
    record = page.record
    entry = (record.entry_kind, record.status) if isinstance(record, model.Entry) else ("", "")
    asks = record.question if isinstance(record, model.Topic) else ""
    called = ", ".join((*wordlists.names(page)[1:], *wordlists.terms(page)))
    return [docname, *entry, page.title, called, asks, record.description, text]


def script(static: Path, data: dict[str, Any]) -> str:
    """The site's search modules and the index as one plain script."""
    parts = [f"globalThis.kbIndex = {wordlists.compact(data).strip()};", "(() => {", "const modules = {};"]
    for name in MODULES:
        (file,) = static.glob(f"{name}.*.js")
        text = file.read_text("utf-8")
        exported = ", ".join(re.findall(r"^export const (\w+)", text, re.M))
        text = re.sub(r'^import (\{.*?\}) from "\./(\w+)\.\w+\.js";', r"const \1 = modules.\2;", text, flags=re.M)
        text = re.sub(r"^export ", "", text, flags=re.M)
        if name == MODULES[-1]:
            parts.append("globalThis.kbSmall = modules.small.small(globalThis.kbIndex);")
        parts.append(f"modules.{name} = (() => {{\n{text}\nreturn {{ {exported} }};\n}})();")
    return "\n".join([*parts, f"globalThis.kbSearch = modules.{MODULES[-1]};", "})();\n"])


def files(loaded: corpus.Corpus, html: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of everything in the zip."""
    yield SCRIPT, script(html / "_static", index(loaded, html)).encode()
    for file in sorted(html.rglob("*")):
        name = file.relative_to(html).as_posix()
        if file.is_file() and name.partition("/")[0] not in LEFT_OUT:
            content = file.read_bytes()
            yield name, _ONLINE.sub("", content.decode()).encode() if name == "search.html" else content


def write(root: Path, target: Path) -> int:
    """Zip ``root/_build/html``; returns the number of files."""
    loaded = corpus.load(root)
    count = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(loaded, root / "_build/html"):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.external_attr = 0o644 << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
            count += 1
    return count


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.offline", description="Zip the built site for reading offline.")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    options = parser.parse_args(arguments)
    root: Path = options.root.resolve()
    if not (root / "_build/html/search.html").exists():
        print("there is no built site in _build/html: run `nox -s docs` first", file=sys.stderr)
        return 1
    title = corpus.load(root).site.title
    target = root / f"_build/{text.slug(title)}-{views.build_day().isoformat()}.zip"
    print(f"{write(root, target)} files in {target.relative_to(root)}: unpack it and open index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
