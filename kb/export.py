"""Open data: what the site publishes beside its pages, made from the records in a stable order."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kb import csl
from kb.corpus import Corpus


def files(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """(name, content) of every data file."""
    sources = [corpus.sources[key].source for key in sorted(corpus.sources)]
    yield "sources.json", json.dumps([csl.csl_json(source) for source in sources], ensure_ascii=False, indent=1) + "\n"
    yield "sources.bib", "\n".join(csl.bibtex(source) for source in sources)
