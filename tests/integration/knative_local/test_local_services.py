"""Services: started by the first request, held to their limits, stopped when idle, never failing in silence."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

import aiohttp
import pytest

from tests.integration.knative_local.stage import (
    Stage,
    broker,
    delivery,
    eventually,
    journal,
    post,
    ref,
    service,
    trigger,
)

pytestmark = pytest.mark.anyio

HTTP_PROBE = {"httpGet": {"path": "/ready"}, "periodSeconds": 1}


async def get(url: str, path: str, status: int = 200) -> str:
    async with aiohttp.ClientSession() as http, http.get(url + path) as response:
        text = await response.text()
        assert response.status == status, text
        return text


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_service_starts_with_its_first_request_and_stops_after_its_idle_window_and_starts_again(
    memory_stage: Stage,
) -> None:
    lazy = service("lazy", annotations={"window": "1s"}, readinessProbe=HTTP_PROBE)
    async with memory_stage.run(lazy, publish={"lazy": 0}) as runtime:
        status = lambda: runtime.status()["services"]["lazy"]  # noqa: E731
        assert (status()["state"], status()["replicas"]) == ("zero", 0)
        first = int(await get(runtime.service_url("lazy"), "/pid"))
        assert (status()["state"], status()["replicas"], status()["cold_starts"]) == ("ready", 1, 1)
        assert 0 < status()["last_start_seconds"] < 10
        assert int(await get(runtime.service_url("lazy"), "/pid")) == first
        await eventually(lambda: status()["state"] == "zero" and not alive(first))
        second = int(await get(runtime.service_url("lazy"), "/pid"))
        assert second != first
        assert (status()["cold_starts"], status()["requests"], status()["failures"]) == (2, 3, 0)


async def test_a_busy_service_is_not_idle(memory_stage: Stage) -> None:
    seen = memory_stage.folder / "seen"
    slow = service("slow", journal=seen, answers=[{"status": 204, "delay": 1.2}])
    async with memory_stage.run(broker(), slow, trigger("all", ref("Service", "slow")), idle_seconds=0.2) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: runtime.status()["triggers"]["all"]["delivered"] == 1)
        assert len(journal(seen)) == 1
        await eventually(lambda: runtime.status()["services"]["slow"]["state"] == "zero")


async def test_min_scale_processes_run_from_the_start_and_the_idle_window_leaves_them(memory_stage: Stage) -> None:
    eager = service("eager", annotations={"min-scale": "2"}, readinessProbe=HTTP_PROBE)
    lazy = service("lazy", annotations={"initial-scale": "1"})
    async with memory_stage.run(eager, lazy, idle_seconds=0.1) as runtime:
        services = lambda: runtime.status()["services"]  # noqa: E731
        assert runtime.status()["ready"] is False
        await eventually(lambda: runtime.status()["ready"])
        assert services()["eager"]["replicas"] == 2
        await eventually(lambda: services()["lazy"]["last_start_seconds"] and services()["lazy"]["state"] == "zero")
        assert services()["eager"]["replicas"] == 2


@pytest.mark.parametrize("maximum", [1, 3])
async def test_container_concurrency_holds_in_every_process_and_queued_requests_add_processes_up_to_max_scale(
    memory_stage: Stage, maximum: int
) -> None:
    seen = memory_stage.folder / "seen"
    slow = service(
        "slow",
        journal=seen,
        answers=[{"status": 204, "delay": 0.25}],
        annotations={"max-scale": str(maximum)},
        spec={"containerConcurrency": 2},
    )
    async with memory_stage.run(broker(), slow, trigger("all", ref("Service", "slow"))) as runtime:
        await asyncio.gather(*(post(runtime.broker_url, id=str(number)) for number in range(24)))
        await eventually(lambda: runtime.status()["triggers"]["all"]["delivered"] == 24)
    calls = journal(seen)
    assert max(call["at_once"] for call in calls) == 2
    processes = len({call["pid"] for call in calls})
    assert processes == 1 if maximum == 1 else 2 <= processes <= 3


async def test_a_burst_that_one_process_can_serve_starts_no_second(memory_stage: Stage) -> None:
    seen = memory_stage.folder / "seen"
    quick = service("quick", journal=seen, spec={"containerConcurrency": 4})
    async with memory_stage.run(broker(), quick, trigger("all", ref("Service", "quick"))) as runtime:
        await asyncio.gather(*(post(runtime.broker_url, id=str(number)) for number in range(30)))
        await eventually(lambda: runtime.status()["triggers"]["all"]["delivered"] == 30)
        assert runtime.status()["services"]["quick"]["cold_starts"] == 1
    assert len({call["pid"] for call in journal(seen)}) == 1


async def test_requests_wait_for_a_process_that_takes_its_time_to_become_ready(memory_stage: Stage) -> None:
    late = service("late", env={"START_DELAY": "1"}, readinessProbe=HTTP_PROBE)
    async with memory_stage.run(late, publish={"late": 0}) as runtime:
        url = runtime.service_url("late")
        pids = await asyncio.gather(*(get(url, "/pid") for _ in range(5)))
        assert len(set(pids)) == 1
        assert runtime.status()["services"]["late"]["last_start_seconds"] >= 1


async def test_a_process_that_is_not_ready_in_time_costs_504(memory_stage: Stage) -> None:
    never = service("never", env={"START_DELAY": "30"}, spec={"timeoutSeconds": 1})
    async with memory_stage.run(never, publish={"never": 0}) as runtime:
        assert "never" in await get(runtime.service_url("never"), "/pid", status=504)


async def test_a_failing_readiness_probe_keeps_requests_away_until_it_passes_again(memory_stage: Stage) -> None:
    healthy = memory_stage.folder / "healthy"
    healthy.touch()
    probe = {"httpGet": {"path": "/broken"}, "periodSeconds": 1, "failureThreshold": 1}
    moody = service("moody", env={"HEALTHY_WHILE": str(healthy)}, readinessProbe=probe)
    async with memory_stage.run(moody, publish={"moody": 0}) as runtime:
        pid = await get(runtime.service_url("moody"), "/pid")
        healthy.unlink()
        await eventually(lambda: runtime.status()["services"]["moody"]["replicas"] == 0)
        waiting = asyncio.create_task(get(runtime.service_url("moody"), "/pid"))
        await eventually(lambda: runtime.status()["services"]["moody"]["requests"] == 2)
        assert not waiting.done()
        healthy.touch()
        assert await waiting == pid


async def test_a_failing_liveness_probe_restarts_the_process(memory_stage: Stage) -> None:
    healthy = memory_stage.folder / "healthy"
    healthy.touch()
    probe = {"httpGet": {"path": "/broken"}, "periodSeconds": 1, "failureThreshold": 1}
    sick = service("sick", env={"HEALTHY_WHILE": str(healthy)}, livenessProbe=probe, annotations={"min-scale": "1"})
    async with memory_stage.run(sick, publish={"sick": 0}) as runtime:
        first = int(await get(runtime.service_url("sick"), "/pid"))
        healthy.unlink()
        await eventually(lambda: runtime.status()["services"]["sick"]["failures"] == 1)
        healthy.touch()
        assert not alive(first)
        assert int(await get(runtime.service_url("sick"), "/pid")) != first


async def test_a_crash_loop_is_shown_with_the_last_words_and_costs_503_not_silence(
    memory_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    env = {"EXIT_AT_START": "7", "SAY": "the settings are all wrong"}
    broken = service("broken", env=env, annotations={"min-scale": "1"})
    async with memory_stage.run(broken, publish={"broken": 0}) as runtime:
        await eventually(lambda: runtime.status()["services"]["broken"]["state"] == "crash loop")
        assert "broken ended with 7" in await get(runtime.service_url("broken"), "/", status=503)
        assert runtime.status()["ready"] is False
        await eventually(lambda: runtime.status()["services"]["broken"]["failures"] >= 3)
    shown = [record for record in caplog.records if "the settings are all wrong" in record.getMessage()]
    assert shown
    pauses = [line for line in (record.getMessage() for record in caplog.records) if "may start again in" in line]
    assert ["0.2 s" in pauses[0], "0.4 s" in pauses[1], "0.8 s" in pauses[2]] == [True] * 3
    log_file = memory_stage.folder / "state" / "logs" / "broken.log"
    assert "broken | the settings are all wrong" in log_file.read_text()


async def test_a_program_that_cannot_be_run_is_a_crash_loop_too(memory_stage: Stage) -> None:
    missing = service("missing", command=["no-such-program"])
    async with memory_stage.run(missing, publish={"missing": 0}) as runtime:
        assert "no-such-program" in await get(runtime.service_url("missing"), "/", status=503)


async def test_events_for_a_service_in_a_crash_loop_become_dead_letters(stage: Stage) -> None:
    graves = stage.folder / "graves"
    spec = delivery(retry=1, dead_letters=ref("Service", "graveyard"))
    documents = (
        broker(),
        service("broken", env={"EXIT_AT_START": "1"}),
        service("graveyard", journal=graves),
        trigger("all", ref("Service", "broken"), delivery=spec),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        (letter,) = await eventually(lambda: journal(graves))
    assert letter["headers"]["ce-knativeerrorcode"] == "503"


async def test_leaving_ends_all_processes_kindly(memory_stage: Stage) -> None:
    pids = []
    both = service("both", annotations={"min-scale": "2"}, readinessProbe=HTTP_PROBE)
    async with memory_stage.run(both, publish={"both": 0}) as runtime:
        await eventually(lambda: runtime.status()["ready"])
        pids.append(int(await get(runtime.service_url("both"), "/pid")))
        assert alive(pids[0])
    assert not any(map(alive, pids))


async def test_a_killed_process_is_replaced(memory_stage: Stage) -> None:
    steady = service("steady", annotations={"min-scale": "1"})
    async with memory_stage.run(steady, publish={"steady": 0}) as runtime:
        pid = int(await get(runtime.service_url("steady"), "/pid"))
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: runtime.status()["services"]["steady"]["failures"] == 1)
        assert int(await get(runtime.service_url("steady"), "/pid")) != pid
