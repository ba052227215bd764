"""A teacher's questions are answered by indexes, however many others there are, and whatever a course of 200 holds."""

import json

import psycopg
import pytest

from functions.gateway.course_queries import ALL_COURSES, COURSE, COURSES_OF, HOLD_COURSE, HOW_MANY, JOINED
from functions.gateway.roster_queries import _FIGURES, DETAILS, roster_query
from functions.gateway.teaching_queries import STRANGERS, TEACHES
from functions.gateway.timeline_queries import JOINED_AND_NOW, TIMELINE
from functions.notification.queries import WATCHERS

BIG = {
    "users", "accounts", "courses", "enrolments", "progress", "activity_days", "requests", "messages", "submissions",
    "quiz_answers", "error_occurrences", "alerts",
}  # fmt: skip
"""What a busy school fills."""


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database of a busy school; u1 to u200 are in course c0, which t1 teaches."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute(FILLING)
        db.execute("VACUUM ANALYZE")
        yield db


FILLING = """
    INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 4000) n;
    INSERT INTO users (id) SELECT 'x' || n FROM generate_series(1, 30000) n;
    INSERT INTO users (id, role) SELECT 't' || n, 'teacher' FROM generate_series(1, 300) n;
    INSERT INTO users (id, role) SELECT 'a' || n, 'admin' FROM generate_series(1, 3) n;
    INSERT INTO accounts (user_id, username, name, password_hash)
        SELECT 'u' || n, 'n' || n, 'N' || n, '' FROM generate_series(1, 4000) n;
    INSERT INTO courses (id, teacher_id, title, code)
        SELECT 'c' || n, 't' || 1 + n % 300, 'Course ' || n, n FROM generate_series(0, 1999) n;
    INSERT INTO enrolments SELECT 'c' || (n - 1) / 200, 'u' || n FROM generate_series(1, 4000) n;
    INSERT INTO enrolments
        SELECT 'c' || 100 + (n + m) % 100, 'u' || n FROM generate_series(1, 4000) n, generate_series(1, 3) m;
    INSERT INTO progress (learner_id, topic, exercises, score_sum)
        SELECT 'u' || n, topic, 4, 100 + n % 300
        FROM generate_series(1, 4000) n, unnest('{"",t1,t2,t3,t4,t5,t6,t7,t8}'::text[]) topic;
    INSERT INTO activity_days
        SELECT 'u' || n, current_date - 2 * age FROM generate_series(1, 4000) n, generate_series(0, 19) age;
    INSERT INTO requests (id, user_id, kind, body, body_hash, answer_message_id, created_at)
        SELECT 'r' || n, 'u' || 1 + n % 4000, 'question', '{}', '', 'm' || n, now() - make_interval(mins => n)
        FROM generate_series(1, 40000) n;
    INSERT INTO messages (id, learner_id, request_id, type, body)
        SELECT 'm' || n, 'u' || 1 + n % 4000, 'r' || n, 't', '{}' FROM generate_series(1, 40000) n;
    INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, submitted_at)
        SELECT 's' || n, 'u' || 1 + n % 4000, 'e', 1 + n / 4000, '', now() FROM generate_series(1, 40000) n;
    INSERT INTO quiz_answers
        SELECT 'u' || n, 'q' || m, 1, true, true, now() FROM generate_series(1, 4000) n, generate_series(1, 5) m;
    INSERT INTO error_occurrences (id, learner_id, error_type, code_hash, occurred_at)
        SELECT 'e' || n, 'u' || 1 + n % 4000, 'NameError', '', now() FROM generate_series(1, 40000) n;
    INSERT INTO alerts (id, user_id, about, kind, severity, title, message, dismissed_at)
        SELECT 'l' || n, 't' || 1 + n % 299, 'u' || 1 + n % 4000, 'struggle', 'warning', '', '',
               CASE WHEN n % 5 > 0 THEN now() END
        FROM generate_series(1, 40000) n;
    INSERT INTO alerts (id, user_id, about, kind, severity, title, message)
        SELECT 'o' || n, 'u' || 1 + n % 4000, 'u' || 1 + n % 4000, 'progress', 'info', '', ''
        FROM generate_series(1, 40000) n
"""

PAGE = {"most": 21, "course": "c0", "teacher": "t1"}
FROM_THE_START = {**PAGE, "figure": "-Infinity", "called": "", "learner": "", "bounds": [41, 71, 91]}
LATELY = {"learner": "u77", "teacher": "t1", "since": "2026-01-01T00:00Z", "at": "2100-01-01T00:00Z", "kind": "z"}
PEOPLE = {"teacher": "t1", "sender": "t1", "learner": "u77", "recipients": ["u77", "u78", "t5"], "is_teacher": True}
QUESTIONS = {
    **{f"the roster by {each}": (roster_query(each), FROM_THE_START) for each in _FIGURES},
    "how learners are": (DETAILS, {"learners": [f"u{n}" for n in range(1, 22)], "red": 40, "some": 3, "most": 5}),
    "a timeline": (TIMELINE, {**LATELY, "id": "", "longest": 1000, "most": 21}),
    "since when": (JOINED_AND_NOW, {"course": "c0", "learner": "u77"}),
    "a course": (COURSE, {"id": "c1"}),
    "a teacher's courses": (COURSES_OF, {"teacher": "t1", "at": None, "id": "", "most": 21}),
    "all courses": (ALL_COURSES, {"at": None, "id": "", "most": 21}),
    "a learner's courses": (JOINED, {"learner": "u77"}),
    "a code": (HOLD_COURSE, {"code": "77"}),
    "whether there is room": (HOW_MANY, {"course": "c0", "learner": "u77"}),
    "whether one teaches another": (TEACHES, PEOPLE),
    "whom one may not write to": (STRANGERS, PEOPLE),
    "who is told of a learner": (WATCHERS, {"learner": "u77", "most": 2000}),
}
OF_ALL = {"all courses": {"courses"}}
"""An admin who looks at every course reads them all."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_of_a_teachers_reads_a_whole_table(seeded, name):
    query, values = QUESTIONS[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    scans = [node for node in nodes(plan[0]["Plan"]) if "Relation Name" in node and "Scan" in node["Node Type"]]
    whole = {node["Relation Name"] for node in scans if node["Node Type"] == "Seq Scan"}
    assert scans
    assert not whole & BIG - OF_ALL.get(name, set()), json.dumps(plan)


def test_a_roster_of_200_reads_rows_of_200_and_not_of_4000(seeded):
    (plan,) = seeded.execute(
        f"EXPLAIN (ANALYZE, TIMING off, FORMAT JSON) {roster_query('-mastery')}", FROM_THE_START
    ).fetchone()

    read = {}
    for node in nodes(plan[0]["Plan"]):
        if "Relation Name" in node:
            rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
            read[node["Relation Name"]] = read.get(node["Relation Name"], 0) + rows
    assert read["enrolments"] == 200
    assert max(read[table] for table in ("progress", "accounts")) <= 200, read
    assert read["activity_days"] <= 200 * 20, read
    assert read["requests"] <= 200, read
    assert read["alerts"] <= 40000 / 299 / 5 + 10, read


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
