"""Guarded: every answer is held against what its learner is not to be given before it leaves, whoever wrote it.

    known = known_of(db, learner, question=asked.question, given=(code,))      # one look at the database
    ask = ask_for("debug")                                                     # model/set_up.py; None: there is none
    ask(event, database, prompt, guard=guard_of(known, adapt, function="debug", rules=FILE.rules))
    guarded(payload, known, smaller, function="debug")                         # smaller: Markdown -> payload

`adapt` makes what is shown of what a model said, and may raise ValueError with a sentence for the model. What takes
the place of a model's answer is guarded as well: `guarded(theirs, known, lambda _: guarded(ours, ...), ...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from functions.curriculum.models import LEVELS
from functions.curriculum.reading import lesson
from functions.shared.database import Connection
from functions.shared.guard.counting import count
from functions.shared.guard.guarding import Known, objections
from functions.shared.guard.reading import texts_of
from functions.shared.guard.weaker import Function, smaller_step
from functions.shared.made import practised
from functions.shared.model.asking import Answer
from functions.shared.payload import Payload
from functions.shared.running import CodeExecuted

if TYPE_CHECKING:
    from functions.shared.model.repairing import Guard  # what asks a model is read by who asks one

MOST_MESSAGES = 12
"""Of the last ones to a learner, that are read for pieces of a solution."""
MOST_CHARACTERS = 12_000
"""Of their texts, the latest first."""

# One round trip for both. Each part reads nothing but its index, and messages are read only where there is a solution
# to be pieced together. What a learner's own program printed is no answer of ours.
NOT_TO_BE_GIVEN = """
    WITH unsolved AS (
        SELECT exercise_id FROM exercises_given WHERE learner_id = %(learner)s
        UNION
        SELECT exercise_id FROM submissions WHERE learner_id = %(learner)s
        UNION
        SELECT %(named)s::text WHERE %(named)s::text IS NOT NULL
        EXCEPT
        SELECT exercise_id FROM submissions WHERE learner_id = %(learner)s AND passed AND NOT %(passed_too)s
    )
    SELECT (SELECT json_agg(exercise_id ORDER BY exercise_id) FROM unsolved),
           (SELECT json_agg(body ORDER BY seq DESC)
            FROM (SELECT body, seq, type FROM messages WHERE learner_id = %(learner)s
                  ORDER BY seq DESC LIMIT %(most)s) AS lately
            WHERE type <> %(own)s AND EXISTS (SELECT FROM unsolved))
"""

Leaving = TypeVar("Leaving", bound=Payload)


def known_of(
    db: Connection,
    learner: str,
    *,
    question: str = "",
    given: Iterable[str | None] = (),
    named: str | None = None,
    passed_too: bool = False,
) -> Known:
    """Return what answers to a learner are held against: the solutions of the exercises that they were handed or handed
    in and have not passed (`passed_too`: or have), of `named` too, and what they were told lately.

    `given` are the programs that they have, such as their own; starters and the lessons' programs are added.
    """
    values = {
        "learner": learner,
        "named": named,
        "passed_too": passed_too,
        "most": MOST_MESSAGES,
        "own": CodeExecuted.TYPE,
    }
    ((unsolved, told),) = db.execute(NOT_TO_BE_GIVEN, values)
    exercises = practised(db, learner, unsolved or ())
    theirs = (*given, *(exercise.starter for _, exercise in exercises), *_taught({topic.id for topic, _ in exercises}))
    return Known(
        solutions=tuple(exercise.solution for _, exercise in exercises),
        given=tuple(filter(None, theirs)),
        question=question,
        said_before=tuple(_lately(told or ())) if exercises else (),
    )


def _taught(topic_ids: Iterable[str]) -> Iterator[str]:
    """Yield the programs that lessons on these topics show: who reads them has all that an exercise has in common."""
    for topic_id in sorted(topic_ids):
        for level in LEVELS:
            yield from (example.code for example in lesson(topic_id, level).examples)


def guard_of(known: Known, adapt: Callable[[Answer], object], *, function: Function, rules: str = "") -> Guard[Answer]:
    """Return what says what is wrong with a model's answer, for one question; `rules` are what the model was told."""
    held = replace(known, prompt=(*known.prompt, rules) if rules else known.prompt)
    tries: Iterator[Literal["first", "repaired"]] = chain(("first",), repeat("repaired"))

    def guard(said: Answer) -> tuple[str, ...]:
        which = next(tries)
        try:
            shown = adapt(said)
        except ValueError as wrong:
            return (str(wrong),)
        found = objections(texts_of(shown), held)
        count(function, found, which)
        return tuple(each.why for each in found)

    return guard


def guarded(payload: Leaving, known: Known, smaller: Callable[[str], Leaving], *, function: Function) -> Leaving:
    """Return an answer that nothing speaks against; else count why, and return `smaller` of a smaller step."""
    found = objections(texts_of(payload), known)
    if not found:
        return payload
    count(function, found, "built-in" if getattr(payload, "answered_by", "built-in") == "built-in" else "repaired")
    return smaller(smaller_step(function, found))


def _lately(told: Iterable[Any]) -> Iterator[str]:
    """Yield the texts of messages, the latest first, as many as are read."""
    room = MOST_CHARACTERS
    for each in told:
        for text in texts_of(each):
            room -= len(text.text)
            if room < 0:
                return
            if text.kind != "plain":
                yield text.text
