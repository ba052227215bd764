"""Answers in pieces, over server-sent events, and over a WebSocket."""

import asyncio
import os

from aiohttp import WSMsgType, web


async def drip(request: web.Request) -> web.StreamResponse:
    """Send a piece, wait until the reader has asked for the next at /more, send it."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Set-Cookie": "a=1"})
    await response.prepare(request)
    await response.write(b"data: first\n\n")
    await request.app["more"].wait()
    await response.write(b"data: second\n\n")
    return response


async def more(request: web.Request) -> web.Response:
    request.app["more"].set()
    return web.Response(status=204)


async def upload(request: web.Request) -> web.Response:
    """Tell the size of a body that came in chunks, and the headers it came with."""
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
    return web.json_response({"size": size, "headers": {k.lower(): v for k, v in request.headers.items()}})


async def chat(request: web.Request) -> web.StreamResponse:
    """Echo text and bytes; close with 4001 when asked to."""
    socket = web.WebSocketResponse(protocols=["chat.v1"])
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT and message.data == "close":
            await socket.close(code=4001, message=b"as you wish")
        elif message.type is WSMsgType.TEXT:
            await socket.send_str(f"{request.query.get('name', '')}:{message.data}")
        else:
            await socket.send_bytes(message.data)
    return socket


async def refuse(request: web.Request) -> web.Response:
    return web.Response(status=403, text="not you")


async def forever(request: web.Request) -> web.StreamResponse:
    """Send a piece, then nothing more."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"begun")
    await asyncio.get_running_loop().create_future()
    return response


def main() -> None:
    app = web.Application()
    app["more"] = asyncio.Event()
    app.add_routes([web.get("/drip", drip), web.post("/more", more), web.post("/upload", upload)])
    app.add_routes([web.get("/chat", chat), web.get("/refuse", refuse), web.get("/forever", forever)])
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None, shutdown_timeout=0.1)


if __name__ == "__main__":
    main()
