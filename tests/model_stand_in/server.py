"""The server: HTTP in, a completion or an error out, in the shapes of OpenAI's Chat Completions."""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.model_stand_in.manners import Manner, Reply, fails, fits
from tests.model_stand_in.strictness import what_is_wrong

PATHS = ("/v1/chat/completions", "/v1/models")


@dataclass(frozen=True)
class Asked:
    """A request: its JSON, and the key that came with it."""

    body: dict[str, Any]
    key: str

    @property
    def said_first(self) -> str:
        """The first message of the user: the question and its facts."""
        return next(iter(self._said), "")

    @property
    def said_last(self) -> str:
        """The last message of the user: where they object to an answer, their objection."""
        return next(reversed(self._said), "")

    @property
    def _said(self) -> list[str]:
        return [each["content"] for each in self.body["messages"] if each["role"] == "user"]


@dataclass
class StandIn:
    """A server on a free port of this machine, or on `port`, from `with` to its end.

    `script` says how the next requests are answered, one after the other; `manner` how all others are.
    """

    port: int = 0
    manner: Manner = field(default_factory=fits)
    key: str = ""
    """The only key that is let in; empty: any is, and none."""
    models: tuple[str, ...] = ("stand-in", "stand-in-large")
    not_understood: frozenset[str] = frozenset()
    """Parameters that are refused by name: `response_format` (a JSON Schema), `temperature`, `max_tokens`."""
    script: deque[Manner] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    """Every completion that was asked for, in order."""

    def __enter__(self) -> StandIn:
        self.arrived = threading.Condition()
        self.ending = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), type("Handler", (_Handler,), {"stand_in": self}))
        self._http.daemon_threads = True
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL is to be."""
        return f"http://127.0.0.1:{self.port}/v1"

    def wait_until_asked(self, times: int = 1, *, timeout_seconds: float = 20) -> None:
        """Return when so many completions have been asked for. Raises TimeoutError."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.asked) >= times, timeout_seconds):
                raise TimeoutError(f"asked {len(self.asked)} times, not {times}")

    def answer(self, asked: Asked) -> Reply:
        """Return what is answered, as the script, the request's own mistakes and the manner have it."""
        with self.arrived:
            self.asked.append(asked)
            manner = self.script.popleft() if self.script else None
            self.arrived.notify_all()
        return manner(asked) if manner else (self._mistake(asked) or self.manner(asked))

    def _mistake(self, asked: Asked) -> Reply | None:
        body = asked.body
        if self.key and asked.key != self.key:
            return fails(401, code="invalid_api_key", message=f"Incorrect API key provided: {asked.key}")(asked)
        if body.get("model") not in self.models:
            return fails(404, code="model_not_found", message=f"There is no model {body.get('model')}")(asked)
        wants_schema = body.get("response_format", {}).get("type") == "json_schema"
        for name in sorted(self.not_understood & body.keys()):
            if name != "response_format" or wants_schema:
                return fails(400, code="unsupported_parameter", param=name)(asked)
        if wrong := what_is_wrong(body.get("response_format", {})):
            return fails(400, code="invalid_value", param="response_format", message=wrong)(asked)
        return None


class _Handler(BaseHTTPRequestHandler):
    """A connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits up to 40 ms for its head to be acknowledged
    stand_in: StandIn

    def do_GET(self) -> None:
        if self.path != PATHS[1]:
            return self._send(Reply(404, b"{}"))
        listed = [{"id": name, "object": "model", "owned_by": "learnflow"} for name in self.stand_in.models]
        return self._send(Reply(200, json.dumps({"object": "list", "data": listed}).encode()))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != PATHS[0]:
            return self._send(Reply(404, b"{}"))
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            asked = Asked(json.loads(body), key)
        except ValueError:
            return self._send(Reply(400, b'{"error": {"message": "no JSON"}}'))
        return self._send(self.stand_in.answer(asked))

    def _send(self, reply: Reply) -> None:
        with suppress(OSError):  # whoever asked may have left
            if reply.hangs:
                self.stand_in.ending.wait()
            if reply.seconds_before:
                self.stand_in.ending.wait(reply.seconds_before)
            if reply.hangs or reply.sent == 0:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        body = reply.body if reply.sent is None else reply.body[: reply.sent]
        step = len(body) if not reply.seconds_between else 1
        for begin in range(0, len(body), max(1, step)):
            self.wfile.write(body[begin : begin + step])
            self.wfile.flush()
            if reply.seconds_between and self.stand_in.ending.wait(reply.seconds_between):
                break
        self.close_connection = reply.sent is not None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what is asked may be anything."""
