"""The text of an article that may be published becomes a page: plain words, no markup of its own, each figure cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from kb import model, template
from kb.text import INVISIBLE

Data = dict[str, Any]
_PLAIN = str.maketrans({"{": "(", "}": ")", "`": "'", "<": "‹", ">": "›", "|": "/", "\\": "/", "~": "-"})
_MARKS = re.compile(r"([*_\[\]#^])")
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
                yield f"{topics[title]}/{slug}.md", _linked(_page(title, [("", blocks)], article, source, day), data)
        return
    yield f"{first['where']}/{name}.md", _linked(_page(article["title"], sections, article, source, day), data)


def _linked(text: str, data: Data) -> str:
    """The first mention of names that the site does not link by itself becomes a marked term."""
    head, fence, body = text.partition("\n---\n")
    for link in data["links"]:
        if not link["auto"]:
            start = body.find("\n\n")  # names in the title stay words
            found = body.find(markdown(link["name"]), max(start, 0))
            end = found + len(markdown(link["name"]))
            line = body[body.rfind("\n", 0, found) + 1 : found]
            if found >= 0 and not line.startswith(("#", "|")) and line.count("`") % 2 == 0:
                body = f"{body[:found]}{{term}}`{link['name']}`{body[end:]}"
    return f"{head}{fence}{body}"


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
