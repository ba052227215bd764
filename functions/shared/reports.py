"""What /health and /ready answer with, whatever serves them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def report(service: str, checks: dict[str, str]) -> dict[str, Any]:
    """Return the body of /health and /ready: ok only where every check says ok."""
    return {
        "status": "ok" if all(said == "ok" for said in checks.values()) else "unavailable",
        "service": service,
        "timestamp": datetime.now(UTC).isoformat(),
        "checks": checks,
    }
