"""The sandbox-runner keeps the contracts, though it imports nothing that says them: by schemas and examples alone."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from functions.shared import envelope as ours
from functions.shared.events import CONTRACTS, PAYLOADS, PLAIN_RECORDS
from functions.shared.running import MAX_TRIALS, CodeExecuted
from functions.shared.testing import NOON
from sandbox_runner import answering, envelope
from sandbox_runner.backends import make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.running import Sandbox
from sandbox_runner.serving import Runner
from scripts.stack.processes import wait_until

SCHEMAS = Path("schema/events")
EXAMPLES = SCHEMAS / "examples"
ANSWERED_BY = {"code.submitted.v1": "code.executed.v1", "grading.requested.v1": "grading.executed.v1"}
ANSWERED_BY |= {"check.requested.v1": "check.executed.v1"}
ASKED = sorted(file for kind in ANSWERED_BY for file in (EXAMPLES / kind).glob("*.json"))
WALL_SECONDS = 1.0
LOCKS = ("sandbox-runner/requirements.txt", "requirements.txt")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """The runner as it serves, with less time for a program."""
    limits = replace(load_limits(), wall_seconds=WALL_SECONDS)
    sandbox = Sandbox(lambda: make_backend("pod", limits), limits)
    sandbox.start()
    try:
        wait_until(lambda: not sandbox.failures(), timeout_seconds=30)
        assert sandbox.failures() == []
        yield Runner(sandbox, now=lambda: NOON)
    finally:
        sandbox.stop()


def structured(example: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    return {"content-type": "application/cloudevents+json"}, json.dumps(example).encode()


def post(runner: Runner, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    response = runner(
        Request(EnvironBuilder("/", method="POST", headers=list(headers.items()), data=body).get_environ())
    )
    return response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.get_data()


def attributes(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}


def lasting(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is the same on every machine: no times, no sizes, no words of one version of Python."""
    passing = {"duration_ms", "cpu_ms", "peak_memory_kb", "layers"}
    kept = {name: value for name, value in data.items() if name not in passing}
    if kept.get("error"):
        kept["error"] = {name: kept["error"][name] for name in ("type", "line")}
    if "results" in kept:
        kept["results"] = [lasting(result) for result in kept["results"]]
    return kept


@pytest.mark.parametrize("file", ASKED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_what_is_answered_is_what_the_schema_and_the_example_say(runner, file):
    answer_kind = ANSWERED_BY[file.parent.name]
    expected = json.loads((EXAMPLES / answer_kind / file.name).read_text())

    status, headers, body = post(runner, *structured(json.loads(file.read_text())))

    assert status == 200
    schema = json.loads((SCHEMAS / f"{answer_kind}.schema.json").read_text())
    data = json.loads(body)
    jsonschema.validate(data, schema, jsonschema.Draft202012Validator)
    PAYLOADS[headers["ce-type"]].model_validate(data)
    assert lasting(data) == lasting(expected["data"])
    apart = {"data", "datacontenttype", "time"}
    assert {name: value for name, value in attributes(headers).items() if name != "time"} == {
        name: value for name, value in expected.items() if name not in apart
    }
    assert headers["ce-dataschema"] == schema["$id"]
    assert headers["content-type"] == "application/json"


def test_it_takes_and_answers_what_its_contract_says():
    contract = CONTRACTS["sandbox-runner"]

    assert set(answering.REQUESTS) == {payload.TYPE for payload in contract.accepts}
    assert {kind.ANSWER for kind in answering.REQUESTS.values()} == {payload.TYPE for payload in contract.answers}
    assert answering.MAX_TRIALS == MAX_TRIALS
    assert PLAIN_RECORDS[envelope.PLAIN_TOPIC].TYPE == envelope.PLAIN_TYPE


def test_what_it_requires_is_what_the_schemas_require():
    for kind, request in answering.REQUESTS.items():
        schema = json.loads((SCHEMAS / f"{kind.removeprefix(envelope.TYPES)}.schema.json").read_text())
        asked = request.model_json_schema()
        assert set(asked["required"]) == set(schema["required"])
        assert set(asked["properties"]) <= set(schema["properties"])
        assert set(asked["properties"]) >= set(schema["properties"]) - {"session_id"}


EVENTS: list[dict[str, str]] = [
    {"source": "/learnflow/gateway"},
    {"source": "/learnflow/exercise", "correlationid": "c1", "hops": "3", "traceparent": "00-1-2-01"},
    {"source": "/learnflow/exercise"},
    {"source": "/my/classroom", "correlationid": "stolen"},
    {"source": "/learnflow/gateway", "ingress": "code.submissions", "correlationid": "stolen"},
    {"source": "/naïve\x00source"},
]


@pytest.mark.parametrize("given", EVENTS, ids=lambda given: " ".join(given.values()))
def test_an_answer_is_named_as_every_function_names_its_answers(given):
    payload = PLAIN_RECORDS["code.submissions"]
    event = {"specversion": "1.0", "id": "e1", "type": payload.TYPE, "subject": "ada", "time": "2026-03-20T12:00:00Z"}
    headers, body = structured({**event, **given, "data": {"code": "1"}})

    theirs = ours.decode(headers, body, {payload.TYPE: payload})
    expected = ours.reply_to(theirs, CodeExecuted(outcome="ok"), function="sandbox-runner", now=NOON).get_attributes()

    apart = {"datacontenttype"}
    answer = attributes(envelope.reply_headers(envelope.decode(headers, body), CodeExecuted.TYPE, NOON))
    assert answer == {name: value for name, value in expected.items() if name not in apart}


def test_a_plain_record_is_named_as_every_function_names_it():
    payload = PLAIN_RECORDS["code.submissions"]
    headers = {
        "ce-specversion": "1.0", "ce-id": "partition:0/offset:7", "ce-type": "dev.knative.kafka.event",
        "ce-source": "/apis/v1/namespaces/learnflow/kafkasources/code-submissions#code.submissions",
        "ce-time": "2026-03-20T12:00:00Z", "ce-ingress": "code.submissions",
    }  # fmt: skip
    body = b'{"user_id": 7, "code": "print(1)"}'

    theirs = ours.reply_to(
        ours.decode(headers, body, {payload.TYPE: payload}),
        CodeExecuted(outcome="ok"),
        function="sandbox-runner",
        now=NOON,
    )

    answer = attributes(envelope.reply_headers(envelope.decode(headers, body), CodeExecuted.TYPE, NOON))
    assert answer == {k: v for k, v in theirs.get_attributes().items() if k != "datacontenttype"}


def test_its_concurrency_is_what_its_manifest_says():
    import yaml

    manifest = yaml.safe_load(Path("knative/base/sandbox-runner/service.yaml").read_text())

    assert manifest["spec"]["template"]["spec"]["containerConcurrency"] == load_limits().runs_at_once


def test_its_requirements_are_pinned_as_the_functions_are():
    own, shared = (set(re.findall(r"^\S+==\S+", Path(file).read_text(), re.M)) for file in LOCKS)

    assert own
    assert own <= shared


def test_it_imports_only_itself_and_its_own_requirements():
    allowed = {"sandbox_runner", "flask", "functions_framework", "gunicorn", "prometheus_client", "pydantic"}
    allowed |= {"structlog", "docker"}
    imported = set()
    for file in Path("sandbox-runner/sandbox_runner").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}

    assert imported - set(sys.stdlib_module_names) - allowed == set()
