"""Where nobody has to log in, only those are served who ask for this machine by its own name."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from functions.shared.edge.addresses import header_values, is_this_machine
from functions.shared.edge.problems import Problem


class HereOnly:
    """ASGI middleware: a page from elsewhere that has its name resolved to this machine reaches nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer 421 (RFC 9110, 15.5.20)."""
        if scope["type"] != "lifespan" and not all(map(is_this_machine, list(header_values(scope, b"host")) or [""])):
            await _elsewhere().response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _elsewhere() -> Problem:
    return Problem(
        421,
        "not-here",
        "Not served by this name",
        "Nobody has to log in here, so only this machine is served, by the name localhost or 127.0.0.1.",
    )
