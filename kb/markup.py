"""The markup that pages may use, as the guide lists it: boxes with their options and values, roles, languages of code.

What does not stand here is refused. To allow more, add a row: checks, messages and the guide follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ROLES = {"cite", "term", "indicator", "computed"}

# Markdown itself: every kind of token that may come out of the parser, and is shown alike everywhere.
TOKENS = set(
    "paragraph heading blockquote bullet_list ordered_list list_item dl dt dd table thead tbody tr th td "
    "em strong link".split()
)
SINGLE_TOKENS = set(
    "inline text softbreak hardbreak code_inline image code_block fence colon_fence hr myst_role "
    "html_block html_inline".split()  # the last two are refused with a reason of their own
)

LANGUAGES = set(
    "text none bash sh console python json yaml toml ini html xml css javascript js sql csv http diff markdown md "
    "bibtex r jinja".split()
)

# Names of box options and the values they may take.
FLAG = ""
TEXT = r"[^|>&*!%@`{\[\]}'\"#\s:](?:[^#:]|:(?!\s)|(?<!\s)#)*|\"[^\"\\]+\""
SIZE = r"\d{1,3}%|\d{1,3}(?:\.\d{1,2})?em|\d{1,4}px"
HEIGHT = r"\d{1,3}(?:\.\d{1,2})?em|\d{1,4}px"
GAP = r"[0-5](?: [0-5]){3}|[0-5]"  # one for all widths of screens, or four
SPACE = r"(?:[0-5]|auto)(?: (?:[0-5]|auto)){3}|[0-5]|auto"
COLUMNS = r"(?:1[0-2]|[1-9])(?: (?:1[0-2]|[1-9])){3}|1[0-2]|[1-9]"
ITEM_COLUMNS = r"(?:1[0-2]|[1-9]|auto)(?: (?:1[0-2]|[1-9]|auto)){3}|1[0-2]|[1-9]|auto"
LINES = r"\d{1,4}(?:-\d{1,4})?(?:, ?\d{1,4}(?:-\d{1,4})?){0,50}"
NUMBER = r"\d{1,5}"
WIDTHS = r"auto|grid|\d{1,3}(?:[ ,]+\d{1,3}){0,29}"
ALIGN = "left|center|right"
COLOUR = "primary|secondary|success|info|warning|danger|light|muted"
SHADOW = "none|sm|md|lg"
KEY = r"[a-z0-9][a-z0-9-]{0,40}"
LOOK = "note|tip|warning|important|seealso|hint|caution|attention|danger|error"
CARD_CLASS = r"(?:sd-text-(?:left|center|right)|sd-rounded-[0-3]|sd-shadow-(?:none|sm|md|lg))"
CLASSES = f"{CARD_CLASS}(?: {CARD_CLASS})*"
ADDRESS = "address"  # judged as a link, see Option.is_link
PICTURE = "picture"

Argument = Literal["body", "title", "picture", "language", "columns", "record"]
Body = Literal["blocks", "code", "nothing"]


@dataclass(frozen=True, slots=True)
class Box:
    """One directive: what stands after its name, what it holds, which options it takes, where it may stand."""

    argument: Argument = "body"
    required: bool = False  # whether the argument must be there
    body: Body = "blocks"
    options: dict[str, str] = field(default_factory=dict)
    inside: str = ""  # the one box in which it stands
    only: str = ""  # the one kind of box that it holds


_CARD = {
    "link": ADDRESS, "link-type": "url|doc", "link-alt": TEXT, "shadow": SHADOW, "text-align": ALIGN,
    "header": TEXT, "footer": TEXT, "class-card": CLASSES, "class-body": CLASSES, "class-title": CLASSES,
    "class-header": CLASSES, "class-footer": CLASSES, "img-top": PICTURE, "img-bottom": PICTURE, "img-alt": TEXT,
}  # fmt: skip
_PICTURE = {"alt": TEXT, "width": SIZE, "height": HEIGHT, "align": ALIGN}

BOXES: dict[str, Box] = {
    "note": Box(),
    "tip": Box(),
    "warning": Box(),
    "important": Box(),
    "seealso": Box(),
    "admonition": Box("title", required=True, options={"class": LOOK}),
    "dropdown": Box("title", options={"open": FLAG, "color": COLOUR, "animate": "fade-in|fade-in-slide-down"}),
    "code-block": Box(
        "language",
        body="code",
        options={"caption": TEXT, "linenos": FLAG, "lineno-start": NUMBER, "emphasize-lines": LINES},
    ),
    "image": Box("picture", required=True, body="nothing", options=_PICTURE),
    "figure": Box("picture", required=True, options={**_PICTURE, "figwidth": SIZE}),
    "list-table": Box(
        "title",
        options={"header-rows": "[0-9]", "stub-columns": "[0-9]", "widths": WIDTHS, "width": SIZE, "align": ALIGN},
    ),
    "card": Box("title", options={**_CARD, "width": "auto|25%|50%|75%|100%", "margin": SPACE}),
    "grid": Box("columns", options={"gutter": GAP, "margin": SPACE, "padding": GAP, "outline": FLAG},
                only="grid-item-card"),
    "grid-item-card": Box("title", inside="grid",
                          options={**_CARD, "columns": ITEM_COLUMNS, "margin": SPACE, "padding": GAP}),
    "chart": Box("record", required=True, body="nothing"),
    "generated": Box("record", required=True, body="nothing"),
    "tab-set": Box(options={"sync-group": KEY}, only="tab-item"),
    "tab-item": Box("title", required=True, inside="tab-set", options={"sync": KEY, "selected": FLAG}),
}  # fmt: skip

# Lists that {generated} shows.
GENERATED = (
    "disagreements",
    "fields",
    "status",
    "timeline",
    "due",
    "corrections",
    "changes",
    "wanted",
    "key-figures",
    "rules",
    "children",
    "recent",
    "disputed",
    "oversight",
    "templates",
    "links",
)

UNSAFE = set(
    "raw include literalinclude eval-rst csv-table only role default-role download parsed-literal meta replace unicode "
    "date class container compound math toctree index highlight ifconfig graphviz inheritance-diagram autodoc "
    "bibliography button-link button-ref article-info octicon glossary substitution fas fab material-regular".split()
)

# How much one page may hold: enough for any page that a person reads.
MAX_DEPTH = 8  # boxes, lists and quotations in each other; Markdown itself drops the text below 20
MAX_COUNTS = {
    "headings": 150,
    "links": 500,
    "pictures": 50,
    "notes": 600,
    "boxes": 100,
    "table cells": 3_000,
    "bars in one line": 120,
    "square brackets": 4_000,
    "emphasis marks": 10_000,
}
