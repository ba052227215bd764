"""What browsers are told to do, and not to do, with our answers; and the page of /docs, which is told more."""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.shared.edge.addresses import came_by_https
from functions.shared.edge.identity import Anybody
from functions.shared.settings import Settings

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-resource-policy": "same-site",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""What every answer says unless its route says otherwise. The front end is of the same site, and reads by CORS."""
HTTPS_ONLY = ("strict-transport-security", "max-age=31536000; includeSubDomains")

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_LOADED = re.compile(r'<(script|link)\b[^>]*?\b(?:src|href)="(https://[^"]+)"')


class Shelled:
    """ASGI middleware that says what browsers may do with an answer."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._hops = settings.forwarded_hops
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. https alone is asked for only by https: by http it would lock out those without."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = list(self._headers)
        if came_by_https(scope, self._hops):
            told.append((HTTPS_ONLY[0].encode(), HTTPS_ONLY[1].encode()))

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in told if each[0] not in said)]
            await send(message)

        await self._app(scope, receive, telling)


def docs_router(app: FastAPI) -> APIRouter:
    """Return the route of /docs, which shows an application's description."""
    page = get_swagger_ui_html(openapi_url=str(app.openapi_url), title=app.title)
    headers = {"Content-Security-Policy": _policy(bytes(page.body).decode())}
    router = APIRouter(dependencies=[Anybody])

    @router.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return Response(page.body, headers=headers, media_type="text/html")

    return router


def _policy(page: str) -> str:
    """Return the policy under which a page works, and nothing but it: its own script by its hash, and what it loads by
    its address. Swagger UI draws its icons as data: images and styles what it shows as it goes."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in _INLINE.findall(page)]
    own = [f"'sha256-{each}'" for each in hashes]
    loaded: dict[str, list[str]] = {"script": [], "link": []}
    for kind, address in _LOADED.findall(page):
        loaded[kind].append(address)
    styles = [address for address in loaded["link"] if address.endswith(".css")]
    images = [address for address in loaded["link"] if address not in styles]
    return "; ".join([
        "default-src 'none'",
        f"script-src {' '.join(loaded['script'] + own)}",
        f"style-src 'unsafe-inline' {' '.join(styles)}",
        f"img-src data: {' '.join(images)}",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ])  # fmt: skip
