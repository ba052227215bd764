"""What a client sends: read, and refused where it is not what it must be. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from functions.shared.edge.bodies import MAX_BODY_BYTES
from functions.shared.edge.documents import Question
from functions.shared.edge.idempotency import IDEMPOTENCY_KEY
from functions.shared.edge.problems import Problem, invalid, invalid_fields, too_large


@dataclass(frozen=True)
class Ask:
    """A question. `key` is the client's own name for it: however often it comes, it is one question."""

    key: str
    question: Question


@dataclass(frozen=True)
class Auth:
    """A token, as the first thing that is said, or later to be believed for longer."""

    token: str


@dataclass(frozen=True)
class Ping:
    """Is anybody there?"""


Said = Ask | Auth | Ping


class Junk(Exception):
    """Nothing that a client of ours sends; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.document["type"])
        self.problem = problem


class Unfit(Exception):
    """A frame whose fields are not as they must be; `key` is the client's own name for it, if it has one."""

    def __init__(self, problem: Problem, key: str | None = None) -> None:
        super().__init__(problem.document["type"])
        self.problem = problem
        self.key = key


def read(frame: str | bytes) -> Said:
    """Return what a frame says. Raises Junk or Unfit."""
    document = _document(frame)
    match document.pop("type", None):
        case "ask":
            return _ask(document)
        case "auth":
            token = document.get("token")
            if not isinstance(token, str) or not token:
                raise Unfit(invalid("token", "the access token that logging in brought"))
            return Auth(token)
        case "ping":
            return Ping()
        case _:
            raise Junk(invalid("type", "one of ask, auth, ping"))


def _document(frame: str | bytes) -> dict[str, Any]:
    if isinstance(frame, bytes):
        raise Junk(Problem(415, "not-text", "Send text", "A frame is text that holds one JSON object."))
    if len(frame) > MAX_BODY_BYTES or len(frame.encode(errors="replace")) > MAX_BODY_BYTES:
        raise Junk(too_large(MAX_BODY_BYTES))
    try:
        document = json.loads(frame)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Junk(Problem(400, "malformed-json", "Not JSON", "A frame holds one JSON object."))
    return document


def _ask(document: dict[str, Any]) -> Ask:
    key = document.pop("id", None)
    if not isinstance(key, str) or not IDEMPOTENCY_KEY.fullmatch(key):
        raise Unfit(invalid("id", "your own name for the question: 1 to 255 visible ASCII characters"))
    try:
        return Ask(key, Question.model_validate(document))
    except ValidationError as error:
        raise Unfit(invalid_fields(error.errors()), key) from error
