"""The JSON of quizzes: request bodies, and what there is to be asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from functions.curriculum.fitting import full_id
from functions.curriculum.models import Topic
from functions.curriculum.practice import QuizQuestion
from functions.gateway.exercise_documents import SessionId
from functions.shared.edge.documents import Body
from functions.shared.events import QuizRequested
from functions.shared.quizzing import QuizAnswered


class QuizWish(Body):
    """A wish to be questioned; what is left out is chosen to suit the learner."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"topic": "loops"}, {"question": "a hard one"}, {}]})

    topic: str | None = Field(None, description="The topic's id, as GET /api/v1/quizzes lists it.")
    question: str = Field("", description="What the learner wants to be asked about, in their own words.")
    session_id: SessionId = None

    def requested(self) -> QuizRequested:
        """Return the event's payload."""
        return QuizRequested(**self.model_dump())


class Choice(Body):
    """An answer to the quiz that the path names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"choice": 0}]})

    choice: int = Field(ge=0, strict=True, description="The place of the chosen option, from 0.")
    session_id: SessionId = None

    def answered(self, quiz_id: str) -> QuizAnswered:
        """Return the event's payload."""
        return QuizAnswered(quiz_id=quiz_id, choice=self.choice, session_id=self.session_id)


class QuizTopic(BaseModel):
    """A topic there are questions on, and how far the learner is with it."""

    topic: str = Field(description="Its id.", examples=["loops"])
    title: str
    questions: int = Field(description="How many there are.")
    answered: int = Field(description="How many of them the learner has answered.")
    right: int = Field(description="How many of these were right at the first answer, the one that counts.")


class QuizzesDocument(BaseModel):
    """What there is to be asked about."""

    quizzes: list[QuizTopic]


def listed_topic(topic: Topic, questions: Sequence[QuizQuestion], first_answers: Mapping[str, bool]) -> QuizTopic:
    """Return a topic as it is listed; `first_answers` holds, by full id, whether each was right."""
    names = [full_id(topic.id, question.id) for question in questions]
    answers = [first_answers[name] for name in names if name in first_answers]
    return QuizTopic(
        topic=topic.id, title=topic.title, questions=len(questions), answered=len(answers), right=sum(answers)
    )
