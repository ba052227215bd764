"""The sandbox-runner's real manifests on the local runtime: a package in a folder of its own, run as a Service."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.knative_local.stage import Stage, config_map, post

pytestmark = pytest.mark.anyio

BASE = Path("knative/base")
FILES = (
    "broker.yaml",
    "sandbox-runner/service.yaml",
    "sandbox-runner/triggers.yaml",
    "sandbox-runner/network-policy.yaml",
)
SINKS = ("sinks/code-execution-result.yaml", "sinks/dead-letters.yaml", "sources/code.submissions.yaml")
PROGRAM = "total = 0\nfor number in range(int(input())):\n    total += number\nprint(total)\n"


def manifests() -> list[Any]:
    real = [document for file in (*FILES, *SINKS) for document in yaml.safe_load_all((BASE / file).read_text())]
    return [*real, config_map("learnflow-config", PROFILE="dev", LOG_LEVEL="INFO")]


async def test_a_submitted_program_is_run_and_its_result_leaves_by_its_topic(memory_stage: Stage) -> None:
    identity = str(uuid.uuid4())
    async with memory_stage.run(*manifests()) as runtime:
        status = await post(
            runtime.broker_url,
            id=identity,
            type="org.learnflow.code.submitted.v1",
            body=json.dumps({"code": PROGRAM, "stdin": "5"}).encode(),
            subject="ada",
            partitionkey="ada",
        )
        (record,) = await memory_stage.records("code.execution.result", 1)

        assert status == 202
        assert record.key == b"ada"
        result = json.loads(record.value)
        assert (result["outcome"], result["stdout"], result["backend"]) == ("ok", "10\n", "pod")
        assert dict(record.headers)["ce_source"] == b"/learnflow/sandbox-runner"
        assert dict(record.headers)["ce_hops"] == b"1"
        assert runtime.status()["services"]["sandbox-runner"]["cold_starts"] == 1
        assert not any(memory_stage.memory.topics["learnflow.dead-letters"])


async def test_a_plain_record_is_run_too_and_a_forged_grading_is_not(memory_stage: Stage) -> None:
    forged = {"submission_id": "s1", "code": "", "trials": []}
    attributes = {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/x", "ce_subject": b"eve"}
    async with memory_stage.run(*manifests()):
        await memory_stage.produce(
            "code.submissions",
            json.dumps(forged).encode(),
            **attributes,
            ce_type=b"org.learnflow.grading.requested.v1",
            content__type=b"application/json",
        )
        await memory_stage.produce("code.submissions", b'{"student_id": "bo", "code": "print(6 * 7)"}')

        (record,) = await memory_stage.records("code.execution.result", 1)
        (letter,) = await memory_stage.records("learnflow.dead-letters", 1)

    assert record.key == b"bo"
    assert json.loads(record.value)["stdout"] == "42\n"
    assert dict(record.headers)["ce_subject"] == b"bo"
    assert dict(letter.headers)["ce_knativeerrorcode"] == b"422"
    assert dict(letter.headers)["ce_subject"] == b"eve"
