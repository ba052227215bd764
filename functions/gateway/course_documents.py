"""The JSON of courses: what a teacher wants of one, as its teacher sees it, and as those see it who are in it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.gateway.course_codes import ALPHABET, LENGTH
from functions.gateway.course_queries import JoinedCourse, KeptCourse
from functions.gateway.cursors import cursor_after
from functions.gateway.limit_documents import Cost, in_millionths, in_money, limit_in_money
from functions.shared.courses.policy import HintPolicy, SolutionPolicy
from functions.shared.edge.documents import Body

MOST_TOPICS = 100
_MAY_BE_NULL = {"allowed_topics", "daily_model_answers", "daily_model_tokens", "daily_model_cost"}
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")


def _in_one_line(title: str) -> str:
    if _CONTROL.search(title):
        raise PydanticCustomError("title", "One line without control characters")
    return title


Title = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["Python 1b"]), AfterValidator(_in_one_line)
]
Topics = Annotated[
    tuple[str, ...],
    Field(
        min_length=1,
        max_length=MOST_TOPICS,
        description="Ids of topics, as GET /api/v1/concepts lists them: the tutor keeps to these. Null: to all.",
        examples=[["loops", "lists"]],
    ),
]
Hints = Annotated[
    HintPolicy, Field(description="`staged`: one hint more each time the learner asks; `all`: all at once.")
]
Solutions = Annotated[
    SolutionPolicy, Field(description="Whether an exercise's solution is shown to whoever has passed it.")
]
Model = Annotated[bool, Field(strict=True, description="Whether a language model may help to answer.")]
DailyAnswers = Annotated[
    int,
    Field(
        ge=0,
        le=1_000_000,
        strict=True,
        description="Answers of a language model that all learners together get a day. Null: as many as they have "
        "themselves.",
    ),
]

DailyTokens = Annotated[
    int,
    Field(
        ge=0,
        le=2_000_000_000,
        strict=True,
        description="Tokens, prompts included, that those answers may take a day. Null: as many as they may take "
        "themselves.",
    ),
]
DailyCost = Annotated[
    float,
    Field(
        ge=0,
        le=1_000_000,
        strict=True,
        allow_inf_nan=False,
        description="What those answers may cost a day, to the millionth, in the currency of the prices that are set "
        "up; refused where none are. Null: what they may cost themselves.",
    ),
]


class CourseWish(Body):
    """A course, as somebody wants to teach it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "Python 1b"},
                {"title": "Exam week", "allowed_topics": ["loops", "lists"], "hint_policy": "staged",
                 "solution_policy": "never", "model": False},
            ]
        }
    )  # fmt: skip

    title: Title
    allowed_topics: Topics | None = None
    hint_policy: Hints = "all"
    solution_policy: Solutions = "after_passing"
    model: Model = True
    daily_model_answers: DailyAnswers | None = None
    daily_model_tokens: DailyTokens | None = None
    daily_model_cost: DailyCost | None = None

    def columns(self, teacher: str, code: str) -> dict[str, Any]:
        """Return the course's columns."""
        fresh = {"id": str(uuid.uuid4()), "teacher_id": teacher, "code": code}
        return {**_columns(self.model_dump()), **fresh}


class CourseChange(Body):
    """What is to be different about a course; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"hint_policy": "staged"}, {"allowed_topics": None, "model": False}]}
    )

    title: Title | None = None
    allowed_topics: Topics | None = None
    hint_policy: Hints | None = None
    solution_policy: Solutions | None = None
    model: Model | None = None
    daily_model_answers: DailyAnswers | None = None
    daily_model_tokens: DailyTokens | None = None
    daily_model_cost: DailyCost | None = None

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        for name in self.model_fields_set - _MAY_BE_NULL:
            if getattr(self, name) is None:
                raise PydanticCustomError("null", "{name} cannot be null", {"name": name})
        return self

    def columns(self) -> dict[str, Any]:
        """Return the columns that change."""
        return _columns(self.model_dump(exclude_unset=True))


class Joining(Body):
    """The wish to be in a course."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "K7QM-3FXA"}]})

    code: str = Field(
        max_length=64,
        description=f"{LENGTH} of `{ALPHABET}`, as the teacher says it; its case, spaces and hyphens are no matter.",
    )


class ModelUseDocument(BaseModel):
    """What the learners of a course had of a language model today (UTC), all together."""

    answers: int
    tokens: int
    cost: float = Cost


class CourseDocument(BaseModel):
    """A course as its teacher sees it."""

    id: str
    teacher_id: str
    title: str
    code: str = Field(description="What learners join by: POST /api/v1/enrolments.")
    allowed_topics: list[str] | None
    hint_policy: HintPolicy
    solution_policy: SolutionPolicy
    model: bool
    daily_model_answers: int | None
    daily_model_tokens: int | None
    daily_model_cost: float | None
    created_at: datetime
    learners: int = Field(description="How many are in it.")
    model_today: ModelUseDocument


class JoinedDocument(BaseModel):
    """A course as those see it who are in it."""

    id: str
    title: str
    teacher_id: str = Field(description="Whom POST /api/v1/notifications/send may name.")
    teacher_name: str | None
    allowed_topics: list[str] | None
    hint_policy: HintPolicy
    solution_policy: SolutionPolicy
    model: bool
    joined_at: datetime


class CoursesDocument(BaseModel):
    """What somebody teaches, a page at a time, and what they are in."""

    teaching: list[CourseDocument] = Field(description="The latest first; for an admin, all there are.")
    joined: list[JoinedDocument] = Field(description="In the order in which they were joined; on every page the same.")
    next: str | None = Field(description="The `cursor` of the next page of `teaching`; null on the last.")


def course(kept: KeptCourse) -> dict[str, Any]:
    """Return a course as its teacher sees it."""
    answers, tokens, cost = kept.model_today or (0, 0, 0)
    use = ModelUseDocument(answers=answers, tokens=tokens, cost=in_money(cost))
    shown = {"daily_model_cost": limit_in_money(kept.daily_model_cost), "model_today": use}
    return CourseDocument.model_validate({**vars(kept), **shown}).model_dump(mode="json")


def joined_course(kept: JoinedCourse) -> dict[str, Any]:
    """Return a course as those see it who are in it."""
    return JoinedDocument.model_validate(kept, from_attributes=True).model_dump(mode="json")


def courses(taught: Sequence[KeptCourse], joined: Sequence[JoinedCourse], size: int) -> dict[str, Any]:
    """Return a page of `size` out of courses, of which there is one more where there is another page."""
    shown = taught[:size]
    after = shown[-1] if len(taught) > size else None
    return {
        "teaching": [course(each) for each in shown],
        "joined": [joined_course(each) for each in joined],
        "next": cursor_after(after.created_at, after.id) if after else None,
    }


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a course as it is kept: topics each once, money in millionths."""
    columns = dict(fields)
    if "allowed_topics" in fields:
        columns["allowed_topics"] = topics_in(fields["allowed_topics"])
    if (cost := fields.get("daily_model_cost")) is not None:
        columns["daily_model_cost"] = in_millionths(cost)
    return columns


def topics_in(named: Sequence[str] | None) -> list[str] | None:
    """Return topics as they are kept: each once; None: all there are."""
    return None if named is None else list(dict.fromkeys(named))
