"""``python -m kb.importer FILE|FOLDER|URL …``: articles become records, outlines and a list of claims to check.

Exit code 0 when all were imported, 1 with one line for each that was not.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kb import frontmatter
from kb.importer import run


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kb.importer", description="Import articles.")
    parser.add_argument("input", nargs="+", help=f"files, folders or addresses ({run.supported()})")
    parser.add_argument(
        "--licence",
        default="",
        help="your right to publish the text: own, CC-BY-4.0 …; without it the text is only read",
    )
    parser.add_argument("--jobs", type=int, help="processes (default: one a processor)")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: this folder)")
    options = parser.parse_args(arguments)
    try:
        return run.run(options.input, options.root, options.licence, options.jobs)
    except frontmatter.Refused as error:
        print(error.finding, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
