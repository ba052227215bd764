"""What a model is told of a question, which of it is everybody's, and what it may explain at all."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from functions.concepts.about import about_of, may_be_explained
from functions.concepts.by_model import by_model, for_everybody, given_of, said_before, version_of
from functions.concepts.find import Match
from functions.concepts.lessons import BuiltInTutor
from functions.curriculum.reading import curriculum, exercise_called, lesson
from functions.shared.conversing import Turn
from functions.shared.events import ExplanationRequested, LearnerContext
from functions.shared.guard.guarding import Known
from functions.shared.model.asking import Answer, Answered, LanguageModel, NoAnswer, Prompt, Task
from functions.shared.prompts.concepts import FILE, concepts_prompt
from functions.shared.testing import received

LOOPS = Match(curriculum().topic("loops"), 1.0)
PLANNED = Match(curriculum().planned[0], 1.0)
NOTHING = Known()
TURN = Turn(kind="question", question="What is a list?", intent="concepts", topic="lists")
ASKED = ExplanationRequested(
    question="Why does mine never end?", code="while True:\n    pass\n", level="elementary",
    context=LearnerContext(mastery={"loops": 40}, turns=(TURN,)),
)  # fmt: skip


def given(asked, match=LOOPS, course=None):
    return given_of(asked, about_of(asked, match), course or curriculum())


def test_the_question_the_lesson_the_mastery_and_the_turns_before_go_in():
    told = given(ASKED)

    assert (told.question, told.code, told.turns) == (ASKED.question, ASKED.code, (TURN,))
    assert (told.topic, told.level, told.mastery) == ("loops", "elementary", 40)
    assert told.lesson.explanation == lesson("loops", "elementary").prose
    assert told.open_topics is None


def test_of_a_topic_without_lessons_its_name_alone_goes_in():
    told = given(ASKED, PLANNED)

    assert (told.topic, told.lesson, told.mastery) == (PLANNED.subject.id, None, None)


def test_what_is_kept_for_everybody_holds_no_word_of_the_one_who_asked():
    prompt = str(concepts_prompt(for_everybody(given(ASKED))).messages)

    assert "never end" not in prompt
    assert "while True" not in prompt
    assert "What is a list" not in prompt
    assert for_everybody(given(ASKED)) == given(ExplanationRequested(topic="loops", level="elementary"))


def test_what_is_kept_is_kept_for_whom_would_be_told_the_same(monkeypatch):
    wish = ExplanationRequested(topic="loops", level="elementary")
    version = version_of(given(wish))

    assert version_of(given(wish)) == version
    assert version.startswith("concepts.v")
    assert version_of(given(wish, course=curriculum().opened(frozenset({"loops", "lists"})))) != version
    assert version_of(given(wish.model_copy(update={"level": "advanced"}))) != version
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_MODEL", "another")
    assert version_of(given(wish)) != version


def test_what_was_kept_says_so():
    told = BuiltInTutor().explain("loops", "beginner", "")

    assert said_before(told.model_copy(update={"answered_by": "stand-in"})).answered_by == "stand-in, kept"


@pytest.mark.parametrize(
    ("match", "opened", "may"),
    [
        (LOOPS, None, True),
        (LOOPS, {"loops"}, True),
        (LOOPS, {"lists"}, False),
        (PLANNED, None, True),
        (PLANNED, {"loops"}, False),
    ],
)
def test_a_model_explains_what_is_open_and_a_planned_topic_where_everything_is(match, opened, may):
    course = curriculum().opened(None if opened is None else frozenset(opened))

    assert may_be_explained(ASKED, about_of(ASKED, match), course) is may


class Scripted:
    """A language model that says what it is told to, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers, self.prompts = list(answers), []

    def name(self, task: Task) -> str:
        return "scripted"

    def ask(self, prompt: Prompt[Answer], *, seconds: float) -> Answered[Answer]:
        self.prompts.append(prompt)
        said = self.answers.pop(0)
        if isinstance(said, NoAnswer):
            raise said
        return Answered(prompt.answer.model_validate(said), "…", "scripted-2")


class Empty:
    """A database in which nothing was kept."""

    @contextmanager
    def reading(self):
        yield self

    def execute(self, *_):
        return self

    def fetchone(self):
        return None


def explained_by(model: LanguageModel, asked=ASKED, known=NOTHING):
    """Return what by_model makes of a model that is asked once, and what its guard objects to."""
    objected = []

    def ask(event, database, prompt, *, guard):
        answered = model.ask(prompt, seconds=8)
        objected.extend(guard(answered.answer))
        return answered

    found = by_model(received(asked), Empty(), about_of(asked, LOOPS), curriculum(), known, ask=ask)
    return found, objected


SAID = {
    "is_about_python": True,
    "title": "Why it never ends",
    "explanation": "Its condition stays true.",
    "examples": [{"title": "Ends", "code": "n = 3\nwhile n:\n    n -= 1\nprint(n)\n", "output": "0\n"}],
    "diagram": None,
}


def test_what_a_model_says_is_a_claim_signed_by_the_model_that_said_it_and_is_not_kept():
    found, objected = explained_by(Scripted(SAID))

    assert (found.answer.answered_by, found.answer.topic, found.answer.level) == ("scripted-2", "loops", "elementary")
    assert found.answer.near_topics == curriculum().near(LOOPS.subject)
    assert (found.is_claimed, found.keep_as, objected) == (True, None, [])


def test_what_a_model_says_to_nobody_in_particular_is_kept_under_all_that_it_was_told():
    wish = ExplanationRequested(topic="loops", level="elementary")

    assert explained_by(Scripted(SAID), wish)[0].keep_as == version_of(given(wish))


def test_the_rules_of_the_prompt_and_the_solutions_are_what_its_answer_is_held_against():
    _, exercise = exercise_called("loops/sum-of-evens")
    recited = {**SAID, "explanation": FILE.rules[:2_000]}
    given_away = {**SAID, "examples": [{"title": "It", "code": exercise.solution, "output": None}]}
    known = Known(solutions=(exercise.solution,), given=(exercise.starter,))

    assert any("instructions" in why for why in explained_by(Scripted(recited))[1])
    assert any("gives away" in why for why in explained_by(Scripted(given_away), known=known)[1])


def test_without_an_answer_and_with_nothing_kept_there_is_none():
    with pytest.raises(NoAnswer, match="late"):
        explained_by(Scripted(NoAnswer("late")))
