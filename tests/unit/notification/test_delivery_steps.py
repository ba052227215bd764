"""What becomes of a delivery that is due, and of one that was tried."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.notification.parcel import NotSent, Unsure
from functions.notification.quiet import Quiet
from functions.notification.steps import LEASE, PAUSES, Due, Step, first_step, last_step

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
LUNCH = Quiet(time(11), time(13), "UTC")


def due(*, status="pending", attempts=0, target="x", seen=False, quiet=None):
    return Due(status, attempts, target, seen, quiet)


@pytest.mark.parametrize(
    ("found", "status", "attempts", "until"),
    [
        (due(), "sending", 1, NOON + LEASE),
        (due(quiet=LUNCH), "pending", 0, NOON + timedelta(hours=1)),
        (due(target=None), "skipped", 0, NOON),
        (due(seen=True), "skipped", 0, NOON),
        (due(target=None, quiet=LUNCH), "skipped", 0, NOON),
        (due(status="sending", attempts=1), "unsure", 1, NOON),
        (due(status="sending", attempts=1, seen=True), "unsure", 1, NOON),
    ],
)
def test_a_due_delivery_is_sent_held_or_done_with(found, status, attempts, until):
    step = first_step(found, NOON)

    assert (step.status, step.attempts, step.due_at) == (status, attempts, until)


def test_what_was_taken_is_sent():
    assert last_step(1, None, NOON) == Step("sent", 1, NOON)


outcomes = st.sampled_from([NotSent("no"), NotSent("never", hopeless=True), Unsure("perhaps")])


@given(st.integers(1, 9), outcomes)
def test_only_what_certainly_did_not_arrive_and_still_may_is_tried_again(attempts, outcome):
    step = last_step(attempts, outcome, NOON)

    again = isinstance(outcome, NotSent) and not outcome.hopeless and attempts <= len(PAUSES)
    assert (step.status == "pending") is again
    assert (step.due_at > NOON) is again
    assert step.error == str(outcome)
