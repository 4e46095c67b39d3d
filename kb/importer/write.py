"""What an import writes: a record of the article and of its source, and an outline of what a person does next."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from kb import frontmatter, template, tree
from kb.corpus import DOCS, SOURCES, Corpus
from kb.importer import numbers, place, prose
from kb.importer.article import squeeze

ARTICLES = "articles"
OUTLINES, INBOX = "outlines", "inbox"
OFF_TOPIC = "off topic"
MAX_NOTES = 500  # figures that one page may quote
FEW = 12  # words of a sentence that an outline shows, to find it by

Data = dict[str, Any]


@dataclass(slots=True)
class Written:
    """What became of one article."""

    verdict: str  # placed, inbox, off topic, known, duplicate
    files: list[str] = field(default_factory=list)  # below the root; those that exist are left as they are
    open: list[str] = field(default_factory=list)  # what a person must fill in


def atomic(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def fresh(path: Path, text: str) -> bool:
    """Write a file that is not there; False, and nothing changes, when it is."""
    if path.exists():
        return False
    atomic(path, text)
    return True


def identity(data: Data) -> str:
    """Changes with the words of an article."""
    return hashlib.blake2b(
        "".join(data["shingles"]).encode() + data["article"]["title"].encode(), digest_size=3
    ).hexdigest()


def name_of(root: Path, data: Data) -> str:
    """The name of an article's files: its title, and a part of its identity where that is taken or says nothing."""
    plain = template.slug(data["article"]["title"])[:60].strip("-")
    taken = plain in tree.TAKEN | tree.TAKEN_FOLDERS or bool(tree.SYSTEM.fullmatch(plain))
    if len(plain) < 4 or taken:
        return f"article-{identity(data)}"
    for folder in (ARTICLES, SOURCES):
        suffix = ".md" if folder == ARTICLES else ".yaml"
        path = root / DOCS / folder / f"{plain}{suffix}"
        if path.exists() and not ours(path, data):
            return f"{plain}-{identity(data)}"
    return plain


def ours(path: Path, data: Data) -> bool:
    """Whether a file was made from this article."""
    text = path.read_text("utf-8")
    try:
        match = frontmatter.FENCE.match(text)
        record = frontmatter.read(match[1] if match else text, path.name)[0]
    except frontmatter.Refused:
        return False
    if isinstance(record, dict):
        return bool(record.get("shingles") == data["shingles"])
    article = data["article"]
    rows = [row for row in record or () if isinstance(row, dict)]
    return any(row.get("title") == article["title"] and row.get("URL", "") == article["url"] for row in rows)


def known(corpus: Corpus, data: Data) -> str:
    """The id of the source that the site has already: with the article's address, or its title and publisher."""
    article = data["article"]
    for identifier, located in corpus.sources.items():
        source = located.source
        if article["url"] and source.url == article["url"]:
            return identifier
        same = squeeze(source.title) == squeeze(article["title"]) and len(squeeze(source.title)) > 20
        if same and (not article["publisher"] or squeeze(source.publisher) == squeeze(article["publisher"])):
            return identifier
    return ""


def article(root: Path, work: Path, corpus: Corpus, data: Data, day: str, licence: str, primary: str) -> Written:
    """Write what an article gives; ``primary``: the file of the article that it repeats."""
    name = name_of(root, data)
    source = known(corpus, data)
    docs = root / DOCS
    if data["off_topic"]:
        return Written(OFF_TOPIC)
    if primary:
        return Written("duplicate")
    result = Written("placed" if data["confidence"] >= place.SURE else "inbox")
    folder = OUTLINES if result.verdict == "placed" else INBOX
    source_path = docs / SOURCES / f"{name}.yaml"
    record_path = docs / ARTICLES / f"{name}.md"
    identifier = source if source and not source_path.exists() else _source_id(data, name)
    outline = work / folder / f"{name}.md"
    atomic(outline, "\n".join(_outline(data, identifier)) + "\n")
    result.files.append(outline.relative_to(root).as_posix())
    recorded = next((p for p in corpus.pages.values() if source and getattr(p.record, "source", None) == source), None)
    if recorded and recorded.name != name:
        return Written("known", [recorded.path, *result.files])
    if result.verdict == "inbox" or not data["claims"]:
        return result
    if identifier != source or source_path.exists():
        fresh(source_path, _source(data, identifier, corpus, day))
        result.files.append(source_path.relative_to(root).as_posix())
        result.open += [f"{source_path.relative_to(root).as_posix()}: {what}" for what in _unnamed(data)]
    fresh(record_path, _record(data, identifier, day, licence))
    result.files.append(record_path.relative_to(root).as_posix())
    if licence:
        for path, text in prose.pages(data, identifier, name, day):
            fresh(docs / path, text)
            result.files.append(f"{DOCS}/{path}")
    return result


# ---- the record of the source


def _source_id(data: Data, name: str) -> str:
    article = data["article"]
    publisher = template.slug(article["publisher"] or urlsplit(article["url"]).netloc)[:30].strip("-")
    return "-".join(part for part in (publisher, article["published"][:4], name[:50].strip("-")) if part)


def _unnamed(data: Data) -> Iterator[str]:
    article = data["article"]
    if not article["publisher"]:
        yield "publisher: the file does not say who published it; fill it in"
    if not article["published"]:
        yield "issued: the file shows no date; add it if you know it"
    if not article["url"]:
        yield "URL: the file names no address; add it if there is one"


def _source(data: Data, identifier: str, corpus: Corpus, day: str) -> str:
    article = data["article"]
    record: Data = {"id": identifier, "type": "article-newspaper" if article["publisher"] else "document"}
    record["title"] = article["title"]
    if article["author"]:
        record["author"] = [{"literal": article["author"]}]
    record["publisher"] = article["publisher"] or urlsplit(article["url"]).netloc or "Publisher not named"
    if article["published"]:
        record["issued"] = article["published"]
    if article["url"]:
        record["URL"] = article["url"]
    urdu = len(re.findall("[\u0600-\u06ff]", article["title"])) * 2 > len(article["title"])
    language = article["language"] if re.fullmatch("[a-z]{2,3}", article["language"]) else ""
    record["language"] = language or ("ur" if urdu else corpus.site.language)
    how = "live" if article["path"].startswith("http") else "archived-copy"
    record["custom"] = {"kind": "press", "read": {"date": day, "from": how}}
    return _yaml([record])


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120)


# ---- the record of the article


def _record(data: Data, identifier: str, day: str, licence: str) -> str:
    article = data["article"]
    title = prose.words(article["title"])
    who = prose.words(article["publisher"]) or "a publisher that it does not name"
    when = f" of {article['published']}" if article["published"] else ", undated"
    record: Data = {"description": prose.cut(f"What an article of {who}{when} says, claim by claim: {title}", 160)}
    record["source"] = identifier
    record["as_of"] = day
    if article["language"] in ("", "en"):
        record["search_terms"] = [prose.cut(title.lower(), 80)]
    record["sections"] = list(_sections(data))
    record["claims"] = list(_claims(data))
    if licence:
        record["licence"] = licence
    record["shingles"] = data["shingles"]
    by = f" by {prose.words(article['author'])}" if article["author"] else ""
    named = f"This article{by} was imported and is yet to be judged."
    body = (
        f"# {title}\n\n{named} {{cite}}`{identifier}`\n\nIts claims are listed by the place where they stand, with the "
        "figures and the names that they hold. Each is open until somebody has told it in their own words and held it\n"
        "against a source.\n"
    )
    return f"---\n{_yaml(record)}---\n{body}"


def _sections(data: Data) -> Iterator[Data]:
    topic = data["topics"][0]["where"]
    for section in data["sections"]:
        heading = prose.heading(section["heading"] or data["article"]["title"])
        best = section["pages"][0]["score"] if section["pages"] else 0
        pages = [page["where"] for page in section["pages"] if page["score"] >= 0.8 * best]
        for page in pages or [f"{topic}/index"]:
            yield {"heading": heading, "page": page}


def _claims(data: Data) -> Iterator[Data]:
    pages = {section["heading"]: section["pages"][0]["where"] for section in data["sections"] if section["pages"]}
    count: dict[str, int] = {}
    for number, claim in enumerate(data["claims"]):
        count[claim["section"]] = count.get(claim["section"], 0) + 1
        row: Data = {"claim": retold(claim, count[claim["section"]]), "verdict": "open"}
        if claim["holds"] != "unknown" and number < MAX_NOTES:
            row["evidence"] = _evidence(claim)
        row["page"] = _page(claim) or pages.get(claim["section"]) or f"{data['topics'][0]['where']}/index"
        yield row


def retold(claim: Data, number: int) -> str:
    """A claim by its place, its figures, periods and names: no sentence of the article."""
    place = f"in “{prose.heading(claim['section'])}”" if claim["section"] else "above the first heading"
    text = claim["text"]
    figures = numbers.figures(text)
    told = [*dict.fromkeys(figures), *numbers.periods(text)]
    said = "; ".join(prose.words(part) for part in [", ".join(told), ", ".join(claim["entries"])] if part)
    return f"Claim {number} {place}, a {claim['kind']}" + (f": {said}." if said else ".")


def _page(claim: Data) -> str:
    ref = claim["ref"]
    if not ref:
        return ""
    return f"indicators/{ref.partition('/')[0]}" if "/" in ref else f"glossary/{ref}"


def _evidence(claim: Data) -> str:
    ref = claim["ref"]
    shown = f"{{indicator}}`{ref}`" if "/" in ref else f"{{term}}`{ref}`, {prose.words(claim['shown'])}"
    return f"The knowledge base holds {shown}: the article {_ANSWERS[claim['holds']]}."


_ANSWERS = {"agrees": "says the same", "differs": "says something else", "newer": "is newer"}


# ---- the outline


def _outline(data: Data, identifier: str) -> Iterator[str]:
    article = data["article"]
    yield f"# {article['title']}"
    yield f"\nFile {article['path']}, source `{identifier}`. {_sum(data)}"
    yield "\n## Where it belongs\n"
    for topic in data["topics"][:3]:
        yield f"- {topic['where']} ({topic['score']:.2f}): {', '.join(topic['reasons'])}"
    yield f"\nConfidence {data['confidence']:.2f}."
    yield "\n## Sections\n"
    for section in data["sections"]:
        pages = "; ".join(
            f"{page['where']} ({page['score']:.2f}: {', '.join(page['reasons'][:3])})" for page in section["pages"]
        )
        yield f"- **{section['heading'] or 'Lead'}** ({section['topic']}): {pages or 'no page is like it: a new one'}"
    yield "\n## Names\n"
    for link in data["links"]:
        yield f"- {{term}}`{link['entry']}` at “{link['name']}”"
    for link in data["page_links"]:
        yield f"- page `{link['page']}` at “{link['name']}”"
    for name in data["new_names"]:
        yield f"- new: **{name['name']}**: {few(name['sentence'])}"
    if article_links := _links(data):
        yield "\n## Sources that it links to (read each before you add it)\n"
        yield from (f"- {link}" for link in article_links)
    yield "\n## Claims to check\n"
    for claim in data["claims"]:
        held = f" {claim['ref']}: {claim['shown']}" if claim["ref"] else ""
        yield f"- {claim['kind']}, {claim['holds']}{held} — {few(claim['text'])}"
    if data["statements"]:
        yield "\n## Statements without a figure or a date\n"
        yield from (f"- {few(row['text'])}" for row in data["statements"])


def _sum(data: Data) -> str:
    article = data["article"]
    parts = [article["author"], article["publisher"], article["published"], article["url"]]
    return ", ".join(part for part in parts if part) or "It names neither author, publisher nor date."


def _links(data: Data) -> list[str]:
    return list(dict.fromkeys(link for block in data["article"]["blocks"] for link in block["links"]))


def few(text: str) -> str:
    """The first words of a sentence, to find it by."""
    words = text.split()
    return " ".join(words[:FEW]) + ("…" if len(words) > FEW else "")
