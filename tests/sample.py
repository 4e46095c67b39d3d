"""A tiny knowledge base about another country, written by the same rules. Tests copy it and change it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]

CONF = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n" + (ROOT / "conf.py").read_text("utf-8").partition("\n\n")[2]

SITE = """\
title = "Lesotho Telecom Notes"
fiscal_year_start = 4
[review_months]
topic = 6
entry = 12
"""

SOURCES = """\
- id: gazette-2000-act
  type: legislation
  title: "Lesotho Telecommunications Authority Act"
  publisher: Government Printer
  issued: "2000-06-05"
  URL: https://gazette.example.org/2000/act
  language: en
  custom:
    kind: primary
    read: {date: "2026-01-05", from: live}
    quotes: ["the Authority is established"]
- id: times-2024-coverage
  type: article-newspaper
  title: "Coverage reaches 98%: what it hides"
  publisher: The Times
  author: [{family: Mokoena, given: Palesa}]
  issued: "2024-03"
  URL: https://times.example.org/coverage
  language: en
  custom:
    kind: press
    read: {date: "2026-01-06", from: excerpt}
    quotes: ["98 percent of the population"]
"""

HOME = """\
---
description: Notes on telecom in Lesotho.
order: [networks]
---
# Lesotho Telecom Notes

Start with a topic.
"""

TOPIC_INDEX = """\
---
description: Networks and who is covered.
---
# Networks

What is built where.
"""

TOPIC = """\
---
description: How much of the country has coverage.
question: How many people have coverage?
answer: 98 percent of people in March 2024 {cite}`times-2024-coverage`.
primary: [gazette-2000-act]
as_of: "2024-03-31"
search_terms: [signal]
---
# Mobile coverage

The LCA reports coverage {cite}`times-2024-coverage`. It was set up
in 2000 {cite}`gazette-2000-act; times-2024-coverage`.

## What is not measured

Speed is not measured by the Lesotho Communications Authority {cite}`gazette-2000-act`. See [spectrum](spectrum.md).
"""

OTHER_TOPIC = """\
---
description: Who holds spectrum.
question: Who holds spectrum?
answer: Two operators do {cite}`gazette-2000-act`.
primary: "none found: the regulator's site was searched"
as_of: "2024-02-01"
---
# Spectrum

Econet and the {term}`lca` share it {cite}`gazette-2000-act`. More under [speed](coverage.md#what-is-not-measured).
"""

ENTRY = """\
---
description: Regulator of communications in Lesotho.
acronym: LCA
other_names: [Lesotho Telecommunications Authority]
entry_kind: regulator
status: active
start: "2000-06"
as_of: "2024-03-31"
events:
  - {date: "2000-06-05", kind: enacted, what: "Set up by law", source: gazette-2000-act, quote: "is established"}
---
# Lesotho Communications Authority

It licenses operators {cite}`gazette-2000-act`.
"""

OTHER_ENTRY = """\
---
description: Operator of mobile networks.
entry_kind: operator
lead_body: lca
status: active
as_of: "2024-03-31"
---
# Econet

It runs a network {cite}`times-2024-coverage`.
"""

GLOSSARY = """\
---
description: Names.
---
# Glossary

Every name has a page.
"""

INDICATOR_RECORD = """\
description: People online.
unit: people
scale: million
frequency: calendar
concept: users
as_of: "2025-01-01"
series:
  - {id: survey, publisher: Statistics Office, definition: People of ten and over, default: true}
  - {id: model, publisher: Union, definition: All people}
  - {id: lines, publisher: Regulator, definition: Subscriptions, concept: subscriptions}
observations:
  - {series: survey, period: "2019", value: "10.0", source: times-2024-coverage, quote: ten}
  - {series: survey, period: "2023", value: "12.5", source: times-2024-coverage, quote: twelve}
  - {series: survey, period: "2024", value: "15.0", source: times-2024-coverage, quote: fifteen}
  - {series: survey, period: "2030", value: "40", status: target, source: times-2024-coverage, quote: forty}
  - {series: model, period: "2024", value: "13.2", source: gazette-2000-act, quote: thirteen}
  - {series: lines, period: "2024", value: "29", source: gazette-2000-act, quote: lines}
preferred:
  - {period: "2024", series: model, reason: It counts everybody}
"""
INDICATOR = f"---\n{INDICATOR_RECORD}---\n# People online\n\nWhat is counted {{cite}}`gazette-2000-act`.\n"
INDEX = "---\ndescription: List.\n---\n# List\n\nText.\n"

FILES = {
    "site.toml": SITE,
    "conf.py": CONF,
    "docs/index.md": HOME,
    "docs/redirects.txt": "networks/signal networks/coverage\n",
    "docs/networks/index.md": TOPIC_INDEX,
    "docs/networks/coverage.md": TOPIC,
    "docs/networks/spectrum.md": OTHER_TOPIC,
    "docs/glossary/index.md": GLOSSARY,
    "docs/glossary/lca.md": ENTRY,
    "docs/glossary/econet.md": OTHER_ENTRY,
    "docs/sources/main.yaml": SOURCES,
    "docs/sources/index.md": "---\ndescription: Publishers.\n---\n# Sources\n\nWhat the pages rest on.\n",
}


def write(root: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """The sample below ``root`` with files replaced (text), or left out (None)."""
    for name, content in {**FILES, **(changes or {})}.items():
        file = root / name
        if content is None:
            file.unlink(missing_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root
