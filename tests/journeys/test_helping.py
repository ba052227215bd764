"""Help with code, the way a learner gets it: what is wrong, step by step, and what could be better."""

import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psutil
import pytest
from journey_stage import Learner

MISSPELT = "total = 0\nfor price in [2, 3]:\n    totl += price\nprint(total)\n"
MENDED = MISSPELT.replace("totl", "total")
NAME_ERROR = """\
Traceback (most recent call last):
  File "C:\\Users\\me\\Desktop\\shop.py", line 3, in <module>
    totl += price
    ^^^^
NameError: name 'totl' is not defined. Did you mean: 'total'?
"""
CLUMSY = """\
numbers = [3, 1, 2]
found = False
for i in range(len(numbers)):
    if numbers[i] == 2:
        found = True
if found == True:
    print("found")
"""
EXERCISE = "loops/sum-of-evens"


@pytest.fixture
def learner(system):
    return Learner(system)


def sandboxes(system):
    found = []
    for process in psutil.Process(system.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "sandbox_runner" in process.cmdline():
                found.append(process)
    return found


def test_a_mistake_is_explained_in_three_steps_and_its_correction_was_run(learner):
    answer = learner.answer("/api/v1/debug", {"code": MISSPELT, "error_message": NAME_ERROR})

    assert answer["type"] == "org.learnflow.error.explained.v1"
    assert (answer["error"]["type"], answer["error"]["line"], answer["cause"]) == ("NameError", 3, "misspelt_name")
    assert len(answer["hints"]) == 3
    assert "totl" not in answer["hints"][0]
    assert "total" in answer["hints"][2]
    assert (answer["corrected_code"], answer["checked"]) == (MENDED, "passed")


def test_a_program_without_its_error_message_is_run_to_see_it(learner):
    answer = learner.answer("/api/v1/debug", {"code": MISSPELT})

    assert (answer["error"]["type"], answer["error"]["line"]) == ("NameError", 3)
    assert answer["corrected_code"] == MENDED


def test_a_question_about_an_error_finds_its_way(learner):
    answer = learner.answer("/api/v1/query", {"question": f"what is wrong here?\n\n{NAME_ERROR}", "code": MISSPELT})

    assert (answer["type"], answer["cause"]) == ("org.learnflow.error.explained.v1", "misspelt_name")


def test_an_exercise_is_not_solved_for_a_learner(learner):
    learner.answer(
        "/api/v1/exercises/submit", {"exercise_id": EXERCISE, "code": "def sum_of_evens(n):\n    return 0\n"}
    )
    wrong = "def sum_of_evens(numbers):\n    total = 0\n    for n in numbers:\n        totl += n\n    return total\n"
    told = "NameError: name 'totl' is not defined"

    answer = learner.answer("/api/v1/debug", {"code": wrong, "error_message": told})

    assert answer["exercise_id"] == EXERCISE
    assert answer["corrected_code"] is None
    assert "total += n" not in answer["hints"][2]
    assert answer["example"]["right"] in answer["hints"][2]


def test_a_program_is_reviewed_and_what_is_suggested_does_the_same(learner):
    answer = learner.answer("/api/v1/review", {"code": CLUMSY})

    assert answer["type"] == "org.learnflow.code.reviewed.v1"
    assert 0 <= answer["quality"] < 100
    assert 1 <= len(answer["suggestions"]) <= 5
    assert answer["praise"]
    assert "passed" in {each["checked"] for each in answer["suggestions"]}


def test_what_is_handed_in_is_reviewed_without_being_asked(system, learner):
    code = "def sum_of_evens(numbers):\n    t = 0\n    for i in range(len(numbers)):\n        if numbers[i] % 2 == 0:\n"
    code += "            t = t + numbers[i]\n    return t\n"
    graded = learner.answer("/api/v1/exercises/submit", {"exercise_id": EXERCISE, "code": code})

    said = system.until(
        lambda: system.row(
            "SELECT body FROM messages WHERE learner_id = %s AND type = 'org.learnflow.code.reviewed.v1'", learner.id
        ),
        "the submission is reviewed",
    )[0]
    assert graded["passed"]
    assert said["submission_id"] == graded["submission_id"]
    assert system.row("SELECT quality FROM reviews WHERE learner_id = %s", learner.id) == (said["quality"],)


def test_the_sandbox_may_die_in_the_middle_of_a_check(system, learner):
    learner.answer("/api/v1/execute", {"code": "print(1)"})
    for process in sandboxes(system):
        process.send_signal(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(learner.answer, "/api/v1/debug", {"code": MISSPELT, "error_message": NAME_ERROR})
        waiting = "sandbox-runner-check-requested"
        system.until(lambda: system.status()["triggers"][waiting]["open"], "the sandbox holds the check")
        for process in sandboxes(system):
            process.kill()
        answer = asked.result(60)

    assert (answer["corrected_code"], answer["checked"]) == (MENDED, "passed")


def test_a_sandbox_that_stays_dead_brings_an_answer_that_says_what_was_not_checked(system, learner):
    with nobody_runs_anything(system):
        answer = learner.answer("/api/v1/debug", {"code": MISSPELT, "error_message": NAME_ERROR})

    assert (answer["cause"], answer["corrected_code"], answer["checked"]) == ("misspelt_name", None, "unavailable")
    assert "could not try" in answer["explanation"]
    assert system.row("SELECT count(*) FROM drafts WHERE learner_id = %s", learner.id) == (0,)
    assert learner.answer("/api/v1/execute", {"code": "print(2)"})["stdout"] == "2\n"


@contextmanager
def nobody_runs_anything(system):
    """Kill every sandbox as soon as there is one."""
    over = threading.Event()
    sandboxes(system)  # where they cannot be killed, nothing is begun

    def kill():
        while not over.wait(0.01):
            for process in sandboxes(system):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    killer = threading.Thread(target=kill, name=f"killer-{uuid.uuid4().hex[:4]}")
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()
