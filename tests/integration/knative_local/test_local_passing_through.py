"""Requests to Services: by Host or on a published port, whole, streamed, or over a WebSocket."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import WSMsgType

from tests.integration.knative_local.stage import Stage, broker, eventually, service

pytestmark = pytest.mark.anyio


def streams(**spec: int) -> dict:
    return service("streams", program="streams.py", spec=spec)


async def test_a_service_answers_to_its_host_on_the_common_port(memory_stage: Stage) -> None:
    async with memory_stage.run(broker(), service("app")) as runtime, aiohttp.ClientSession() as http:
        for host in (
            f"app.{memory_stage.namespace}.localhost:8090",
            f"app.{memory_stage.namespace}.svc.cluster.local",
            f"app.{memory_stage.namespace}",
        ):
            async with http.get(f"{runtime.url}/environment", headers={"Host": host}) as response:
                assert response.status == 200
                assert (await response.json(content_type=None))["K_SERVICE"] == "app"
        async with http.get(runtime.url, headers={"Host": f"other.{memory_stage.namespace}.localhost"}) as response:
            assert response.status == 404
        assert (
            runtime.service_url("app") == f"http://app.{memory_stage.namespace}.localhost:{runtime.url.split(':')[-1]}"
        )


async def test_a_body_in_chunks_goes_through_with_the_callers_headers(memory_stage: Stage) -> None:
    async def pieces():
        for _ in range(64):
            yield b"x" * 65536

    async with memory_stage.run(streams(), publish={"streams": 0}) as runtime, aiohttp.ClientSession() as http:
        url = runtime.service_url("streams") + "/upload?x=1"
        async with http.post(url, data=pieces(), headers={"X-Mine": "1", "User-Agent": "me"}) as response:
            told = await response.json()
        assert told["size"] == 64 * 65536
        assert (told["headers"]["x-mine"], told["headers"]["user-agent"]) == ("1", "me")
        assert told["headers"]["host"] == url.split("/")[2]
        assert told["headers"]["x-forwarded-for"] == "127.0.0.1"
        async with http.post(url, data=b"abc") as response:
            assert (await response.json())["size"] == 3


async def test_what_a_service_streams_arrives_piece_by_piece(memory_stage: Stage) -> None:
    async with memory_stage.run(streams(), publish={"streams": 0}) as runtime, aiohttp.ClientSession() as http:
        url = runtime.service_url("streams")
        async with http.get(url + "/drip") as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            assert response.cookies["a"].value == "1"
            assert await response.content.readuntil(b"\n\n") == b"data: first\n\n"
            async with http.post(url + "/more") as more:
                assert more.status == 204
            assert await response.content.read() == b"data: second\n\n"


async def test_a_websocket_goes_through_both_ways_with_its_protocol_and_its_close_code(memory_stage: Stage) -> None:
    async with memory_stage.run(streams(), publish={"streams": 0}) as runtime, aiohttp.ClientSession() as http:
        url = runtime.service_url("streams") + "/chat?name=ada"
        async with http.ws_connect(url, protocols=["chat.v2", "chat.v1"]) as socket:
            assert socket.protocol == "chat.v1"
            await socket.send_str("hello")
            assert await socket.receive_str() == "ada:hello"
            await socket.send_bytes(b"\x00\x01" * 100_000)
            assert await socket.receive_bytes() == b"\x00\x01" * 100_000
            await socket.send_str("close")
            message = await socket.receive()
            assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, 4001, "as you wish")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(runtime.service_url("streams") + "/refuse")
        assert refused.value.status == 403


async def test_a_caller_that_hangs_up_frees_its_place(memory_stage: Stage) -> None:
    only_one = streams(containerConcurrency=1)
    async with memory_stage.run(only_one, publish={"streams": 0}) as runtime, aiohttp.ClientSession() as http:
        url = runtime.service_url("streams")
        async with http.get(url + "/forever") as response:
            assert await response.content.readexactly(5) == b"begun"
            waiting = asyncio.create_task(http.post(url + "/upload", data=b"abc"))
            await eventually(lambda: runtime.status()["services"]["streams"]["requests"] == 2)
            assert not waiting.done()
            response.close()
        async with await waiting as answer:
            assert answer.status == 200


async def test_the_revisions_timeout_ends_an_answer_even_halfway_and_nobody_takes_it_for_whole(
    memory_stage: Stage,
) -> None:
    limited = streams(timeoutSeconds=1)
    limited["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/min-scale"] = "1"
    async with memory_stage.run(limited, publish={"streams": 0}) as runtime, aiohttp.ClientSession() as http:
        await eventually(lambda: runtime.status()["ready"])
        response = await http.get(runtime.service_url("streams") + "/forever")
        assert await response.content.readexactly(5) == b"begun"
        with pytest.raises(aiohttp.ClientError):
            await response.content.read()


async def test_an_answer_that_does_not_begin_in_time_is_504_and_one_that_breaks_off_502(memory_stage: Stage) -> None:
    late = service("late", answers=[{"status": 200, "delay": 30}], spec={"responseStartTimeoutSeconds": 1})
    dying = service("dying", answers=[{"exit": 1}])
    both = {"late": 0, "dying": 0}
    async with memory_stage.run(late, dying, publish=both) as runtime, aiohttp.ClientSession() as http:
        for name, status in (("late", 504), ("dying", 502)):
            async with http.post(runtime.service_url(name), data=b"{}") as response:
                assert response.status == status
                assert name in await response.text()


async def test_redirects_encodings_and_other_methods_are_passed_on_as_they_are(memory_stage: Stage) -> None:
    answers = [{"status": 307, "headers": {"Location": "/elsewhere", "Content-Encoding": "gzip"}, "body": "not gzip"}]
    app, raw = service("app", answers=answers), {"auto_decompress": False}
    async with memory_stage.run(app, publish={"app": 0}) as runtime, aiohttp.ClientSession(**raw) as http:
        async with http.post(runtime.service_url("app"), data=b"{}", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (307, "/elsewhere")
            assert await response.read() == b"not gzip"
        async with http.head(runtime.service_url("app") + "/pid") as response:
            assert response.status == 501, "this program knows no HEAD"
