"""``python -m tests.scale.measure``: how cost and weight grow with the number of pages, as ratios within one run."""

from __future__ import annotations

import argparse
import gzip
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT
from tests.scale.generate import generate


def cpu(*arguments: str, cwd: Path = ROOT) -> float:
    """CPU seconds of a Python command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def weight(out: Path, docname: str) -> int:
    """gzip bytes of a page."""
    return len(gzip.compress((out / f"{docname}.html").read_bytes(), mtime=0))


def sidebar_links(out: Path) -> int:
    """The most links in any page's sidebar."""
    most = 0
    for file in out.rglob("*.html"):
        tree = re.search(r'<div class="sidebar-tree">(.*?)</div>', file.read_text("utf-8"), re.S)
        most = max(most, tree[1].count("<a ") if tree else 0)
    return most


def main() -> None:
    """Print one line a figure."""
    parser = argparse.ArgumentParser(description="Measure growth.")
    parser.add_argument("--sizes", type=int, nargs=3, default=(60, 500, 1000), help="three numbers of pages")
    parser.add_argument("--checked", type=int, default=600, help="pages that `check` judges")
    options = parser.parse_args()
    small, middle, large = options.sizes
    spent: dict[int, float] = {}
    pages: dict[int, int] = {}
    weights: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (small, middle, large):
            root = generate(Path(folder, str(size)), size)
            pages[size] = len(list((root / "docs").rglob("*.md")))
            spent[size] = cpu("-m", "kb.build", "-j", "1", cwd=root)
            weights[size] = weight(root / "_build/html", "field-0/page-0")
            print(f"{pages[size]} pages: {spent[size]:.1f} CPU s, {weights[size]} gzip bytes, "
                  f"{sidebar_links(root / '_build/html')} sidebar links")  # fmt: skip
        exponent = math.log(spent[large] / spent[middle]) / math.log(pages[large] / pages[middle])
        print(f"growth exponent {pages[middle]} -> {pages[large]}: {exponent:.2f}")
        print(f"page weight {pages[large]} / {pages[small]}: {weights[large] / weights[small]:.2f}")
        root = generate(Path(folder, "checked"), options.checked)
        judged = min(cpu("-m", "kb.check", cwd=root) for _ in range(3))
        imported = min(cpu("-c", "import sphinx.application") for _ in range(3))
        print(f"check at {options.checked} pages: {judged:.2f} CPU s = {judged / imported:.2f} x import of Sphinx")


if __name__ == "__main__":
    main()
