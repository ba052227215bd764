"""The runtime's HTTP side: the ingress of brokers and sinks, Services by Host, streams and WebSockets included."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from aiohttp import WSMsgType, web
from multidict import CIMultiDict

from knative.local.broker import BROKER_HOST, SINK_HOST, Target
from knative.local.events import NotACloudEvent, from_http
from knative.local.log import LogError
from knative.local.services import NO_HEADERS, Service, UnavailableError

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Name = tuple[str, str]  # namespace, name

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"}
    | {"transfer-encoding", "upgrade"}
)


async def ingress(request: web.BaseRequest, targets: Mapping[Name, Target]) -> web.Response:
    """Store a CloudEvent: 202 when the log has it."""
    if request.method != "POST":
        return web.Response(status=405, headers={"Allow": "POST"})
    _, namespace, name, *more = (*request.path.split("/"), "", "")
    target = targets.get((namespace, name))
    if target is None or any(more):
        return web.Response(status=404, text=f"there is no {request.path}\n")
    try:
        await target.store(from_http(request.headers.items(), await request.read()))
        return web.Response(status=202)
    except NotACloudEvent as why:
        return web.Response(status=400, text=f"{why}\n")
    except (LogError, web.HTTPRequestEntityTooLarge) as why:
        return web.Response(status=503, text=f"not stored: {why}\n")


class Front:
    """Decides by Host and path who answers."""

    def __init__(self, http: aiohttp.ClientSession, status: Callable[[], dict[str, Any]]) -> None:
        self._http, self._status = http, status
        self.services: dict[Name, Service] = {}
        self.brokers: dict[Name, Target] = {}
        self.sinks: dict[Name, Target] = {}

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer on the runtime's own port."""
        name, *rest = request.host.partition(":")[0].split(".")
        if service := self.services.get((rest[0] if rest else "", name)):
            return await self.pass_on(request, service)
        if request.path == "/-/status":
            return web.json_response(self._status())
        if name == SINK_HOST.partition(".")[0]:
            return await ingress(request, self.sinks)
        if rest and rest[-1] == "localhost" and name != BROKER_HOST.partition(".")[0]:
            return web.Response(status=404, text=f"there is no Service at {request.host}\n")
        return await ingress(request, self.brokers)

    async def pass_on(self, request: web.BaseRequest, service: Service) -> web.StreamResponse:
        """Let a Service answer, for as long as its revision may take. Before its answer begins, failing is told."""
        unit, passage = None, Passage(self._http, request)
        try:
            async with asyncio.timeout(service.spec.timeout_seconds):
                async with asyncio.timeout(service.spec.response_start_timeout_seconds) as start:
                    unit = await service.acquire()
                    return await passage.go(unit.url + request.path_qs, began=lambda: start.reschedule(None))
        except UnavailableError as why:
            return web.Response(status=503, text=f"{why}\n")
        except (TimeoutError, aiohttp.ClientError, OSError) as why:
            if passage.answer is None:
                late = isinstance(why, TimeoutError)
                what = "did not answer in time" if late else "broke off"
                return web.Response(status=504 if late else 502, text=f"{service.name} {what}\n")
            if request.transport:  # half an answer cannot become an error: cut it, so that nobody takes it for whole
                request.transport.abort()
            return passage.answer
        finally:
            if unit:
                service.release(unit)


class Passage:
    """One request on its way to a process. `answer` is what has begun to go back."""

    def __init__(self, http: aiohttp.ClientSession, request: web.BaseRequest) -> None:
        self._http, self._request = http, request
        self.answer: web.StreamResponse | None = None
        self._headers = CIMultiDict((k, v) for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP)
        self._headers.add("X-Forwarded-For", request.remote or "")
        self._headers["X-Forwarded-Proto"] = request.scheme

    async def go(self, url: str, began: Callable[[], None]) -> web.StreamResponse:
        """Pass the request on to `url` and the answer back. Calls `began` when that comes."""
        if self._request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._websocket(url, began)
        body = self._request.content if self._request.body_exists else None
        as_it_is: Any = {"headers": self._headers, "allow_redirects": False, "skip_auto_headers": NO_HEADERS}
        async with self._http.request(self._request.method, url, data=body, **as_it_is) as came:
            began()
            headers = CIMultiDict((k, v) for k, v in came.headers.items() if k.lower() not in HOP_BY_HOP)
            response = web.StreamResponse(status=came.status, reason=came.reason, headers=headers)
            await response.prepare(self._request)
            self.answer = response
            async for chunk in came.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response

    async def _websocket(self, url: str, began: Callable[[], None]) -> web.StreamResponse:
        wanted = [name.strip() for name in self._headers.get("Sec-WebSocket-Protocol", "").split(",") if name.strip()]
        headers = CIMultiDict((k, v) for k, v in self._headers.items() if not k.lower().startswith("sec-websocket-"))
        as_they_are: Any = {"autoping": False, "autoclose": False, "max_msg_size": 0}
        try:
            back = await self._http.ws_connect(url, headers=headers, protocols=wanted, **as_they_are)
        except aiohttp.WSServerHandshakeError as refused:
            return web.Response(status=refused.status, text=f"{refused.message}\n")
        async with back:
            began()
            agreed = [back.protocol] if back.protocol else []
            front = self.answer = web.WebSocketResponse(protocols=agreed, **as_they_are)
            await front.prepare(self._request)
            pumps = [asyncio.create_task(_pump(front, back)), asyncio.create_task(_pump(back, front))]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        return front


async def _pump(source: Any, sink: Any) -> None:
    """Carry frames from one end to the other until one closes."""
    send = {WSMsgType.TEXT: sink.send_str, WSMsgType.BINARY: sink.send_bytes}
    send |= {WSMsgType.PING: sink.ping, WSMsgType.PONG: sink.pong}
    while (message := await source.receive()).type in send:
        await send[message.type](message.data)
    code = message.data if message.type is WSMsgType.CLOSE else 1011
    await sink.close(code=code or 1000, message=(message.extra or "").encode())
