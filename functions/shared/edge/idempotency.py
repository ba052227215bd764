"""Who asks the same twice: the id a key stands for, and whether two bodies are the same."""

from __future__ import annotations

import hashlib
import json
import re
import uuid

from pydantic import BaseModel

from functions.shared.events import NAMESPACE

IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,255}")
"""Visible ASCII."""


def request_id(learner: str, key: str | None) -> str:
    """Return the id of a learner's request: always the same for one key, fresh without one.

    Every learner has a namespace: an id may hold any separator that could be put between learner and key.
    """
    if key is None:
        return str(uuid.uuid4())
    return str(uuid.uuid5(uuid.uuid5(NAMESPACE, f"learner:{learner}"), key))


def activity_id(learner: str, key: str | None, body: BaseModel) -> str:
    """Return the id of an activity that a learner tells of: always the same for one key with one body.

    No row remembers what a key stood for, so that the body belongs to the id: nothing is lost under a key that came
    with something else before. No key holds a space, so that no request has this id.
    """
    return request_id(learner, None if key is None else f"{key} {body_hash(body)}")


def body_hash(payload: BaseModel) -> str:
    """Return a SHA-256 of what is asked. Fields left out and fields that are null count as the same, so that
    a field added later changes no hash that is kept."""
    canonical = json.dumps(
        payload.model_dump(mode="json", exclude_none=True), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
