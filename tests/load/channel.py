"""One learner's WebSocket: kept open as functions/realtime/README.md asks of a client, and listened to all the time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

PATIENCE_SECONDS = 20
"""How long an answer is waited for; whoever waits longer has gone to ask somebody else."""
FAILED = "org.learnflow.request.failed.v1"


class Failed(Exception):
    """Something that a learner wanted did not come, or not as it should."""


class Channel:
    """Listens in a thread of its own, which is a greenlet where locust runs. It comes again when it is asked to."""

    def __init__(self, url: str, token: Callable[[], str], broke: Callable[[str], None]) -> None:
        """`broke` is told why, each time that the connection ends unasked."""
        self._url, self._token, self._broke = url, token, broke
        self._arrived = threading.Condition()
        self._messages: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, str] = {}
        """Frames of questions that were not taken on yet: they are said again where the connection broke off."""
        self._accepted: dict[str, dict[str, Any]] = {}
        self._last_id = ""
        self._leaving = threading.Event()
        self._held = ExitStack()
        self._socket = self._connected()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def message(self, request_id: str) -> dict[str, Any]:
        """Return what a request was answered with, once that arrives. Raises Failed if it does not, or says so."""
        message = self._wait(self._messages, request_id, "no answer arrived")
        if message["type"] == FAILED:
            raise Failed("the answer says that it failed")
        return message

    def ask(self, key: str, question: dict[str, str]) -> str:
        """Ask over the socket; return the id of the request. Raises Failed if the question is not taken on."""
        self._asked[key] = json.dumps({"type": "ask", "id": key, **question})
        self._say(self._asked[key])
        return str(self._wait(self._accepted, key, "the question was not taken on")["request_id"])

    def prolong(self) -> None:
        """Show the token of now, so that the connection outlives the one before."""
        self._say(json.dumps({"type": "auth", "token": self._token()}))

    def close(self) -> None:
        """Leave, as who closes the page."""
        self._leaving.set()
        self._held.close()
        self._listener.join(PATIENCE_SECONDS)

    def _connected(self) -> ClientConnection:
        known = {"Authorization": f"Bearer {self._token()}"}
        url = f"{self._url}?last_id={self._last_id}" if self._last_id else self._url
        opening = connect(url, additional_headers=known, open_timeout=PATIENCE_SECONDS, proxy=None)
        return self._held.enter_context(opening)

    def _say(self, frame: str) -> None:
        with suppress(WebSocketException):  # whoever comes again says it again
            self._socket.send(frame)

    def _wait(self, among: dict[str, dict[str, Any]], name: str, else_: str) -> dict[str, Any]:
        with self._arrived:
            if not self._arrived.wait_for(lambda: name in among, PATIENCE_SECONDS):
                raise Failed(f"{else_} within {PATIENCE_SECONDS} s")
            return among.pop(name)

    def _listen(self) -> None:
        while not self._leaving.is_set():
            pause = 0.5
            try:
                for text in self._socket:
                    frame = json.loads(text)
                    self._take(frame)
                    pause = frame.get("after_ms", 500) / 1000
                    if frame["type"] == "reconnect":
                        break
                else:
                    raise Failed(f"closed with {self._socket.close_code}")
            except (WebSocketException, OSError, Failed) as why:
                if self._leaving.is_set():
                    return
                self._broke(f"the connection ended: {why}")
            self._come_again(pause)

    def _come_again(self, pause: float) -> None:
        self._held.close()
        self._leaving.wait(pause)
        while not self._leaving.is_set():
            try:
                self._socket = self._connected()
                for frame in list(self._asked.values()):
                    self._say(frame)
                return
            except (WebSocketException, OSError) as why:
                self._broke(f"no connection: {why}")
                self._leaving.wait(1)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] in {"hello", "message", "alert"}:
            self._last_id = frame["id"]
        with self._arrived:
            match frame["type"]:
                case "message":
                    self._messages.setdefault(frame["request_id"], frame["message"])
                case "accepted":
                    self._asked.pop(frame["id"], None)
                    self._accepted[frame["id"]] = frame
                case "problem":
                    self._broke(f"told of a problem: {frame['problem'].get('title')}")
            self._arrived.notify_all()
