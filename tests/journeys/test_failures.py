"""Whatever dies in the middle, nothing is lost, nothing happens twice, and whoever waits is told."""

import signal
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

from journey_stage import processes_of

from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import QuestionAsked
from functions.shared.testing import NOON, arriving

LOOPS = "Can you explain how Python loops work?"


def test_killing_any_function_in_the_middle_changes_nothing(system):
    for function in ("triage", "concepts", "delivery"):
        system.ask(LOOPS)
        for process in processes_of(system, function):
            process.send_signal(signal.SIGSTOP)
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(system.ask, LOOPS)
            name = function.replace("_", "-")
            system.until(
                lambda name=name: any(
                    t["open"] for trigger, t in system.status()["triggers"].items() if trigger.startswith(name)
                ),
                f"{name} holds an event",
            )
            for process in processes_of(system, function):
                process.kill()
            body = asked.result(60).json()
        assert body["status"] == "answered", function
        assert system.row("SELECT count(*) FROM messages WHERE request_id = %s", body["id"]) == (1,)


def test_killing_the_runtime_in_the_middle_loses_nothing(system):
    with ThreadPoolExecutor(4) as threads:
        ids = [r.json()["id"] for r in threads.map(lambda _: system.ask(LOOPS, wait=0), range(20))]
    system.kill()
    system.start()

    def answered():
        return system.row("SELECT count(*) FROM requests WHERE id = ANY(%s) AND status = 'answered'", ids)[0]

    system.until(lambda: answered() == len(ids), "all twenty are answered")
    assert system.row("SELECT count(*) FROM messages WHERE request_id = ANY(%s)", ids) == (len(ids),)


def test_a_question_that_fails_tells_its_asker_and_can_be_replayed_after_the_fix(system):
    broker = f"{system.url}/learnflow/default"
    system.db.execute("ALTER TABLE explanations RENAME TO explanations_away")
    try:
        failed = system.ask(LOOPS)
    finally:
        system.db.execute("ALTER TABLE explanations_away RENAME TO explanations")

    assert (failed.status_code, failed.headers["content-type"]) == (502, "application/problem+json")
    request = system.row("SELECT correlation_id FROM dead_letters WHERE function = 'concepts'")[0]
    link = f"/api/v1/requests/{request}"
    assert system.http.get(link, headers={"X-Learner-Id": "ada"}).json()["status"] == "failed"

    where = ["--database-url", system.database_url, "--broker-url", broker]
    replay = subprocess.run(
        ["scripts/replay", "--function", "concepts", *where], capture_output=True, text=True, check=False
    )

    assert replay.returncode == 0, replay.stdout + replay.stderr
    system.until(
        lambda: system.http.get(link, headers={"X-Learner-Id": "ada"}).json()["status"] == "answered",
        "the replayed question is answered",
    )


def test_an_event_that_breaks_its_schema_is_a_dead_letter_at_once_with_the_reason(system):
    learner = f"broken-{uuid.uuid4().hex[:8]}"
    headers, _ = arriving(QuestionAsked(question="q"), learner=learner, id=str(uuid.uuid4()))
    assert system.post_event(headers, b'{"question": 7}') == 202

    letter = system.until(
        lambda: system.row(
            "SELECT error_code, error_data FROM dead_letters WHERE learner_id = %s AND function = 'triage'", learner
        ),
        "it is a dead letter of who would have routed it",
    )
    assert letter[0] == 400
    assert "question: Input should be a valid string" in letter[1]


def test_an_event_that_goes_round_stops_after_sixteen_hops(system):
    learner = f"round-{uuid.uuid4().hex[:8]}"
    event = cloud_event(
        QuestionAsked(question=LOOPS), learner=learner, now=NOON, id=str(uuid.uuid4()), source="/loop", hops="17"
    )
    assert system.post_event(*to_http(event)) == 202

    letter = system.until(
        lambda: system.row("SELECT error_code, error_data FROM dead_letters WHERE learner_id = %s", learner),
        "it is a dead letter",
    )
    assert letter[0] == 422
    assert "goes round" in letter[1]


def test_one_hundred_learners_at_once_are_all_answered(system):
    learners = [f"crowd-{n}" for n in range(100)]
    with ThreadPoolExecutor(100) as threads:
        answers = list(threads.map(lambda learner: system.ask(LOOPS, learner=learner), learners))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["status"] for answer in answers} == {"answered"}
