"""Quizzing: questions with options as learners get them, their answers, and what came of these."""

from __future__ import annotations

from pydantic import Field

from functions.shared.payload import Difficulty, Payload


class QuizPosed(Payload):
    """A quiz question for a learner, without its answer; or that there is none that fits (`quiz_id` null)."""

    TYPE = "org.learnflow.quiz.posed.v1"
    quiz_id: str | None = Field(description="What an answer is sent under.")
    topic: str | None
    title: str
    question: str = Field(description="Markdown.")
    code: str | None = Field(default=None, description="A program that the question is about.")
    options: tuple[str, ...] = Field(default=(), description="Markdown; an answer names one by its place, from 0.")
    difficulty: Difficulty | None = None
    answered: int = Field(default=0, description="How many questions on the topic the learner has answered before.")
    answered_by: str = "built-in"


class QuizAnswered(Payload):
    """A learner answers a quiz question."""

    TYPE = "org.learnflow.quiz.answered.v1"
    quiz_id: str
    choice: int = Field(ge=0, description="The place of the chosen option, from 0.")
    session_id: str | None = None


class QuizGraded(Payload):
    """An answer was right or wrong, or it is said why it could not be taken (`correct` null)."""

    TYPE = "org.learnflow.quiz.graded.v1"
    quiz_id: str
    topic: str | None
    question_id: str | None = Field(default=None, description="`<topic>/<question>` in the curriculum.")
    correct: bool | None
    counts: bool = Field(
        default=False, description="Whether it counts: the first answer to this question that the learner ever gave."
    )
    choice: int | None = None
    right_choice: int | None = None
    explanation: str = Field(description="Markdown: about the chosen option, and about the right one.")
