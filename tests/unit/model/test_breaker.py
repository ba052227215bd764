"""A server that fails is left alone for a while, by all threads of a process, and then tried once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from prometheus_client import REGISTRY

from functions.shared.model.breaker import LONGEST_PAUSE_SECONDS, MOST_FAILURES, PAUSE_SECONDS, Breaker


class Stage:
    """A breaker and its clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.breaker = Breaker(clock=lambda: self.now)

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            self.breaker.failed(self.enter())

    def enter(self):
        one = self.breaker.enter()
        assert one is not None
        return one


@pytest.fixture
def stage() -> Stage:
    return Stage()


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"learnflow_model_breaker_{name}", labels) or 0.0


def test_five_failures_in_a_row_open_it_and_the_gauge_shows_it(stage):
    opened = metric("opened_total", why="failures")
    stage.fail(MOST_FAILURES - 1)
    assert stage.breaker.state == "closed"

    stage.fail()

    assert (stage.breaker.state, stage.breaker.enter()) == ("open", None)
    assert metric("state") == 2
    assert metric("opened_total", why="failures") == opened + 1


def test_a_success_in_between_begins_the_count_anew(stage):
    stage.fail(MOST_FAILURES - 1)
    stage.breaker.succeeded(stage.enter())
    stage.fail(MOST_FAILURES - 1)

    assert stage.breaker.state == "closed"


def test_after_the_pause_one_may_pass_and_no_other_until_it_is_back(stage):
    stage.fail(MOST_FAILURES)
    stage.now = PAUSE_SECONDS - 0.1
    assert stage.breaker.enter() is None

    stage.now = PAUSE_SECONDS
    one = stage.enter()

    assert (stage.breaker.state, stage.breaker.enter(), metric("state")) == ("half-open", None, 1)
    stage.breaker.succeeded(one)
    assert (stage.breaker.state, metric("state")) == ("closed", 0)
    stage.fail(MOST_FAILURES - 1)
    assert stage.breaker.state == "closed"


def test_one_try_that_fails_opens_it_for_another_pause(stage):
    stage.fail(MOST_FAILURES)
    stage.now = PAUSE_SECONDS
    stage.fail()

    assert stage.breaker.state == "open"
    stage.now = 2 * PAUSE_SECONDS - 0.1
    assert stage.breaker.enter() is None
    stage.now = 2 * PAUSE_SECONDS
    assert stage.breaker.enter() is not None


@pytest.mark.parametrize(
    ("said", "pause"), [(None, PAUSE_SECONDS), (3.0, 3.0), (0.0, PAUSE_SECONDS), (86_400.0, LONGEST_PAUSE_SECONDS)]
)
def test_too_much_to_do_opens_it_at_once_for_as_long_as_is_said_within_reason(stage, said, pause):
    stage.breaker.throttled(stage.enter(), said)

    stage.now = pause - 0.1
    assert stage.breaker.enter() is None
    stage.now = pause
    assert stage.breaker.enter() is not None


def test_what_was_begun_before_it_opened_says_nothing_about_how_the_server_is_now(stage):
    slow, slower = stage.enter(), stage.enter()
    stage.fail(MOST_FAILURES)

    stage.breaker.succeeded(slow)
    assert stage.breaker.state == "open"
    stage.now = PAUSE_SECONDS
    stage.breaker.succeeded(stage.enter())
    stage.breaker.failed(slower)
    stage.fail(MOST_FAILURES - 1)
    assert stage.breaker.state == "closed"


def test_of_many_threads_one_passes(stage):
    stage.fail(MOST_FAILURES)
    stage.now = PAUSE_SECONDS
    together = Barrier(16)

    def enter(_):
        together.wait(20)
        return stage.breaker.enter()

    with ThreadPoolExecutor(16) as pool:
        passed = [one for one in pool.map(enter, range(16)) if one]

    assert len(passed) == 1


def test_threads_that_fail_together_open_it_once(stage):
    opened, together = metric("opened_total", why="failures"), Barrier(16)

    def fail(_):
        one = stage.breaker.enter()
        together.wait(20)
        if one:
            stage.breaker.failed(one)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(fail, range(16)))

    assert stage.breaker.state == "open"
    assert metric("opened_total", why="failures") == opened + 1
