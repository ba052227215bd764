"""What the edge says of itself: alive, ready, and its metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from functions.shared.edge.documents import Report
from functions.shared.edge.identity import Anybody
from functions.shared.edge.parts import Parts, parts
from functions.shared.errors import TryAgainLater
from functions.shared.reports import report

_PATIENCE_SECONDS = 2.0
"""Below the time-out of the platform's readiness probe."""

router = APIRouter(tags=["operations"], dependencies=[Anybody])


@router.get("/health", response_model=Report, summary="Is the process alive?")
@router.get("/api/v1/health", response_model=Report, include_in_schema=False)
async def health(request: Request) -> Response:
    """Alive, whatever its dependencies do."""
    return _reported(parts(request).service, {})


@router.get(
    "/ready",
    response_model=Report,
    summary="Can questions be taken?",
    responses={503: {"model": Report, "description": "The database or the broker does not answer."}},
)
@router.get("/api/v1/ready", response_model=Report, include_in_schema=False)
async def ready(request: Request) -> Response:
    """Whether the database and the broker answer."""
    used: Parts = parts(request)
    database, broker = await asyncio.gather(
        _said(used.database.check(seconds=_PATIENCE_SECONDS)), _said(used.broker.check(seconds=_PATIENCE_SECONDS))
    )
    return _reported(used.service, {"database": database, "broker": broker})


@router.get(
    "/metrics",
    response_class=Response,
    summary="Metrics",
    responses={200: {"description": "Prometheus's text format.", "content": {"text/plain": {}}}},
)
@router.get("/api/v1/metrics", include_in_schema=False)
async def metrics() -> Response:
    """Metrics, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _said(check: Awaitable[None]) -> str:
    try:
        await check
    except TryAgainLater as error:
        return str(error)
    return "ok"


def _reported(service: str, checks: dict[str, str]) -> Response:
    said: dict[str, Any] = report(service, checks)
    return JSONResponse(said, 200 if said["status"] == "ok" else 503, headers={"Cache-Control": "no-store"})
