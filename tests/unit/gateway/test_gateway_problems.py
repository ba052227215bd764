"""Problems have the form of RFC 9457 whatever they are about, and name fields without repeating what was sent."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from functions.shared.edge import problems
from functions.shared.edge.problems import Problem
from functions.shared.errors import TryAgainLater

REQUEST = Request({"type": "http", "headers": []})


def told(response: Response) -> dict[str, Any]:
    """Return the document of a response."""
    assert response.media_type == "application/problem+json"
    document: dict[str, Any] = json.loads(bytes(response.body))
    assert document["status"] == response.status_code
    return document


def test_a_problem_has_every_member_it_was_given():
    problem = Problem(503, "slug", "Title", "Detail.", headers={"Retry-After": "2"}, instance="/x", id="1")

    assert told(problem.response()) == {
        "type": "urn:learnflow:problem:slug",
        "title": "Title",
        "status": 503,
        "detail": "Detail.",
        "instance": "/x",
        "id": "1",
    }
    assert problem.response().headers["retry-after"] == "2"


def test_half_a_surrogate_in_a_field_name_can_be_told():
    document = told(problems.invalid("body.\ud800\x00", "no").response())

    assert document["errors"] == [{"field": "body.��", "message": "no"}]


def test_fields_are_named_by_their_path_and_not_quoted():
    error = RequestValidationError(
        [
            {"type": "missing", "loc": ("body", "question"), "msg": "Field required", "input": {"secret": 1}},
            {"type": "extra_forbidden", "loc": ("body", "x"), "msg": "Extra inputs", "input": "secret"},
        ]
    )
    document = told(asyncio.run(problems.on_validation_error(REQUEST, error)))

    assert document["errors"] == [
        {"field": "body.question", "message": "Field required"},
        {"field": "body.x", "message": "There is no such field here"},
    ]
    assert document["detail"] == "Please correct body.question, body.x."
    assert "secret" not in json.dumps(document)


def test_many_fields_are_cut_short():
    errors = [{"type": "missing", "loc": ("body", "f" * 500), "msg": "no"}] * 1000
    document = told(asyncio.run(problems.on_validation_error(REQUEST, RequestValidationError(errors))))

    assert len(document["errors"]) == problems.MAX_FIELDS
    assert len(document["errors"][0]["field"]) < 120


@pytest.mark.parametrize("status", [400, 404, 405, 406, 418, 431])
def test_whatever_the_framework_refuses_is_a_problem(status: int):
    error = HTTPException(status, "secret", headers={"Allow": "GET"})
    response = asyncio.run(problems.on_http_exception(REQUEST, error))

    assert told(response)["status"] == status
    assert "secret" not in bytes(response.body).decode()


def test_who_may_try_again_is_told_when():
    response = asyncio.run(problems.on_try_again_later(REQUEST, TryAgainLater("postgresql://user:secret@host")))

    assert told(response)["status"] == 503
    assert int(response.headers["retry-after"]) > 0
    assert "secret" not in bytes(response.body).decode()
