"""Audit keeps everything once; dead-letter keeps what failed and tells whoever waits for it."""

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from functions.shared.events import ExplanationRequested, QuestionAsked, RequestFailed
from functions.shared.explaining import ConceptExplained
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CheckExecuted, CheckRequested, CheckTrial
from functions.shared.testing import arriving, deliver

QUESTION = QuestionAsked(question="what is a loop?")
TRIAGE = "http://triage.learnflow.svc.cluster.local"
CHECK = CheckRequested(requester="debug", draft_id="draft-1", code="print(1)", trials=(CheckTrial(),))
GRADED = ExerciseGraded(
    exercise_id="loops/sum-of-evens", topic="loops", submission_id="s1", attempt=1, score=50, passed=False, feedback="…"
)


class Broker(ThreadingHTTPServer):
    """A broker that keeps the headers and the data of what is posted; set `status` to make it refuse."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Ingress)
        self.status = 202
        self.posted = []
        self.data = []


class Ingress(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.data.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.server.posted.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def broker(monkeypatch):
    with Broker() as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("BROKER_URL", f"http://127.0.0.1:{server.server_port}/learnflow/default")
        yield server
        server.shutdown()


def dead(payload=QUESTION, *, destination=TRIAGE, code="503", why="no database", **attributes):
    data = base64.b64encode(why.encode()).decode()
    attributes = {"id": "r1", "source": "/learnflow/gateway", **attributes}
    return arriving(payload, knativeerrordest=destination, knativeerrorcode=code, knativeerrordata=data, **attributes)


def letters(db):
    return db.execute("SELECT id, function, error_code, error_data, times, replayed_at FROM dead_letters").fetchall()


def test_audit_keeps_an_event_once_as_it_was_received(function, db):
    audit = function("audit")
    for _ in range(2):
        assert deliver(audit, *arriving(QUESTION, knativekafkaoffset="7")).status == 204

    ((source, learner, event),) = db.execute("SELECT source, learner_id, event FROM events").fetchall()
    assert (source, learner, event["data"]["question"]) == ("/learnflow/gateway", "ada", "what is a loop?")
    assert "knativekafkaoffset" not in event


def test_audit_keeps_what_no_function_would_take(function, db):
    headers, _ = arriving(QUESTION, hops="99", learner="no learner's id")

    assert deliver(function("audit"), headers, b"\xff\x00\xfe").status == 204
    assert db.execute("SELECT learner_id, event ->> 'data_base64' FROM events").fetchall() == [(None, "/wD+")]


def test_a_dead_letter_is_kept_with_what_went_wrong(function, db, broker):
    assert deliver(function("dead_letter"), *dead()).status == 204

    assert letters(db) == [("r1", "triage", 503, "no database", 1, None)]
    (event,) = db.execute("SELECT event FROM dead_letters").fetchone()
    assert event["data"] == QUESTION.model_dump()
    assert not [name for name in event if name.startswith("knativeerror")]


def test_the_asker_is_told_under_the_same_id_however_often_it_arrives(function, db, broker):
    for _ in range(2):
        deliver(function("dead_letter"), *dead())

    assert len({headers["ce-id"] for headers in broker.posted}) == 1
    assert {headers["ce-type"] for headers in broker.posted} == {RequestFailed.TYPE}
    assert {headers["ce-correlationid"] for headers in broker.posted} == {"r1"}
    assert letters(db)[0][4] == 1


def test_a_broker_that_is_away_is_tried_again_and_the_letter_is_kept(function, db, broker):
    broker.status = 503

    assert deliver(function("dead_letter"), *dead()).status == 503
    assert len(letters(db)) == 1


def test_nobody_waits_for_audit_so_nobody_is_told(function, db, broker):
    deliver(function("dead_letter"), *dead(destination="http://audit.learnflow.svc.cluster.local"))

    assert broker.posted == []
    assert letters(db)[0][1] == "audit"


def test_where_delivery_failed_the_request_itself_says_so(function, db, broker):
    db.execute("INSERT INTO users (id) VALUES ('ada')")
    db.execute("INSERT INTO requests (id, user_id, kind, body, body_hash) VALUES ('r1', 'ada', 'question', '{}', '')")
    explained = ConceptExplained(topic="x", title="X", level="beginner", explanation="…", answered_by="built-in")
    delivery = "http://delivery.learnflow.svc.cluster.local"

    deliver(
        function("dead_letter"),
        *dead(explained, destination=delivery, source="/learnflow/concepts", correlationid="r1"),
    )

    assert broker.posted == []
    assert db.execute("SELECT status FROM requests").fetchone() == ("failed",)


def test_a_failure_that_could_not_be_told_is_not_told_again(function, db, broker):
    failed = RequestFailed(function="triage", message="…")
    delivery = "http://delivery.learnflow.svc.cluster.local"

    deliver(function("dead_letter"), *dead(failed, destination=delivery, source="/learnflow/dead-letter"))

    assert broker.posted == []


def test_one_event_may_die_at_two_functions(function, db, broker):
    for host in ("triage", "audit"):
        deliver(function("dead_letter"), *dead(destination=f"http://{host}.learnflow.svc.cluster.local"))

    assert sorted(row[1] for row in letters(db)) == ["audit", "triage"]


def test_a_failed_replay_counts_again(function, db, broker):
    deliver(function("dead_letter"), *dead())
    db.execute("UPDATE dead_letters SET replayed_at = now()")
    deliver(function("dead_letter"), *dead(why="still no database"))

    assert letters(db) == [("r1", "triage", 503, "still no database", 2, None)]


def test_a_letter_without_status_or_readable_data_is_kept_too(function, db, broker):
    headers, _ = arriving(QUESTION, id="r1", knativeerrordest=TRIAGE)

    assert deliver(function("dead_letter"), headers, b"\xff").status == 204
    assert letters(db) == [("r1", "triage", None, None, 1, None)]


def test_a_letter_with_names_of_any_length_is_kept(function, db, broker):
    headers, body = dead(id="i" * 4000, source="/" + "s" * 4000, destination=TRIAGE + "/" + "d" * 100)

    assert deliver(function("dead_letter"), headers, body).status == 204
    assert len(letters(db)) == 1


def test_a_sink_that_failed_is_named_by_itself(function, db, broker):
    sink = "http://kafka-sink-ingress.knative-eventing.svc.cluster.local/learnflow/learning-responses"
    deliver(function("dead_letter"), *dead(ExplanationRequested(question="q"), destination=sink))

    assert letters(db)[0][1] == "learning-responses"
    assert broker.posted == []


def host(function):
    return f"http://{function}.learnflow.svc.cluster.local"


def dead_check(payload=CHECK, **attributes):
    named = {"source": "/learnflow/debug", "id": "k1", "correlationid": "r1", "hops": "2", **attributes}
    return dead(payload, destination=named.pop("destination", host("sandbox-runner")), **named)


def test_a_check_that_could_not_be_run_is_told_to_whoever_asked_for_it_and_to_nobody_else(function, db, broker):
    for _ in range(2):
        assert deliver(function("dead_letter"), *dead_check()).status == 204

    assert {headers["ce-id"] for headers in broker.posted} == {broker.posted[0]["ce-id"]}
    told = broker.posted[0]
    assert (told["ce-type"], told["ce-source"]) == (CheckExecuted.TYPE, "/learnflow/dead-letter")
    assert (told["ce-requester"], told["ce-draftid"], told["ce-subject"]) == ("debug", "draft-1", "ada")
    assert (told["ce-correlationid"], told["ce-hops"]) == ("r1", "3")
    assert broker.data[0] == {"requester": "debug", "draft_id": "draft-1", "outcome": "unavailable", "results": []}
    assert letters(db) == [("k1", "sandbox-runner", 503, "no database", 1, None)]


def test_the_function_that_asked_takes_what_the_dead_letters_tell_of_its_check(function, db, broker):
    from debug_stage import drafts, trouble

    debug = function("debug")
    check = trouble(debug)
    asked = CheckRequested.model_validate(check.data)
    named = {name: check.event[name] for name in ("id", "source", "correlationid", "hops")}
    deliver(function("dead_letter"), *dead_check(asked, **named))
    body = json.dumps(broker.data[0]).encode()
    answer = deliver(debug, {**broker.posted[0], "content-length": str(len(body))}, body)

    assert (answer.status, answer.data["checked"], answer.event["correlationid"]) == (200, "unavailable", "r1")
    assert drafts(db) == []


@pytest.mark.parametrize(
    "outside",
    [{"source": "https://elsewhere.org"}, {"ingress": "code.submissions"}, {"source": "/elsewhere/learnflow/"}],
)
def test_a_check_from_outside_finishes_nobody_s_draft(function, db, broker, outside):
    deliver(function("dead_letter"), *dead_check(**outside))

    assert CheckExecuted.TYPE not in {headers["ce-type"] for headers in broker.posted}
    assert len(letters(db)) == 1


def test_a_check_that_cannot_be_read_is_a_failure_like_any_other(function, db, broker):
    headers, _ = dead_check()
    deliver(function("dead_letter"), headers, b'{"requester": "debug"}')

    assert [told["ce-type"] for told in broker.posted] == [RequestFailed.TYPE]


def test_a_result_that_its_asker_could_not_take_is_told_to_the_learner(function, db, broker):
    executed = CheckExecuted(requester="debug", draft_id="draft-1", outcome="unavailable")
    deliver(
        function("dead_letter"),
        *dead_check(executed, destination=host("debug"), source="/learnflow/sandbox-runner", id="x1"),
    )

    assert [told["ce-type"] for told in broker.posted] == [RequestFailed.TYPE]
    assert (broker.posted[0]["ce-correlationid"], broker.data[0]["function"]) == ("r1", "debug")


def test_nobody_waits_for_the_review_of_a_submission_so_nobody_is_told(function, db, broker):
    named = {"source": "/learnflow/exercise", "correlationid": "s1", "hops": "3"}
    deliver(function("dead_letter"), *dead(GRADED, destination=host("review"), **named))

    assert broker.posted == []
    assert letters(db)[0][1] == "review"
