"""scripts/rebuild-progress makes progress what the audit log tells, says what differed, and loses nothing."""

from __future__ import annotations

import asyncio
import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from functions.audit.handler import HANDLERS as AUDIT
from functions.progress.handler import HANDLERS as PROGRESS
from functions.progress.rebuilding import kept
from functions.shared.database import PostgreSQL
from functions.shared.envelope import cloud_event, to_http
from functions.shared.payload import Payload
from functions.shared.practising import ExerciseGraded
from functions.shared.quizzing import QuizGraded
from functions.shared.serving import Function
from functions.shared.testing import deliver
from scripts.stack import erase_user
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT
from scripts.stack.progress import Progress
from scripts.stack.rebuild_progress import Options, run

NOW = datetime.now(UTC)


@pytest.fixture
def db(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def functions(database_url: str) -> Iterator[tuple[Function, Function]]:
    """Progress and audit, as both are told of every event."""
    database = PostgreSQL(database_url)
    yield Function("progress", PROGRESS, db=database), Function("audit", AUDIT, db=database, remembers=False)
    database.close()


def graded(score: int) -> ExerciseGraded:
    return ExerciseGraded(
        exercise_id="loops/a",
        topic="loops",
        submission_id="s",
        attempt=1,
        score=score,
        passed=score == 100,
        feedback="",
    )


ANSWERED = QuizGraded(quiz_id="q", topic="loops", question_id="loops/q", correct=True, counts=True, explanation="")


def tell(functions: tuple[Function, ...], payload: Payload, event_id: str, days_ago: int, learner: str = "ada") -> None:
    source = "/learnflow/exercise" if isinstance(payload, ExerciseGraded) else "/learnflow/quiz"
    attributes = {"id": event_id, "source": source, "correlationid": event_id, "hops": "1"}
    event = cloud_event(payload, learner=learner, now=NOW - timedelta(days=days_ago), **attributes)
    for function in functions:
        assert deliver(function, *to_http(event)).status in {200, 204}


@pytest.fixture
def history(functions: tuple[Function, Function]) -> None:
    tell(functions, graded(40), "e1", 3)
    tell(functions, graded(100), "e2", 1)
    tell(functions, ANSWERED, "e3", 0)
    tell(functions, graded(60), "e4", 0, learner="bob")


def rebuilt(db: psycopg.Connection[Any], **options: Any) -> tuple[int, list[str]]:
    out = io.StringIO()
    code = run(db, Options(**options), Progress(out))
    return code, out.getvalue().splitlines()


def spoil(db: psycopg.Connection[Any]) -> None:
    db.execute("UPDATE progress SET score_sum = 10 WHERE learner_id = 'ada'")
    db.execute("UPDATE exercise_best SET best_score = 10 WHERE learner_id = 'ada'")
    db.execute("DELETE FROM quiz_firsts")
    db.execute("DELETE FROM activity_days WHERE day = current_date - 1")
    db.execute("INSERT INTO activity_days VALUES ('ada', current_date - 2)")


@pytest.mark.usefixtures("history")
def test_where_nothing_differs_nothing_is_written(db: psycopg.Connection[Any]) -> None:
    assert [rebuilt(db, dry_run=dry_run)[0] for dry_run in (True, False)] == [0, 0]

    assert rebuilt(db)[1][-1] == "2 learners read, 0 differed, nothing written."


@pytest.mark.usefixtures("history")
def test_what_was_spoilt_or_lost_is_made_anew(db: psycopg.Connection[Any]) -> None:
    before = kept(db, "ada"), kept(db, "bob")
    spoil(db)

    code, lines = rebuilt(db)

    assert (kept(db, "ada"), kept(db, "bob")) == before
    assert code == 0
    assert lines[-1] == "2 learners read, 1 differed, 1 learner made anew."
    assert "overall 35 (red, 2 things) → 71 (green, 2 things)" in lines[0]


@pytest.mark.usefixtures("history")
def test_everything_comes_back_from_the_log_alone(db: psycopg.Connection[Any]) -> None:
    before = kept(db, "ada")
    db.execute("TRUNCATE progress, exercise_best, quiz_firsts, program_quality, activity_days, inbox")

    rebuilt(db, learner="ada")

    assert kept(db, "ada") == before
    assert not kept(db, "bob").rows


@pytest.mark.usefixtures("history")
def test_a_dry_run_says_what_differs_and_writes_nothing(db: psycopg.Connection[Any]) -> None:
    spoil(db)
    before = kept(db, "ada")

    code, lines = rebuilt(db, dry_run=True)

    assert (code, kept(db, "ada")) == (1, before)
    assert lines[0].startswith("  ada: overall 35 ")
    assert lines[-1] == "2 learners read, 1 differed, nothing written."


@pytest.mark.usefixtures("history")
def test_numbers_of_a_past_day_count_what_had_happened_by_then_and_write_nothing(db: psycopg.Connection[Any]) -> None:
    spoil(db)
    before, day = kept(db, "ada"), (NOW - timedelta(days=2)).date()

    code, lines = rebuilt(db, as_of=day, learner="ada")

    assert (code, kept(db, "ada")) == (0, before)
    assert f"  ada as of {day}: overall 16 (red, 1 thing), loops 16 (red, 1 thing), streak 1, active days 1" in lines
    assert lines[-1] == "1 learner read, 0 differed, nothing written."


@pytest.mark.usefixtures("history")
def test_as_of_today_it_is_made_anew_and_shown(db: psycopg.Connection[Any]) -> None:
    spoil(db)

    code, lines = rebuilt(db, as_of=NOW.date())

    assert code == 0
    assert any("ada as of" in line and "overall 71 (green, 2 things)" in line for line in lines)
    assert any("bob as of" in line and "overall 24 (red, 1 thing)" in line for line in lines)
    assert "1 learner made anew" in lines[-1]


@pytest.mark.usefixtures("history")
def test_a_learner_is_left_alone_while_the_log_lacks_what_was_counted(
    db: psycopg.Connection[Any], functions: tuple[Function, Function]
) -> None:
    progress, _ = functions
    tell((progress,), graded(90), "e3", 0, learner="bob")  # an id that another source has used
    before = kept(db, "bob")

    code, lines = rebuilt(db)

    assert (code, kept(db, "bob")) == (1, before)
    assert "  bob: left alone, the log lacks 1 event that progress has counted" in lines
    assert rebuilt(db, incomplete=True)[0] == 0
    assert kept(db, "bob") != before


@pytest.mark.usefixtures("history")
def test_what_is_in_the_log_already_may_be_counted_later(
    db: psycopg.Connection[Any], functions: tuple[Function, Function]
) -> None:
    progress, audit = functions
    tell((audit,), graded(90), "late", 0, learner="bob")
    rebuilt(db)
    before = kept(db, "bob")

    tell((progress,), graded(90), "late", 0, learner="bob")

    assert kept(db, "bob") == before
    assert rebuilt(db, dry_run=True)[0] == 0


@pytest.mark.usefixtures("history")
def test_a_learner_is_left_alone_once_the_log_forgets_of_when_they_were_here(db: psycopg.Connection[Any]) -> None:
    db.execute("DELETE FROM events WHERE id = 'e1'")
    db.execute("DELETE FROM inbox")
    db.execute("INSERT INTO forgotten VALUES ('events', now() - interval '4 days')")
    before = kept(db, "ada"), kept(db, "bob")

    code, lines = rebuilt(db)

    assert (code, (kept(db, "ada"), kept(db, "bob"))) == (1, before)
    assert "  ada: left alone, the log tells no more of 1 day that counted" in lines
    assert rebuilt(db, incomplete=True, learner="ada")[0] == 0
    assert kept(db, "ada") != before[0]


@pytest.mark.usefixtures("history")
def test_whoever_is_deleted_is_passed_over_and_the_others_are_made_anew(
    db: psycopg.Connection[Any], database_url: str
) -> None:
    before = kept(db, "bob")
    asyncio.run(erase_user.run(database_url, "ada", sure=True))
    db.execute("UPDATE progress SET score_sum = 10")

    code, lines = rebuilt(db)

    assert (code, kept(db, "bob")) == (0, before)
    assert lines[-1] == "1 learner read, 1 differed, 1 learner made anew."
    assert db.execute("SELECT count(*) FROM events WHERE source = '/learnflow/erased'").fetchone() == (3,)


@pytest.mark.usefixtures("history")
def test_another_time_zone_gives_other_days(db: psycopg.Connection[Any]) -> None:
    db.execute("UPDATE users SET time_zone = 'Pacific/Kiritimati' WHERE id = 'ada'")
    rebuilt(db, learner="ada")

    days = [(NOW - timedelta(days=ago, hours=-14)).date() for ago in (3, 1, 0)]
    assert kept(db, "ada").days == frozenset(days)


def test_who_is_not_known_is_named(db: psycopg.Connection[Any]) -> None:
    with pytest.raises(StackError, match="Nothing is known of a learner 'nobody'"):
        rebuilt(db, learner="nobody")


@pytest.mark.usefixtures("history")
def test_the_script_tells_its_exit_code_and_what_is_no_day(database_url: str, db: psycopg.Connection[Any]) -> None:
    spoil(db)
    script = [str(ROOT / "scripts" / "rebuild-progress"), "--database-url", database_url]

    dry = subprocess.run([*script, "--dry-run", "--as-of", f"{date.today()}"], capture_output=True, text=True)
    wrong = subprocess.run([*script, "--as-of", "yesterday"], capture_output=True, text=True)

    assert (dry.returncode, wrong.returncode) == (1, 1)
    assert "✓ The audit log, once more" in dry.stdout
    assert "'yesterday' is no day: write it like 2026-03-20." in wrong.stderr
