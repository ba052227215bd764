"""Functions and tables are renewed while people ask and hand in: each is answered, once."""

import shutil
import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from journey_stage import Learner, come_to_rest, processes_of

from scripts.stack.migrations import migrate
from scripts.stack.places import ROOT

pytestmark = pytest.mark.timeout(300)

FUNCTIONS = ("triage", "concepts", "exercise", "review", "progress", "delivery", "audit", "gateway")
SOLUTION = "def sum_of_evens(numbers):\n    return sum(number for number in numbers if number % 2 == 0)\n"
MIGRATION = '''
"""Something more.

pre-deploy: it only adds.
"""

from alembic import op

revision = "{ours}"
down_revision = "{last}"


def upgrade() -> None:
    op.execute("ALTER TABLE requests ADD COLUMN mood text; ALTER TABLE messages ADD COLUMN stars integer DEFAULT 0")
    op.execute("CREATE TABLE moods (id text PRIMARY KEY); CREATE INDEX requests_mood ON requests (mood)")


def downgrade() -> None:
    op.execute("DROP TABLE moods; ALTER TABLE requests DROP COLUMN mood; ALTER TABLE messages DROP COLUMN stars")
'''


@pytest.fixture
def next_schema(system, tmp_path):
    """A checkout with one migration more, which is taken back."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    (last,) = system.row("SELECT version_num FROM alembic_version")
    migration = MIGRATION.format(ours=f"{last}x", last=last).lstrip()
    (tmp_path / "schema" / "migrations" / "versions" / f"{last}x_more.py").write_text(migration)
    yield tmp_path
    migrate(system.database_url, "-1", root=tmp_path)


class Busy(Learner):
    """A learner who goes on asking and handing in until told to stop."""

    def __init__(self, system, stop):
        super().__init__(system)
        self.asked, self.handed_in, self._stop = [], [], stop

    def work(self):
        while not self._stop.is_set():
            question = {"question": "Can you explain how Python loops work?"}
            self.asked.append(self.until_answered("/api/v1/query", question))
            solution = {"exercise_id": "loops/sum-of-evens", "code": SOLUTION}
            self.handed_in.append(self.until_answered("/api/v1/exercises/submit", solution))

    def until_answered(self, path, body):
        """Say the same again, as clients do, until there is an answer; return the request's id."""
        key = {"Idempotency-Key": str(uuid.uuid4())}

        def answered():
            try:
                response = self.post(path, body, **key)
            except httpx.TransportError:  # the only gateway was being renewed
                return None
            ours = "json" in response.headers["content-type"]  # else it is the ingress, while the gateway is renewed
            assert response.status_code in ({200, 202, 503} if ours else {502, 503}), response.text
            return response.json()["id"] if response.status_code == 200 else None

        return self._system.until(answered, f"{path} is answered")


def serving(system, function):
    """The processes of a function; None while one is just ending."""
    try:
        return {process.pid: process for process in processes_of(system, function)}
    except psutil.Error:
        return None


def renew(system, function):
    """Have every process of a function end as one of an old revision does, and return when new ones serve."""
    old = system.until(lambda: serving(system, function), f"{function} serves")
    for process in old.values():
        process.send_signal(signal.SIGTERM)
    system.until(
        lambda: (now := serving(system, function)) and not now.keys() & old.keys(),
        f"{function} is renewed",
        seconds=120,
    )


def test_functions_and_tables_are_renewed_under_load_and_each_event_is_answered_once(system, next_schema):
    stop = threading.Event()
    learners = [Busy(system, stop) for _ in range(3)]
    with ThreadPoolExecutor(len(learners)) as threads:
        working = [threads.submit(learner.work) for learner in learners]
        try:
            system.until(lambda: all(learner.handed_in for learner in learners), "everybody is at work")
            for function in FUNCTIONS[:4]:
                renew(system, function)
            assert len(migrate(system.database_url, root=next_schema)) == 1
            so_far = [len(learner.handed_in) for learner in learners]
            for function in FUNCTIONS[4:]:
                renew(system, function)
            system.until(
                lambda: all(len(learner.handed_in) > before for learner, before in zip(learners, so_far, strict=True)),
                "everybody went on",
            )
        finally:
            stop.set()
        for each in working:
            each.result(60)

    for learner in learners:
        come_to_rest(system, learner)
        ids = [learner.id]
        told = "SELECT request_id, count(*) FROM messages WHERE learner_id = %s AND type = %s GROUP BY 1"
        explained = system.db.execute(told, [*ids, "org.learnflow.concept.explained.v1"]).fetchall()
        graded = system.db.execute(told, [*ids, "org.learnflow.exercise.graded.v1"]).fetchall()
        assert sorted(explained) == sorted((request, 1) for request in learner.asked)
        assert sorted(graded) == sorted((request, 1) for request in learner.handed_in)
        attempts = system.db.execute("SELECT attempt, status FROM submissions WHERE learner_id = %s", ids).fetchall()
        assert sorted(attempts) == [(number + 1, "graded") for number in range(len(learner.handed_in))]
        assert system.row("SELECT count(*) FROM dead_letters WHERE learner_id = %s", *ids) == (0,)
        assert system.row("SELECT count(*) FROM requests WHERE user_id = %s AND status <> 'answered'", *ids) == (0,)
