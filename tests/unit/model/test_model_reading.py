"""What a model is to say goes as a strict schema; what it says is read kindly, and believed only if it fits."""

from typing import Literal

import pytest
from pydantic import ConfigDict, Field

from functions.shared.model.asking import Prompt, Said
from functions.shared.model.dialect import Dialect
from functions.shared.model.limits import BYTES_PER_TOKEN, OBJECTION_TOKENS, TASKS, most_used
from functions.shared.model.reading import MOST_TOLD, Unreadable, read
from functions.shared.model.schema import in_words, strict_schema


class Part(Said):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["one"]
    size: int = Field(ge=1, le=9)


class Whole(Said):
    """A whole."""

    name: str = Field(max_length=20, description="Its name.")
    part: Part = Field(description="What it has.")
    more: tuple[Part, ...] = ()
    other: Part | None = None


PROMPT = Prompt("triage", "triage.v1", ({"role": "system", "content": "s" * 300},), Whole)


def test_in_a_strict_schema_everything_is_required_and_nothing_else_allowed():
    part = {"$ref": "#/$defs/Part"}

    assert strict_schema(Whole) == {
        "type": "object",
        "description": "A whole.",
        "properties": {
            "name": {"type": "string", "description": "Its name."},
            "part": part,
            "more": {"type": "array", "items": part},
            "other": {"anyOf": [part, {"type": "null"}]},
        },
        "required": ["name", "part", "more", "other"],
        "additionalProperties": False,
        "$defs": {
            "Part": {
                "type": "object",
                "properties": {"kind": {"type": "string", "enum": ["one"]}, "size": {"type": "integer"}},
                "required": ["kind", "size"],
                "additionalProperties": False,
            }
        },
    }


def test_in_words_it_is_the_same_schema():
    assert '"required": ["name", "part", "more", "other"]' in in_words(Whole)


def test_what_fits_is_read():
    said = read('{"name": "a", "part": {"kind": "one", "size": 3}}', Whole)

    assert (said.name, said.part.size, said.more) == ("a", 3, ())


def test_what_does_not_fit_is_told_place_by_place():
    with pytest.raises(Unreadable) as wrong:
        read('{"name": "a", "part": {"kind": "two", "size": 10}}', Whole)

    assert "- part.kind: " in str(wrong.value)
    assert "- part.size: " in str(wrong.value)


def test_of_many_mistakes_some_are_told():
    parts = ", ".join('{"kind": "two", "size": 3}' for _ in range(40))
    with pytest.raises(Unreadable) as wrong:
        read(f'{{"name": "a", "part": {{"kind": "one", "size": 1}}, "more": [{parts}]}}', Whole)

    assert str(wrong.value).count("\n- ") == MOST_TOLD


@pytest.mark.parametrize("text", ["", "}{", "{" * 100_000, "NaN", "{]}", "\ud800", '{"name": "\ud800"}'])
def test_what_is_no_json_is_said_to_be_none(text):
    with pytest.raises(Unreadable):
        read(text, Whole)


def test_what_is_refused_by_name_is_left_out_and_else_the_schema_is():
    plain = Dialect()

    assert plain.simpler("temperature") == Dialect(temperature=False)
    assert plain.simpler("max_tokens") == Dialect(most_tokens="max_completion_tokens")
    assert plain.simpler(None) == plain.simpler("response_format") == Dialect(schema=False)
    assert Dialect(schema=False).simpler(None) is None
    assert Dialect(schema=False, temperature=False).simpler("temperature") is None


def test_the_schema_in_words_stands_behind_what_a_model_is_told_first():
    options = Dialect(schema=False).options(PROMPT)

    assert options["response_format"] == {"type": "json_object"}
    assert [message["role"] for message in options["messages"]] == ["system", "system"]
    assert options["messages"][0] == PROMPT.messages[0]


def test_every_task_has_its_limits_and_a_prompt_its_bound():
    assert all(0 < limits.answer_tokens <= 4_000 and 0 <= limits.temperature <= 1 for limits in TASKS.values())
    assert most_used(PROMPT).answer_tokens == 4 * TASKS["triage"].answer_tokens


def test_what_a_question_takes_at_most_is_what_four_calls_take_that_say_all_there_is_to_say():
    """It is asked, asked again for what cannot be read, and both once more for what the guard objects to."""
    answer = TASKS["triage"].answer_tokens
    said, objection = "x" * BYTES_PER_TOKEN * answer, "y" * BYTES_PER_TOKEN * OBJECTION_TOKENS
    schema = len(in_words(PROMPT.answer).encode())
    again = PROMPT.going_on(said, objection)
    sent = [PROMPT, again, again, again.going_on(said, objection)]
    taken = [sum(len(each["content"].encode()) for each in prompt.messages) + schema for prompt in sent]

    most = most_used(PROMPT)
    assert sum(taken) // BYTES_PER_TOKEN - 4 < most.prompt_tokens <= sum(taken) // BYTES_PER_TOKEN
    assert most.tokens == most.prompt_tokens + 4 * answer
