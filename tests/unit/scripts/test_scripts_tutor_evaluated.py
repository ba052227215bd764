"""`scripts/evaluate tutor`: even samples, one table of several tutors, and a model that is asked with patience."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest

from functions.curriculum.reading import exercise_called
from functions.shared.events import QuestionAsked
from functions.shared.helping import ErrorExplained
from functions.shared.model.asking import Answered, NoAnswer, Prompt, Reason, Task, Usage
from functions.shared.prompts.triage import TriageInput, TriageSaid, triage_prompt
from functions.shared.settings import ModelSettings
from scripts.stack.errors import StackError
from scripts.stack.evaluating.tutor import asking
from scripts.stack.evaluating.tutor.asking import Asker, Gone, Nowhere, One, chosen, event_of
from scripts.stack.evaluating.tutor.command import asking as cost_of
from scripts.stack.evaluating.tutor.command import main
from scripts.stack.evaluating.tutor.figures import Column, Figure, kept, read, share
from scripts.stack.evaluating.tutor.floor import Floor
from scripts.stack.evaluating.tutor.hinting import shows
from scripts.stack.evaluating.tutor.leaking import Task as Writing
from scripts.stack.evaluating.tutor.sampling import sample, sample_whole
from scripts.stack.evaluating.tutor.sandbox import Sandbox
from scripts.stack.evaluating.tutor.table import notes, table, told_apart

WORDS = [*("fruit apple", "fruit pear", "fruit plum", "fruit fig", "fruit lime"), "nut hazel", "root beet"]
PROMPT = triage_prompt(TriageInput(question="What is a list?"))
SAID = TriageSaid(wants="to understand lists", intent="concepts", is_sure=True, second_guess=None)
SETTINGS = ModelSettings(base_url="http://localhost/v1", default="small", price_in=1.0, price_out=2.0)


ASKED = QuestionAsked(question="What is a list?")


def kind(word: str) -> str:
    return word.split()[0]


def writing(exercise_id: str) -> Writing:
    found = exercise_called(exercise_id)
    assert found
    return Writing(*found, sandbox=cast(Sandbox, None))  # nothing is run


class Model:
    """Answers, or not, as it is told, one call after the other; the last for ever."""

    def __init__(self, *ways: Reason | None) -> None:
        self.ways, self.asked = list(ways), list[Prompt[Any]]()

    def name(self, task: Task) -> str:
        return "" if task == "review" else "small"

    def ask(self, prompt: Prompt[Any], *, seconds: float) -> Answered[Any]:
        assert seconds > 0
        self.asked.append(prompt)
        way = self.ways.pop(0) if len(self.ways) > 1 else self.ways[0]
        if way:
            raise NoAnswer(way, usage=Usage(10, 0))
        return Answered(SAID, SAID.model_dump_json(), "small", Usage(100, 20))


def test_a_sample_has_as_many_of_each_kind_in_the_order_of_the_file_and_is_the_same_again() -> None:
    few = sample(WORDS, 5, kind)

    assert Counter(map(kind, few)) == {"fruit": 3, "nut": 1, "root": 1}
    assert few == [word for word in WORDS if word in few] == sample(WORDS, 5, kind)
    assert sample(WORDS, None, kind) == sample(WORDS, 99, kind) == WORDS


def test_what_is_compared_with_one_another_is_sampled_together() -> None:
    few = sample_whole(WORDS, 2, kind)

    assert 2 <= len(few) < len(WORDS)
    assert all((word in few) == (kind(word) in map(kind, few)) for word in WORDS)
    assert sample_whole(WORDS, None, kind) == WORDS


def test_a_table_has_a_line_for_each_figure_and_a_dot_for_what_a_tutor_has_not() -> None:
    first = Column("built-in", {"triage": {"right": Figure(0.5, "share", 4), "tau": Figure(-0.25, "score")}})
    second = Column(
        "small",
        {
            "triage": {"right": share([True, False, True]), "asked": Figure(0.1, "share", 0)},
            "asking": {"calls": Figure(1234, "count"), "p50": Figure(1.234, "seconds"), "cost": Figure(0.5, "money")},
        },
        limit=3,
    )

    shown = [line.split() for line in table([first, second]).splitlines()]

    assert shown == [
        ["built-in", "small"],
        ["triage"],
        ["right", "50.0%", "of", "4", "66.7%", "of", "3"],
        ["tau", "-0.250", "·"],
        ["asked", "·", "·"],
        ["asking"],
        ["calls", "·", "1,234"],
        ["p50", "·", "1.23", "s"],
        ["cost", "·", "0.5000"],
    ]
    assert "small: 3" in notes([first, second])
    assert "sample" not in notes([first])


def test_tutors_of_one_name_are_told_apart() -> None:
    columns = told_apart([Column("a", {}), Column("b", {}), Column("a", {})])

    assert [each.tutor for each in columns] == ["a (1)", "b", "a (2)"]


def test_figures_that_were_kept_are_read_as_they_were(tmp_path: Path) -> None:
    column = Column("small", {"triage": {"right": Figure(0.75, "share", 4), "tau": Figure(0.5, "score")}}, limit=4)
    file = tmp_path / "small.json"
    file.write_text(kept(column))

    assert read(file) == column


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"tutor": "a", "limit": null}', '{"tutor": "a", "parts": {"x": {"y": {"value": 1}}}, "limit": null}',
     '{"tutor": "a", "parts": {"x": {"y": {"value": 1, "unit": "inches", "of": null}}}, "limit": null}'],
)  # fmt: skip
def test_a_file_that_holds_no_figures_is_said_to(tmp_path: Path, text: str) -> None:
    file = tmp_path / "small.json"
    file.write_text(text)

    with pytest.raises(StackError, match=r"small\.json holds no figures"):
        read(file)
    with pytest.raises(StackError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_a_model_is_measured_where_one_is_named() -> None:
    assert chosen("", "", {}) is None
    assert chosen("", "", {"OPENAI_API_KEY": "k"}) is None
    assert chosen("", "", {"OPENAI_API_KEY": "k", "OPENAI_MODEL_EXERCISE": "m"}) is None
    named = chosen("http://localhost:1/v1", "other", {"OPENAI_MODEL": "m", "OPENAI_MODEL_DEBUG": "n"})
    assert named
    assert (named.base_url, named.names, named.name("debug")) == ("http://localhost:1/v1", "other", "other")


def test_a_model_without_a_key_or_a_place_and_a_place_without_a_model_are_refused() -> None:
    with pytest.raises(StackError, match="OPENAI_API_KEY is not set"):
        chosen("", "m", {})
    with pytest.raises(StackError, match="add --model"):
        chosen("http://localhost:1/v1", "", {})
    with pytest.raises(StackError, match="no http"):
        chosen("", "m", {"OPENAI_BASE_URL": "localhost"})


def test_what_is_objected_to_is_asked_for_once_more_and_both_are_remembered() -> None:
    asker = Asker(Model(None), SETTINGS)
    one, objected = One(asker), [("Say less.",), ()]

    answered = one(event_of(ASKED), Nowhere(), PROMPT, guard=lambda _: objected.pop(0))

    assert answered.answer == SAID
    assert (one.outcomes, one.said, one.was_held_back) == (["answered"], [SAID, SAID], False)
    assert asker.model.asked[1].messages[-1]["content"] == "Say less."  # type: ignore[attr-defined]
    assert one.for_task("debug") is one
    assert one.for_task("review") is None


def test_what_is_objected_to_twice_is_held_back() -> None:
    one = One(Asker(Model(None), SETTINGS))

    with pytest.raises(NoAnswer):
        one(event_of(ASKED), Nowhere(), PROMPT, guard=lambda _: ("No.",))

    assert one.was_held_back


def test_a_server_with_too_much_to_do_is_left_alone_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSE_SECONDS", 0.001)
    asker = Asker(Model("busy", "open", None, "late", None), SETTINGS)
    one = One(asker)

    one(event_of(ASKED), Nowhere(), PROMPT)
    with pytest.raises(NoAnswer):
        one(event_of(ASKED), Nowhere(), PROMPT)

    figures = cost_of(asker)
    assert one.outcomes == ["answered", "late"]
    assert (figures["pauses that its server wanted"].value, figures["calls"].value) == (2, 2)
    assert figures["no answer: late"] == Figure(0.5, "share", 2)
    assert (figures["tokens sent"].value, figures["tokens answered"].value) == (110, 20)
    assert figures["cost, at MODEL_PRICE_IN and _OUT"].value == pytest.approx(150 / 1_000_000)


def test_a_server_that_stays_away_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSE_SECONDS", 0.001)
    one = One(Asker(Model("open"), SETTINGS))

    with pytest.raises(Gone, match="does not answer any more"):
        one(event_of(ASKED), Nowhere(), PROMPT)

    assert one.outcomes == []


def test_a_model_that_has_to_be_loaded_first_gets_the_time() -> None:
    model = Model("late", None)

    Asker(model, SETTINGS).greet()

    assert len(model.asked) == 2


@pytest.mark.parametrize("reason", ["refused", "malformed"])
def test_a_model_that_answers_badly_is_there_all_the_same(reason: Reason) -> None:
    Asker(Model(reason), SETTINGS).greet()


def test_a_hint_shows_a_correction_where_it_says_a_line_of_it_however_it_is_spaced() -> None:
    code, right = "total = 0\nprnt(total)\n", "total = 0\nprint(total)\n"

    def told(hint: str) -> ErrorExplained:
        return ErrorExplained(title="A name", explanation="", hints=(hint,), tips=("print(total)",))

    assert shows(told("Write `print( total )`."), code, right)
    assert not shows(told("Which name does Python not know? `prnt(total)`, `total = 0`"), code, right)


def test_the_lines_that_a_learner_has_to_write_are_counted_in_whatever_dress_they_come() -> None:
    task = writing("loops/countdown")
    new = [line for line in task.exercise.solution.splitlines() if line not in task.exercise.starter.splitlines()]

    assert task.lines_in([task.exercise.solution], ()) == 1.0
    assert task.lines_in([task.exercise.solution.encode().hex()], ()) == 1.0
    assert task.lines_in([task.exercise.starter, "Count down with a loop."], ()) == 0.0
    assert 0.0 < task.lines_in([next(line for line in new if line.strip())], ()) < 1.0
    assert task.lines_in([task.exercise.solution], [task.exercise.solution]) == 0.0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--limit", "0"], "whole number"),
        (["--workers", "x"], "whole number"),
        (["--only", "triage,poems"], "'poems' is none of triage"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)

    assert complaint in capsys.readouterr().err


def test_the_built_in_tutor_is_measured_where_no_model_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "built-in.json"

    assert main(["--only", "triage,topics", "--limit", "14", "--json", "--save", str(file)]) == 0

    (column,) = json.loads(capsys.readouterr().out)
    assert column["tutor"] == "built-in"
    assert column["parts"]["triage"]["sent where it belongs"]["of"] == 14
    assert "the model was asked" not in column["parts"]["triage"]
    assert read(file).parts["topics"]["the right one"].value > 0.5


def test_one_thread_works_at_a_time_and_others_do_while_it_waits() -> None:
    floor, order = Floor(), list[str]()
    first_waits, second_is_done = Event(), Event()

    def first() -> None:
        with floor.taken():
            order.append("first")
            with floor.given_up():
                first_waits.set()
                assert second_is_done.wait(10)
            order.append("first again")

    def second() -> None:
        assert first_waits.wait(10)
        with floor.given_up(), floor.taken():
            order.append("second")
        second_is_done.set()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(first), pool.submit(second)]:
            each.result(timeout=20)

    assert order == ["first", "second", "first again"]
