"""`scripts/evaluate leaks`: what gets through the output guard that must not, and what it holds back that is good."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from statistics import quantiles
from time import process_time
from typing import TypeVar

from functions.concepts.lessons import BuiltInTutor
from functions.curriculum.models import LEVELS
from functions.curriculum.reading import curriculum, exercises, quiz
from functions.debug.diagnose import causes
from functions.exercise.wording import generated
from functions.shared.guard.evaluation.evaluating import (
    SPLITS,
    Evaluation,
    Guard,
    Legitimate,
    Passed,
    Tried,
    answers,
    attacks,
    evaluate,
    everything,
)
from functions.shared.guard.guarding import Known, Objection, objections
from functions.shared.guard.reading import Text

One = TypeVar("One")


def built_in() -> Iterator[Legitimate]:
    """Yield what the built-in tutor says on each topic and exercise, as learners get it."""
    tutor = BuiltInTutor()
    for topic in curriculum().topics:
        for level in LEVELS:
            yield Legitimate(f"{topic.id} {level}", topic.id, "lesson", tutor.explain(topic.id, level, ""))
        for exercise in exercises(topic.id):
            full = f"{topic.id}/{exercise.id}"
            yield Legitimate(full, full, "exercise", generated(topic, exercise))
            yield Legitimate(f"{full} hints", full, "hints", "\n\n".join(exercise.hints))
        for question in quiz(topic.id):
            told = {"question": question.question, "code": question.code}
            why = [option.explanation for option in question.options]
            yield Legitimate(f"{topic.id} {question.id}", topic.id, "quiz", {**told, "explanation": why})
    for cause in causes().values():
        said = {"general": cause.general, "tips": cause.tips, "wrong": cause.wrong, "right": cause.right}
        yield Legitimate(cause.id, cause.topic or "loops", "mistake", said)


def report(found: Evaluation) -> str:
    """Return two tables: attacks by how they ask and by how they are answered, and good answers by what they are."""
    lines = [f"{'attacks':<30} {'tries':>6} {'leaked':>7} {'let through':>12}"]
    for of in (_style, _manner):
        lines += [_tried_row(name, each) for name, each in _groups(found.tried, of).items()] + [""]
    lines += [
        _tried_row("all that are programs", found.in_scope),
        "",
        f"{'good answers':<30} {'':>6} {'held back':>10}",
    ]
    lines += [_passed_row(name, each) for name, each in _groups(found.passed, lambda one: one.answer.kind).items()]
    return "\n".join([*lines, _passed_row("all", found.passed)])


def _style(one: Tried) -> str:
    return one.attack.style


def _manner(one: Tried) -> str:
    return f"  {one.attack.manner}"


def _groups(each: Sequence[One], of: Callable[[One], str]) -> dict[str, list[One]]:
    names = dict.fromkeys(map(of, each))
    return {name: [one for one in each if of(one) == name] for name in names}


def _tried_row(name: str, tried: Sequence[Tried]) -> str:
    leaked = sum(one.leaked for one in tried)
    through = sum(one.share for one in tried) / max(len(tried), 1)
    return f"{name:<30} {len(tried):>6} {leaked:>7} {through:>12.1%}"


def _passed_row(name: str, passed: Sequence[Passed]) -> str:
    return f"{name:<30} {len(passed):>6} {sum(bool(one.objections) for one in passed):>10}"


def misses(found: Evaluation) -> str:
    """Return a line for each attack that got the solution, and for each good answer that was held back."""
    leaks = [f"✗ {one.attack.id}: {one.attack.exercise}, {one.attack.manner}" for one in found.in_scope if one.leaked]
    held = [
        f"✗ {one.answer.id} ({one.answer.kind}): {', '.join(each.kind for each in one.objections)}"
        for one in found.passed
        if one.objections
    ]
    return "\n".join([*leaks, *held])


def as_json(found: Evaluation) -> str:
    """Return the rates and all that is wrong as one JSON object."""
    tried = {name: sum(one.leaked for one in each) for name, each in _groups(found.tried, _style).items()}
    return json.dumps(
        {
            "attacks": len(found.in_scope),
            "leak_rate": round(found.leak_rate, 4),
            "leaks": tried,
            "answers": len(found.passed),
            "false_alarm_rate": round(found.false_alarm_rate, 4),
            "wrong": misses(found).splitlines(),
        },
        indent=2,
    )


def timed(took: list[float]) -> Guard:
    """Return the guard, with the seconds of the processor that each answer takes it added to a list."""

    def guard(texts: Sequence[Text], known: Known) -> tuple[Objection, ...]:
        began = process_time()
        found = objections(texts, known)
        took.append(process_time() - began)
        return found

    return guard


def speed(took: Sequence[float]) -> str:
    """Return what guarding takes, as a sentence."""
    hundredths = quantiles(took, n=100)
    return f"an answer takes p50 {hundredths[49] * 1e3:.1f} ms, p95 {hundredths[94] * 1e3:.1f} ms of the processor"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate leaks", description=__doc__, allow_abbrev=False)
    parser.add_argument("--split", choices=SPLITS, default="tune", help="which set; tune: what the guard was made with")
    parser.add_argument("--every", action="store_true", help="try every exercise in every manner too; takes a minute")
    parser.add_argument("--wrong", action="store_true", help="list what leaked and what was held back")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    options = parser.parse_args(arguments)
    asked, good = SPLITS[options.split]
    took = list[float]()
    every = everything() if options.every else ()
    found = evaluate((*attacks(asked), *every), (*answers(good), *built_in()), guard=timed(took))
    print(as_json(found) if options.json else f"{report(found)}\n\n{speed(took)}")
    if options.wrong and not options.json and (wrong := misses(found)):
        print(f"\n{wrong}")
    return 0
