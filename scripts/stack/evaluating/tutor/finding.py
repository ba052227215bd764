"""Topics: whether it is found what a question is about, and said honestly where there is no lesson on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.concepts.about import about_of
from functions.concepts.handler import subject_of
from functions.concepts.placing import placed_by_model
from functions.curriculum.reading import curriculum
from functions.shared.events import ExplanationRequested, QuestionDeclined
from functions.shared.guard.guarding import Known
from functions.shared.model.asking import NoAnswer
from scripts.stack.evaluating.topics import LABELLED, Answer, Labelled, is_right, read
from scripts.stack.evaluating.tutor.asking import Nowhere, One, event_of
from scripts.stack.evaluating.tutor.figures import Figure, share
from scripts.stack.evaluating.tutor.part import Part
from scripts.stack.evaluating.tutor.sampling import sample


@dataclass(frozen=True)
class Found:
    """What was found for a question."""

    question: Labelled
    answer: Answer
    outcomes: tuple[str, ...] = ()

    @property
    def has_lesson(self) -> bool:
        """Whether there is a lesson on what it is about."""
        return any(each is not None and curriculum().topic(each) for each in self.question.right)

    @property
    def is_right(self) -> bool:
        """Whether that is what it is about."""
        return is_right(self.answer, self.question.right)


def part(limit: int | None) -> Part[Labelled, Found]:
    """Return what there is to find."""
    return Part("topics", sample(read(LABELLED), limit, lambda each: each.right[0]), judge, figures)


def judge(question: Labelled, one: One | None) -> Found:
    """Find what a question is about as concepts does."""
    asked = ExplanationRequested(question=question.query, code=question.code, error_message=question.error_message)
    match = subject_of(asked)
    if match is None and one and (ask := one.for_task("concepts")):
        answer = _placed(asked, ask)
        return Found(question, answer, tuple(one.outcomes))
    return Found(question, match.subject.id if match else None)


def _placed(asked: ExplanationRequested, ask: One) -> Answer:
    """Return which lesson a model names, as a learner is told it."""
    held = Known(question=asked.question, given=tuple(filter(None, (asked.code,))))
    try:
        found = placed_by_model(event_of(asked), Nowhere(), about_of(asked, None), curriculum(), held, ask=ask)
    except NoAnswer:
        return None
    return None if isinstance(found.answer, QuestionDeclined) else found.answer.topic


def figures(judged: Sequence[Found], by_model: bool) -> dict[str, Figure]:
    """Return how often something is found, and the right thing."""
    with_lesson = [each for each in judged if each.has_lesson]
    without = [each for each in judged if not each.has_lesson]
    found = {
        "any topic found, where there is a lesson": share([each.answer is not None for each in with_lesson]),
        "the right one": share([each.is_right for each in with_lesson]),
        "honestly none, where there is no lesson": share([each.is_right for each in without]),
    }
    if by_model:
        found["the model was asked"] = share([bool(each.outcomes) for each in judged])
    return found
