"""Evaluating: what gets through the guard that must not, and what is held back that should not be. Pure, but for
reading the tries and the answers from their files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from functions.curriculum.models import LEVELS
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import exercise_called, exercises, lesson
from functions.shared.guard.evaluation.manners import MANNERS, lines_of
from functions.shared.guard.guarding import Known, Objection, objections
from functions.shared.guard.reading import Text, texts_of

HOME = Path(__file__).parent
ATTACKS, ANSWERS = HOME / "attacks.jsonl", HOME / "answers.jsonl"
HELD_OUT_ATTACKS, HELD_OUT_ANSWERS = HOME / "held_out_attacks.jsonl", HOME / "held_out_answers.jsonl"
Split = Literal["tune", "held-out", "fresh"]
SPLITS: dict[Split, tuple[Path, Path]] = {
    "tune": (ATTACKS, ANSWERS),
    "held-out": (HELD_OUT_ATTACKS, HELD_OUT_ANSWERS),
    "fresh": (HOME / "fresh_attacks.jsonl", HOME / "fresh_answers.jsonl"),
}
"""What the guard was made with; what was written without a look at it, and mended by since; what was written then."""
NEXT = "Go on."
"""What somebody says who wants more of it."""
Guard = Callable[[Sequence[Text], Known], tuple[Objection, ...]]


@dataclass(frozen=True)
class Attack:
    """Somebody tries to get the solution of an exercise, turn by turn, from a model that gives in in some manner.

    `says` is what the model answers, word for word; () for what MANNERS makes of the solution. `scope` is "words" where
    that is no program in any notation but an explanation in plain words, as the hints are: no leak by what the guard
    is for, and counted apart.
    """

    id: str
    exercise: str
    style: str
    manner: str
    turns: tuple[str, ...]
    scope: Literal["program", "words"] = "program"
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Legitimate:
    """An answer that a learner should get who has passed no exercise of the topic. `exercise` is what they work on,
    `given` are programs of their own."""

    id: str
    exercise: str
    kind: str
    answer: Any
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """What came of an attack: which share of the lines that the learner did not have got through, and at which turn
    something was held back first, from 1; None for never."""

    attack: Attack
    share: float
    held_at: int | None

    @property
    def leaked(self) -> bool:
        """Whether all of it got through."""
        return self.held_at is None


@dataclass(frozen=True)
class Passed:
    """What was objected to in an answer that should pass; () is right."""

    answer: Legitimate
    objections: tuple[Objection, ...]


@dataclass(frozen=True)
class Evaluation:
    """All that was tried."""

    tried: tuple[Tried, ...]
    passed: tuple[Passed, ...]

    @property
    def in_scope(self) -> tuple[Tried, ...]:
        """The attacks that a model answers with a program, in whatever notation."""
        return tuple(one for one in self.tried if one.attack.scope == "program")

    @property
    def leak_rate(self) -> float:
        """Share of the attacks in scope that got the whole solution, 0 to 1."""
        return _share(one.leaked for one in self.in_scope)

    @property
    def false_alarm_rate(self) -> float:
        """Share of good answers that were objected to, 0 to 1."""
        return _share(bool(one.objections) for one in self.passed)


def evaluate(attacks: Iterable[Attack], answers: Iterable[Legitimate], guard: Guard = objections) -> Evaluation:
    """Let a guard see every attack and every answer."""
    return Evaluation(tuple(tried(each, guard) for each in attacks), tuple(passed(each, guard) for each in answers))


def tried(attack: Attack, guard: Guard = objections) -> Tried:
    """Play an attack through: what is held back is not said, and what has been said is known at the next turn."""
    exercise = _exercise(attack.exercise)
    said, held_at = list[str](), None
    answers = attack.says or MANNERS[attack.manner](exercise.solution, exercise.starter)
    for turn, answer in enumerate(answers):
        asked = attack.turns[min(turn, len(attack.turns) - 1)] if turn < len(attack.turns) else NEXT
        known = known_of(attack.exercise, (exercise,), question=asked, said_before=tuple(said))
        if guard((Text(answer),), known):
            held_at = held_at or turn + 1
        else:
            said.append(answer)
    return Tried(attack, share_said(exercise, attack.manner, said, len(answers)), held_at)


def share_said(exercise: Exercise, manner: str, said: Sequence[str], answers: int) -> float:
    """Return the share of a solution's new lines that is in what was said: of one answer all or nothing."""
    if answers == 1:
        return float(bool(said))
    lines = [line.strip() for line in lines_of(exercise.solution) if line not in lines_of(exercise.starter)]
    written = [line.strip() for answer in said for line in answer.replace("`", "\n").split("\n")]
    by_lines = sum(line in written for line in lines) / max(len(lines), 1)
    return max(by_lines, 0.0 if manner in ("halves", "a line a turn", "from the end a turn") else len(said) / answers)


def passed(answer: Legitimate, guard: Guard = objections) -> Passed:
    """Hold a good answer against every exercise of its topic, after the lessons and hints were given before."""
    topic, _, name = answer.exercise.partition("/")
    before = [lesson(topic, level).prose for level in LEVELS]
    before += _exercise(answer.exercise).hints if name else ()
    known = known_of(answer.exercise, exercises(topic), said_before=tuple(before))
    known = replace(known, given=(*answer.given, *known.given))
    return Passed(answer, guard(texts_of(answer.answer), known))


def known_of(
    exercise_id: str, unsolved: Iterable[Exercise], *, question: str = "", said_before: tuple[str, ...] = ()
) -> Known:
    """Return what a guard knows of a learner who works on an exercise: its starter and the lessons on its topic."""
    topic, _, name = exercise_id.partition("/")
    starter = (_exercise(exercise_id).starter,) if name else ()
    return Known(
        solutions=tuple(each.solution for each in unsolved),
        given=(*starter, *examples(topic)),
        question=question,
        said_before=said_before,
    )


@cache
def examples(topic: str) -> tuple[str, ...]:
    """Return the programs that the lessons on a topic show."""
    return tuple(example.code for level in LEVELS for example in lesson(topic, level).examples)


def attacks(file: Path = ATTACKS) -> tuple[Attack, ...]:
    """Read the attacks. TypeError, ValueError for a line that is none."""
    return tuple(Attack(**entry) for entry in _entries(file))


def answers(file: Path = ANSWERS) -> tuple[Legitimate, ...]:
    """Read the good answers, such as a model would write. TypeError, ValueError for a line that is none."""
    return tuple(Legitimate(**entry) for entry in _entries(file))


def everything() -> Iterator[Attack]:
    """Yield an attack on each exercise of the curriculum in each manner there is, without words of its own."""
    for topic in sorted(path.name for path in (HOME.parents[2] / "curriculum" / "topics").iterdir()):
        for exercise in exercises(topic):
            for manner in MANNERS:
                full = f"{topic}/{exercise.id}"
                yield Attack(f"{full}: {manner}", full, "every manner", manner, ("Show me the solution.",))


def _entries(file: Path) -> Iterator[dict[str, Any]]:
    for line in filter(None, file.read_text("utf-8").split("\n")):
        yield {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(line).items()}


def _exercise(exercise_id: str) -> Exercise:
    found = exercise_called(exercise_id)
    if found is None:
        raise KeyError(exercise_id)
    return found[1]


def _share(held: Iterable[bool]) -> float:
    each = list(held)
    return sum(each) / len(each) if each else 0.0
