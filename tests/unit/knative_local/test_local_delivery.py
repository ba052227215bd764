"""The delivery contract as numbers and outcomes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from knative.local.delivery import Answer, Policy, UndeliverableError, dead_letter, deliver, is_retried, seconds_of
from knative.local.events import Event
from knative.local.schema import Delivery

EVENT = Event({"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}, b"data")


def play(
    policy: Policy, answers: Iterable[Answer | None]
) -> tuple[Event | UndeliverableError | None, list[float], int]:
    """Deliver to something that gives these answers: what came of it, the pauses, and the number of tries."""
    turn, pauses, tries = iter(answers), [], 0

    async def send(timeout: float) -> Answer | None:
        nonlocal tries
        tries += 1
        assert timeout == policy.timeout
        return next(turn)

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def run() -> Event | UndeliverableError | None:
        try:
            return await deliver(policy, send, sleep=sleep, on_retry=lambda: None)
        except UndeliverableError as failure:
            return failure

    return asyncio.run(run()), pauses, tries


def test_exponential_gaps_double_and_the_first_is_twice_the_delay() -> None:
    outcome, pauses, tries = play(Policy(4, "exponential", 0.2), [None] * 5)
    assert isinstance(outcome, UndeliverableError)
    assert (pauses, tries) == ([0.4, 0.8, 1.6, 3.2], 5)


def test_linear_gaps_grow_by_the_delay() -> None:
    _, pauses, _ = play(Policy(3, "linear", 0.5), [None] * 4)
    assert pauses == [0.5, 1.0, 1.5]


@pytest.mark.parametrize("status", [404, 408, 409, 429, 500, 501, 502, 503, 504])
def test_these_are_worth_another_try(status: int) -> None:
    assert is_retried(Answer(status))
    outcome, _, tries = play(Policy(2, delay=1), [Answer(status), Answer(204)])
    assert (outcome, tries) == (None, 2)


@pytest.mark.parametrize("status", [300, 302, 304, 400, 401, 403, 405, 410, 413, 415, 422, 423, 425])
def test_these_are_final(status: int) -> None:
    outcome, _, tries = play(Policy(2, delay=1), [Answer(status, body=b"why")])
    assert isinstance(outcome, UndeliverableError)
    assert outcome.answer == Answer(status, body=b"why")
    assert tries == 1


def test_no_answer_is_worth_another_try_and_leaves_none_behind() -> None:
    outcome, _, tries = play(Policy(1, delay=1), [None, None])
    assert isinstance(outcome, UndeliverableError)
    assert (outcome.answer, tries) == (None, 2)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_without_a_body_is_done(status: int) -> None:
    assert play(Policy(), [Answer(status)])[0] is None


def test_2xx_with_a_body_that_is_no_cloudevent_is_final_and_leaves_no_answer() -> None:
    outcome, _, tries = play(Policy(5, delay=1), [Answer(200, (("Content-Type", "text/html"),), b"OK")])
    assert isinstance(outcome, UndeliverableError)
    assert (outcome.answer, tries) == (None, 1)


def test_a_malformed_reply_is_final_too() -> None:
    headers = (("ce-specversion", "1.0"), ("ce-type", "t"), ("ce-source", "/s"))
    outcome, _, tries = play(Policy(5, delay=1), [Answer(200, headers, b"{}")])
    assert isinstance(outcome, UndeliverableError)
    assert (outcome.answer, tries) == (None, 1)


def test_a_dead_letter_without_an_answer_says_only_where() -> None:
    letter = dead_letter(EVENT, "http://x", None)
    assert dict(letter.attributes) == {**EVENT.attributes, "knativeerrordest": "http://x"}
    assert letter.data == b"data"


def test_a_dead_letter_with_an_answer_says_code_and_the_first_1024_bytes() -> None:
    letter = dead_letter(EVENT, "http://x", Answer(500, body=b"\xff" * 2000))
    assert letter["knativeerrorcode"] == "500"
    assert len(letter["knativeerrordata"]) == 1368
    assert "knativeerrordata" not in dead_letter(EVENT, "http://x", Answer(500)).attributes


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT0.3S", 0.3), ("PT1M30S", 90), ("PT2H", 7200), ("P1DT1S", 86401), ("PT0S", 0)]
)
def test_durations_are_iso_8601(text: str, seconds: float) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "P", "PT", "1s", "PT1X", "PT1S2M"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds_of(text)


def test_a_delivery_without_retry_tries_once_and_waits_ten_minutes() -> None:
    assert Delivery().policy() == Policy(0, "exponential", 0, 600)


def test_retry_without_backoff_delay_retries_nothing() -> None:
    assert Delivery.model_validate({"retry": 5}).policy().retries == 0
    given = {"retry": 5, "backoffDelay": "PT1S", "backoffPolicy": "linear", "timeout": "PT2S"}
    assert Delivery.model_validate(given).policy() == Policy(5, "linear", 1, 2)
