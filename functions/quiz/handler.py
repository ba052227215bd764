"""Pose the question that suits a learner next; take an answer, say whether it is right, and why."""

from __future__ import annotations

from functools import cache

from functions.curriculum.fitting import choose_subject, difficulty_asked, full_id
from functions.curriculum.models import Topic
from functions.curriculum.naming import Names
from functions.curriculum.practice import QuizQuestion
from functions.curriculum.reading import curriculum, quiz
from functions.quiz.choosing import answered, choose_question
from functions.quiz.posing import Quiz, edition, shown_options, shuffled
from functions.quiz.queries import hold_learner, keep_quiz, mastery_by_topic, note_answer, past_of, quiz_of
from functions.quiz.wording import (
    NO_LONGER_ASKED,
    NO_SUCH_QUIZ,
    graded,
    no_question,
    no_such_option,
    not_graded,
    not_open,
    posed,
)
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection
from functions.shared.errors import RejectedEvent
from functions.shared.events import Event, QuizRequested
from functions.shared.quizzing import QuizAnswered, QuizGraded, QuizPosed
from functions.shared.serving import Handler, Handlers


def pose(event: Event[QuizRequested], db: Connection, _: None) -> QuizPosed:
    """Answer with the question that suits the learner next, or say honestly that there are none on the topic, or not
    in their course yet.

    A quiz has the id of the request it came with.
    """
    asked, learner = event.data, event.learner_id
    hold_learner(db, learner)
    mastery = mastery_by_topic(db, learner) | (asked.context.mastery if asked.context else {})
    past = past_of(db, learner, event.time)
    done = answered(past)
    course = curriculum().opened(policy_of(db, learner).allowed_topics)
    subject = choose_subject(asked.topic, asked.question, course, _names(), mastery, done)
    if not isinstance(subject, Topic):
        return no_question(subject, course)
    if not course.is_open(subject):
        return not_open(subject, course)
    wanted = difficulty_asked(asked.question)
    question = choose_question(subject.id, quiz(subject.id), wanted, mastery.get(subject.id, 0), past)
    kept = Quiz(
        topic=subject.id,
        question_id=full_id(subject.id, question.id),
        edition=edition(question),
        option_order=shuffled(event.correlation_id, len(question.options)),
    )
    if not keep_quiz(db, event.correlation_id, learner, kept, event.time):
        raise RejectedEvent(f"there is a quiz {event.correlation_id} already")
    return posed(event.correlation_id, kept, subject, question, done, asked.second_guess)


def grade(event: Event[QuizAnswered], db: Connection, _: None) -> QuizGraded:
    """Answer whether the learner chose rightly, and why; where that cannot be said, say so instead.

    The first answer to a question that arrives is the one that counts, whichever quiz it was asked in.
    """
    answer, learner = event.data, event.learner_id
    asked = quiz_of(db, answer.quiz_id, learner)
    if asked is None:
        return not_graded(answer, NO_SUCH_QUIZ)
    question = _as_it_was(asked)
    if question is None:
        return not_graded(answer, NO_LONGER_ASKED, asked)
    options = shown_options(asked, question)
    if answer.choice >= len(options):
        return not_graded(answer, no_such_option(len(options)), asked)
    right = options[answer.choice].correct
    first = note_answer(db, learner, asked.question_id, right=right, answered_at=event.time)
    return graded(answer, asked, question, counts=first)


def _as_it_was(asked: Quiz) -> QuizQuestion | None:
    """Return the question of a quiz, None if the curriculum no longer has it as it was when it was posed."""
    if curriculum().topic(asked.topic) is None:
        return None
    questions = (each for each in quiz(asked.topic) if full_id(asked.topic, each.id) == asked.question_id)
    return next((each for each in questions if edition(each) == asked.edition), None)


@cache
def _names() -> Names:
    return Names(curriculum())


HANDLERS: Handlers = {QuizRequested: Handler(pose), QuizAnswered: Handler(grade)}
