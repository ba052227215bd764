"""`scripts/evaluate review`: whether the quality of code ranks programs as people do."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from functions.review.linting import lint
from functions.review.model import Review
from functions.review.program import Program
from functions.review.reviewing import review
from scripts.stack.errors import StackError
from scripts.stack.evaluating.lines import one_of, read_objects
from scripts.stack.places import ROOT

LABELLED = ROOT / "functions" / "review" / "evaluation" / "snippets.jsonl"
GRADES = ("bad", "middling", "good")
BANDS = {"bad": 0, "middling": 70, "good": 90}
"""The lowest score of each band."""


@dataclass(frozen=True)
class Labelled:
    """A program, its grade, and its rank among those of its group that do the same; 1 is the worst."""

    id: str
    group: str
    grade: str
    rank: int
    code: str


@dataclass(frozen=True)
class Scored:
    """A program with the score of its review, 0 to 100."""

    snippet: Labelled
    score: int
    rules: tuple[str, ...]
    """Of the suggestions made."""


@dataclass(frozen=True)
class Order:
    """How many pairs of programs that do the same are in the right order, in the wrong one, and level."""

    right: int
    wrong: int
    level: int

    @property
    def share(self) -> float:
        """Share of pairs in the right order, 0 to 1."""
        return self.right / max(self.right + self.wrong + self.level, 1)

    @property
    def tau(self) -> float:
        """Kendall's tau-a: -1 to 1, 0 by chance (Kendall 1938)."""
        return (self.right - self.wrong) / max(self.right + self.wrong + self.level, 1)


def read(file: Path) -> list[Labelled]:
    """Read a file of {id, group, quality, rank, code} lines. Raises StackError that names line and field."""
    found = []
    for place, entry in read_objects(file, "programs"):
        for field, kind in {"id": str, "group": str, "rank": int, "code": str}.items():
            if not isinstance(entry.get(field), kind):
                raise StackError(f"{place}: {field}: is missing or no {kind.__name__}")
        entry.setdefault("quality", "")
        grade = one_of(entry, "quality", GRADES, place)
        found.append(Labelled(entry["id"], entry["group"], grade, entry["rank"], entry["code"]))
    return found


def score(snippets: Sequence[Labelled], *, linted: bool) -> list[Scored]:
    """Review each program. Raises StackError for one that Python cannot read."""
    scored = []
    for snippet in snippets:
        seen = review(snippet.code, lint if linted else _unlinted)
        if not isinstance(seen, Review):
            raise StackError(f"{snippet.id}: cannot be read: {seen.message}")
        scored.append(Scored(snippet, seen.quality.score, tuple(each.rule for each in seen.suggestions)))
    return scored


def _unlinted(_: Program) -> None:
    return None


def pairs(scored: Sequence[Scored]) -> Iterator[tuple[Scored, Scored]]:
    """Yield each two programs of one group, the one that ranks lower first; not those of one rank."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        groups[one.snippet.group].append(one)
    for held in groups.values():
        ordered = sorted(held, key=lambda one: one.snippet.rank)
        yield from ((low, high) for low, high in combinations(ordered, 2) if low.snippet.rank < high.snippet.rank)


def order(compared: Sequence[tuple[Scored, Scored]]) -> Order:
    """Count the pairs in order."""
    signs = Counter((high.score > low.score) - (high.score < low.score) for low, high in compared)
    return Order(signs[1], signs[-1], signs[0])


def spearman(scored: Sequence[Scored]) -> float:
    """Return Spearman's rank correlation of grades and scores (1904), ties sharing their rank: -1 to 1."""
    grades = _ranks([GRADES.index(one.snippet.grade) for one in scored])
    scores = _ranks([one.score for one in scored])
    middle = (len(scored) + 1) / 2
    product = sum((one - middle) * (other - middle) for one, other in zip(grades, scores, strict=True))
    spread = sum((one - middle) ** 2 for one in grades) * sum((one - middle) ** 2 for one in scores)
    return float(product / spread**0.5) if spread else 0.0


def _ranks(values: Sequence[int]) -> list[float]:
    places: dict[int, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), 1):
        places[value].append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def band(points: int) -> str:
    """Return the grade that a score stands for."""
    return max((grade for grade in GRADES if BANDS[grade] <= points), key=GRADES.index)


def report(scored: Sequence[Scored]) -> str:
    """Return the figures as lines of Markdown."""
    compared = list(pairs(scored))
    whole, by_grade = order(compared), order([pair for pair in compared if _of_two_grades(pair)])
    counted = Counter((one.snippet.grade, band(one.score)) for one in scored)
    groups = len({one.snippet.group for one in scored})
    lines = [
        f"{len(scored)} programs in {groups} groups, {len(compared)} pairs: {whole.share:.1%} in the right order "
        f"({whole.wrong} wrong, {whole.level} level), Kendall's tau {whole.tau:.3f}",
        f"pairs of two grades: {by_grade.share:.1%} in the right order, Kendall's tau {by_grade.tau:.3f}",
        f"Spearman's correlation of grade and score, over all groups: {spearman(scored):.3f}",
        "",
        f"| grade ↓ score → | {' | '.join(_band_name(grade) for grade in GRADES)} | mean | lowest | highest |",
        "|---|" + "--:|" * (len(GRADES) + 3),
    ]
    for grade in GRADES:
        points = [one.score for one in scored if one.snippet.grade == grade] or [0]
        cells = " | ".join(str(counted[grade, other] or "·") for other in GRADES)
        lines.append(f"| {grade} | {cells} | {sum(points) / len(points):.0f} | {min(points)} | {max(points)} |")
    return "\n".join(lines)


def _of_two_grades(pair: tuple[Scored, Scored]) -> bool:
    return pair[0].snippet.grade != pair[1].snippet.grade


def _band_name(grade: str) -> str:
    above = [lowest for lowest in BANDS.values() if lowest > BANDS[grade]]
    return f"{BANDS[grade]}–{min(above) - 1 if above else 100}"


def wrong(scored: Sequence[Scored]) -> str:
    """Return a line for each pair that is level or in the wrong order."""
    return "\n".join(f"✗ {_told(low)}\n  {_told(high)}" for low, high in pairs(scored) if low.score >= high.score)


def _told(one: Scored) -> str:
    return f"{one.snippet.id} ({one.snippet.grade}) has {one.score}: {', '.join(one.rules) or 'nothing'}"


def as_json(scored: Sequence[Scored]) -> str:
    """Return the figures and every score as one JSON object."""
    compared = list(pairs(scored))
    whole, by_grade = order(compared), order([pair for pair in compared if _of_two_grades(pair)])
    return json.dumps(
        {
            "programs": len(scored),
            "pairs": len(compared),
            "in_order": round(whole.share, 4),
            "tau": round(whole.tau, 4),
            "in_order_of_two_grades": round(by_grade.share, 4),
            "spearman": round(spearman(scored), 4),
            "scores": {one.snippet.id: one.score for one in scored},
        },
        indent=2,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate review", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        default=[LABELLED],
        help="programs: {id, group, quality, rank, code}, one object a line",
    )
    parser.add_argument("--linted", action="store_true", help="ask ruff as well, whose word changes no score")
    parser.add_argument("--wrong", action="store_true", help="list the pairs in the wrong order")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(arguments)
    scored = score([snippet for file in options.files for snippet in read(file)], linted=options.linted)
    print(as_json(scored) if options.json else report(scored))
    if options.wrong and not options.json and (listed := wrong(scored)):
        print(f"\n{listed}")
    return 0
