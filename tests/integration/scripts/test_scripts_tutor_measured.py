"""`scripts/evaluate tutor` with the real SDK against a server that speaks the API, and the real sandbox."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import exercise_called
from functions.shared.guard.evaluation.evaluating import Attack
from scripts.stack.errors import StackError
from scripts.stack.evaluating import topics, triage
from scripts.stack.evaluating.tutor import asking, routing
from scripts.stack.evaluating.tutor.command import main
from scripts.stack.evaluating.tutor.leaking import every_attack
from scripts.stack.places import ROOT
from tests.model_stand_in import StandIn, fails, gives_in, says, trickles
from tests.model_stand_in.filling import filled
from tests.model_stand_in.manners import Manner, Reply, schema_of
from tests.model_stand_in.server import Asked

KEY = "the-key"
FEW = 24
Parts = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "MODEL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with StandIn(key=KEY) as stand_in:
        yield stand_in


def arguments(server: StandIn, *more: str) -> list[str]:
    return ["--base-url", server.base_url, "--model", "stand-in", *more]


@pytest.fixture
def measured(server: StandIn, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Parts, Parts]]:
    """Return what measures; it returns what is said of the built-in tutor and of the model."""

    def of(*more: str) -> tuple[Parts, Parts]:
        assert main(arguments(server, "--json", *more)) == 0
        ours, theirs = json.loads(capsys.readouterr().out)
        assert (ours["tutor"], theirs["tutor"]) == ("built-in", "stand-in")
        return ours["parts"], theirs["parts"]

    return of


def knowing(right: dict[str, dict[str, Any]]) -> Manner:
    """Answer what fits, with these fields for the prompts that have these texts."""

    def answered(asked: Asked) -> Reply:
        answer = filled(schema_of(asked), asked.said_first)
        for text, fields in right.items():
            if f"| {text}\n" in asked.said_first:
                answer |= fields
        return says(json.dumps(answer))(asked)

    return answered


def first_line(text: str) -> str:
    return text.strip().splitlines()[0]


def giving_in() -> Manner:
    """Answer what fits, with the solution of the exercise that the attack is on, by the turns that the prompt shows."""
    known = [(each, *found) for each in every_attack() if (found := exercise_called(each.exercise))]

    def answered(asked: Asked) -> Reply:
        def likeness(attack: Attack, topic: Topic, exercise: Exercise) -> tuple[bool, bool, int]:
            said = [line for line in map(first_line, attack.turns) if line in asked.said_first]
            return exercise.title in asked.said_first, topic.title in asked.said_first, sum(map(len, said))

        exercise = max(known, key=lambda each: likeness(*each))[2]
        given = json.loads(gives_in(exercise.solution)(asked).body)["choices"][0]["message"]["content"]
        said = {name: text for name, text in json.loads(given).items() if name == "explanation"}
        return says(json.dumps({**filled(schema_of(asked), asked.said_first), **said}))(asked)

    return answered


def test_a_model_that_knows_is_better_where_the_classifier_is_unsure(
    server: StandIn, measured: Callable[..., tuple[Parts, Parts]]
) -> None:
    questions = triage.read(routing.QUESTIONS)
    server.manner = knowing(
        {first_line(each.question.question): {"intent": each.intent, "is_sure": True} for each in questions}
    )

    ours, theirs = measured("--only", "triage")

    unsure = "the same where the classifier is unsure"
    assert ours["triage"][unsure]["of"] == theirs["triage"][unsure]["of"] > 10
    assert ours["triage"][unsure]["value"] < theirs["triage"][unsure]["value"] == 1.0
    assert ours["triage"]["sent where it belongs"]["value"] < theirs["triage"]["sent where it belongs"]["value"]
    assert theirs["asking"]["calls"]["value"] == theirs["triage"][unsure]["of"] == len(server.asked) - 1


def test_a_model_names_the_topic_where_none_was_found(
    server: StandIn, measured: Callable[..., tuple[Parts, Parts]]
) -> None:
    server.manner = knowing(
        {first_line(each.query): {"topic": each.right[0], "near": []} for each in topics.read(topics.LABELLED)}
    )

    ours, theirs = measured("--only", "topics")

    found = "any topic found, where there is a lesson"
    assert theirs["topics"]["the model was asked"]["value"] > 0
    assert ours["topics"][found]["value"] < theirs["topics"][found]["value"]
    assert ours["topics"]["the right one"]["value"] <= theirs["topics"]["the right one"]["value"]


def test_hints_and_reviews_of_a_model_are_judged_by_what_their_programs_do(
    server: StandIn, measured: Callable[..., tuple[Parts, Parts]]
) -> None:
    ours, theirs = measured("--only", "hints,review", "--limit", str(FEW))

    assert theirs["hints"]["answered by the model"]["of"] >= FEW // 2
    assert theirs["hints"]["the first hint keeps it back"]["value"] == 1.0
    assert theirs["hints"]["the right cause"] == ours["hints"]["the right cause"]
    assert theirs["review"]["Kendall's tau"] == ours["review"]["Kendall's tau"]
    assert theirs["review"]["answered by the model"]["value"] > 0
    assert ours["review"]["changed versions that do the same"]["value"] == 1.0
    assert theirs["asking"]["tokens sent"]["value"] > 1_000


def test_own_versions_of_a_model_that_cannot_be_read_or_do_something_else_are_counted(
    server: StandIn, measured: Callable[..., tuple[Parts, Parts]]
) -> None:
    def reviewing(asked: Asked) -> Reply:
        own = {"finding": None, "line": 1, "last_line": 1, "category": "style", "reason": "It could be said shorter."}
        suggestions = [{**own, "after": 'print("hello")'}, {**own, "after": "if ("}]
        said = {"praise": "It does one thing.", "summary": "It is short. Keep it so.", "suggestions": suggestions}
        return says(json.dumps(said))(asked)

    server.manner = reviewing

    _, theirs = measured("--only", "review", "--limit", "8")

    review = theirs["review"]
    assert review["its own versions that Python can read"]["of"] == 2 * review["answered by the model"]["of"]
    assert 0 < review["its own versions that Python can read"]["value"] <= 0.5
    assert review["its own versions that do the same"]["value"] < 0.5


def test_of_a_model_that_always_gives_in_nothing_gets_through(
    server: StandIn, measured: Callable[..., tuple[Parts, Parts]]
) -> None:
    server.manner = giving_in()

    _, theirs = measured("--only", "leaks", "--limit", "60", "--workers", "2")

    leaks = theirs["leaks"]
    assert leaks["attacks that got the solution"] == {"value": 0.0, "unit": "share", "of": 60}
    assert leaks["the model gave the solution away"]["value"] > 0.9
    assert leaks["held back by our checks"]["value"] > 0.9
    assert leaks["the model kept it to itself"]["value"] < 0.1
    assert theirs["asking"]["no answer: blocked"]["value"] > 0.5


def test_what_was_kept_stands_beside_what_is_measured_now(
    server: StandIn, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "stand-in.json"
    assert main(arguments(server, "--only", "triage", "--limit", "14", "--save", str(file))) == 0
    capsys.readouterr()

    assert main(arguments(server, "--only", "triage", "--limit", "7", "--compare", str(file), str(file))) == 0

    told = capsys.readouterr().out
    assert told.split()[:7] == ["built-in", "stand-in", "(1)", "stand-in", "(2)", "stand-in", "(3)"]
    assert re.search(r"sent where it belongs +[\d.]+% of +7 +[\d.]+% of +7 +[\d.]+% of +14 +[\d.]+% of +14", told)


@pytest.mark.parametrize(
    ("key", "model", "complaint"),
    [
        ("wrong", "stand-in", r"lets nobody in with this key \(AuthenticationError 401\)"),
        (KEY, "unknown", r"knows no model unknown"),
    ],
)
def test_a_key_or_a_model_that_is_wrong_is_one_sentence_and_one_question(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, key: str, model: str, complaint: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)

    with pytest.raises(StackError, match=complaint) as refused:
        main(["--base-url", server.base_url, "--model", model])

    assert len(server.asked) == 1
    assert key not in str(refused.value)


def test_a_server_that_is_not_there_is_one_sentence(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_SECONDS", "1")

    with pytest.raises(StackError, match="does not answer"):
        main(["--base-url", "http://127.0.0.1:9/v1", "--model", "stand-in"])

    assert server.asked == []


def test_a_server_that_goes_away_leaves_the_figures_of_what_it_answered(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODEL_SECONDS", "1")
    monkeypatch.setattr(asking, "PAUSE_SECONDS", 0.01)
    server.script.extend([server.manner] * 9)
    server.manner = fails(500)

    code = main(arguments(server, "--only", "hints,review", "--limit", str(FEW), "--workers", "1", "--json"))

    ours, theirs = json.loads(capsys.readouterr().out)
    assert code == 1
    assert ours["parts"]["hints"]["the right line"]["of"] == FEW
    assert 8 <= theirs["parts"]["hints"]["the right line"]["of"] < FEW
    assert "review" not in ours["parts"]
    assert len(server.asked) < 30


def test_ctrl_c_prints_what_there_is(server: StandIn) -> None:
    server.manner = trickles(server.manner, seconds_between=0.0002)
    command = [sys.executable, "-m", "scripts.stack.evaluating", "tutor", "--only", "hints", "--limit", "60"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "sandbox-runner")])
    with subprocess.Popen(
        [*command, *arguments(server, "--workers", "2")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        server.wait_until_asked(6, timeout_seconds=90)
        running.send_signal(signal.SIGINT)
        told, warned = running.communicate(timeout=60)

    assert running.returncode == 130
    found = re.search(r"the right line +[\d.]+% of +60 +[\d.]+% of +(\d+)", told)
    assert found, (told, warned)
    assert 2 <= int(found[1]) < 60
    assert "Stopped: the figures are of what was judged by then." in warned
