"""From requests to programs and from results to answers, within what an event and its time allow."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sandbox_runner.answering import MOST_BYTES, GradingRequested, asked, encoded
from sandbox_runner.envelope import Event
from sandbox_runner.errors import MalformedEvent, RejectedEvent
from sandbox_runner.limits import Limits, load_limits
from sandbox_runner.program import Program, ProgramTooLargeError
from sandbox_runner.result import ErrorInfo, Outcome, Result
from sandbox_runner.running import run_all

LONGEST_TRIALS = 20


def event(kind: str, data: dict[str, Any], **more: str) -> Event:
    return Event("e1", "/x", f"org.learnflow.{kind}.v1", "ada", "c1", 0, data, **more)


def result(**given: Any) -> Result:
    usual = {
        "outcome": Outcome.OK, "stdout": "", "stderr": "", "stdout_cut": False, "stderr_cut": False,
        "duration_ms": 1.0, "cpu_ms": 1.0, "peak_memory_kb": 13_000, "exit_status": 0,
        "error": None, "blocked": None, "value": None, "backend": "pod", "layers": ("seccomp",),
    }  # fmt: skip
    return Result(**{**usual, **given})


class Slow:
    """A backend whose every run takes as long as it may, on a clock that only it moves."""

    name, layers = "pod", ("seccomp",)

    def __init__(self) -> None:
        self.time = 0.0
        self.walls: list[float] = []

    def now(self) -> float:
        return self.time

    def run(self, program: Program, limits: Limits) -> Result:
        program.check(limits)
        self.walls.append(limits.wall_seconds)
        self.time += limits.wall_seconds
        return result(outcome=Outcome.TIMEOUT)


@pytest.fixture
def slow() -> Any:
    return Slow()


def test_each_trial_is_a_program_of_its_own_with_less_output() -> None:
    trials = [{"call": "x", "before": "x += 1"}, {"stdin": "in"}]
    request = asked(event("grading.requested", {"submission_id": "s1", "code": "x = 1", "trials": trials}))

    assert request.programs() == (Program("x = 1", "", "x += 1", "x"), Program("x = 1", "in", "", None))
    assert request.limits(load_limits()) == load_limits().graded()


def test_a_program_alone_may_say_more() -> None:
    request = asked(event("code.submitted", {"code": "x = 1", "stdin": "in", "unknown": 1}))

    assert request.programs() == (Program("x = 1", "in"),)
    assert request.limits(load_limits()) == load_limits()


def test_text_that_cannot_be_stored_is_replaced() -> None:
    request = asked(event("code.submitted", {"code": "print('\x00\ud800')"}))

    assert request.programs()[0].source == "print('\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}')"
    assert len(request.answer([result()])["code_hash"]) == 64


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("code.submitted", {}, "code: Field required"),
        ("code.submitted", {"code": 3}, "code: Input should be a valid string"),
        ("grading.requested", {"submission_id": "s", "code": "", "trials": [{}] * 21}, "trials: Tuple should have"),
        ("grading.requested", {"submission_id": "s", "code": "", "trials": [{"call": 1}]}, "trials.0.call:"),
        ("check.requested", {"requester": "debug", "draft_id": "d", "code": "", "trials": []}, "trials: Tuple"),
        ("check.requested", {"requester": "a\nb", "draft_id": "d", "code": "", "trials": [{}]}, "requester: String"),
    ],
)
def test_data_of_another_shape_is_malformed_and_not_quoted(kind: str, data: dict[str, Any], said: str) -> None:
    with pytest.raises(MalformedEvent) as refused:
        asked(event(kind, data))

    assert said in str(refused.value)


def test_other_types_are_rejected() -> None:
    with pytest.raises(RejectedEvent, match="not handled here"):
        asked(event("quiz.requested", {}))


@pytest.mark.parametrize("kind", ["grading.requested", "check.requested"])
def test_what_decides_on_a_grade_or_a_draft_cannot_be_asked_through_a_topic(kind: str) -> None:
    with pytest.raises(RejectedEvent, match="by functions only"):
        asked(event(kind, {"submission_id": "s1", "code": "", "trials": []}, ingress="code.submissions"))


def test_a_program_that_is_too_large_is_told_so(slow: Any) -> None:
    limits = load_limits()
    too_large = Program("#" * (limits.source_bytes + 1))
    with pytest.raises(ProgramTooLargeError):
        too_large.check(limits)

    first, second = run_all(slow, [too_large, Program("1")], limits, now=slow.now)

    assert first.outcome is Outcome.ERROR
    assert first.error is not None
    assert "at most 65536 are allowed" in first.error.message
    assert second.outcome is Outcome.TIMEOUT


def test_all_runs_of_an_event_end_within_its_time(slow: Any) -> None:
    limits = replace(load_limits(), wall_seconds=6.0, graded_together_seconds=15)

    results = run_all(slow, [Program("while True: pass")] * 4, limits, now=slow.now)

    assert slow.walls == [6.0, 6.0, 3.0]
    assert [each.outcome for each in results] == [Outcome.TIMEOUT] * 4
    assert results[2].error is None
    assert results[3].error is not None
    assert "not begun" in results[3].error.message


def test_the_largest_answers_fit_into_an_event() -> None:
    limits = load_limits()
    alone = _largest(limits)
    graded = [_largest(limits.graded())] * LONGEST_TRIALS

    assert len(encoded(asked(event("code.submitted", {"code": "1"})), [alone])) <= MOST_BYTES
    body = encoded(GradingRequested(submission_id="s" * 64, code="", trials=()), graded)
    assert len(body) <= MOST_BYTES
    assert [each["value"] for each in json.loads(body)["results"]] == [each.value for each in graded]


def _largest(limits: Limits) -> Result:
    share = limits.error_bytes // 8
    return result(
        stdout="\x1b" * (limits.stream_bytes // 6),
        stderr="e" * limits.stream_bytes,
        value={"kind": "str", "value": "v" * limits.value_bytes},
        error=ErrorInfo("T" * share, "m" * 2 * share, 1, "t" * 4 * share),
    )


def test_what_does_not_fit_loses_output_and_says_so() -> None:
    request = asked(event("code.submitted", {"code": "1"}))

    data = json.loads(encoded(request, [result(stdout="ä" * 4000, stderr="e" * 10)], 5000))

    assert data["stdout_cut"]
    assert "cut here" in data["stdout"]
    assert data["stderr"] == "e" * 10
    assert not data["stderr_cut"]
