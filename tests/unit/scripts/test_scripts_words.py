"""What the scripts read and say: examples, times, topics' files, answers."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from functions.shared.settings import read_settings
from scripts.stack.ask import readable
from scripts.stack.asking import Reply
from scripts.stack.config import auth_keys, database_url, login_required, write_config
from scripts.stack.demo import Account
from scripts.stack.doctor import Plan
from scripts.stack.errors import StackError
from scripts.stack.farewell import farewell
from scripts.stack.places import Places, here
from scripts.stack.progress import Progress
from scripts.stack.replay import since
from scripts.stack.send import example_file, fresh
from scripts.stack.status import duration
from scripts.stack.together import together
from scripts.stack.topics import milliseconds, read_topics
from scripts.stack.up import read_options


@pytest.mark.parametrize("name", ["question.asked.v1/loops", "question.asked/loops", "code-with-error"])
def test_an_example_is_found_by_as_much_of_its_name_as_is_clear(name: str) -> None:
    assert example_file(name).suffix == ".json"


def test_an_unclear_name_of_an_example_lists_those_it_may_be() -> None:
    with pytest.raises(StackError, match=r"question\.asked\.v1/loops"):
        example_file("loops")


def test_an_unknown_example_says_how_to_list_all() -> None:
    with pytest.raises(StackError, match="--list"):
        example_file("no-such-thing")


def test_an_event_that_is_sent_again_is_a_new_one_of_the_same_learner_unless_said() -> None:
    example = {"id": "1", "time": "2020-01-01T00:00:00Z", "subject": "ada", "partitionkey": "ada", "correlationid": "1"}

    event = fresh(dict(example), learner=None)
    other = fresh(dict(example), learner="grace")

    assert event["id"] == event["correlationid"] not in {"1", other["id"]}
    assert event["time"] > "2026"
    assert (event["subject"], other["subject"], other["partitionkey"]) == ("ada", "grace", "grace")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-03-20", datetime(2026, 3, 20, tzinfo=UTC)),
        ("2026-03-20T10:30", datetime(2026, 3, 20, 10, 30, tzinfo=UTC)),
        ("2026-03-20T10:30+02:00", datetime(2026, 3, 20, 8, 30, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_moment_is_read_as_utc_unless_it_says_otherwise(words: str | None, moment: datetime | None) -> None:
    assert since(words) == moment


def test_a_time_ago_is_counted_from_now() -> None:
    found = since("2h")

    assert found is not None
    assert abs(datetime.now(UTC) - found - timedelta(hours=2)) < timedelta(seconds=10)


def test_a_moment_that_is_none_is_refused_with_what_would_do() -> None:
    with pytest.raises(StackError, match="write 2h, 3d"):
        since("yesterday")


def test_retention_is_hours_or_days() -> None:
    assert (milliseconds("12h"), milliseconds("7d")) == (43_200_000, 604_800_000)
    with pytest.raises(StackError, match="no retention"):
        milliseconds("7 days")


def test_every_topic_has_a_file_that_says_everything() -> None:
    topics = {topic.name: topic for topic in read_topics(here().topics)}

    assert {"learning.requests", "concepts.requests", "learning.responses", "learnflow.dead-letters"} <= set(topics)
    assert all(topic.partitions == 3 and topic.retention_ms > 0 for topic in topics.values())
    assert all(set(topic.direction) <= {"in", "out"} and topic.carries for topic in topics.values())


def test_a_topic_file_with_an_unknown_or_missing_field_is_refused_by_name(tmp_path: Path) -> None:
    fields = yaml.safe_load((here().topics / "learning.requests.yaml").read_text())
    del fields["key"]
    (tmp_path / "odd.yaml").write_text(yaml.safe_dump(fields | {"colour": "red"}))

    with pytest.raises(StackError, match=r"odd\.yaml: colour, key must"):
        read_topics(tmp_path)


def test_the_database_is_found_again_from_what_up_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(tmp_path)
    write_config(places, port=8090, database_url="postgresql://here/learnflow")

    assert database_url(places) == "postgresql://here/learnflow"
    monkeypatch.setenv("DATABASE_URL", "postgresql://own/db")
    assert database_url(places) == "postgresql://own/db"
    assert database_url(places, "postgresql://asked/db") == "postgresql://asked/db"


def test_a_secret_on_disk_is_for_its_owner_only(tmp_path: Path) -> None:
    write_config(Places(tmp_path), port=8090, database_url="postgresql://u:pass@here/learnflow")

    written = list(Places(tmp_path).config.iterdir())
    assert {path.name for path in written} == {f"learnflow-{name}.yaml" for name in ("auth", "config", "database")}
    assert all(path.stat().st_mode & 0o077 == 0 for path in written)


def test_the_key_of_a_model_is_kept_for_its_owner_as_long_as_there_is_one(tmp_path: Path) -> None:
    places, url = Places(tmp_path), "postgresql://here/learnflow"
    write_config(places, port=8090, database_url=url, settings={"OPENAI_MODEL": "small"}, model_key="sk-01")
    secret = places.config / "learnflow-model.yaml"

    assert yaml.safe_load(secret.read_text())["stringData"] == {"OPENAI_API_KEY": "sk-01"}
    assert secret.stat().st_mode & 0o077 == 0
    assert "sk-01" not in (places.config / "learnflow-config.yaml").read_text()
    write_config(places, port=8090, database_url=url)
    assert not secret.exists()


def test_the_key_that_log_ins_are_signed_with_is_made_once_and_nobody_elses(tmp_path: Path) -> None:
    mine, theirs = Places(tmp_path / "mine"), Places(tmp_path / "theirs")
    write_config(mine, port=8090, database_url="postgresql://here/learnflow")
    write_config(theirs, port=8090, database_url="postgresql://here/learnflow")
    made = auth_keys(mine)
    write_config(mine, port=8091, database_url="postgresql://there/learnflow", login=False)

    assert auth_keys(mine) == made
    assert auth_keys(theirs) != made
    assert list(read_settings(environ={"AUTH_KEYS": made}).auth.keys) == ["local"]


def test_people_have_to_log_in_unless_they_are_told_not_to(tmp_path: Path) -> None:
    places = Places(tmp_path)
    for login in (True, False, True):
        write_config(places, port=8090, database_url="postgresql://here/learnflow", login=login)
        assert login_required(places) is login


def test_no_database_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Start one with 'scripts/up', or set DATABASE_URL"):
        database_url(Places(tmp_path))


def test_ports_come_from_the_command_line_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNFLOW_PORT", "1111")
    monkeypatch.setenv("LEARNFLOW_GATEWAY_PORT", "2222")

    options = read_options(["--port", "3333"])

    assert (options.port, options.gateway_port, options.kafka_port) == (3333, 2222, 9092)


@pytest.mark.parametrize(("seconds", "words"), [(5.4, "5 s"), (200, "3 min"), (7500, "2 h 5 min"), (90_000, "1 d 1 h")])
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_each_step_gets_one_line_with_its_seconds_and_its_last_words() -> None:
    out = io.StringIO()
    progress = Progress(out)

    with progress.step("Kafka") as say:
        say("starting")
        say("127.0.0.1:9092")
    with pytest.raises(StackError), progress.step("PostgreSQL"):
        raise StackError("no")

    kafka, postgres = out.getvalue().splitlines()
    assert kafka.split() == ["✓", "Kafka", "0.0", "s", "127.0.0.1:9092"]
    assert postgres.split() == ["✗", "PostgreSQL", "0.0", "s"]


def test_steps_side_by_side_all_run_and_the_first_problem_is_raised() -> None:
    done: list[int] = []
    together(lambda: done.append(1), lambda: done.append(2))
    assert sorted(done) == [1, 2]

    def fail() -> None:
        raise StackError("this one")

    with pytest.raises(StackError, match="this one"):
        together(fail, lambda: None)


def test_an_answer_is_readable_whole() -> None:
    reply = Reply(
        200,
        {
            "id": "r1",
            "status": "answered",
            "routed_to": "concepts",
            "confidence": 0.9,
            "answer": {
                "type": "org.learnflow.concept.explained.v1",
                "title": "Loops",
                "level": "beginner",
                "explanation": "A loop repeats.",
                "examples": [{"title": "Count", "code": "for i in range(2):\n    print(i)", "output": "0\n1"}],
                "diagram": "flowchart LR",
                "near_topics": [{"topic": "functions", "title": "Functions"}],
                "answered_by": "built-in",
            },
        },
        0.25,
    )

    text = readable(reply)

    assert text.startswith("Loops (beginner)\n════")
    assert "A loop repeats." in text
    assert "    for i in range(2):\n        print(i)\n  prints\n    0\n    1" in text
    assert "Near: Functions" in text
    assert text.endswith("— 250 ms · routed to concepts, 90% sure, by the built-in tutor · request r1")


def test_an_exercise_is_readable_whole() -> None:
    answer = {
        "type": "org.learnflow.exercise.generated.v1",
        "exercise_id": "loops/countdown",
        "title": "Countdown",
        "difficulty": "easy",
        "description": "Count down.",
        "starter": "start = int(input())\n",
        "tests": [
            {"call": None, "before": "", "stdin": "1\n", "must": "print\n\n```\n1\n```"},
            {"call": "f(n)", "before": "n = 1", "stdin": "", "must": "give `1`"},
        ],
        "hidden_tests": 2,
    }

    text = readable(Reply(200, {"id": "r1", "status": "answered", "answer": answer}, 0.1))

    assert text.startswith(
        "Countdown (easy)\n════════════════\n\nCount down.\n\n  Begin with\n    start = int(input())"
    )
    assert "  ▸ the program with the input '1\\n' must print\n\n    ```\n    1\n    ```\n" in text
    assert "  ▸ n = 1\n    f(n) must give `1`\n  … and 2 more tests" in text
    assert "POST /api/v1/exercises/loops/countdown/submissions" in text


def test_a_refusal_is_shown_in_its_own_words() -> None:
    text = readable(Reply(422, {"title": "Unprocessable", "detail": "question: must not be empty"}, 0.01))

    assert text.startswith("question: must not be empty")


def test_the_farewell_hides_a_password() -> None:
    said = said_at_the_end("postgresql://ada:lovelace@db.example/learnflow")

    assert "lovelace" not in said
    assert "postgresql://ada:…@db.example/learnflow" in said
    assert "http://127.0.0.1:8180/docs" in said


def said_at_the_end(url: str, *options: str, model: str = "none") -> str:
    """What `up` says last, with these options."""
    people = [Account("demo", "learner", "secret-one"), Account("demo-teacher", "teacher", "secret-two")]
    return farewell(Plan(read_options([*options]), None, None, url), url, people, model=model)


def test_the_farewell_says_who_can_log_in_and_asks_as_the_learner() -> None:
    said = said_at_the_end("postgresql:///learnflow")

    assert "demo           password secret-one   a learner" in said
    assert "demo-teacher   password secret-two   a teacher" in said
    assert """-d '{"username": "demo", "password": "secret-one"}'""" in said
    assert '-H "Authorization: Bearer $TOKEN"' in said


def test_the_farewell_says_which_model_is_asked() -> None:
    assert "Model        small, at OpenAI\n" in said_at_the_end("postgresql:///learnflow", model="small, at OpenAI")


def test_where_nobody_has_to_log_in_the_farewell_says_so_and_nobody_does() -> None:
    said = said_at_the_end("postgresql:///learnflow", "--no-login")

    assert "! Nobody has to log in here." in said
    assert "TOKEN" not in said


def test_a_mistake_is_readable_hint_by_hint_with_the_program_that_was_run():
    answer = {
        "type": "org.learnflow.error.explained.v1",
        "title": "A name is misspelt",
        "explanation": "Nothing is called `totl`.",
        "hints": ["Which names are there?", "Look at line 2.", "Write `total`."],
        "corrected_code": "total = 5\nprint(total)\n",
        "tips": ["Read names aloud."],
        "exercise_id": None,
    }
    text = readable(Reply(200, {"id": "r1", "status": "answered", "answer": answer}, 0.1))

    assert "▸ Hint 3: Write `total`." in text
    assert "  Corrected, and run\n    total = 5\n    print(total)" in text
    assert "Tip: Read names aloud." in text


def test_a_quiz_question_says_how_it_is_answered():
    answer = {
        "type": "org.learnflow.quiz.posed.v1",
        "quiz_id": "q-1",
        "title": "A question on loops",
        "difficulty": "easy",
        "question": "What does this print?",
        "code": "print(1)\n",
        "options": ["`1`", "`2`"],
    }
    text = readable(Reply(200, {"id": "r1", "status": "answered", "answer": answer}, 0.1))

    assert "What does this print?\n\n    print(1)\n\n  0  `1`\n  1  `2`" in text
    assert 'POST /api/v1/quizzes/q-1/answers with {"choice": 0}' in text
