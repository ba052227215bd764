"""New revisions while learners go on asking and handing in: everything is answered, once."""

import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.cluster.kube import is_ready

ROLLED = ("triage", "concepts", "delivery", "gateway")
A_SECOND = 5
AT_ONCE = 60
LONGEST_SECONDS = 120
EXERCISE = "loops/sum-of-evens"
RIGHT = "def sum_of_evens(numbers):\n    return sum(number for number in numbers if number % 2 == 0)\n"
WHAT = (
    ("/api/v1/query", {"question": "Can you explain how Python loops work?"}),
    (f"/api/v1/exercises/{EXERCISE}/submissions", {"code": RIGHT}),
)


class Learners:
    """Learners who ask and hand in by turns, so many a second, each until they have their answer."""

    def __init__(self, system):
        self._system = system
        self._enough = threading.Event()
        self.answered = []
        self.stumbled = Counter()

    def go_on_while(self, something):
        """Do something while they go on, then let everybody have their answer."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            coming = threads.submit(self._come, threads)
            try:
                something()
            finally:
                self._enough.set()
            for learner in coming.result():
                self.answered.append(learner.result())

    def _come(self, threads):
        everybody = []
        while not self._enough.wait(1 / A_SECOND):
            everybody.append(threads.submit(self._until_answered, len(everybody)))
        return everybody

    def _until_answered(self, turn):
        """Do as the API says where it says no more than that it took it on: come again, by the same key."""
        path, body = WHAT[turn % len(WHAT)]
        headers = {"X-Learner-Id": f"roll-{uuid.uuid4().hex[:8]}", "Idempotency-Key": str(uuid.uuid4())}
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self._system.http.post(path, json=body, headers={**headers, "Prefer": "wait=20"})
            except httpx.TransportError as why:
                self.stumbled[type(why).__name__] += 1
                continue
            if answer.status_code == 200 and answer.json()["status"] == "answered":
                return answer.json()["id"]
            self.stumbled[answer.status_code] += 1
            threading.Event().wait(float(answer.headers.get("Retry-After", 0)))
        return None


@pytest.fixture
def learners(system):
    system.ask(WHAT[0][1]["question"])  # what sleeps wakes
    return Learners(system)


def assert_everything_was_answered_once(system, learners):
    asked = learners.answered
    assert len(asked) > 10 * A_SECOND
    assert None not in asked
    assert len(set(asked)) == len(asked)
    told = "SELECT count(*) FROM requests WHERE id = ANY(%s) AND status = 'answered'"
    assert system.row(told, asked) == (len(asked),)
    messages = "SELECT count(DISTINCT request_id), count(*) - count(DISTINCT (request_id, type)) FROM messages"
    assert system.row(f"{messages} WHERE request_id = ANY(%s)", asked) == (len(asked), 0)
    assert system.row("SELECT count(*) FROM dead_letters WHERE correlation_id = ANY(%s)", asked) == (0,)


def roll_out(kube, function):
    """Have a new revision take over, and wait until it has."""
    before = kube.services()[function]["status"]["latestReadyRevisionName"]
    kube.annotate(function, {"learnflow.org/rolled-at": str(time.time_ns())})
    after = kube.until(
        lambda: is_ready(it := kube.services()[function]) and it["status"]["latestReadyRevisionName"],
        f"a new revision of {function} serves",
    )
    assert after != before


@pytest.mark.timeout(900)
def test_new_revisions_take_over_and_nothing_is_lost_or_done_twice(system, kube, learners):
    learners.go_on_while(lambda: [roll_out(kube, function) for function in ROLLED])

    print(f"{len(learners.answered)} answered; on the way: {dict(learners.stumbled)}")
    assert_everything_was_answered_once(system, learners)
    assert set(learners.stumbled) <= {202, 503}
