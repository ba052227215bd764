"""What goes wrong, told as RFC 9457 problem details that name the field and never repeat what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from functions.shared.errors import Erased, TryAgainLater
from functions.shared.text import storable

PROBLEM_JSON = "application/problem+json"
TYPES = "urn:learnflow:problem:"
RETRY_AFTER_SECONDS = 2
MAX_FIELDS = 20
"""Field errors named in one answer; a body may hold thousands of unknown fields."""
_MAX_FIELD_NAME = 100

log = structlog.get_logger()


class Problem(Exception):
    """Something to tell the client; `members` are extension members of the document."""

    def __init__(
        self,
        status: int,
        slug: str,
        title: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(slug)
        self.status = status
        self.headers = dict(headers or {})
        self.document = {"type": TYPES + slug, "title": title, "status": status, "detail": detail, **members}

    def response(self) -> Response:
        """Return the answer to send."""
        body = json.dumps(storable(self.document), ensure_ascii=False).encode()
        headers = {"Cache-Control": "no-store", **self.headers}
        return Response(body, self.status, headers=headers, media_type=PROBLEM_JSON)


def invalid(field: str, message: str) -> Problem:
    """Return the problem of one field, named as `body.question` or `header.Prefer`."""
    return _invalid([{"field": field, "message": message}])


def invalid_fields(found: Sequence[Mapping[str, Any]]) -> Problem:
    """Return the problem of fields that are not as they must be, as pydantic's `errors()` names them."""
    return _invalid([{"field": _field(each["loc"]), "message": _message(each)} for each in found])


def not_found() -> Problem:
    """Return the problem of a request that is not there, or is somebody else's: nobody learns which."""
    return Problem(404, "not-found", "There is no such request", "You have no request of this id.")


def too_large(limit: int) -> Problem:
    """Return the problem of a body of more than `limit` bytes. The rest of it is not read."""
    return Problem(
        413,
        "too-large",
        "The body is too large",
        f"A body may have up to {limit:,} bytes.",
        headers={"Connection": "close"},
    )


def too_slow(seconds: float) -> Problem:
    """Return the problem of a body that did not come within `seconds`. The rest of it is not waited for."""
    return Problem(
        408,
        "too-slow",
        "The body did not come",
        f"A body has to be there within {seconds:g} seconds.",
        headers={"Connection": "close"},
    )


def unexpected() -> Problem:
    """Return the problem of a bug of ours."""
    return Problem(500, "unexpected", "An unexpected error", "Something broke on our side; our logs say more.")


def deleted() -> Problem:
    """Return the problem of whoever is deleted, or asks for something of somebody who is."""
    return Problem(
        410, "deleted", "Deleted", "The person whom this is about has been deleted, and nothing of theirs is kept."
    )


def unavailable() -> Problem:
    """Return the problem of a dependency that does not answer now."""
    return Problem(
        503,
        "unavailable",
        "Not available right now",
        "Something we depend on does not answer. Please try again in a moment.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


async def on_problem(_request: Request, problem: Exception) -> Response:
    """Answer with a problem that was raised."""
    assert isinstance(problem, Problem)
    return problem.response()


async def on_try_again_later(_request: Request, error: Exception) -> Response:
    """Answer 503 where the database or the broker does not answer."""
    assert isinstance(error, TryAgainLater)
    log.warning("dependency.unavailable", reason=str(error))
    return unavailable().response()


async def on_erased(_request: Request, _error: Exception) -> Response:
    """Answer 410 to whoever has a token still, and no row any more."""
    return deleted().response()


async def on_validation_error(_request: Request, error: Exception) -> Response:
    """Answer 400 to what is no JSON, 422 to JSON that is not what the route takes."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return _malformed().response()
    return invalid_fields(found).response()


async def on_http_exception(_request: Request, error: Exception) -> Response:
    """Answer what the framework says (no such path, wrong method, unreadable body) as a problem."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return _malformed().response()
    texts = {
        404: ("not-found", "There is nothing here", "No such path. /docs lists those there are."),
        405: ("method-not-allowed", "Not with this method", "This path does not take this method."),
    }
    slug, title, detail = texts.get(error.status_code, ("refused", "Refused", "This cannot be done."))
    return Problem(error.status_code, slug, title, detail, headers=error.headers).response()


HANDLERS: dict[int | type[Exception], Any] = {
    Problem: on_problem,
    TryAgainLater: on_try_again_later,
    Erased: on_erased,
    RequestValidationError: on_validation_error,
    HTTPException: on_http_exception,
}


def _malformed() -> Problem:
    return Problem(
        400,
        "malformed-json",
        "The body is not JSON",
        "The body cannot be read as JSON.",
        errors=[{"field": "body", "message": "not JSON"}],
    )


def _invalid(errors: list[dict[str, str]]) -> Problem:
    named = ", ".join(each["field"] for each in errors[:3]) + (", …" if len(errors) > 3 else "")
    return Problem(
        422,
        "invalid-request",
        "The request is not as it must be",
        f"Please correct {named}.",
        errors=errors[:MAX_FIELDS],
    )


def _field(location: Sequence[str | int]) -> str:
    return ".".join(str(part)[:_MAX_FIELD_NAME] for part in location)


def _message(error: Mapping[str, Any]) -> str:
    return "There is no such field here" if error["type"] == "extra_forbidden" else str(error["msg"])
