"""History: what an event of the audit log counted for when it arrived. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.progress.counting import COUNTED, Counted, count
from functions.shared.envelope import decode
from functions.shared.errors import EventError

_STRUCTURED = {"content-type": "application/cloudevents+json"}
_ACCEPTS = {payload.TYPE: payload for payload in COUNTED}


def counted_for(received: Mapping[str, Any], time: datetime, recorded_at: datetime) -> Counted | None:
    """Return what an event counted for; None for one that was not, or could not be, counted.

    `received` is a structured-mode event as audit keeps it, `time` when it happened and `recorded_at` when it arrived.
    """
    try:
        event = decode(_STRUCTURED, json.dumps(received).encode(), _ACCEPTS)
        return count(replace(event, time=time), recorded_at)
    except EventError:
        return None
