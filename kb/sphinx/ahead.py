"""``python -m kb.sphinx.ahead ROOT TARGET DOCTREES``: gets ready to build, and builds once when its input says so.

What a build spends before it looks at a page (modules, configuration, the records of the last build) is spent ahead, so
that :mod:`kb.serve` shows an edit soon. The line ``pages`` builds the pages and leaves the search index as it was,
``all`` and ``index`` build both. Exit code 0 when the site was built, 3 when the checks found something.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from kb import cache, check, published
from kb.finding import as_text
from kb.sphinx.search import UNINDEXED

REFUSED = 3


def main(arguments: list[str]) -> int:
    """Entry point; returns the exit code."""
    root, target, doctrees = map(Path, arguments)
    with patch_docutils(root), docutils_namespace():
        app = Sphinx(
            root / "docs", root, target, doctrees, "html", {"nitpicky": True}, status=None, warningiserror=True,
            parallel=1,
        )  # fmt: skip
        known = cache.read(root)
        told = sys.stdin.readline()
        if not told:
            return 0
        if told == "pages":
            app.tags.add(UNINDEXED)
        started = time.time()
        loaded, findings = check.check(root, known, keep=True)
        if findings or loaded is None:
            sys.stdout.write(as_text(findings))
            return REFUSED
        kept: Any = app
        kept.kb_checked = loaded
        app.build()
        faults = [] if app.statuscode else published.audit(target, loaded, since=started - 2)  # times may be rounded
        sys.stdout.write(as_text(faults))
        return 1 if faults else app.statuscode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
