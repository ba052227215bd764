"""The contracts agree with each other: payloads, schemas, examples, handlers."""

import json
import re
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

from functions.shared.contracts import drifted, schema_file
from functions.shared.envelope import decode, from_json, to_http
from functions.shared.events import (
    ANSWER_PATH,
    ANSWERS,
    CONTRACTS,
    FOR_PEOPLE,
    PAYLOADS,
    PLAIN_RECORDS,
    REQUESTS,
    UNASKED,
)
from functions.shared.payload import Anything

SCHEMAS = Path("schema/events")
EXAMPLES = sorted((SCHEMAS / "examples").glob("*/*.json"))
APART = {"sandbox-runner"}
"""A package of its own, which knows these contracts by their schemas: test_sandbox_runner.py."""


def test_generated_files_have_not_drifted():
    assert drifted() == []


def test_a_schema_without_a_type_is_found(tmp_path):
    (tmp_path / SCHEMAS).mkdir(parents=True)
    (tmp_path / SCHEMAS / "orphan.v1.schema.json").write_text("{}")

    assert "schema/events/orphan.v1.schema.json belongs to no type of event" in drifted(tmp_path)


def test_every_type_has_an_example_and_every_example_a_type():
    named = {f"org.learnflow.{example.parent.name}" for example in EXAMPLES}

    assert named == set(PAYLOADS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_example_is_what_its_schema_and_its_payload_say(example):
    event = json.loads(example.read_text())
    payload = PAYLOADS[event["type"]]
    schema = json.loads((SCHEMAS / schema_file(payload)).read_text())

    jsonschema.validate(event["data"], schema, jsonschema.Draft202012Validator)
    assert event["dataschema"] == schema["$id"]
    assert event["type"] == f"org.learnflow.{example.parent.name}"
    decoded = decode(*to_http(from_json(event)), {payload.TYPE: payload})
    assert decoded.correlation_id == event["correlationid"]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=lambda payload: payload.TYPE)
def test_types_are_versioned_facts(payload):
    assert payload.TYPE.startswith("org.learnflow.")
    assert payload.TYPE.endswith(".v1")
    assert payload.__doc__


@pytest.mark.parametrize(
    "name", [name for name, contract in CONTRACTS.items() if contract.accepts and name not in APART]
)
def test_a_function_has_a_handler_for_exactly_what_it_accepts(name):
    function = import_module(f"functions.{name.replace('-', '_')}.main").function

    assert function.name == name
    assert set(function.accepts) == {payload.TYPE for payload in CONTRACTS[name].accepts}


def test_every_function_has_a_contract():
    folders = {path.parent.name for path in Path().glob("*/*/main.py")}

    assert folders == {name.replace("-", "_") for name in CONTRACTS}
    assert all(Path(name, name.replace("-", "_"), "main.py").is_file() for name in APART)


def test_every_answer_somebody_waits_for_is_delivered():
    assert set(CONTRACTS["delivery"].accepts) == set(FOR_PEOPLE)
    for answers in ANSWERS.values():
        assert "failed" in answers.values()


def test_the_answer_path_is_what_leads_from_a_question_to_an_answer():
    forward, backward = {"gateway"}, set()
    while (more := {n for n in CONTRACTS if _accepts_from(n, forward)}) - forward:
        forward |= more
    while (more := {n for n in CONTRACTS if _answers_to(n, backward)}) - backward:
        backward |= more

    assert (forward & backward) - {"gateway", "dead-letter"} == set(ANSWER_PATH)


def _accepts_from(name, sources):
    accepted = set(CONTRACTS[name].accepts) - {Anything}
    return name in sources or any(accepted & set(CONTRACTS[source].answers) for source in sources)


def _answers_to(name, targets):
    asked = {(target, payload) for target in targets for payload in CONTRACTS[target].accepts} - UNASKED
    wanted = set(FOR_PEOPLE) | {payload for _, payload in asked}
    return bool(set(CONTRACTS[name].answers) & wanted)


def test_every_intent_is_taken_by_exactly_one_function():
    for request in REQUESTS.values():
        assert [request in contract.accepts for contract in CONTRACTS.values()].count(True) == 1


def test_from_every_event_there_is_a_way_to_an_end():
    after = {
        payload: {answer for c in CONTRACTS.values() if payload in c.accepts for answer in c.answers}
        for payload in PAYLOADS.values()
    }
    ending = {payload for payload in after if not after[payload]}
    while more := {payload for payload in set(after) - ending if after[payload] & ending}:
        ending |= more

    assert set(after) - ending == set()


def test_no_function_answers_what_it_accepts():
    for contract in CONTRACTS.values():
        assert not set(contract.accepts) & set(contract.answers)


def test_plain_records_name_topics_that_take_them():
    import yaml

    for path in Path("kafka/topics").glob("*.yaml"):
        topic = yaml.safe_load(path.read_text())
        assert bool(topic.get("plain_records")) == (path.stem in PLAIN_RECORDS)


def test_readme_tells_who_accepts_and_answers_what():
    rows = re.findall(
        r"^\| \[([\w-]+)\]\((?:functions/)?[\w-]+\) \| (.*?) \| (.*?) ?\|$", Path("README.md").read_text(), re.M
    )
    told = {name: tuple(set(re.findall(r"\w+\.\w+", cell)) for cell in cells) for name, *cells in rows}

    assert told == {name: (short(contract.accepts), short(contract.answers)) for name, contract in CONTRACTS.items()}


def short(payloads):
    return {p.TYPE.removeprefix("org.learnflow.").removesuffix(".v1") for p in payloads if p is not Anything}
