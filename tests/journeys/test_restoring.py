"""The database is lost: a backup and what Kafka still has bring all of it back, and nobody who is gone."""

import os
import re
import subprocess
import uuid

import pytest
from journey_stage import Learner, come_to_rest

from scripts.stack.places import ROOT

pytestmark = pytest.mark.timeout(300)

SOLUTION = "def sum_of_evens(numbers):\n    return sum(number for number in numbers if number % 2 == 0)\n"
LOST = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def run(system, script, *words):
    """Run a script on the system's database and Kafka, and return what it said."""
    where = {"DATABASE_URL": system.database_url, "KAFKA_BOOTSTRAP_SERVERS": system.bootstrap}
    done = subprocess.run(
        [ROOT / "scripts" / script, *map(str, words)],
        env=os.environ | where, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def everything_of(system, learner):
    """What a learner was told, handed in and has shown, however the rows lie."""
    queries = (
        "SELECT id, request_id, type, body::text FROM messages WHERE learner_id = %s",
        "SELECT id, exercise_id, attempt, code, status, score, passed FROM submissions WHERE learner_id = %s",
        "SELECT topic, exercises, score_sum, answers, programs, quality_sum FROM progress WHERE learner_id = %s",
        "SELECT source, id, type FROM events WHERE learner_id = %s AND type <> 'org.example.mark'",
    )
    return [set(system.db.execute(query, [learner.id]).fetchall()) for query in queries]


def learn(learner, topic):
    """Ask, and hand something in."""
    learner.answer("/api/v1/query", {"question": f"Can you explain how Python {topic} work?"})
    learner.answer("/api/v1/exercises/submit", {"exercise_id": "loops/sum-of-evens", "code": SOLUTION})


def test_a_lost_database_is_restored_and_what_happened_since_comes_again(system, tmp_path):
    ada, gone = Learner(system), Learner(system)
    for learner in (ada, gone):
        learn(learner, "loops")
        come_to_rest(system, learner)
    kept, noted = tmp_path / "learnflow.dump", tmp_path / "deletions.json"
    run(system, "backup", kept)
    as_it_was = everything_of(system, ada)

    learn(ada, "dictionaries")
    come_to_rest(system, ada)
    run(system, "erase-user", gone.id, "--yes")
    run(system, "backup", noted, "--deletions")
    as_it_came_to_be = everything_of(system, ada)
    assert [len(now) > len(then) for now, then in zip(as_it_came_to_be, as_it_was, strict=True)][::3] == [True, True]

    system.kill()
    system.db.execute(LOST)
    said = run(system, "restore", kept, "--deletions", noted)
    assert "people deleted again, who had been since: 1\n" in said
    assert everything_of(system, ada) == as_it_was

    system.start()
    since = re.search(r"--from-kafka (\S+)", said)[1]
    again = run(system, "replay", "--from-kafka", since, "--broker-url", f"{system.url}/learnflow/default")
    system.until(lambda: everything_of(system, ada) == as_it_came_to_be, "all that happened since is there again")
    come_to_rest(system, ada)

    differs = [now ^ then for now, then in zip(everything_of(system, ada), as_it_came_to_be, strict=True)]
    assert differs == [set(), set(), set(), set()]
    assert "are of people who are deleted" in again
    assert system.row("SELECT count(*) FROM users WHERE id = %s", gone.id) == (0,)
    assert not any(any(rows) for rows in everything_of(system, gone))
    newcomer = f"learner-{uuid.uuid4().hex[:8]}"
    assert system.ask("Can you explain how Python loops work?", learner=newcomer).json()["status"] == "answered"
