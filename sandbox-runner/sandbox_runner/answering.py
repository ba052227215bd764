"""What is asked of the sandbox and what it answers. Pure: event data to programs, results to event data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sandbox_runner.envelope import Event, storable
from sandbox_runner.errors import MalformedEvent, RejectedEvent
from sandbox_runner.limits import Limits
from sandbox_runner.output import cut
from sandbox_runner.program import Program
from sandbox_runner.result import Result

MAX_TRIALS = 20
MOST_BYTES = 192 * 1024
"""Of an answer's data, encoded in ASCII: with its attributes an event stays under 200 KB."""

Text = Annotated[str, BeforeValidator(lambda given: storable(given) if isinstance(given, str) else given)]
Name = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
"""What goes into a header as it is."""


class Part(BaseModel):
    """A part of a request; fields that it does not know are ignored, so that who asks may be newer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Request(Part):
    """What is asked; each kind knows its programs and the shape of its answer."""

    TYPE: ClassVar[str]
    ANSWER: ClassVar[str]
    FROM_OUTSIDE: ClassVar[bool] = False
    """Whether it may come in by a topic. What decides on a grade or a draft is asked by our own functions only: the
    answer looks the same whoever asked."""

    def programs(self) -> tuple[Program, ...]:
        """What is to be run, each in a process of its own."""
        raise NotImplementedError

    def limits(self, limits: Limits) -> Limits:
        """The limits of each run: one of many may say less than one alone."""
        return limits.graded()

    def answer(self, results: Sequence[Result]) -> dict[str, Any]:
        """The answer's data, results in the order of the programs."""
        raise NotImplementedError

    def extensions(self) -> Mapping[str, str]:
        """What the answer's event carries beside what every answer does."""
        return {}


class CodeSubmitted(Request):
    TYPE = "org.learnflow.code.submitted.v1"
    ANSWER = "org.learnflow.code.executed.v1"
    FROM_OUTSIDE = True
    code: Text
    stdin: Text = ""

    def programs(self) -> tuple[Program, ...]:
        return (Program(self.code, self.stdin),)

    def limits(self, limits: Limits) -> Limits:
        return limits

    def answer(self, results: Sequence[Result]) -> dict[str, Any]:
        return {"code_hash": hashlib.sha256(self.code.encode()).hexdigest(), **results[0].as_dict()}


class Trial(Part):
    call: Text | None = None
    before: Text = ""
    stdin: Text = ""


class CheckTrial(Trial):
    code: Text | None = None


class GradingRequested(Request):
    TYPE = "org.learnflow.grading.requested.v1"
    ANSWER = "org.learnflow.grading.executed.v1"
    submission_id: Text
    code: Text
    trials: tuple[Trial, ...] = Field(max_length=MAX_TRIALS)

    def programs(self) -> tuple[Program, ...]:
        return tuple(Program(self.code, trial.stdin, trial.before, trial.call) for trial in self.trials)

    def answer(self, results: Sequence[Result]) -> dict[str, Any]:
        return {"submission_id": self.submission_id, "results": _tried(results)}


class CheckRequested(Request):
    TYPE = "org.learnflow.check.requested.v1"
    ANSWER = "org.learnflow.check.executed.v1"
    requester: Name
    draft_id: Name
    code: Text
    trials: tuple[CheckTrial, ...] = Field(min_length=1, max_length=MAX_TRIALS)

    def programs(self) -> tuple[Program, ...]:
        return tuple(
            Program(self.code if trial.code is None else trial.code, trial.stdin, trial.before, trial.call)
            for trial in self.trials
        )

    def answer(self, results: Sequence[Result]) -> dict[str, Any]:
        named = {"requester": self.requester, "draft_id": self.draft_id}
        return {**named, "outcome": "executed", "results": _tried(results)}

    def extensions(self) -> Mapping[str, str]:
        """By these the requester's Trigger, and the requester, know the answer for theirs."""
        return {"requester": self.requester, "draftid": self.draft_id}


REQUESTS: Mapping[str, type[Request]] = {kind.TYPE: kind for kind in (CodeSubmitted, GradingRequested, CheckRequested)}


def asked(event: Event) -> Request:
    """Return what an event asks for. Raises MalformedEvent, RejectedEvent."""
    kind = REQUESTS.get(event.type)
    if kind is None:
        raise RejectedEvent(f"type {event.type} is not handled here")
    if event.ingress and not kind.FROM_OUTSIDE:
        raise RejectedEvent(f"{event.type} is asked by functions only, not through {event.ingress}")
    try:
        return kind.model_validate(event.data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        said = "; ".join(f"{'.'.join(map(str, problem['loc'])) or 'object'}: {problem['msg']}" for problem in problems)
        raise MalformedEvent(f"data: {said}") from error


def encoded(request: Request, results: Sequence[Result], most_bytes: int = MOST_BYTES) -> bytes:
    """Return the answer's data as JSON in ASCII of at most so many bytes, the streams cut further where need be."""
    room = max((len(stream) for result in results for stream in (result.stdout, result.stderr)), default=0)
    while True:
        body = json.dumps(request.answer(results), separators=(",", ":")).encode("ascii")
        if len(body) <= most_bytes or not room:
            return body
        room //= 2
        results = [_shortened(result, room) for result in results]


def _tried(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Results without what is the same for all."""
    apart = {"backend", "layers"}
    return [{name: value for name, value in result.as_dict().items() if name not in apart} for result in results]


def _shortened(result: Result, most_bytes: int) -> Result:
    stdout, stdout_cut = cut(result.stdout, most_bytes)
    stderr, stderr_cut = cut(result.stderr, most_bytes)
    return replace(
        result,
        stdout=stdout,
        stderr=stderr,
        stdout_cut=result.stdout_cut or stdout_cut,
        stderr_cut=result.stderr_cut or stderr_cut,
    )
