"""The gateway's application: routes, problems, bounds, and what lives as long as the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from functions.gateway import (
    concepts,
    exercises,
    helping,
    notifications,
    openapi,
    probes,
    problems,
    progress,
    quizzes,
    routes,
    running,
)
from functions.gateway.bodies import Guard
from functions.gateway.identity import require_loopback
from functions.gateway.observing import Observed
from functions.gateway.parts import Parts, make_parts
from functions.shared.settings import Settings

log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """Return the application; nothing is connected before it starts. Raises SettingsError where it must not serve."""
    require_loopback(settings)
    parts = make_parts(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        log.info("gateway.up", host=settings.host, port=settings.port, reach="this machine only: no identity yet")
        async with _running(parts):
            yield
        log.info("gateway.down")

    app = FastAPI(
        title=openapi.TITLE,
        description=openapi.DESCRIPTION,
        version="0.1.0",
        openapi_tags=openapi.TAGS,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
        exception_handlers=problems.HANDLERS,
        middleware=[Middleware(Observed), _cors(settings), Middleware(Guard)],
    )
    app.state.parts = parts
    for part in (routes, concepts, helping, running, exercises, quizzes, progress, notifications, probes):
        app.include_router(part.router)
    openapi.describe(app)
    return app


@asynccontextmanager
async def _running(parts: Parts) -> AsyncIterator[None]:
    """Keep the database's pool and the listener for as long as the block lasts."""
    await parts.database.open()
    listening = asyncio.create_task(parts.listener.run(), name="listener")
    try:
        yield
    finally:
        parts.waiters.close()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await parts.broker.close()
        await parts.database.close()


def _cors(settings: Settings) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Content-Type", "Idempotency-Key", "Prefer", "X-Learner-Id"],
        expose_headers=["Location", "Preference-Applied", "Retry-After"],
    )
