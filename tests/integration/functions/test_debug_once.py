"""Debug answers once and writes once, whatever arrives how often, from whom and with what in it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from debug_stage import BROKEN, CHECK, ENDED, EXPLAINED, TRACEBACK, drafts, errors, failed, ran, trouble

from functions.debug.handler import HANDLERS
from functions.shared.events import DebuggingRequested
from functions.shared.running import CheckExecuted
from functions.shared.serving import Function, Handler
from functions.shared.testing import arriving, deliver


@pytest.fixture
def debug(function):
    return function("debug")


def test_a_request_and_its_results_that_come_again_get_the_same_answers(debug, db):
    first, again = trouble(debug), trouble(debug)
    told, told_again = ran(debug, first, ENDED), ran(debug, first, ENDED)
    late = trouble(debug)

    assert (first.event["id"], first.body) == (again.event["id"], again.body) == (late.event["id"], late.body)
    assert (told.event["id"], told.body) == (told_again.event["id"], told_again.body)
    assert told.event["type"] == EXPLAINED
    assert drafts(db) == []
    assert len(errors(db)) == 1


def test_an_error_is_kept_once_for_each_request_at_the_time_it_was_asked(debug, db):
    for number in (1, 2):
        check = trouble(debug, event_id=f"d{number}", request=f"r{number}")
        for _ in range(2):
            ran(debug, check, ENDED, event_id=f"c{number}", correlationid=f"r{number}")

    kept = errors(db, "error_type, line, seen_by, occurred_at::text, length(code_hash)")
    assert kept == [("IndexError", 3, "debug", kept[0][3], 64)] * 2
    assert kept[0][3].startswith("2026-03-20 12:00:00")


def test_an_answer_that_came_by_two_events_of_one_request_leaves_one_error(debug, db):
    for number in (1, 2):
        check = trouble(debug, event_id=f"d{number}")
        ran(debug, check, ENDED, event_id=f"c{number}")

    assert errors(db) == [("ada", "IndexError", 3)]


def test_the_second_word_on_a_draft_changes_nothing(debug, db):
    check = trouble(debug)
    ran(debug, check, failed())
    later = ran(debug, check, ENDED, event_id="c2")
    dead = ran(debug, check, event_id="c3", source="/learnflow/dead-letter")

    assert (later.status, later.body, dead.status) == (204, b"", 204)
    assert errors(db) == [("ada", "IndexError", 3)]
    assert drafts(db) == []


def test_a_result_that_comes_after_it_was_given_up_changes_nothing(debug, db):
    check = trouble(debug)
    given_up = ran(debug, check, source="/learnflow/dead-letter")

    assert given_up.data["checked"] == "unavailable"
    assert ran(debug, check, ENDED, event_id="c2").status == 204


def test_of_two_results_at_once_one_counts(debug, db):
    check = trouble(debug)
    both = Barrier(2)

    def at_once(event_id):
        both.wait(10)
        return ran(debug, check, ENDED, event_id=event_id).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(at_once, ["c1", "c2"])) == [200, 204]
    assert errors(db) == [("ada", "IndexError", 3)]
    assert drafts(db) == []


def test_of_one_request_twice_at_once_one_draft_comes(debug, db):
    both = Barrier(2)

    def at_once(_):
        both.wait(10)
        return trouble(debug).body

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(at_once, range(2)))) == 1
    assert len(drafts(db)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "/learnflow/gateway"},
        {"source": "/learnflow/debug"},
        {"source": "https://elsewhere.org"},
        {"ingress": "code.submissions"},
        {"source": "/learnflow/dead-letter", "ingress": "code.submissions"},
        {"requester": "review"},
    ],
)
def test_results_that_the_sandbox_did_not_tell_or_that_another_asked_for_are_rejected(debug, db, wrong):
    check = trouble(debug)

    assert ran(debug, check, ENDED, **wrong).status == 422
    assert len(drafts(db)) == 1
    assert errors(db) == []


@pytest.mark.parametrize("foreign", [{"learner": "bob"}, {"draft_id": "another"}])
def test_results_for_no_draft_of_the_learner_s_say_nothing(debug, db, foreign):
    check = trouble(debug)
    answer = ran(debug, check, ENDED, **foreign)

    assert (answer.status, answer.body) == (204, b"")
    assert [row[2] for row in drafts(db)] == ["ada"]
    assert ran(debug, check, ENDED, event_id="c2").event["type"] == EXPLAINED


def test_a_draft_of_review_is_none_of_debug_s(debug, db):
    trouble(debug)
    db.execute("UPDATE drafts SET requester = 'review', id = 'reviewed'")

    assert ran(debug, None, ENDED, draft_id="reviewed").status == 204
    assert drafts(db) == [("reviewed", "review", "ada")]


class Crash(Exception):
    """Stands for a process that dies."""


@pytest.mark.parametrize("payload", [DebuggingRequested, CheckExecuted])
def test_a_crash_after_the_work_leaves_nothing_and_the_redelivery_does_all_of_it(debug, database, db, payload):
    def crashes(*args):
        HANDLERS[payload].handle(*args)
        raise Crash

    crashing = Function("debug", {**HANDLERS, payload: Handler(crashes, before=HANDLERS[payload].before)}, db=database)
    check = trouble(debug) if payload is CheckExecuted else None

    def act(function):
        return ran(function, check, ENDED) if check else trouble(function)

    before = drafts(db), errors(db), db.execute("SELECT count(*) FROM inbox").fetchone()
    assert act(crashing).status == 500
    assert (drafts(db), errors(db), db.execute("SELECT count(*) FROM inbox").fetchone()) == before
    assert act(debug).event["type"] == (EXPLAINED if check else CHECK)
    assert (len(drafts(db)), len(errors(db))) == ((0, 1) if check else (1, 0))


LONG = "x" * 60_000


@pytest.mark.parametrize(
    "attached",
    [
        {"code": "x = '\x00\ud800'\nprint(x", "error_message": "\x00\ud800"},
        {"question": "\x00\ud800" * 1000, "code": None, "error_message": None},
        {"error_message": "IndexError: " + "y" * 100_000},
        {"error_message": TRACEBACK.replace("line 3", "line 99999999999999999999")},
        {"error_message": "Traceback (most recent call last):\n" * 5000},
        {"error_message": '  File "x.py", line 1, in f\n    f()\n' * 3000 + "IndexError: x"},
        {"error_message": "Z" * 5000 + "Error: x"},
        {"code": f"d = {{}}\nprint(d['{LONG}'])\n", "error_message": f"KeyError: '{LONG}'"},
        {"code": f"{LONG[:30_000]} = [1]\nprint({LONG[:30_000]}[1])\n"},
        {"code": f"print({LONG})\n", "error_message": f"NameError: name '{LONG}' is not defined"},
        {"code": "text = '" + "\x01" * 40_000 + "'\nprint(text[0][1])\n"},
        {"code": "(" * 5000 + ")" * 5000, "error_message": None},
        {"code": "x = " + "-" * 20_000 + "1", "error_message": None},
        {"code": "x = 1\n" * 11_000},
        {"code": BROKEN.replace("\n", "\r")},
        {"code": "\ufeff" + BROKEN},
    ],
    ids=lambda attached: " ".join(f"{name}={str(value)[:30]!r}" for name, value in attached.items()),
)
def test_whatever_is_sent_is_answered(debug, attached):
    answer = trouble(debug, **attached)
    for turn in ("c1", "c2", "c3", "c4"):
        if answer.event["type"] == CHECK:
            answer = ran(debug, answer, failed("IndexError", "y" * 4000, 3, TRACEBACK), event_id=turn)

    assert (answer.status, answer.event["type"]) == (200, EXPLAINED)
    assert answer.data["title"]


def test_garbage_from_the_sandbox_is_no_failure_of_ours(debug):
    came = failed("E" * 60_000, "\x01" * 20_000, 2**40, "\x00" * 60_000)
    answer = ran(debug, trouble(debug, error_message=None), came)
    while answer.event["type"] == CHECK:
        answer = ran(debug, answer, came, event_id=answer.event["id"])

    assert (answer.status, answer.event["type"]) == (200, EXPLAINED)


def test_a_plain_record_is_a_request_too(debug):
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "partition:0/offset:7",
        "ce-type": "dev.knative.kafka.event",
        "ce-source": "/apis/v1/namespaces/learnflow/kafkasources/debug-requests#debug.requests",
        "ce-time": "2026-03-20T12:00:00Z",
        "ce-ingress": "debug.requests",
        "content-type": "application/json",
    }
    answer = deliver(debug, headers, b'{"student_id": "ada", "error_message": "KeyError: 7"}')

    assert (answer.event["type"], answer.event["subject"], answer.data["cause"]) == (EXPLAINED, "ada", "missing_key")


def test_what_is_no_request_is_refused(debug):
    headers, _ = arriving(DebuggingRequested(question="q"))

    assert deliver(debug, headers, b'{"code": 7}').status == 400
