"""Manners: how a request is answered, well or badly. Each makes a reply of a request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.model_stand_in.filling import filled

if TYPE_CHECKING:
    from tests.model_stand_in.server import Asked

JSON, EVENTS = "application/json", "text/event-stream"


@dataclass(frozen=True)
class Reply:
    """What is sent, and how. `sent` bytes of the body and then the connection is cut, 0: before anything is said;
    `seconds_before` anything is, and `seconds_between` single bytes; `hangs`: nothing is ever sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    sent: int | None = None
    seconds_before: float = 0.0
    seconds_between: float = 0.0
    hangs: bool = False


Manner = Callable[["Asked"], Reply]


def says(text: str, *, finish: str = "stop", refusal: str | None = None, model: str | None = None) -> Manner:
    """Answer with a text, whole or, if that is asked for, in events of a word each."""

    def answered(asked: Asked) -> Reply:
        named = model or asked.body.get("model", "")
        if asked.body.get("stream"):
            return _streamed(text, finish, named, asked)
        message = {"role": "assistant", "content": None if refusal else text, "refusal": refusal}
        choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        document = {**_head("chat.completion", named), "choices": [choice], "usage": usage(asked, text)}
        return Reply(200, json.dumps(document).encode())

    return answered


def fits() -> Manner:
    """Answer with what fits the schema that is asked for, made of the prompt."""
    return lambda asked: says(json.dumps(filled(schema_of(asked), asked.said_first), ensure_ascii=False))(asked)


def fails(
    status: int,
    *,
    code: str | None = None,
    param: str | None = None,
    message: str = "It does not work.",
    headers: Mapping[str, str] | None = None,
) -> Manner:
    """Answer with an error; `headers` such as Retry-After go with it."""
    error = {"message": message, "type": "error", "param": param, "code": code}
    return lambda _: Reply(status, json.dumps({"error": error}).encode(), {"Content-Type": JSON, **(headers or {})})


def sends(body: bytes, content_type: str = JSON) -> Manner:
    """Answer 200 with any bytes."""
    return lambda _: Reply(200, body, {"Content-Type": content_type})


def hangs() -> Manner:
    """Take the request and never say a word."""
    return lambda _: Reply(200, b"", hangs=True)


def cuts(manner: Manner, *, after_bytes: int = 0) -> Manner:
    """Answer, and cut the connection after so many bytes of the body; 0: without having said anything."""
    return lambda asked: replace(manner(asked), sent=after_bytes)


def thinks(manner: Manner, *, seconds: float) -> Manner:
    """Answer after so many seconds."""
    return lambda asked: replace(manner(asked), seconds_before=seconds)


def trickles(manner: Manner, *, seconds_between: float) -> Manner:
    """Answer byte by byte."""
    return lambda asked: replace(manner(asked), seconds_between=seconds_between)


def schema_of(asked: Asked) -> dict[str, Any]:
    """Return the schema that an answer has to fit: the format's, or what a message says in words."""
    form = asked.body.get("response_format", {})
    if "json_schema" in form:
        return dict(form["json_schema"]["schema"])
    for message in asked.body["messages"]:
        if found := re.search(r"JSON Schema:\n(\{.*\})", message["content"], re.DOTALL):
            return dict(json.loads(found[1]))
    return {"type": "object", "properties": {"text": {"type": "string"}}}


def usage(asked: Asked, text: str) -> dict[str, int]:
    """Return what it cost: a token is four characters here."""
    prompt = sum(len(message["content"]) for message in asked.body["messages"]) // 4
    return {"prompt_tokens": prompt, "completion_tokens": len(text) // 4, "total_tokens": prompt + len(text) // 4}


def _streamed(text: str, finish: str, model: str, asked: Asked) -> Reply:
    words = re.findall(r"\S*\s*", text)[:-1] or [""]
    deltas: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]} for word in words
    ]
    deltas.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if asked.body.get("stream_options", {}).get("include_usage"):
        deltas.append({"choices": [], "usage": usage(asked, text)})
    events = [json.dumps({**_head("chat.completion.chunk", model), **delta}) for delta in deltas]
    return Reply(200, "".join(f"data: {each}\n\n" for each in [*events, "[DONE]"]).encode(), {"Content-Type": EVENTS})


def _head(kind: str, model: str) -> dict[str, Any]:
    return {"id": "chatcmpl-stand-in", "object": kind, "created": 0, "model": model}
