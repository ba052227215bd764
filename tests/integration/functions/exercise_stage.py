"""What tests of exercise need: a learner's wish, a submission, and what the sandbox saw of it."""

from functions.curriculum.reading import exercises
from functions.shared.events import ExerciseRequested
from functions.shared.practising import ExerciseSubmitted
from functions.shared.running import GradingExecuted, Ran
from functions.shared.testing import arriving, deliver

SUM = exercises("loops")[0]
SUM_ID = "loops/sum-of-evens"


def ask(exercise, question="", event_id="e1", learner="ada", **attached):
    request = ExerciseRequested(question=question, **attached)
    attributes = {"source": "/learnflow/triage", "correlationid": f"{event_id}-request", "hops": "1"}
    return deliver(exercise, *arriving(request, learner=learner, id=event_id, **attributes))


def hand_in(exercise, code=SUM.solution, event_id="s1", learner="ada", exercise_id=SUM_ID, **attributes):
    submitted = ExerciseSubmitted(exercise_id=exercise_id, code=code)
    return deliver(exercise, *arriving(submitted, learner=learner, id=event_id, **attributes))


def results(*numbers):
    return tuple(Ran(outcome="ok", value={"kind": "int", "value": number}) for number in numbers)


RIGHT = results(6, 30, 0, -6, 24, 249500)
WRONG = results(4, 20, 0, -6, 24, 249500)


def tried(exercise, came=RIGHT, submission="s1", event_id="g1", learner="ada", **attributes):
    executed = GradingExecuted(submission_id=submission, results=came)
    named = {"source": "/learnflow/sandbox-runner", "correlationid": submission, "hops": "2", **attributes}
    return deliver(exercise, *arriving(executed, learner=learner, id=event_id, **named))


def kept(db, columns="id, attempt, status, score, passed"):
    return db.execute(f"SELECT {columns} FROM submissions ORDER BY id").fetchall()
