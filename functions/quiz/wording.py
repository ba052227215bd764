"""Wording: what is said with a question, of an answer, and when there is neither."""

from __future__ import annotations

from collections.abc import Collection

from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.naming import in_a_sentence
from functions.curriculum.offering import closed, closed_title, offered
from functions.curriculum.practice import Option, QuizQuestion
from functions.quiz.posing import Quiz, shown_options
from functions.shared.doubt import with_doubt
from functions.shared.markdown import code
from functions.shared.payload import Intent
from functions.shared.quizzing import QuizAnswered, QuizGraded, QuizPosed

NO_LONGER_ASKED = (
    "This question is no longer asked in the way you saw it, so I cannot say whether you chose rightly. Your answer "
    "does not count; ask for the next question."
)
NO_SUCH_QUIZ = (
    "I have not asked you this question. Ask for a quiz first, and answer under the `quiz_id` that the question comes "
    "with."
)
_AGAIN = "You had answered this question before, and the first answer is the one that counts."


def posed(
    quiz_id: str,
    quiz: Quiz,
    topic: Topic,
    question: QuizQuestion,
    done: Collection[str],
    second_guess: Intent | None = None,
) -> QuizPosed:
    """Return the question as a learner gets it: nothing in it tells which option is right.

    `done` are the full ids of the questions that the learner has answered, on whatever topic.
    """
    return QuizPosed(
        quiz_id=quiz_id,
        topic=topic.id,
        title=f"A question on {in_a_sentence(topic.title)}",
        question=with_doubt(question.question.strip(), second_guess),
        code=question.code,
        options=tuple(_as_markdown(option, question) for option in shown_options(quiz, question)),
        difficulty=question.difficulty,
        answered=sum(name.startswith(f"{topic.id}/") for name in done),
    )


def no_question(subject: Subject | None, curriculum: Curriculum) -> QuizPosed:
    """Say that there are no questions on a subject, or on one that is not known, and what there are some on."""
    about = in_a_sentence(subject.title) if subject else "this"
    why = f"I have no questions on **{about}** yet, and I would rather say so than ask you something else."
    return _nothing_posed(f"No questions on {about} yet", why, subject, curriculum)


def not_open(topic: Topic, curriculum: Curriculum) -> QuizPosed:
    """Say that a learner's course has not opened a topic, and which it has; the nearest to what was asked first."""
    return _nothing_posed(closed_title("questions", topic), closed(topic), topic, curriculum)


def _nothing_posed(title: str, why: str, subject: Subject | None, curriculum: Curriculum) -> QuizPosed:
    intro = "Here is what I can ask you about; say, for example:"
    instead = offered(curriculum.suggested(subject), intro, "Quiz me on {}.")
    return QuizPosed(quiz_id=None, topic=None, title=title, question=f"{why}\n\n{instead}")


def graded(answer: QuizAnswered, quiz: Quiz, question: QuizQuestion, *, counts: bool) -> QuizGraded:
    """Return what came of an answer to one of a quiz's options, with why."""
    options = shown_options(quiz, question)
    chosen, right = options[answer.choice], question.answer
    said = [f"**Right.** {chosen.explanation.strip()}"]
    if not chosen.correct:
        said = [
            f"**Not quite.** {chosen.explanation.strip()}",
            f"**This is right:** {_as_markdown(right, question)}",
            right.explanation.strip(),
        ]
    return QuizGraded(
        quiz_id=answer.quiz_id,
        topic=quiz.topic,
        question_id=quiz.question_id,
        correct=chosen.correct,
        counts=counts,
        choice=answer.choice,
        right_choice=options.index(right),
        explanation="\n\n".join([*said, *([] if counts else [_AGAIN])]),
    )


def not_graded(answer: QuizAnswered, why: str, quiz: Quiz | None = None) -> QuizGraded:
    """Return that an answer could not be taken, and why; what is right is not told."""
    return QuizGraded(
        quiz_id=answer.quiz_id,
        topic=quiz.topic if quiz else None,
        question_id=quiz.question_id if quiz else None,
        correct=None,
        choice=answer.choice,
        explanation=why,
    )


def no_such_option(options: int) -> str:
    """Say that a choice names none of so many options."""
    return (
        f"That is none of the options: there are {options}, and they are counted from 0 to {options - 1}. Nothing is "
        "lost; choose again."
    )


def _as_markdown(option: Option, question: QuizQuestion) -> str:
    """Return an option as it is shown: outputs to the letter."""
    to_the_letter = question.asks_for_output and not option.in_words
    return code(option.text).strip() if to_the_letter else option.text
