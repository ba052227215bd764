"""What every function says of itself: alive, ready, and its metrics."""

from __future__ import annotations

import json
from typing import Any

from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from functions.shared.database import Database
from functions.shared.errors import EventError
from functions.shared.reports import report


def health(service: str, _db: Database) -> Response:
    """Answer that the process is alive, whatever its dependencies do."""
    return _json(report(service, {}))


def ready(service: str, db: Database) -> Response:
    """Answer 200 when the database does, else 503 with the reason."""
    try:
        db.check()
        said = "ok"
    except EventError as error:
        said = str(error)
    return _json(report(service, {"database": said}))


def metrics(_service: str, _db: Database) -> Response:
    """Answer with the metrics in Prometheus's text format."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


PROBES = {"/health": health, "/ready": ready, "/metrics": metrics}


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), 200 if body["status"] == "ok" else 503, content_type="application/json")
