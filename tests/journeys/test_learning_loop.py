"""The learning loop: what learners do is counted, tells when one is stuck, and brings help, once and whatever dies."""

import json
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from journey_stage import Learner, Teacher, come_to_rest, processes_of

from functions.curriculum.fitting import full_id
from functions.curriculum.reading import exercises, quiz
from functions.shared.envelope import from_json, to_http
from functions.shared.standing.mastery import level, mastery
from functions.shared.standing.sums import Sums

TOPIC = "loops"
QUESTION = "Can you explain how Python loops work?"
MISSPELT = [f"total = {n}\nprint(totl + {n})\n" for n in range(4)]
FIRST, *OTHERS = exercises(TOPIC)
NOTHING = "answer = None\n"


@pytest.fixture
def learner(system):
    return Learner(system)


@pytest.fixture
def teacher(system, learner):
    """Somebody who teaches the learner, and wants to be told when they are stuck."""
    teacher = Teacher(system)
    teacher.teach(learner)
    subscribed = teacher.post("/api/v1/notifications/subscribe", {"learner_id": learner.id, "kinds": ["struggle"]})
    assert subscribed.status_code == 201, subscribed.text
    return teacher


def progress_of(learner):
    response = learner.get(f"/api/v1/progress/{learner.id}")
    assert response.status_code == 200, response.text
    return response.json()


def on_topic(learner):
    """How well the learner knows the topic, None while nothing is known."""
    return next((each for each in progress_of(learner)["topics"] if each["topic"] == TOPIC), None)


def told(learner, kind):
    listed = learner.get(f"/api/v1/notifications/{learner.id}?limit=100&kind={kind}").json()
    return listed["notifications"]


def run(learner, program):
    return learner.answer("/api/v1/execute", {"code": program})


def hand_in(learner, exercise, code):
    return learner.answer(f"/api/v1/exercises/{TOPIC}/{exercise.id}/submissions", {"code": code})


def be_asked(learner):
    """Be asked a question on the topic; return its id."""
    return learner.answer("/api/v1/quizzes/next", {"topic": TOPIC})["quiz_id"]


def answer(system, learner, quiz_id, *, right=True):
    """Answer a question as it was asked, rightly or not."""
    name, order = system.row("SELECT question_id, option_order FROM quizzes WHERE id = %s", quiz_id)
    options = next(question.options for question in quiz(TOPIC) if full_id(TOPIC, question.id) == name)
    choice = next(shown for shown, place in enumerate(order) if options[place].correct is right)
    graded = learner.answer(f"/api/v1/quizzes/{quiz_id}/answers", {"choice": choice})
    assert (graded["correct"], graded["counts"]) == (right, True)


def test_the_same_error_again_and_again_brings_the_learner_kind_words_and_the_teacher_the_reason(
    system, learner, teacher
):
    for program in MISSPELT:
        assert not told(teacher, "struggle")
        assert run(learner, program)["error"]["type"] == "NameError"
    system.until(lambda: told(teacher, "struggle"), "the teacher is told")
    come_to_rest(system, learner)

    detected = system.row(
        "SELECT event -> 'data' FROM events WHERE learner_id = %s AND type = 'org.learnflow.struggle.detected.v1'",
        learner.id,
    )[0]
    (kind,), (plain,) = told(learner, "struggle"), told(teacher, "struggle")
    assert (detected["signal"], detected["evidence"]["error_type"]) == ("same_error", "NameError")
    assert detected["reason"] == "NameError came up 4 times within 10 minutes."
    assert detected["reason"] in plain["message"]
    assert (plain["about"], plain["evidence"]["times"]) == (learner.id, 4)
    assert detected["reason"] not in kind["message"]
    assert "Next step:" in kind["message"]
    assert (kind["about"], kind["severity"], kind["evidence"]) == (learner.id, "info", {})


def test_what_is_handed_in_and_graded_shows_as_mastery(system, learner):
    assert on_topic(learner) is None
    assert hand_in(learner, FIRST, FIRST.solution)["score"] == 100
    come_to_rest(system, learner)

    shown = on_topic(learner)
    quality = system.row("SELECT quality FROM reviews WHERE learner_id = %s", learner.id)[0]
    assert (shown["exercises"], shown["passed_alone"]) == ({"value": 100, "weight": 0.4, "data": 1}, 1)
    assert (shown["quality"]["value"], shown["quality"]["data"], shown["quizzes"]["data"]) == (quality, 1, 0)
    assert shown["mastery"] == round(40 + 0.2 * quality + 10 / 30)
    concepts = {each["topic"]: each["mastery"] for each in learner.get("/api/v1/concepts").json()["concepts"]}
    assert concepts[TOPIC] == shown["mastery"]


def test_a_day_with_a_question_that_was_answered_counts(system, learner):
    assert progress_of(learner)["active_days"] == 0
    learner.answer("/api/v1/query", {"question": QUESTION})
    come_to_rest(system, learner)

    shown = progress_of(learner)
    assert (shown["active_days"], shown["streak"], shown["topics"]) == (1, 1, [])


def test_a_day_with_something_done_elsewhere_counts_too_and_prolongs_the_streak(system, learner):
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    learner.answer("/api/v1/query", {"question": QUESTION})
    told = learner.post("/api/v1/progress", {"activity_type": "video", "score": 100, "occurred_at": yesterday})
    assert told.status_code == 202, told.text
    come_to_rest(system, learner)

    assert learner.get(told.headers["location"]).json()["streak"] == 2
    assert on_topic(learner) is None


def test_right_answers_to_a_quiz_move_the_level_from_red_to_yellow(system, learner):
    for exercise in OTHERS[:2]:
        assert hand_in(learner, exercise, NOTHING)["score"] == 0
    come_to_rest(system, learner)  # one that is right, reviewed before those are known, would be yellow by itself
    hand_in(learner, FIRST, FIRST.solution)
    answer(system, learner, be_asked(learner), right=False)
    come_to_rest(system, learner)
    reviewed = system.row("SELECT count(*), sum(quality) FROM reviews WHERE learner_id = %s", learner.id)

    def expected(right):
        sums = Sums(3, 100, answers=1 + right, right_answers=right, programs=reviewed[0], quality_sum=reviewed[1])
        return mastery(sums, active_days=1)

    needed = next(right for right in range(1, len(quiz(TOPIC))) if level(expected(right)) == "yellow")
    for right in range(needed):
        assert (on_topic(learner)["level"], on_topic(learner)["mastery"]) == ("red", expected(right))
        answer(system, learner, be_asked(learner))
        come_to_rest(system, learner)

    shown = progress_of(learner)
    assert (on_topic(learner)["level"], on_topic(learner)["mastery"]) == ("yellow", expected(needed))
    assert (shown["overall"]["level"], shown["overall"]["mastery"]) == ("yellow", expected(needed))
    (congratulation,) = told(learner, "progress")
    assert f"You have come from red to yellow in {TOPIC} ({expected(needed)} of 100)." in congratulation["message"]


def everything(system, *people):
    """Return what is known of people, and what they were told."""
    ids = [each.id for each in people]
    return {
        "progress": [progress_of(each) for each in people],
        "told": [told(each, kind) for each in people for kind in ("struggle", "progress")],
        "signals": system.db.execute("SELECT * FROM struggle_signals WHERE learner_id = ANY(%s)", [ids]).fetchall(),
        "said": system.db.execute("SELECT * FROM messages WHERE learner_id = ANY(%s) ORDER BY seq", [ids]).fetchall(),
        "handed in": system.db.execute(
            "SELECT * FROM submissions WHERE learner_id = ANY(%s) ORDER BY id", [ids]
        ).fetchall(),
        "answered": system.db.execute(
            "SELECT * FROM quiz_answers WHERE learner_id = ANY(%s) ORDER BY question_id", [ids]
        ).fetchall(),
    }


def test_every_event_twice_more_in_any_order_changes_nothing(system, learner, teacher):
    learner.answer("/api/v1/query", {"question": QUESTION})
    for program in MISSPELT:
        run(learner, program)
    hand_in(learner, OTHERS[0], NOTHING)
    hand_in(learner, FIRST, FIRST.solution)
    learner.answer("/api/v1/debug", {"code": MISSPELT[0], "error_message": "NameError: name 'totl' is not defined"})
    learner.answer("/api/v1/review", {"code": "numbers = [1]\nfor i in range(len(numbers)):\n    print(numbers[i])\n"})
    for right in (True, False, True):
        answer(system, learner, be_asked(learner), right=right)
    assert learner.post("/api/v1/progress", {"activity_type": "video"}).status_code == 202
    come_to_rest(system, learner)
    before = everything(system, learner, teacher)
    assert before["signals"]
    assert all(before["told"][:3])

    events = [event for (event,) in system.db.execute("SELECT event FROM events WHERE learner_id = %s", [learner.id])]
    assert {event["type"].split(".")[2] for event in events} >= {
        "question", "code", "exercise", "error", "quiz", "activity", "struggle", "progress", "alert",
    }  # fmt: skip
    again, heard = events * 2, system.status()["triggers"]["audit"]["delivered"]
    random.Random(learner.id).shuffle(again)
    for event in again:
        assert system.post_event(*to_http(from_json(event))) == 202
    come_to_rest(system, learner)

    assert system.status()["triggers"]["audit"]["delivered"] >= heard + len(again)
    assert everything(system, learner, teacher) == before, f"in the order of seed {learner.id}"


HELD_BY = {
    "struggle": ("struggle", "the fourth mistake"),
    "notification": ("notification", "the fourth mistake"),
    "progress": ("progress-activities", "a solution"),
    "quiz": ("quiz-quiz-answered", "an answer"),
}
"""For each function, a trigger of its, and what sends something through it."""


@contextmanager
def killed_in_the_middle(system, function, trigger):
    """Hold a function until it has something in its hands, then kill it; whatever comes next starts it anew."""
    processes = system.until(lambda: processes_of(system, function), f"{function} runs")
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
        system.until(lambda: system.status()["triggers"][trigger]["open"], f"{function} holds an event")
    finally:
        for process in processes:
            process.kill()


def outcome_of_a_session(system, killed=None):
    """Go through a session, in the middle of which a function may be killed; return what comes of it."""
    learner, teacher = Learner(system), Teacher(system)
    teacher.teach(learner)
    teacher.post("/api/v1/notifications/subscribe", {"learner_id": learner.id})
    trigger, killed_at = HELD_BY.get(killed, (None, None))
    for program in MISSPELT[:3]:
        run(learner, program)
    quiz_id = be_asked(learner)
    steps = {
        "the fourth mistake": lambda: run(learner, MISSPELT[3]),
        "a solution": lambda: hand_in(learner, FIRST, FIRST.solution),
        "an answer": lambda: answer(system, learner, quiz_id),
    }
    with ThreadPoolExecutor(1) as threads:
        for name, step in steps.items():
            come_to_rest(system, learner)
            with killed_in_the_middle(system, killed, trigger) if name == killed_at else nullcontext():
                done = threads.submit(step)
            done.result(60)
    come_to_rest(system, learner)
    outcome = {
        "progress": progress_of(learner),
        "signals": system.db.execute(
            "SELECT signal, about, evidence FROM struggle_signals WHERE learner_id = %s", [learner.id]
        ).fetchall(),
        "told": [
            [(each["title"], each["message"]) for each in told(person, kind)]
            for person in (learner, teacher)
            for kind in ("struggle", "progress")
        ],
        "said": system.db.execute(
            "SELECT type FROM messages WHERE learner_id = %s ORDER BY type", [learner.id]
        ).fetchall(),
    }
    return json.loads(json.dumps(outcome).replace(learner.id, "learner"))


@pytest.fixture(scope="module")
def undisturbed(system):
    """What comes of a session in which nothing dies."""
    outcome = outcome_of_a_session(system)
    assert outcome["signals"]
    assert all(outcome["told"])
    return outcome


@pytest.mark.parametrize("function", HELD_BY)
def test_killing_a_function_of_the_loop_in_the_middle_changes_nothing(system, undisturbed, function):
    assert outcome_of_a_session(system, killed=function) == undisturbed
