"""What tests of review need: a program, a graded submission, and what the sandbox saw of its versions."""

from functions.curriculum.reading import exercises
from functions.shared.events import ReviewRequested
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CheckExecuted, Ran
from functions.shared.testing import arriving, deliver

CHECK = "org.learnflow.check.requested.v1"
REVIEWED = "org.learnflow.code.reviewed.v1"

INDEXED = (
    'words = ["a", "b"]\nfor i in range(len(words)):\n    if words[i].isupper() == True:\n        print(words[i])\n'
)
"""Two suggestions: to go over the items themselves, and not to compare a condition with True."""
CLEAN = 'print("Hello")\n'
SUM = exercises("loops")[0]
SUM_ID = "loops/sum-of-evens"
SUMMED = (
    "def sum_of_evens(numbers):\n"
    '    """Return the sum of the even numbers."""\n'
    "    total = 0\n"
    "    for i in range(len(numbers)):\n"
    "        if numbers[i] % 2 == 0:\n"
    "            total += numbers[i]\n"
    "    return total\n"
)
"""Passes, and could go over the items themselves."""


def ask(review, code=INDEXED, event_id="v1", learner="ada", request="r1", **attached):
    requested = ReviewRequested(code=code, **attached)
    attributes = {"source": "/learnflow/triage", "correlationid": request, "hops": "1"}
    return deliver(review, *arriving(requested, learner=learner, id=event_id, **attributes))


def hand_in(db, code=SUMMED, id="s1", learner="ada"):
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute(
        "INSERT INTO submissions (id, learner_id, exercise_id, code, submitted_at, attempt, status, score, passed)"
        " VALUES (%s, %s, %s, %s, now(), 1, 'graded', 100, true)",
        [id, learner, SUM_ID, code],
    )


def graded(review, submission_id="s1", event_id="g1", learner="ada", score=100, **attached):
    told = ExerciseGraded(
        exercise_id=attached.get("exercise_id", SUM_ID),
        topic="loops",
        submission_id=submission_id,
        attempt=1,
        score=score,
        passed=score == 100,
        feedback="…",
    )
    attributes = {"source": "/learnflow/exercise", "correlationid": submission_id, "hops": "3"}
    return deliver(review, *arriving(told, learner=learner, id=event_id, **attributes))


def ran(review, check, *came, event_id="c1", learner="ada", **attributes):
    """Tell what came of a check that was asked for; nothing that the sandbox was unavailable."""
    executed = CheckExecuted(
        requester=attributes.pop("requester", "review"),
        draft_id=attributes.pop("draft_id", None) or check.data["draft_id"],
        outcome="executed" if came else "unavailable",
        results=came,
    )
    correlation = check.event["correlationid"] if check else "r1"
    named = {"source": "/learnflow/sandbox-runner", "correlationid": correlation, "hops": "3", **attributes}
    return deliver(review, *arriving(executed, learner=learner, id=event_id, **named))


def printed(*texts):
    return [Ran(outcome="ok", stdout=text) for text in texts]


def drafts(db):
    return db.execute("SELECT id, requester, learner_id FROM drafts ORDER BY id").fetchall()


def kept(db, columns="id, learner_id, submission_id, topic"):
    return db.execute(f"SELECT {columns} FROM reviews ORDER BY id").fetchall()
