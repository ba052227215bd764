"""What tests of debug need: a learner's trouble, what the sandbox tells of a run, and what is kept meanwhile."""

import json

from functions.shared.events import DebuggingRequested
from functions.shared.running import CheckExecuted, ErrorInfo, Ran
from functions.shared.testing import arriving, deliver
from tests.model_stand_in import says

CHECK = "org.learnflow.check.requested.v1"
EXPLAINED = "org.learnflow.error.explained.v1"

BROKEN = "numbers = [1, 2, 3]\nfor i in range(len(numbers) + 1):\n    print(numbers[i])\n"
MENDED = "numbers = [1, 2, 3]\nfor i in range(len(numbers)):\n    print(numbers[i])\n"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "program.py", line 3, in <module>\n'
    "    print(numbers[i])\n"
    "          ~~~~~~~^^^\n"
    "IndexError: list index out of range\n"
)
SUM_ID = "loops/sum-of-evens"
SUM = (
    "def sum_of_evens(numbers):\n"
    "    total = 0\n"
    "    for i in range(len(numbers) + 1):\n"
    "        if numbers[i] % 2 == 0:\n"
    "            total += numbers[i]\n"
    "    return total\n\n\n"
    "print(sum_of_evens([1, 2]))\n"
)
"""An attempt at that exercise, with the same mistake."""
SUM_TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "program.py", line 9, in <module>\n'
    "    print(sum_of_evens([1, 2]))\n"
    "          ^^^^^^^^^^^^^^^^^^^^\n"
    '  File "program.py", line 4, in sum_of_evens\n'
    "    if numbers[i] % 2 == 0:\n"
    "       ~~~~~~~^^^\n"
    "IndexError: list index out of range\n"
)

ENDED = Ran(outcome="ok", stdout="1\n2\n3\n")
UNENDING = Ran(outcome="timeout")

WRONG = "total = 3 - 4\nprint(total)\n"
"""Runs to its end, and no rule sees what is wrong with it."""
RIGHT = "total = 3 + 4\nprint(total)\n"
QUESTION = "Why does it not print 7?"
PRINTED = Ran(outcome="ok", stdout="-1\n")


def failed(type="IndexError", message="list index out of range", line=3, traceback=TRACEBACK):
    return Ran(outcome="error", error=ErrorInfo(type=type, message=message, line=line, traceback=traceback))


def trouble(debug, code=BROKEN, error_message=TRACEBACK, event_id="d1", learner="ada", request="r1", **attached):
    asked = DebuggingRequested(code=code, error_message=error_message, **attached)
    attributes = {"source": "/learnflow/triage", "correlationid": request, "hops": "1"}
    return deliver(debug, *arriving(asked, learner=learner, id=event_id, **attributes))


def attempt(debug, code=SUM, error_message=SUM_TRACEBACK, **attached):
    return trouble(debug, code, error_message, **attached)


def ran(debug, check, *came, event_id="c1", learner="ada", **attributes):
    """Tell what came of a check that was asked for; nothing that the sandbox was unavailable."""
    executed = CheckExecuted(
        requester=attributes.pop("requester", "debug"),
        draft_id=attributes.pop("draft_id", None) or check.data["draft_id"],
        outcome=attributes.pop("outcome", "executed" if came else "unavailable"),
        results=came,
    )
    named = {"source": "/learnflow/sandbox-runner", "correlationid": "r1", "hops": "3", **attributes}
    return deliver(debug, *arriving(executed, learner=learner, id=event_id, **named))


def saying(**fields):
    """Have a model explain a mistake."""
    said = {
        "line": 1,
        "title": "One step too many",
        "explanation": "Your loop asked for an item that is not there.",
        "hint_1": "How many items are there, and at which number does counting begin?",
        "hint_2": "Compare the last number of line 2 with the last place in the list.",
        "hint_3": "Let the loop stop one step earlier.",
        "corrected_code": None,
        "tips": ["Say the first and the last number of a loop aloud."],
        **fields,
    }
    return says(json.dumps(said))


def drafts(db):
    return db.execute("SELECT id, requester, learner_id FROM drafts ORDER BY id").fetchall()


def errors(db, columns="learner_id, error_type, line"):
    return db.execute(f"SELECT {columns} FROM error_occurrences ORDER BY occurred_at, id").fetchall()


def hand_out(db, exercise_id=SUM_ID, learner="ada"):
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute("INSERT INTO exercises_given (learner_id, exercise_id) VALUES (%s, %s)", [learner, exercise_id])


def hand_in(db, passed, exercise_id=SUM_ID, learner="ada", id="s1"):
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute(
        "INSERT INTO submissions (id, learner_id, exercise_id, code, submitted_at, attempt, status, score, passed)"
        " VALUES (%s, %s, %s, '', now(), 1, 'graded', %s, %s)",
        [id, learner, exercise_id, 100 if passed else 0, passed],
    )
