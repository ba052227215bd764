"""The real SDK against a server that speaks its API: what is sent, and what comes of what is said."""

from __future__ import annotations

import json

import pytest
from model_stage import GOOD, KEY, SECRET_QUESTION, Advice, asking

from functions.shared.model.asking import NoAnswer, Usage
from functions.shared.model.limits import TASKS
from tests.model_stand_in import StandIn, cuts, fails, hangs, says, sends


def reason_of(model, **how) -> NoAnswer:
    """Return why there is no answer."""
    with pytest.raises(NoAnswer) as none:
        model.ask(asking(), seconds=how.get("seconds", 8))
    return none.value


def test_an_answer_fits_its_schema_and_says_who_gave_it_and_what_it_cost(model, stand_in):
    stand_in.script.append(says(GOOD, model="stand-in-2026-01"))

    answered = model.ask(asking(), seconds=8)

    assert answered.answer == Advice.model_validate_json(GOOD)
    assert (answered.text, answered.model) == (GOOD, "stand-in-2026-01")
    assert answered.usage == Usage(prompt_tokens=13, answer_tokens=len(GOOD) // 4)


def test_a_strict_schema_and_the_limits_of_the_task_go_along(model_with, stand_in):
    model = model_with(by_task={"exercise": "stand-in-large"})
    for task in ("debug", "exercise"):
        model.ask(asking(task), seconds=8)

    debug, exercise = (asked.body for asked in stand_in.asked)
    assert debug["response_format"]["json_schema"]["strict"] is True
    assert debug["response_format"]["json_schema"]["schema"]["required"] == ["mood", "steps", "line", "note"]
    assert (debug["model"], exercise["model"]) == ("stand-in", "stand-in-large")
    for task, body in (("debug", debug), ("exercise", exercise)):
        assert (body["max_tokens"], body["temperature"]) == (TASKS[task].answer_tokens, TASKS[task].temperature)


def test_the_stand_in_by_itself_answers_what_fits_and_says_what_it_is(model):
    answer = model.ask(asking(), seconds=8).answer

    assert answer.mood == "stern"
    assert "stand-in" in answer.steps[0].text


@pytest.mark.parametrize(
    ("refused", "then"),
    [
        ("response_format", {"response_format": {"type": "json_object"}}),
        ("temperature", {"temperature": None}),
        ("max_tokens", {"max_tokens": None, "max_completion_tokens": TASKS["debug"].answer_tokens}),
    ],
)
def test_what_a_server_refuses_to_understand_is_left_out_from_then_on(model, stand_in, refused, then):
    stand_in.not_understood = frozenset({refused})

    for _ in range(2):
        assert model.ask(asking(), seconds=8).answer.mood == "stern"

    assert len(stand_in.asked) == 3
    assert [{name: asked.body.get(name) for name in then} for asked in stand_in.asked[1:]] == [then, then]


def test_a_server_without_schemas_is_told_the_schema_in_words(model, stand_in):
    stand_in.script.append(fails(400, message="response_format is not supported"))
    model.ask(asking(), seconds=8)

    told = [message["content"] for message in stand_in.asked[1].body["messages"]]
    assert "JSON Schema" in told[1]
    assert '"additionalProperties": false' in told[1]
    assert told[2].endswith(f"{SECRET_QUESTION}?")


@pytest.mark.parametrize(
    "said", ["no JSON at all", '{"mood": "glad"', GOOD.replace("glad", "furious"), "[1]", GOOD.replace('"kind"', '"k"')]
)
def test_what_cannot_be_read_is_said_again_once_with_what_was_wrong(model, stand_in, said):
    stand_in.script += [says(said), says(GOOD)]

    answered = model.ask(asking(), seconds=8)

    assert answered.answer.mood == "glad"
    assert answered.usage.answer_tokens == (len(said) // 4) + len(GOOD) // 4
    *_, repeated, objection = stand_in.asked[1].body["messages"]
    assert repeated == {"role": "assistant", "content": said}
    assert objection["role"] == "user"
    assert "again" in objection["content"]


def test_what_cannot_be_read_twice_is_no_answer(model, stand_in):
    stand_in.script += [says("first"), says("second"), says(GOOD)]

    none = reason_of(model)

    assert (none.reason, none.text) == ("malformed", "second")
    assert none.usage.answer_tokens == len("first") // 4 + len("second") // 4
    assert len(stand_in.asked) == 2


@pytest.mark.parametrize("around", ["```json\n{}\n```", "<think>{{ hm }}</think>\n{}", "Here it is: {} Good luck!"])
def test_what_stands_around_an_answer_does_no_harm(model, stand_in, around):
    stand_in.script.append(says(around.replace("{}", GOOD).replace("{{", "{").replace("}}", "}")))

    assert model.ask(asking(), seconds=8).answer.line == 3
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (says("", refusal="I would rather not."), "refused"),
        (says(GOOD, finish="content_filter"), "refused"),
        (says(GOOD[:40], finish="length"), "malformed"),
    ],
)
def test_a_refusal_and_half_an_answer_are_none_and_not_asked_for_again(model, stand_in, breaker, manner, reason):
    stand_in.script.append(manner)

    none = reason_of(model)

    assert none.reason == reason
    assert none.usage.prompt_tokens > 0
    assert len(stand_in.asked) == 1
    assert breaker.state == "closed"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_is_wrong_with_the_request_itself_is_not_sent_again(model, stand_in, status):
    stand_in.script += [fails(status), fails(status)]

    none = reason_of(model)

    assert none.reason == "failed"
    assert len(stand_in.asked) == (2 if status in {400, 422} else 1)  # the second without a schema


def test_a_prompt_that_is_too_long_is_not_sent_in_other_words(model, stand_in):
    stand_in.script.append(fails(400, code="context_length_exceeded"))

    assert reason_of(model).reason == "failed"
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize(
    "manner",
    [
        fails(500), fails(502), fails(503), fails(408), fails(409),
        fails(503, headers={"Retry-After": "0"}),
        cuts(says(GOOD)), cuts(says(GOOD), after_bytes=30),
        sends(b'{"choices": [{"mess'), sends(b"<html>Welcome to the school</html>", "text/html"), sends(b"{}"),
        sends(b'{"choices": []}'),
    ],
)  # fmt: skip
def test_what_may_pass_is_tried_again(model, stand_in, breaker, manner):
    stand_in.script += [manner, manner, says(GOOD)]

    assert model.ask(asking(), seconds=8).answer.mood == "glad"
    assert len(stand_in.asked) == 3
    assert breaker.state == "closed"


def test_nobody_who_listens_is_tried_again_until_the_breaker_opens(model_with, breaker):
    with StandIn() as gone:
        address = gone.base_url

    assert reason_of(model_with(base_url=address)).reason == "failed"
    assert breaker.state == "open"


def test_neither_key_nor_prompt_is_logged(model_with, stand_in, caplog, capfd):
    caplog.set_level("DEBUG")
    stand_in.script += [says("no JSON"), says(GOOD)]
    model_with().ask(asking(), seconds=8)
    reason_of(model_with(key="sk-of-somebody-else"))

    out = caplog.text + "".join(capfd.readouterr())
    assert "model.no_answer" in out
    for secret in (KEY, "sk-of", SECRET_QUESTION, "Look at line"):
        assert secret not in out


def test_a_server_of_ones_own_is_asked_without_a_key(model_with, stand_in):
    stand_in.key = ""

    assert model_with(key="").ask(asking(), seconds=8).answer.mood == "stern"


def test_nothing_is_sent_where_no_model_is_set_up(model_with, stand_in):
    off = model_with(by_task={"debug": ""})

    assert off.name("debug") == ""
    assert reason_of(off).reason == "off"
    assert stand_in.asked == []


def test_many_ask_at_once_and_each_has_its_own_answer(model, stand_in):
    from concurrent.futures import ThreadPoolExecutor

    def echoing(asked):
        return says(GOOD.replace("Look at line 3.", asked.said_last))(asked)

    stand_in.manner = echoing
    prompts = [asking().going_on("?", f"number {number}") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda prompt: model.ask(prompt, seconds=20), prompts))

    assert [answered.answer.steps[0].text for answered in answers] == [f"number {number}" for number in range(24)]


def test_the_server_itself_lists_its_models_and_streams(stand_in):
    import openai

    client = openai.OpenAI(api_key=KEY, base_url=stand_in.base_url, max_retries=0)
    stand_in.script.append(says("one two three"))
    messages = [{"role": "user", "content": "count"}]
    events = list(
        client.chat.completions.create(
            model="stand-in", messages=messages, stream=True, stream_options={"include_usage": True}
        )
    )

    assert [model.id for model in client.models.list()] == ["stand-in", "stand-in-large"]
    assert "".join(event.choices[0].delta.content or "" for event in events if event.choices) == "one two three"
    assert events[-1].usage.total_tokens > 0


def test_the_stand_in_refuses_a_schema_that_openai_would_refuse(stand_in):
    import openai

    client = openai.OpenAI(api_key=KEY, base_url=stand_in.base_url, max_retries=0)
    loose = {"type": "object", "properties": {"text": {"type": "string", "maxLength": 3}}, "required": ["text"]}
    form = {"type": "json_schema", "json_schema": {"name": "loose", "schema": loose, "strict": True}}
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(
            model="stand-in", messages=[{"role": "user", "content": "hm"}], response_format=form
        )

    assert "additionalProperties" in json.dumps(refused.value.body) or "maxLength" in json.dumps(refused.value.body)


def test_a_server_that_never_answers_ends_with_the_test(model, stand_in):
    stand_in.script.append(hangs())

    assert reason_of(model, seconds=0.5).reason == "late"
