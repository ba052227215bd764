"""The real SDK against a server that takes its time: no call takes longer than it may, and one that fails rests."""

from __future__ import annotations

import time

import pytest
from model_stage import GOOD, asking

from functions.shared.model.asking import NoAnswer
from functions.shared.model.breaker import MOST_FAILURES
from tests.model_stand_in import fails, hangs, says, trickles

BRIEF, SLACK = 0.8, 4.0
"""Seconds that a call may take here, and how much later a busy machine may notice."""


def refused(model, seconds: float = 8.0) -> tuple[str, float]:
    """Return why there is no answer, and after how many seconds that was known."""
    begun = time.monotonic()
    with pytest.raises(NoAnswer) as none:
        model.ask(asking(), seconds=seconds)
    return none.value.reason, time.monotonic() - begun


@pytest.mark.parametrize(
    "slow",
    [
        hangs(),
        trickles(says(GOOD), seconds_between=0.2),
        trickles(says(GOOD + " " * 5000), seconds_between=0.002),
    ],
)
def test_no_call_takes_longer_than_it_may_however_slowly_it_is_answered(model, stand_in, slow):
    stand_in.manner = slow

    reason, seconds = refused(model, BRIEF)

    assert reason == "late"
    assert BRIEF <= seconds < BRIEF + SLACK


def test_what_is_tried_again_counts_as_well(model, stand_in):
    stand_in.script += [fails(500), says("no JSON"), hangs()]

    reason, seconds = refused(model, 2.0)

    assert reason == "late"
    assert seconds < 2.0 + SLACK
    assert len(stand_in.asked) == 3


def test_what_was_used_before_it_was_too_late_is_known(model, stand_in):
    stand_in.script += [says("no JSON"), hangs()]
    with pytest.raises(NoAnswer) as none:
        model.ask(asking(), seconds=BRIEF)

    assert none.value.usage.answer_tokens == len("no JSON") // 4
    assert none.value.text == "no JSON"


@pytest.mark.parametrize("later", ["60", "Wed, 01 Jan 2200 00:00:00 GMT"])
def test_a_server_that_wants_to_be_left_alone_for_too_long_is_not_waited_for(model, stand_in, later):
    stand_in.script += [fails(503, headers={"Retry-After": later}), says(GOOD)]

    reason, seconds = refused(model, 30)

    assert reason == "failed"
    assert seconds < 10
    assert len(stand_in.asked) == 1


def test_a_server_that_wants_a_second_gets_it(model, stand_in):
    stand_in.script += [fails(503, headers={"Retry-After": "1"}), says(GOOD)]

    begun = time.monotonic()
    model.ask(asking(), seconds=8)

    assert time.monotonic() - begun >= 1


def test_a_server_that_has_too_much_to_do_is_left_alone_at_once(model, stand_in, breaker):
    stand_in.script.append(fails(429, headers={"Retry-After": "20"}))

    assert refused(model)[0] == "busy"
    assert breaker.state == "open"
    assert refused(model)[0] == "open"
    assert len(stand_in.asked) == 1


def test_after_five_failures_in_a_row_nobody_is_asked_until_one_try_succeeds(model_with, stand_in, breaker):
    now = [1000.0]
    breaker._clock = lambda: now[0]
    model = model_with()
    stand_in.manner = fails(500)

    assert refused(model, 30)[0] == "failed"
    assert len(stand_in.asked) == MOST_FAILURES
    assert (refused(model)[0], breaker.state) == ("open", "open")

    now[0] += 31
    assert refused(model)[0] == "failed"
    assert (len(stand_in.asked), breaker.state) == (MOST_FAILURES + 1, "open")

    now[0] += 31
    stand_in.manner = says(GOOD)
    assert model.ask(asking(), seconds=8).answer.mood == "glad"
    assert breaker.state == "closed"


def test_a_call_that_was_too_late_counts_as_a_failure(model, stand_in, breaker):
    stand_in.manner = hangs()
    while len(stand_in.asked) < MOST_FAILURES:
        assert refused(model, 0.5)[0] == "late"

    assert breaker.state == "open"
