"""What a client is sent: frames, as a WebSocket's text or as a server-sent event. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from fastapi.sse import format_sse_event

from functions.realtime.cursor import Cursor
from functions.realtime.tabs import Stage
from functions.shared.edge.problems import Problem


class Close(IntEnum):
    """Why a WebSocket is closed, in the code of its close frame (RFC 6455, 7.4; from 4000 on they are ours)."""

    STRANGE = 1008
    BUG = 1011
    COME_AGAIN = 1012
    TRY_LATER = 1013
    NOT_LOGGED_IN = 4401
    NOT_YOURS = 4403


@dataclass(frozen=True)
class Frame:
    """One thing that is said. `cursor` is what the client has seen when it has seen this, `close` what follows it."""

    type: str
    body: Mapping[str, Any]
    cursor: Cursor | None = None
    close: Close | None = None

    @property
    def text(self) -> str:
        """The frame as JSON."""
        id = {} if self.cursor is None else {"id": str(self.cursor)}
        return json.dumps({"type": self.type, **id, **self.body}, ensure_ascii=False, separators=(",", ":"))

    @property
    def event(self) -> bytes:
        """The frame as a server-sent event; of one that asks to come again later, its time is the browser's too."""
        if self.type == "heartbeat":
            return format_sse_event(comment="")
        return format_sse_event(
            event=self.type,
            data_str=self.text,
            id=None if self.cursor is None else str(self.cursor),
            retry=self.body.get("after_ms"),
        )


def hello(learner: str, cursor: Cursor) -> Frame:
    """Return what is said first: from where on things are told."""
    return Frame("hello", {"student_id": learner}, cursor)


def message(request_id: str, type: str, body: Mapping[str, Any], cursor: Cursor) -> Frame:
    """Return something said to the learner: the answer to a request of theirs, or more on it."""
    return Frame("message", {"request_id": request_id, "message": {"type": type, **body}}, cursor)


def alert(document: Mapping[str, Any], cursor: Cursor) -> Frame:
    """Return a notification, as GET /api/v1/notifications shows it."""
    return Frame("alert", {"alert": document}, cursor)


def routed(request_id: str, routed_to: str) -> Frame:
    """Return where a question went. Nobody needs it to be complete, so it has no id."""
    return Frame("routed", {"request_id": request_id, "routed_to": routed_to})


def stage(request_id: str, stage: str) -> Frame:
    """Return what a language model's answer is waited for: that it is written, or checked. It has no id either."""
    return Frame("stage", {"request_id": request_id, "stage": stage})


def told(one: Stage) -> Frame:
    """Return how far a question is."""
    return {"routed": routed, "stage": stage}[one.kind](one.request_id, one.what)


def reconnect(cursor: Cursor, after_ms: int) -> Frame:
    """Return the request to come again, which ends the connection."""
    return Frame("reconnect", {"last_id": str(cursor), "after_ms": after_ms}, close=Close.COME_AGAIN)


def login_soon(cursor: Cursor, in_ms: int) -> Frame:
    """Return the notice that the login ends, while a new token still prolongs the connection."""
    return Frame("login-again", {"last_id": str(cursor), "in_ms": in_ms})


def logged_out(cursor: Cursor) -> Frame:
    """Return the same when it is too late, which ends the connection."""
    return Frame("login-again", {"last_id": str(cursor), "in_ms": 0}, close=Close.NOT_LOGGED_IN)


def authenticated() -> Frame:
    """Return the answer to a token that is believed."""
    return Frame("authenticated", {})


def accepted(key: str, request_id: str, status: str) -> Frame:
    """Return the answer to a question: which request it is, and how far."""
    return Frame("accepted", {"id": key, "request_id": request_id, "status": status})


def pong() -> Frame:
    """Return the answer to a ping."""
    return Frame("pong", {})


def problem(problem: Problem, key: str | None = None) -> Frame:
    """Return what is wrong with something the client sent (RFC 9457), with the seconds after which trying again makes
    sense where there are such; `key` is what the client called it."""
    again = {"retry_after": int(problem.headers["Retry-After"])} if "Retry-After" in problem.headers else {}
    return Frame("problem", {"id": key, "problem": {**problem.document, **again}})


def heartbeat() -> Frame:
    """Return a sign of life, which on a WebSocket its own pings are."""
    return Frame("heartbeat", {})
