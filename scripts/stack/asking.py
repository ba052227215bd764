"""A command through the gateway, as a learner's client gives it, and what came back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from scripts.stack.errors import StackError

LONGEST_WAIT_SECONDS = 30  # the gateway's own bound; whoever waits longer asks again


@dataclass(frozen=True)
class Reply:
    """What came back, and how long it took in all."""

    status: int
    body: dict[str, Any]
    seconds: float

    @property
    def answer(self) -> dict[str, Any]:
        """The answer's own fields; empty while there is none."""
        return dict(self.body.get("answer") or {})

    @property
    def said(self) -> str:
        """What there is to say in place of an answer."""
        told = str(self.body.get("detail") or self.body.get("title") or f"No answer yet: {self.body}")
        fields = [f"  {each['field']}: {each['message']}" for each in self.body.get("errors") or []]
        return "\n".join([told, *fields])


def command(gateway: str, path: str, body: Mapping[str, str], *, who: httpx.Auth, timeout_seconds: float) -> Reply:
    """Give a command and wait for its answer. Raises StackError if the gateway cannot be reached, or knows nobody."""
    with httpx.Client(base_url=gateway, auth=who, timeout=LONGEST_WAIT_SECONDS + 10, trust_env=False) as client:
        began = time.monotonic()
        deadline = began + timeout_seconds
        try:
            answer = client.post(path, json=body, headers=_headers(deadline))
            while answer.is_success and _body(answer).get("status") == "pending" and time.monotonic() < deadline:
                path = f"/api/v1/requests/{_body(answer)['id']}"
                answer = client.get(path, headers=_headers(deadline))
                time.sleep(0.1)
        except httpx.HTTPError as error:
            raise StackError(f"The gateway {gateway} does not answer: {error}. Is it up? 'scripts/status'") from error
    return Reply(answer.status_code, _body(answer), time.monotonic() - began)


def _headers(deadline: float) -> dict[str, str]:
    wait = min(LONGEST_WAIT_SECONDS, max(1, round(deadline - time.monotonic())))
    return {"Prefer": f"wait={wait}"}


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        return dict(answer.json())
    except ValueError as error:
        raise StackError(f"The gateway answers {answer.status_code} without JSON: {answer.text[:200]}") from error
