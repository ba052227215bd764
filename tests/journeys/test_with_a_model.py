"""With a language model the learner gets what it says, tried and guarded; without an answer of its, what we say."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from journey_stage import Learner, Teacher, processes_of
from model_talk import COUNTS, TALKS, explains, hints, makes, reviews
from websockets.sync.client import connect

from tests.made_exercise import SOLUTION
from tests.model_stand_in import by_task, cuts, fails, fits, hangs, task_of, thinks

pytestmark = pytest.mark.timeout(300)

QUESTION = {"question": "Can you explain how Python loops work?"}
WRONG = "total = 3 - 4\nprint(total)\n"
"""Runs to its end, and no rule sees what is wrong with it."""
RIGHT = "total = 3 + 4\nprint(total)\n"
TROUBLE = {"code": WRONG, "question": "Why does it not print 7?"}
WISH = {"question": "Give me a medium exercise on loops about sunshine"}
PROGRAM = {"code": 'words = ["a", "b"]\nfor word in words:\n    print(word.upper())\n'}
OTHER_WAY = """\
def longest_streak(days):
    letters = "".join("s" if day == "sun" else " " for day in days)
    return max(map(len, letters.split()), default=0)
"""
ANOTHER_EACH_TIME = """\
import timeit


def longest_streak(days):
    for day in days:
        return timeit.default_timer()
    return timeit.default_timer()
"""
PATIENCE_SECONDS = 15
"""Whoever asks a model that does not answer has ours by then."""
MODEL = "stand-in"


@pytest.fixture
def system(system_with_a_model):
    """The running system, whose model does as it is told, and is told so anew for each journey."""
    system_with_a_model.talks = {**TALKS}
    system_with_a_model.model.manner = by_task(fits(), system_with_a_model.talks)
    return system_with_a_model


@pytest.fixture
def learner(system):
    return Learner(system)


def asked_for(system, task):
    """Return how often a model was asked for something."""
    return sum(task_of(each) == task for each in system.model.asked)


def renew(system, function):
    """End the processes of a function as a new revision does: those that come have a breaker that is closed."""
    old = processes_of(system, function)
    for process in old:
        process.send_signal(signal.SIGTERM)
    system.until(lambda: not any(process.is_running() for process in old), f"{function} has ended")


@contextmanager
def saying(system, task, manner, function=None):
    """Have a model say this, and end the processes afterwards that may have had enough of it."""
    system.talks[task] = manner
    try:
        yield
    finally:
        system.talks[task] = TALKS[task]
        renew(system, function or task)


def test_a_question_is_explained_by_the_model_and_its_example_shows_what_the_sandbox_printed(system, learner):
    system.talks["concepts"] = explains(examples=[{**COUNTS, "output": "1\n2\n3\n"}])

    answer = learner.answer("/api/v1/query", QUESTION)

    assert (answer["topic"], answer["title"], answer["answered_by"]) == ("loops", "Why your loop never ends", MODEL)
    assert answer["examples"] == [COUNTS]
    assert "should something above say otherwise" in answer["explanation"]


def test_a_mistake_that_no_rule_knows_is_explained_by_the_model_and_its_correction_was_run(system, learner):
    system.talks["debug"] = hints(corrected_code=RIGHT)

    answer = learner.answer("/api/v1/debug", TROUBLE)

    assert (answer["title"], answer["answered_by"]) == ("Something to compare", MODEL)
    assert (answer["corrected_code"], answer["checked"]) == (RIGHT, "passed")


def test_a_correction_of_the_model_s_that_does_not_run_is_not_offered(system, learner):
    system.talks["debug"] = hints(corrected_code=RIGHT.replace("print(total)", "print(totl)"))

    answer = learner.answer("/api/v1/debug", TROUBLE)

    assert (answer["corrected_code"], answer["answered_by"]) == (None, MODEL)
    assert len(answer["hints"]) == 3


def test_a_program_is_reviewed_by_the_model_and_what_it_suggests_does_the_same(system, learner):
    own = {"finding": None, "line": 1, "last_line": 1, "category": "naming", "reason": "They are letters, not words."}
    same = {**own, "line": 2, "last_line": 3, "after": "for letter in words:\n    print(letter.upper())"}
    system.talks["review"] = reviews(suggestions=[same, {**own, "after": 'words = ["a", "c"]'}])

    answer = learner.answer("/api/v1/review", PROGRAM)

    assert (answer["answered_by"], answer["praise"]) == (MODEL, "The name says what the program is about.")
    assert [(each["after"], each["checked"]) for each in answer["suggestions"]] == [(same["after"], "passed")]


def test_an_exercise_that_the_sandbox_has_proved_is_handed_out_and_graded_like_any_other(system, learner):
    given = learner.answer("/api/v1/query", WISH)
    handed_in = {"exercise_id": given["exercise_id"], "code": given["starter"]}
    wrong = learner.answer("/api/v1/exercises/submit", handed_in)
    right = learner.answer("/api/v1/exercises/submit", {**handed_in, "code": SOLUTION})

    assert (given["title"], given["answered_by"], given["topic"]) == ("The sunniest days", MODEL, "loops")
    assert "longest = max" not in json.dumps([given, wrong])
    assert (wrong["passed"], right["passed"], right["score"], right["solution"]) == (False, True, 100, SOLUTION)


@pytest.mark.parametrize(
    ("why", "manner"),
    [
        ("starter", makes(starter=OTHER_WAY)),
        ("not_deterministic", makes(solution=ANOTHER_EACH_TIME)),
        ("solution", makes(solution=SOLUTION.replace("current + 1", "current + 2"))),
    ],
    ids=["its starter passes", "its tests come out differently", "its solution fails"],
)
def test_what_the_sandbox_does_not_prove_is_never_published_and_there_is_an_exercise_all_the_same(
    system, learner, why, manner
):
    before = system.metric("exercise", "learnflow_exercises_made_total", outcome=why)
    system.talks["exercise"] = manner

    given = learner.answer("/api/v1/query", WISH)

    assert (given["answered_by"], given["topic"]) == ("built-in", "loops")
    assert "/made-" not in given["exercise_id"]
    assert system.row("SELECT count(*) FROM made_exercises WHERE learner_id = %s", learner.id) == (0,)
    assert system.metric("exercise", "learnflow_exercises_made_total", outcome=why) == before + 1


def test_whoever_waits_sees_how_far_the_answer_is_before_it_comes(system, learner):
    told = []
    known = {"Authorization": f"Bearer {system.token(learner.id)}"}
    with connect(f"{system.live_url}/ws/chat/{learner.id}", additional_headers=known, proxy=None) as socket:
        assert json.loads(socket.recv(timeout=10))["type"] == "hello"
        request = learner.post("/api/v1/query", QUESTION, Prefer="wait=0").json()["id"]
        while not told or told[-1]["type"] != "message":
            told.append(json.loads(socket.recv(timeout=30)))

    assert {each["request_id"] for each in told} == {request}
    assert [each.get("stage") or each["type"] for each in told] == ["routed", "writing", "checking", "message"]
    assert (told[0]["routed_to"], told[-1]["message"]["answered_by"]) == ("concepts", MODEL)


def test_whoever_asked_may_read_what_a_model_was_sent_for_them_and_what_came_back(system, learner):
    learner.answer("/api/v1/query", QUESTION)

    (call,) = learner.get("/api/v1/me/model-calls").json()["model_calls"]
    sent = next(each for each in system.model.asked if call["sent"] == each.body["messages"])

    assert QUESTION["question"] in call["sent"][-1]["content"]
    assert (call["function"], call["model"]) == ("concepts", MODEL)
    assert "Yours never becomes false." in call["received"]
    assert call["prompt_tokens"] == sum(len(each["content"]) for each in sent.body["messages"]) // 4
    assert learner.id not in json.dumps(sent.body)
    assert Learner(system).get("/api/v1/me/model-calls").json()["model_calls"] == []


def in_a_course(system, learner, **wish):
    """Put a learner into a course that is as its teacher wishes."""
    teacher = Teacher(system)
    course = teacher.teach(learner)
    changed = system.http.patch(f"/api/v1/courses/{course['id']}", json=wish, headers=teacher.known_by())
    assert changed.status_code == 200, changed.text


def test_once_the_answers_of_a_day_are_used_up_ours_follow_and_the_learner_can_see_why(system, learner):
    in_a_course(system, learner, daily_model_answers=1)

    answers = [learner.answer("/api/v1/query", QUESTION) for _ in range(2)]

    assert [each["answered_by"] for each in answers] == [MODEL, "built-in"]
    left = learner.get("/api/v1/me/limits").json()["model_answers"]
    assert (left["available"], [each["remaining"] for each in left["courses"]]) == (0, [0])
    assert len(learner.get("/api/v1/me/model-calls").json()["model_calls"]) == 1


def test_in_a_course_without_a_model_nothing_is_sent_to_one(system, learner):
    in_a_course(system, learner, model=False)
    before = len(system.model.asked)

    answers = [learner.answer("/api/v1/query", QUESTION), learner.answer("/api/v1/debug", TROUBLE)]

    assert [each["answered_by"] for each in answers] == ["built-in", "built-in"]
    assert (len(system.model.asked), learner.get("/api/v1/me/model-calls").json()["model_calls"]) == (before, [])


@pytest.mark.parametrize("manner", [fails(500), cuts(explains())], ids=["says that it failed", "cuts the connection"])
def test_a_model_that_fails_five_times_in_a_row_is_left_alone_and_everybody_has_an_answer(system, learner, manner):
    with saying(system, "concepts", manner):
        before, began = asked_for(system, "concepts"), time.monotonic()
        first = learner.answer("/api/v1/query", QUESTION)
        took, tries = time.monotonic() - began, asked_for(system, "concepts") - before
        second = learner.answer("/api/v1/query", QUESTION)

        assert (first["answered_by"], second["answered_by"]) == ("built-in", "built-in")
        assert took < PATIENCE_SECONDS
        assert (tries, asked_for(system, "concepts") - before) == (5, 5)
        assert system.metric("concepts", "learnflow_model_breaker_state") == 2
        assert system.metric("concepts", "learnflow_model_breaker_opened_total", why="failures") == 1

    assert learner.answer("/api/v1/query", QUESTION)["answered_by"] == MODEL
    assert system.metric("concepts", "learnflow_model_breaker_state") == 0


def test_a_model_with_too_much_to_do_is_left_alone_at_once_and_asked_again_when_it_wants_to_be(system, learner):
    with saying(system, "debug", fails(429, headers={"Retry-After": "7"})):
        before = asked_for(system, "debug")
        answers = [learner.answer("/api/v1/debug", TROUBLE) for _ in range(2)]

        assert [each["answered_by"] for each in answers] == ["built-in", "built-in"]
        assert asked_for(system, "debug") - before == 1
        assert system.metric("debug", "learnflow_model_breaker_state") == 2
        assert system.metric("debug", "learnflow_model_breaker_opened_total", why="busy") == 1

        system.talks["debug"] = TALKS["debug"]
        system.until(
            lambda: learner.answer("/api/v1/debug", TROUBLE)["answered_by"] == MODEL, "the model is asked again"
        )
        assert asked_for(system, "debug") - before == 2
        assert system.metric("debug", "learnflow_model_breaker_state") == 0


def test_a_model_that_says_nothing_costs_nobody_an_answer_and_keeps_no_function_awake(system, learner):
    def answered(learner, path, body):
        began = time.monotonic()
        return learner.answer(path, body)["answered_by"], time.monotonic() - began < PATIENCE_SECONDS

    for path, body in (("/api/v1/query", QUESTION), ("/api/v1/review", PROGRAM)):
        learner.answer(path, body)  # so that nobody waits for a function to start
    system.talks["review"], asked = hangs(), len(system.model.asked)
    with saying(system, "concepts", hangs()), ThreadPoolExecutor(2) as threads:
        explained = threads.submit(answered, learner, "/api/v1/query", QUESTION)
        reviewed = threads.submit(answered, Learner(system), "/api/v1/review", PROGRAM)
        system.model.wait_until_asked(asked + 2)
        assert (explained.result(), reviewed.result()) == (("built-in", True), ("built-in", True))

    system.until(lambda: system.status()["services"]["review"]["state"] == "zero", "review is scaled to zero", 20)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["is told to end", "is killed"])
def test_a_function_that_goes_while_a_model_thinks_loses_no_question(system, learner, how):
    learner.answer("/api/v1/query", QUESTION)
    system.talks["concepts"] = thinks(explains(), seconds=2)
    asked = len(system.model.asked)
    with ThreadPoolExecutor(1) as threads:
        answering = threads.submit(learner.post, "/api/v1/query", QUESTION)
        system.model.wait_until_asked(asked + 1)
        for process in processes_of(system, "concepts"):
            process.send_signal(how)
        body = answering.result(60).json()

    assert (body["status"], body["answer"]["answered_by"]) == ("answered", MODEL)
    assert system.row("SELECT count(*) FROM messages WHERE request_id = %s", body["id"]) == (1,)
    assert system.row("SELECT count(*) FROM dead_letters WHERE learner_id = %s", learner.id) == (0,)
    assert system.row("SELECT model_answers FROM learner_quotas WHERE learner_id = %s", learner.id) == (2,)
