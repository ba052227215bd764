"""What tests of functions need: an event as it would arrive, and a call as the platform would make it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Request
from werkzeug.test import EnvironBuilder

from functions.shared.envelope import cloud_event, decode, to_http
from functions.shared.events import Event
from functions.shared.payload import Payload
from functions.shared.serving import Function

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)

KNOWS = """
    INSERT INTO progress (learner_id, topic, exercises, score_sum, answers, right_answers, programs, quality_sum)
    VALUES (%(learner)s, %(topic)s, 9, 10 * %(mastery)s, 90, %(mastery)s, 9, 10 * %(mastery)s)
    ON CONFLICT (learner_id, topic) DO UPDATE
    SET score_sum = excluded.score_sum, right_answers = excluded.right_answers, quality_sum = excluded.quality_sum
"""
"""Makes a learner who was not active lately master a topic, 0 to 90; they and the sums agree exactly."""


@dataclass(frozen=True)
class Answer:
    """What the platform got back: status, headers with lower-case names, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, str]:
        """The CloudEvents attributes of the reply."""
        return {name[3:]: value for name, value in self.headers.items() if name.startswith("ce-")}

    @property
    def data(self) -> Any:
        """The reply's JSON data."""
        return json.loads(self.body)


def arriving(payload: Payload, *, learner: str = "ada", **attributes: str) -> tuple[dict[str, str], bytes]:
    """Return headers and body of an event in binary mode, from the gateway unless `attributes` say otherwise."""
    named = {"id": "e1", "source": "/learnflow/gateway", "hops": "0", **attributes}
    return to_http(cloud_event(payload, learner=learner, now=NOON, **named))


def received(payload: Payload, *, learner: str = "ada", **attributes: str) -> Event[Any]:
    """Return the event a handler would be given for `payload`."""
    return decode(*arriving(payload, learner=learner, **attributes), {payload.TYPE: type(payload)})


def deliver(function: Function, headers: Mapping[str, str], body: bytes) -> Answer:
    """POST to a function in this process and return its answer."""
    return _call(function, EnvironBuilder("/", method="POST", headers=list(headers.items()), data=body))


def look(function: Function, path: str) -> Answer:
    """GET a path of a function in this process and return its answer."""
    return _call(function, EnvironBuilder(path))


def _call(function: Function, request: EnvironBuilder) -> Answer:
    response = function(Request(request.get_environ()))
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.get_data())
