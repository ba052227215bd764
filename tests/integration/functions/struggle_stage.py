"""What tests of struggle need: programs that are run, asked about and handed in at a time, and the signs of it."""

import hashlib
from datetime import datetime, timedelta

from functions.shared.helping import ErrorExplained, ErrorFound
from functions.shared.mistakes import note_mistake
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CodeExecuted, ErrorInfo
from functions.shared.testing import NOON, arriving, deliver

DETECTED = "org.learnflow.struggle.detected.v1"
SUM_ID = "loops/sum-of-evens"


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def hash_of(program):
    return hashlib.sha256(program.encode()).hexdigest()


def tell(struggle, payload, when, *, learner="ada", **attributes):
    """Deliver an event of a time: minutes after noon, or the attribute as it is. Its id is the learner's alone."""
    named = {**attributes, "id": f"{learner}: {attributes['id']}"}
    headers, body = arriving(payload, learner=learner, **named)
    time = when if isinstance(when, str) else when.isoformat() if isinstance(when, datetime) else at(when).isoformat()
    return deliver(struggle, {**headers, "ce-time": time}, body)


def run(struggle, when, error="NameError", *, id=None, learner="ada", program=None, line=1, outcome=None, **attributes):
    """A program is run; no error: it went well."""
    id = id or f"run at {when}"
    ended = CodeExecuted(
        outcome=outcome or ("ok" if error is None else "error"),
        error=None if error is None else ErrorInfo(type=error, message="…", line=line),
        code_hash=attributes.pop("code_hash", None) or hash_of(program or id),
    )
    named = {"id": id, "source": "/learnflow/sandbox-runner", "correlationid": f"{id}, request", **attributes}
    return tell(struggle, ended, when, learner=learner, **named)


def slip(struggle, when, error="NameError", **attributes):
    """A program is run with an error, mended and run again: so its errors are the only sign."""
    answer = run(struggle, when, error, **attributes)
    mended = run(struggle, when + 0.01, None, id=f"mended {attributes.get('id', when)}")
    assert mended.status == 204
    return answer


def keep_question(db, when, error="NameError", *, id=None, learner="ada", program=""):
    """What debug keeps of an error that it is asked about."""
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    note_mistake(
        db, learner, error,
        line=1,
        code_hash=hash_of(program) if program else "",
        at=at(when),
        seen_by="debug",
        request_id=f"{id or f'asked at {when}'}, request",
    )  # fmt: skip


def explained(struggle, when, error="NameError", *, id=None, learner="ada", late=0.02, **attributes):
    """What debug has kept is explained, a second or so later."""
    id = id or f"asked at {when}"
    told = ErrorExplained(
        error=ErrorFound(type=error, message="…") if error else None, title="…", explanation="…", code_hash=""
    )
    named = {"id": id, "source": "/learnflow/debug", "correlationid": f"{id}, request", **attributes}
    return tell(struggle, told, when + late, learner=learner, **named)


def ask(struggle, db, when, error="NameError", *, program="", **attributes):
    keep_question(db, when, error, program=program, **attributes)
    return explained(struggle, when, error, **attributes)


def hand_in(db, attempt, when, *, score=40, exercise_id=SUM_ID, learner="ada"):
    """What exercise keeps of a graded submission."""
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute(
        "INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, status, score, passed, submitted_at)"
        " VALUES (%s, %s, %s, %s, '', 'graded', %s, %s, %s)",
        [
            f"{learner} {exercise_id} {attempt}", learner, exercise_id, attempt, score, score == 100,
            when if isinstance(when, str) else at(when),
        ],
    )  # fmt: skip


def graded(struggle, attempt, when, *, score=40, exercise_id=SUM_ID, topic="loops", learner="ada", **attributes):
    told = ExerciseGraded(
        exercise_id=exercise_id,
        topic=topic,
        submission_id=f"{learner} {exercise_id} {attempt}",
        attempt=attempt,
        score=score,
        passed=score == 100,
        feedback="…",
    )
    named = {"id": f"{exercise_id} {attempt}", "source": "/learnflow/exercise", "correlationid": "r", **attributes}
    return tell(struggle, told, when, learner=learner, **named)


def practise(struggle, db, attempt, when, *, topic="loops", **attributes):
    hand_in(db, attempt, when, **attributes)
    return graded(struggle, attempt, when if isinstance(when, str) else when + 0.02, topic=topic, **attributes)


def signs(db, columns="signal, about", learner="ada"):
    query = f"SELECT {columns} FROM struggle_signals WHERE learner_id = %s ORDER BY raised_at, id"
    return db.execute(query, [learner]).fetchall()


def raised_at(db, signal, learner="ada"):
    query = "SELECT raised_at FROM struggle_signals WHERE learner_id = %s AND signal = %s ORDER BY 1"
    return [raised for (raised,) in db.execute(query, [learner, signal])]


def dismiss(db, when):
    db.execute("UPDATE struggle_signals SET dismissed_at = %s", [at(when)])
