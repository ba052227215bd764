"""Progress counts each thing once, says when something shows, and reports honestly how far a learner has come."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from progress_stage import (
    answered,
    asked,
    graded,
    helped,
    progress_on,
    ran,
    recorded,
    reviewed,
    tables,
    tell,
)

from functions.shared.database import PostgreSQL
from functions.shared.events import ProgressRequested


@pytest.fixture
def progress(database_url):
    database = PostgreSQL(database_url)
    yield progress_on(database)
    database.close()


def report(progress, event_id="r1", days_ago=0.0, **asked_for):
    answer = tell(progress, ProgressRequested(question="How am I doing?", **asked_for), event_id, days_ago)
    assert (answer.status, answer.event["type"]) == (200, "org.learnflow.progress.reported.v1")
    return answer.data


def test_the_first_grade_of_a_learner_shows_overall_and_in_its_topic(progress):
    answer = tell(progress, graded(score=100))

    assert (answer.status, answer.event["type"]) == (200, "org.learnflow.progress.updated.v1")
    assert answer.data == {
        "mastery": 40,
        "level": "red",
        "previous_level": None,
        "topic": "loops",
        "topic_mastery": 40,
        "topic_level": "red",
        "previous_topic_level": None,
        "because": "org.learnflow.exercise.graded.v1",
    }


def test_a_level_that_changes_is_told_with_the_one_before(progress):
    tell(progress, graded(), "e1")

    answer = tell(progress, answered(), "e2")

    assert (answer.data["mastery"], answer.data["level"], answer.data["previous_level"]) == (70, "yellow", "red")
    assert (answer.data["topic_mastery"], answer.data["topic_level"]) == (70, "yellow")
    assert answer.data["previous_topic_level"] == "red"


def test_what_changes_nothing_that_shows_is_not_told_and_no_row_is_written(progress, db):
    tell(progress, graded(score=60), "e1")
    written = db.execute("SELECT topic, xmin FROM progress").fetchall()

    worse, same, run = (
        tell(progress, graded(score=40), "e2"),
        tell(progress, graded(score=60), "e3"),
        tell(progress, ran(), "e4"),
    )

    assert [answer.status for answer in (worse, same, run)] == [204, 204, 204]
    assert db.execute("SELECT topic, xmin FROM progress").fetchall() == written


def test_a_day_more_is_told_since_it_prolongs_the_streak(progress):
    first = tell(progress, asked(), "e1", days_ago=1)
    second = tell(progress, ran(), "e2", days_ago=0)
    again = tell(progress, asked(), "e3", days_ago=0)

    assert (first.data["previous_level"], first.data["level"], first.data["topic"]) == (None, "red", None)
    assert (second.data["previous_level"], second.data["because"]) == ("red", "org.learnflow.code.executed.v1")
    assert again.status == 204


def test_an_event_that_arrives_again_is_answered_alike_and_counts_once(progress, db):
    first = tell(progress, graded(score=70))
    kept = tables(db)

    again = tell(progress, graded(score=70))

    assert (again.event["id"], again.data) == (first.event["id"], first.data)
    assert tables(db) == kept


def test_one_exercise_counts_once_by_its_best_score(progress):
    for number, score in enumerate((30, 90, 60)):
        tell(progress, graded(score=score), f"e{number}")

    exercises = report(progress)["standing"]["overall"]["exercises"]

    assert exercises == {"value": 90, "weight": 0.4, "data": 1}


def test_only_the_first_answer_to_a_question_counts(progress):
    tell(progress, answered(correct=False), "e1", days_ago=0.5)
    tell(progress, answered(correct=True, counts=False), "e2")
    tell(progress, answered("loops/while", correct=True), "e3")
    tell(progress, answered("loops/while", correct=False), "e4", days_ago=-0.1)

    assert report(progress)["standing"]["overall"]["quizzes"] == {"value": 50, "weight": 0.3, "data": 2}


def test_a_program_counts_by_its_latest_review_whichever_arrives_first(progress):
    tell(progress, reviewed(90, "loops/sum-of-evens"), "e1", days_ago=0)
    tell(progress, reviewed(20, "loops/sum-of-evens"), "e2", days_ago=0.2)
    tell(progress, reviewed(50, code_hash="f00"), "e3")

    standing = report(progress)["standing"]

    assert standing["overall"]["quality"] == {"value": 70, "weight": 0.2, "data": 2}
    assert [(topic["topic"], topic["quality"]["value"]) for topic in standing["topics"]] == [("loops", 90)]


@pytest.mark.parametrize(("help_came", "alone", "after_help"), [(0.2, 0, 1), (0.0, 1, 0)], ids=["before", "after"])
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "the other way round"])
def test_work_with_help_and_without_is_kept_apart(progress, help_came, alone, after_help, turned):
    events = [(graded(), "e1", 0.1), (helped(), "e2", help_came), (graded("loops/countdown"), "e3", 0.1)]
    for event in reversed(events) if turned else events:
        tell(progress, *event)

    overall = report(progress)["standing"]["overall"]

    assert (overall["passed_alone"], overall["passed_helped"]) == (1 + alone, after_help)
    assert overall["exercises"] == {"value": 100, "weight": 0.4, "data": 2}


def test_an_explanation_without_a_hint_is_no_help(progress):
    tell(progress, helped(hints=()), "e1", days_ago=0.2)
    tell(progress, graded(), "e2")

    assert report(progress)["standing"]["overall"]["passed_alone"] == 1


def test_what_could_not_be_graded_taken_or_reviewed_counts_as_activity_alone(progress, db):
    tell(progress, graded(score=None), "e1")
    tell(progress, answered(correct=None), "e2")
    tell(progress, reviewed(None), "e3")

    standing = report(progress)["standing"]

    assert (standing["active_days"], standing["topics"]) == (1, [])
    assert standing["overall"]["because"] == "Nothing has been graded, answered or reviewed yet."


def test_what_is_said_from_elsewhere_counts_as_activity_alone_whatever_its_score(progress):
    answer = tell(progress, recorded(score=100, topic="loops"), source="/school", ingress="progress.events")

    assert answer.data["mastery"] == 0
    assert report(progress)["standing"]["topics"] == []


@pytest.mark.parametrize("payload", [graded(), answered(), reviewed(), ran(), helped()], ids=lambda data: data.TYPE)
@pytest.mark.parametrize(
    "told_by", [{"source": "/learnflow/gateway"}, {"ingress": "progress.events"}], ids=["another", "from outside"]
)
def test_a_grade_counts_only_from_who_gives_it(progress, db, payload, told_by):
    answer = tell(progress, payload, **told_by)

    assert answer.status == 422
    assert b"alone" in answer.body
    assert not any(tables(db).values())


@pytest.mark.parametrize(("days_ago", "status"), [(366, 422), (364, 200), (-0.9, 200), (-1.1, 422)])
def test_an_activity_of_an_impossible_time_is_rejected(progress, days_ago, status):
    assert tell(progress, recorded(), days_ago=days_ago).status == status


def test_a_question_of_an_impossible_time_is_not_counted_and_nobody_is_bothered(progress, db):
    assert tell(progress, asked(), days_ago=4000).status == 204
    assert not any(tables(db).values())


def test_the_day_is_that_of_the_learners_time_zone(progress, db):
    db.execute("INSERT INTO users (id, time_zone) VALUES ('ada', 'Pacific/Auckland'), ('bob', 'America/Los_Angeles')")
    for learner in ("ada", "bob"):
        tell(progress, asked(), f"{learner}-1", days_ago=0.3, learner=learner)  # 04:48 UTC

    days = dict(db.execute("SELECT learner_id, day::text FROM activity_days").fetchall())

    assert days == {"ada": "2026-03-20", "bob": "2026-03-19"}


def test_what_is_no_time_zone_is_refused(db):
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        db.execute("INSERT INTO users (id, time_zone) VALUES ('ada', 'Mars/Olympus')")


def test_streak_and_consistency_are_those_of_the_day_of_asking(progress):
    for number, days_ago in enumerate((0, 1, 2, 4, 31)):
        tell(progress, ran(), f"e{number}", days_ago=days_ago)

    today, tomorrow, later = (
        report(progress, f"r{number}", days_ago=-number)["standing"] for number in (0, 1, 2)
    )  # fmt: skip

    assert [(day["streak"], day["active_days"], day["as_of"]) for day in (today, tomorrow, later)] == [
        (3, 4, "2026-03-20"),
        (3, 4, "2026-03-21"),
        (0, 4, "2026-03-22"),
    ]


def test_who_has_done_nothing_is_told_so_and_where_to_begin(progress):
    answer = report(progress)

    overall = answer["standing"]["overall"]
    assert (overall["mastery"], overall["certainty"]) == (0, "low")
    assert [overall[part]["data"] for part in ("exercises", "quizzes", "quality", "consistency")] == [0, 0, 0, 0]
    assert "I cannot say yet how much Python you know" in answer["summary"]
    assert "begin with **Variables" in answer["summary"]


def test_a_report_says_how_far_where_strongest_what_next_and_the_streak(progress):
    tell(progress, graded("loops/sum-of-evens", 100), "e1")
    tell(progress, answered("loops/range"), "e2")
    tell(progress, graded("lists/largest", 20), "e3")

    answer = report(progress, second_guess="quiz")

    assert (
        "**Overall: 54 of 100, Yellow.** It rests on 2 exercises and 1 quiz answer, the latest today"
        in answer["summary"]
    )
    assert "| Quality of your code | 0 (nothing yet) | 20% |" in answer["summary"]
    assert "Your strongest topic is **Loops** with 70 (yellow). The others: Lists 8 (red)." in answer["summary"]
    assert "Exercises passed: 1, 1 of them on your own, 0 after help." in answer["summary"]
    assert "**Next:** solve an exercise on **Lists**" in answer["summary"]
    assert "Your streak: 1 day in a row." in answer["summary"]
    assert "I was not sure that this is what you were after." in answer["summary"]


def test_events_at_once_are_all_counted(progress, db):
    payloads = [graded(f"loops/e{n % 3}", score=10 * n) for n in range(1, 10)]

    def until_taken(number):
        while (answer := tell(progress, payloads[number], f"e{number}")).status == 503:
            pass  # the pool is smaller than the crowd
        return answer.status

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(until_taken, range(9))) <= {200, 204}

    assert db.execute("SELECT topic, exercises, score_sum FROM progress ORDER BY topic").fetchall() == [
        ("", 3, 70 + 80 + 90),
        ("loops", 3, 70 + 80 + 90),
    ]
