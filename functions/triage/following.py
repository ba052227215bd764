"""Following: what a question is after that makes sense only together with the turns before it.

A follow-up names no topic of its own: it asks for more of the last thing, for something on it, or says that it still
does not work. What it refers to is the latest turn that was understood. Rules over English wordings decide, and only
where there are earlier turns; any other question stays with the classifier. `scripts/evaluate follow-ups` tells how
often they are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

from functions.curriculum.models import LEVELS
from functions.curriculum.naming import Names
from functions.curriculum.reading import curriculum
from functions.shared.conversing import Turn
from functions.shared.events import QuestionAsked
from functions.shared.payload import Intent, Level
from functions.shared.tutor import Routing
from functions.triage.parting import CODE, ERROR_NAME, MARKS, MESSAGE, SNIPPET, TRACEBACK, prose
from functions.triage.wishes import (
    LONGEST,
    Wish,
    is_fragment,
    is_short,
    names_its_own,
    plain,
    points_back,
    wish_in,
    without_everyday,
)

SURE = 0.9
"""The confidence of a routing that follows from the turns before; the share that is right is somewhat above."""
DOUBTED = 0.8
"""Above this the classifier is believed that a question has nothing to do with Python."""

_REFERRED_TO: frozenset[Intent] = frozenset({"concepts", "debug", "exercise", "code_review", "quiz"})
_TRIED = frozenset({"submission", "execution"})
_ON_CODE: frozenset[Wish] = frozenset({"broken", "hint"})
_ABOUT_A_TOPIC: frozenset[Wish] = frozenset({"example", "simpler", "deeper", "lost", "again"})
_STEPS: dict[Wish, int] = {"simpler": -1, "lost": -1, "hint": -1, "deeper": 1, "why": 1, "again": 0}
"""How much deeper than before it is explained."""


@dataclass(frozen=True)
class Followed:
    """What a follow-up is after. What is None is left to whoever answers."""

    routing: Routing
    topic: str | None = None
    level: Level | None = None
    code: str | None = None
    error_message: str | None = None
    exercise_id: str | None = None

    def taken_over(self) -> dict[str, str]:
        """Return the fields of the routed question that come from earlier turns."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "routing"}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class _Said:
    """A question as the rules see it."""

    text: str
    wish: Wish | None
    routing: Routing
    brings_code: bool
    brings_error: bool
    has_its_own_topic: bool


def follow(question: QuestionAsked, routing: Routing, turns: Sequence[Turn]) -> Followed | None:
    """Return what a question is after, given the turns before it, the latest last; None if it stands alone.

    `routing` is what the classifier makes of the question itself.
    """
    last = next((turn for turn in reversed(turns) if turn.intent in _REFERRED_TO), None)
    if last is None:
        return None
    said = _said(question, routing)
    if len(said.text) > LONGEST or said.wish == "leave" or (said.brings_error and said.wish not in _ON_CODE):
        return None
    if said.has_its_own_topic:
        return _with_its_own_topic(said, last)
    if names_its_own(said.text) and (said.wish is None or said.wish in _ABOUT_A_TOPIC):
        return None
    intent = (_intended(said, last) if said.wish else None) or _pointed_at(said, last)
    return _resolved(said, intent, last, turns) if intent else None


def topic_of(turn: Turn) -> str | None:
    """Return what a turn was about: what was answered or asked for, else what its question names."""
    if turn.topic:
        return turn.topic
    named = _names().subject_in(plain(prose(turn.question)))
    return named.id if named else None


def _said(question: QuestionAsked, routing: Routing) -> _Said:
    parted = prose(question.question)
    text = plain(_without_marks(parted))
    return _Said(
        text=text,
        wish=wish_in(text),
        routing=routing,
        brings_code=_is_filled(question.code) or CODE in parted,
        brings_error=_is_filled(question.error_message) or any(m in parted for m in (TRACEBACK, MESSAGE, ERROR_NAME)),
        has_its_own_topic=SNIPPET in parted or _names().subject_in(without_everyday(text)) is not None,
    )


def _is_filled(box: str | None) -> bool:
    return bool(box and box.strip())


def _without_marks(said: str) -> str:
    for mark in MARKS:
        said = said.replace(mark, " ")
    return said


def _with_its_own_topic(said: _Said, last: Turn) -> Followed | None:
    """Return the follow-up that only changes the topic, after what the last turn was after; or None.

    Who does not understand a topic wants it explained, however much that sounds like trouble or progress.
    """
    if said.brings_code:
        return None
    if last.intent in {"concepts", "exercise", "quiz"} and is_fragment(said.text):
        return Followed(_routing(last.intent))
    unsure = said.routing.intent in {"progress", "off_topic"} and said.routing.confidence < SURE
    return Followed(_routing("concepts")) if unsure and said.wish in _ABOUT_A_TOPIC else None


def _intended(said: _Said, last: Turn) -> Intent | None:
    """Return the intent of a wish that is recognised, None if it is no follow-up to this turn after all."""
    match said.wish:
        case "hint" if last.intent in {"concepts", "quiz"}:
            return "concepts"
        case "broken" | "hint":
            return "debug"
        case "exercise" | "quiz":
            return said.wish
        case "better":
            return _of_new_code(said, last)
        case "another":
            return "concepts" if last.intent in {"debug", "code_review"} and topic_of(last) else last.intent
        case "simpler" | "deeper" if last.intent in {"exercise", "quiz"} and "expl" not in said.text:
            return last.intent
        case "lost" | "again" | "why" if last.intent == "debug" or last.kind in _TRIED:
            return "debug"
        case "why" | "again" if last.intent == "code_review":
            return "code_review"
        case _:
            return "concepts"


def _of_new_code(said: _Said, last: Turn) -> Intent | None:
    if not said.brings_code:
        return None
    return "debug" if last.intent in {"debug", "exercise"} else "code_review"


def _pointed_at(said: _Said, last: Turn) -> Intent | None:
    """Return the intent of a question of no known wish that goes on with what was said before; or None."""
    guessed, doubted = said.routing.intent, said.routing.confidence < DOUBTED
    if said.brings_code:
        return "debug" if guessed == "code_review" and doubted and last.intent == "debug" else None
    if guessed in {"exercise", "quiz"}:
        return guessed
    pointing = points_back(said.text)
    if not (pointing or is_short(said.text)):
        return None
    on_code = last.code is not None and last.intent in {"debug", "code_review"}
    if guessed in {"debug", "code_review"}:  # where there is no code at all, it is what was explained that is meant
        return last.intent if on_code else "debug" if last.code else "concepts" if last.intent == "concepts" else None
    if guessed == "concepts":
        return guessed
    if not (pointing and doubted):
        return None
    return last.intent if on_code else "concepts"


def _resolved(said: _Said, intent: Intent, last: Turn, turns: Sequence[Turn]) -> Followed | None:
    """Return the follow-up with what it refers to; None if nothing of the kind was spoken of."""
    if intent in {"debug", "code_review"}:
        return _on_code(said, intent, last, turns)
    spoken_of = [(turn, topic) for turn in reversed(turns) if (topic := topic_of(turn))]
    if not spoken_of:
        return None
    topic = spoken_of[0][1]
    level = _level(said.wish, next((turn.level for turn, same in spoken_of if same == topic and turn.level), None))
    return Followed(_routing(intent), topic=topic, level=level if intent == "concepts" else None)


def _on_code(said: _Said, intent: Intent, last: Turn, turns: Sequence[Turn]) -> Followed | None:
    """Return a follow-up about a program: the one that comes with it, else the last that there was."""
    routing = _routing(intent)
    shown = next((turn for turn in reversed(turns) if turn.code or (turn.error_message and intent == "debug")), None)
    if said.brings_code or shown is None:
        is_answerable = said.brings_code or intent == "debug"
        return Followed(routing, exercise_id=last.exercise_id) if is_answerable else None
    return Followed(
        routing,
        code=shown.code,
        error_message=None if said.brings_error else shown.error_message,
        exercise_id=shown.exercise_id,
    )


def _level(wish: Wish | None, before: Level | None) -> Level | None:
    """Return the level to explain at; None where neither the wish nor what was before tells one."""
    if wish == "example":
        step = -1 if before == LEVELS[-1] else 1  # other examples stand in the lesson of another level
    elif wish in _STEPS:
        step = _STEPS[wish]
    else:
        return None
    if before is None:
        return {-1: LEVELS[0], 0: None, 1: LEVELS[2] if wish == "deeper" else None}[step]
    return LEVELS[min(max(LEVELS.index(before) + step, 0), len(LEVELS) - 1)]


def _routing(intent: Intent) -> Routing:
    return Routing(intent=intent, confidence=SURE)


@cache
def _names() -> Names:
    return Names(curriculum())
