"""The same text for plain Sphinx: citations as Markdown footnotes, figures and names as words, lists as toctrees."""

from __future__ import annotations

import re
from pathlib import Path

from kb import corpus, csl, render, series
from kb.page import Page

CONF = """\
project = "Plain"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist", "tasklist"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_heading_anchors = 6
suppress_warnings = ["misc.highlighting_failure"]
"""
_BOX = re.compile(r"^:::\{(answer|chart|generated)\}(.*)\n((?:(?!:::).*\n)*):::$", re.M)
_ROLE = re.compile(  # or code
    r"(?<![}`])(`+)(?!`).*?(?<!`)\1(?!`)|\{(cite|term|indicator|computed|page)\}`([^`]*)`", re.S
)


def write(root: Path, target: Path) -> Path:
    """A checkout's pages below ``target``, for Sphinx with MyST and nothing else."""
    loaded = corpus.load(root)
    for page in loaded.pages.values():
        file = target / f"{page.docname}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_page(page, (root / page.path).read_text("utf-8"), loaded), "utf-8")
    for name in loaded.pictures:
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((root / corpus.DOCS / name).read_bytes())
    (target / "conf.py").write_text(CONF, "utf-8")
    return target


def _page(page: Page, text: str, loaded: corpus.Corpus) -> str:
    notes: dict[str, None] = {}

    def marks(*keys: str) -> str:
        notes.update(dict.fromkeys(keys))
        return "".join(f"[^{key}]" for key in keys)

    def words(role: re.Match[str]) -> str:
        _, kind, said = role.groups()
        if kind is None:
            return role[0]
        if kind == "cite":
            return marks(*(key.strip() for key in said.split(";")))
        if kind == "indicator":
            quotation = series.quote(loaded.indicators, said)
            return f"{quotation.text} {marks(*quotation.sources)}"
        return f"[](/{said}.md)" if kind == "page" else said

    def box(found: re.Match[str]) -> str:
        return f"**{found[2].strip()}**\n\n{found[3]}" if found[1] == "answer" else ""

    body = _ROLE.sub(words, _BOX.sub(box, render.source(page, text))).strip("\n")
    parts = [body, "\n".join(f"[^{key}]: {_note(loaded.sources[key].source)}" for key in notes)]
    if page.name == "index":
        own = sorted(name for name, other in loaded.pages.items() if other.folder == page.folder and other != page)
        below = [f"{folder}/index" for folder in loaded.topics] + sorted(
            name for name, other in loaded.pages.items() if other.name == "index" and other.folder not in loaded.topics
        )
        names = [f"/{name}" for name in (own if page.folder else [*own, *below]) if name != "index"]
        parts.append("\n".join([":::{toctree}", ":maxdepth: 1", "", *names, ":::"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _note(source: csl.Source) -> str:
    return "".join(f"[{text}]({address})" if address else text for text, address in csl.note(source)).replace("\n", " ")
