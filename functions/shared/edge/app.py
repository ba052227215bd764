"""The application of an edge: problems, bounds, probes, and what lives as long as the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from functions.shared.edge import probes, problems
from functions.shared.edge.bodies import Guard
from functions.shared.edge.headers import Shelled, docs_router
from functions.shared.edge.hosts import HereOnly
from functions.shared.edge.limiting import Limited
from functions.shared.edge.observing import Observed
from functions.shared.edge.parts import Parts
from functions.shared.settings import Settings

log = structlog.get_logger()


def edge_app(parts: Parts, routers: Sequence[APIRouter], **described: Any) -> FastAPI:
    """Return the application that serves the routes, and the probes; nothing is connected before it starts."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        settings = parts.settings
        log.info("edge.up", host=settings.host, port=settings.port, login_required=settings.auth.required)
        async with _running(parts):
            yield
        log.info("edge.down")

    app = FastAPI(
        **described,
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
        exception_handlers=problems.HANDLERS,
        middleware=_middleware(parts),
    )
    app.state.parts = parts
    for router in (*routers, probes.router, docs_router(app)):
        app.include_router(router)
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


def _middleware(parts: Parts) -> list[Middleware]:
    """Return what surrounds the routes, the outermost first. What is refused is refused before its body is read."""
    settings = parts.settings
    return [
        Middleware(Observed),
        Middleware(Shelled, settings=settings),
        *([] if settings.auth.required else [Middleware(HereOnly)]),
        _cors(settings),
        Middleware(Limited, limiter=parts.limiter, doorman=parts.doorman, settings=settings),
        Middleware(Guard, seconds=settings.request_seconds),
    ]


def _cors(settings: Settings) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Prefer", "X-Learner-Id"],
        expose_headers=["Location", "Preference-Applied", "Retry-After"],
    )
