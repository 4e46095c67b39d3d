"""``python -m kb.new``: the first file of a page, with every field of its kind explained.

Required fields are empty: ``check`` names each until it is filled in. Nothing else has to be edited.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from kb import frontmatter, model, site
from kb.corpus import DOCS, SOURCES
from kb.template import KINDS, record, slug


def create(root: Path, kind: str, topic: str, title: str) -> Path:
    """Write the page and return its path. Raises :class:`ValueError` with what is wrong; what to do."""
    folder = KINDS[kind][1] or topic
    docs = root / DOCS
    if not (docs / folder / "index.md").exists():
        known = ", ".join(sorted(topics(root)))
        raise ValueError(f"there is no topic '{folder}'; use one of {known}")
    name = slug(title)
    if not name:
        raise ValueError(
            f"the title '{title}' gives no file name; use a title with Latin letters, and `urdu` for others"
        )
    path = docs / folder / f"{name}.md"
    if path.exists():
        raise ValueError(f"{path.relative_to(root)} exists already; edit it, or choose another title")
    path.write_text(record(kind, title), "utf-8")
    return path


def topics(root: Path) -> list[str]:
    """The topic folders of a checkout."""
    folders = {index.parent.name for index in (root / DOCS).glob("*/index.md")}
    return sorted(folders - set(model.FOLDERS) - {SOURCES})


def _missing(options: argparse.Namespace, root: Path, ask: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """(what, answer) for everything that was not given on the command line."""
    if not options.kind:
        yield "kind", ask(f"Kind ({', '.join(KINDS)}): ")
    if not options.title:
        yield "title", ask("Title (for an entry: the name as its owner writes it): ")
    if (options.kind or "") == "topic" and not options.topic:
        yield "topic", ask(f"Topic ({', '.join(topics(root))}): ")


def main(arguments: list[str] | None = None, ask: Callable[[str], str] = input) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.new", description="Start a page.")
    parser.add_argument("kind", nargs="?", choices=KINDS, help="what sort of page")
    parser.add_argument("--topic", default="", help="the topic's folder (for a topic page)")
    parser.add_argument("--title", default="", help="the page's title; for an entry the name")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    options = parser.parse_args(arguments)
    try:
        site.load(options.root)
        for what, answer in _missing(options, options.root, ask):
            setattr(options, what, answer.strip())
        if options.kind not in KINDS:
            raise ValueError(f"there is no kind '{options.kind}'; use one of {', '.join(KINDS)}")
        if options.kind == "topic" and not options.topic:
            options.topic = ask(f"Topic ({', '.join(topics(options.root))}): ").strip()
        path = create(options.root, options.kind, options.topic, options.title)
    except frontmatter.Refused as error:
        print(error.finding, file=sys.stderr)
        return 1
    except EOFError:
        print("nothing was written: name kind, --topic and --title, or answer the questions", file=sys.stderr)
        return 1
    except ValueError as error:
        print(f"nothing was written: {error}", file=sys.stderr)
        return 1
    print(f"wrote {path.relative_to(options.root)}: fill in the empty fields, then run `nox -s check`")
    return 0


if __name__ == "__main__":
    sys.exit(main())
