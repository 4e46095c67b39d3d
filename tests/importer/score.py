"""``python -m tests.importer.score``: how the importer does on the test set, article by article (README.md)."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kb.importer import examine
from kb.importer.article import Refused, squeeze
from tests.importer import make
from tests.importer.make import Truth

ROOT = Path(__file__).parents[2]


@dataclass
class Score:
    """Counts over the whole set, and a line for each miss."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def miss(self, truth: Truth, what: str, text: object) -> None:
        self.misses.append(f"{truth['file']}: {what}: {text}")

    def share(self, right: str, *wrong: str) -> float:
        """Right ones among right and wrong ones."""
        total = self.counts[right] + sum(self.counts[name] for name in wrong)
        return self.counts[right] / total if total else 1.0

    @property
    def heading_f1(self) -> float:
        right = 2 * self.counts["headings right"]
        return right / (right + self.counts["headings wrong"] + self.counts["headings missed"])

    def lines(self) -> list[str]:
        count = self.counts
        kinds = ("agrees", "differs", "newer", "unknown")
        answers = ", ".join(f"{kind} {count[f'{kind} right']}/{count[f'{kind} asked']}" for kind in kinds)
        return [
            f"furniture left {count['furniture']}, sentences lost {count['lost']}, rows lost {count['rows lost']}, "
            f"record fields wrong {count['fields wrong']}",
            f"headings F1 {self.heading_f1:.3f}",
            f"topic first {self.share('first', 'not first'):.3f}, "
            f"in first three {self.share('third', 'not third'):.3f}, "
            f"topics of sections {self.share('sections right', 'sections wrong'):.3f}, "
            f"off-topic said {count['off right']}/{count['off right'] + count['off wrong']}",
            f"links precision {self.share('links right', 'links wrong'):.3f} "
            f"recall {self.share('links right', 'links missed'):.3f}",
            f"new names proposed {self.share('names right', 'names missed'):.3f}, people proposed {count['people']}",
            f"sources {self.share('sources right', 'sources wrong', 'sources missed'):.3f}",
            f"claims recall {self.share('claims right', 'claims missed'):.3f} "
            f"precision {self.share('claims right', 'claims wrong'):.3f}",
            f"held: {answers}",
            f"duplicates grouped {self.share('twins right', 'twins missed'):.3f}, falsely {count['twins wrong']}, "
            f"primary first {count['primary right']}/{count['primary right'] + count['primary wrong']}",
            f"refusals {self.share('refused right', 'refused wrong'):.3f}",
        ]


def score(folder: Path, base: examine.Base) -> Score:
    """Judge the importer on the articles that :mod:`tests.importer.make` has written to a folder."""
    result = Score()
    read: dict[str, examine.Examined] = {}
    truths = {truth["file"]: truth for truth in make.truths()}
    for name, truth in truths.items():
        try:
            read[name] = examine.examine(examine.load(folder / name), base)
        except Refused as error:
            words = truth.get("refused", truth.get("may_refuse", ()))
            right = any(word.casefold() in str(error).casefold() for word in words)
            _count(result, truth, "refused", right, error)
            continue
        if "refused" in truth:
            _count(result, truth, "refused", False, "it was read")
    _twins(result, read, truths)
    for name, found in read.items():
        if "refused" not in truths[name]:
            _text(result, truths[name], found)
            _place(result, truths[name], found)
            _names(result, truths[name], found)
            _claims(result, truths[name], found)
    return result


def _count(result: Score, truth: Truth, what: str, right: bool, text: object) -> None:
    result.counts[f"{what} {'right' if right else 'wrong'}"] += 1
    if not right:
        result.miss(truth, what, text)


def _sets(result: Score, truth: Truth, what: str, got: set[str], want: set[str], also: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    result.counts[f"{what} right"] += len(got & want)
    result.counts[f"{what} missed"] += len(want - got)
    result.counts[f"{what} wrong"] += len(got - want - also)
    for text in sorted(want - got):
        result.miss(truth, f"{what} missed", text)
    for text in sorted(got - want - also):
        result.miss(truth, f"{what} wrong", text)


def _text(result: Score, truth: Truth, found: examine.Examined) -> None:
    article = found.article
    for key in ("title", "author", "published", "publisher", "url"):
        if getattr(article, key) != truth.get(key, ""):
            result.counts["fields wrong"] += 1
            result.miss(truth, key, f"{getattr(article, key)!r}, not {truth.get(key, '')!r}")
    got = Counter(squeeze(block.text) for block in article.headings)
    want = Counter(map(squeeze, truth.get("headings", ())))
    for name, rest in (("right", got & want), ("missed", want - got), ("wrong", got - want)):
        result.counts[f"headings {name}"] += rest.total()
        if name != "right" and rest:
            result.miss(truth, f"headings {name}", ", ".join(rest))
    text = article.text
    for line in truth.get("furniture", ()):
        if re.search(rf"(?<!\w){re.escape(line)}(?!\w)", text):
            result.counts["furniture"] += 1
            result.miss(truth, "furniture", line)
    bare = squeeze(text)
    for line in (*truth.get("keep", ()), *truth.get("not_claims", ()), *(c["text"] for c in truth.get("claims", ()))):
        if squeeze(line) not in bare:
            result.counts["lost"] += 1
            result.miss(truth, "lost", line)
    rows = [block.cells for block in article.blocks if block.kind == "row"]
    for row in truth.get("tables", ()):
        if tuple(row) not in rows:
            result.counts["rows lost"] += 1
            result.miss(truth, "row lost", row)
    _sets(result, truth, "sources", set(article.links), set(truth.get("sources", ())))


def _place(result: Score, truth: Truth, found: examine.Examined) -> None:
    want = truth["topics"]
    ranked = [place.where for place in found.topics]
    if not want or found.off_topic:
        _count(result, truth, "off", found.off_topic == (not want), ranked[:1])
    if want:
        first = ranked[:1] == want[:1] and not found.off_topic
        result.counts["first" if first else "not first"] += 1
        result.counts["third" if want[0] in ranked[:3] else "not third"] += 1
        if not first:
            result.miss(truth, "topic", f"{', '.join(ranked[:3])}, not {want[0]}")

    for section in found.sections:
        if wanted := truth.get("sections", {}).get(section.heading):
            _count(result, truth, "sections", section.topic == wanted, f"{section.topic}: {section.heading}")


def _names(result: Score, truth: Truth, found: examine.Examined) -> None:
    links = {link.entry for link in found.links}
    _sets(result, truth, "links", links, set(truth.get("links", ())), set(truth.get("may_link", ())))
    proposed = {squeeze(name.name) for name in found.new_names}
    for name in truth.get("new_names", ()):
        right = squeeze(name) in proposed
        result.counts["names right" if right else "names missed"] += 1
        if not right:
            result.miss(truth, "name not proposed", name)
    people = [name for name in truth.get("no_names", ()) if squeeze(name) in proposed]
    result.counts["people"] += len(people)


def _claims(result: Score, truth: Truth, found: examine.Examined) -> None:
    if not truth["topics"] or truth["form"] in ("long", "hostile"):
        return
    got = {squeeze(claim.text): claim for claim in found.claims}
    want = {squeeze(claim["text"]): claim for claim in truth.get("claims", ())}
    for bare, claim in want.items():
        match = next((row for text, row in got.items() if bare in text or text in bare), None)
        result.counts["claims right" if match else "claims missed"] += 1
        if match is None:
            result.miss(truth, "claim missed", claim["text"])
        if asked := claim.get("holds"):
            result.counts[f"{asked} asked"] += 1
            ref = claim.get("ref", "")
            right = match is not None and match.holds == asked and (not ref or match.ref == ref)
            result.counts[f"{asked} right"] += right
            if match and not right:
                result.miss(truth, "held", f"{match.holds} {match.ref}, not {asked} {ref}: {claim['text']}")
    for text, row in got.items():
        if not any(bare in text or text in bare for bare in want):
            result.counts["claims wrong"] += 1
            result.miss(truth, "claim wrong", f"{row.kind}: {row.text}")


def _twins(result: Score, read: dict[str, examine.Examined], truths: dict[str, Truth]) -> None:
    groups = examine.grouped(read)
    for name in read:
        truth = truths[name]
        mates = (
            {other for other in groups if groups.get(other) == groups.get(name)} - {name} if name in groups else set()
        )
        want = (
            {o for o in read if truths[o].get("group") == truth.get("group") and o != name}
            if "group" in truth
            else set()
        )
        result.counts["twins right"] += len(mates & want)
        result.counts["twins missed"] += len(want - mates)
        result.counts["twins wrong"] += len(mates - want)
        if mates != want:
            result.miss(truth, "duplicates", f"{sorted(mates)}, not {sorted(want)}")
        if truth.get("primary"):
            _count(result, truth, "primary", groups.get(name) == name, groups.get(name))


def main() -> int:
    """Entry point."""
    with tempfile.TemporaryDirectory() as folder:
        make.make(Path(folder))
        result = score(Path(folder), examine.Base(ROOT))
    print("\n".join([*result.misses, "", *result.lines()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
