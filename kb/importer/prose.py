"""The text of an article that may be published becomes a page: plain words, no markup of its own, each figure cited."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

import yaml

from kb import model, template
from kb.text import INVISIBLE

Data = dict[str, Any]
_PLAIN = str.maketrans({"{": "(", "}": ")", "`": "'", "<": "‹", ">": "›", "|": "/", "\\": "/", "~": "-"})
_MARKS = re.compile(r"([*_\[\]#^])")
_IN_LINK = re.compile(r"(?<!\\)\[[^\]]*$|\]\([^)]*$")
_START = re.compile(r"^(?:[-+=:>%]+|\d+[.)])(?=\s|$)|^(?=[(]\S+[)]=)")


def words(text: str) -> str:
    """A text as plain words, in one line: nothing in it is markup anywhere."""
    text = INVISIBLE.sub("", " ".join(text.split())).translate(_PLAIN)
    text = re.sub(r"([$:+])\1+", r"\1", text)
    return re.sub(r"https?://\S+|&#?\w+;", "", text).strip()


def heading(text: str) -> str:
    """A heading for a record: one that starts like markup stands in quotation marks."""
    plain = words(text)
    return plain if re.match(r"[^\W\d]|\d+[^.)\d]", plain) else f"“{plain}”"


def markdown(text: str) -> str:
    """A text as a paragraph of Markdown that says what it says and does nothing."""
    plain = _MARKS.sub(r"\\\1", words(text))
    return _START.sub(
        lambda match: (
            f"\\{match[0]}"
            if match[0] and not match[0][0].isdigit()
            else match[0].replace(".", "\\.").replace(")", "\\)")
        ),
        plain,
    )


def cut(text: str, most: int) -> str:
    """A text of so many characters, cut between words."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def pages(data: Data, source: str, name: str, day: str) -> Iterator[tuple[str, str]]:
    """(path below docs/, text) of the pages that an article becomes: one, or one a section if its subjects are many."""
    article = data["article"]
    sections = _sections(article["blocks"])
    topics = {section["heading"]: section["topic"] for section in data["sections"]}
    first = data["topics"][0]
    if "sections belong to" in " ".join(first["reasons"]):
        for title, blocks in sections:
            if title:
                slug = template.slug(title)[:60].strip("-") or name
                text = _page(title, [("", blocks)], article, source, day)
                yield _linked(f"{topics[title]}/{slug}.md", text, data)
        return
    yield _linked(f"{first['where']}/{name}.md", _page(article["title"], sections, article, source, day), data)


def _linked(path: str, text: str, data: Data) -> tuple[str, str]:
    """A page of which the first mention of names that the site does not link by itself is a marked term or a link."""
    head, fence, body = text.partition("\n---\n")
    for link in data["links"]:
        if not link["auto"]:
            body = _marked(body, link["name"], f"{{term}}`{link['name']}`")
    for link in data["page_links"]:
        if f"{link['page']}.md" != path:
            target = posixpath.relpath(f"{link['page']}.md", posixpath.dirname(path))
            body = _marked(body, link["name"], f"[{markdown(link['name'])}]({target})")
    return path, f"{head}{fence}{body}"


def _marked(body: str, name: str, mark: str) -> str:
    """The first mention of a name outside headings, tables and other marks becomes a mark."""
    start = max(body.find("\n\n"), 0)  # names in the title stay words
    for found in re.finditer(rf"(?<!\w){re.escape(markdown(name))}(?!\w)", body[start:]):
        at, end = start + found.start(), start + found.end()
        line = body[body.rfind("\n", 0, at) + 1 : at]
        if not line.startswith(("#", "|")) and line.count("`") % 2 == 0 and not _IN_LINK.search(line):
            return f"{body[:at]}{mark}{body[end:]}"
    return body


def _sections(blocks: list[Data]) -> list[tuple[str, list[Data]]]:
    found: list[tuple[str, list[Data]]] = [("", [])]
    for block in blocks:
        if block["kind"] == "heading":
            found.append((block["text"], []))
        else:
            found[-1][1].append(block)
    return found


def _page(title: str, sections: list[tuple[str, list[Data]]], article: Data, source: str, day: str) -> str:
    cite = f"{{cite}}`{source}`"
    lead = next(
        (markdown(block["text"]) for _, blocks in sections for block in blocks if block["kind"] == "paragraph"), ""
    )
    answer = " ".join(lead.split()[: model.MAX_ANSWER - 2])
    plain = words(title)
    record = {
        "description": cut(words(lead) or plain, model.MAX_DESCRIPTION),
        "question": plain if plain.endswith("?") else f"What is known about this: {plain}?",
        "answer": f"{answer} {cite}",
        "primary": "none found: the page was imported from one article; read the sources that it names",
        "as_of": article["published"] or day,
    }
    parts = [f"# {markdown(title)}"]
    for heading_text, blocks in sections:
        if heading_text and blocks:
            parts.append(f"## {markdown(heading_text)}")
        parts += _blocks(blocks, cite)
    return (
        f"---\n{yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=120)}---\n"
        + "\n\n".join(parts)
        + "\n"
    )


def _blocks(blocks: list[Data], cite: str) -> Iterator[str]:
    rows: list[str] = []
    for block in [*blocks, {"kind": "", "text": ""}]:
        if block["kind"] == "row":
            cells = [markdown(cell) for cell in block["cells"]]
            if rows:
                cells[-1] += f" {cite}"
            rows.append(f"| {' | '.join(cells)} |")
            if len(rows) == 1:
                rows.append("|" + " --- |" * len(cells))
            continue
        if rows:
            yield "\n".join(rows)
            rows = []
        text = markdown(block["text"])
        if not text or block["kind"] in ("code", "caption"):
            continue
        lead = {"item": "- ", "quote": "> "}.get(block["kind"], "")
        yield f"{lead}{text} {cite}"
