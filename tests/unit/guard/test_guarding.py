"""Guarding: what is objected to in an answer, and in what words."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from pydantic import BaseModel

from functions.curriculum.reading import exercise_called
from functions.shared.explaining import ConceptExplained, Example
from functions.shared.guard.corrected import Corrected
from functions.shared.guard.counting import OBJECTIONS, count
from functions.shared.guard.guarding import WHY, Known, Objection, objections
from functions.shared.guard.reading import Text, blocks, spans, texts_of, without_blocks
from functions.shared.guard.weaker import smaller_step
from functions.shared.guarded import guarded
from functions.shared.helping import Contrast, ErrorExplained

found = exercise_called("loops/first-repeat")
assert found
EXERCISE = found[1]
KNOWN = Known(solutions=(EXERCISE.solution,), given=(EXERCISE.starter,))
PROMPT = (
    "You are a patient tutor of Python. Never give away a solution. Speak in short sentences to beginners, and answer "
    "in the form that you are given. The facts below were found by static analysis and are true."
)


def kinds(answer: object, known: Known = KNOWN) -> list[str]:
    return [each.kind for each in objections(texts_of(answer), known)]


def test_every_text_of_an_answer_is_found_with_what_it_is() -> None:
    answer = ConceptExplained(
        topic="loops",
        title="Loops",
        level="beginner",
        explanation="They repeat.",
        examples=(Example(title="Two", code="print(2)", output="2"),),
        diagram="flowchart TD",
        answered_by="built-in",
    )

    assert set(texts_of(answer)) == {
        Text("loops", "plain"),
        Text("Loops"),
        Text("beginner", "plain"),
        Text("They repeat."),
        Text("Two"),
        Text("print(2)", "code"),
        Text("2", "output"),
        Text("flowchart TD", "diagram"),
        Text("built-in", "plain"),
    }
    assert texts_of({"note": ["a", {"code": "b"}]}) == (Text("note"), Text("a"), Text("code"), Text("b", "code"))


def test_an_answer_nested_without_end_is_read_to_some_depth() -> None:
    class Nest(BaseModel):
        inner: Nest | None = None
        text: str = "here"

    nest = Nest()
    for _ in range(100):
        nest = Nest(inner=nest)

    assert 5 < len(texts_of(nest)) < 100


def test_a_good_answer_is_let_through() -> None:
    assert kinds("Keep a note of what you have met. Where in Python could you keep it?") == []
    assert kinds(ErrorExplained(title="A name is misspelt", explanation="Look at line 3: `totl` is not `total`.")) == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (f"```python\n{EXERCISE.solution}```", "solution"),
        ("I was told: never give away a solution. Speak in short sentences to beginners, and answer.", "prompt"),
        ("Read https://cheats.example.io/python for it.", "unsafe"),
        ("Use `import pythonhelper`:\n\n```python\nimport pythonhelper\n```", "invented"),
        ("This prints a number:\n\n```python\nprint(3\n```", "broken_code"),
        ("```mermaid\nflowchart TD\nA[Start --> B\n```", "broken_diagram"),
    ],
)
def test_each_kind_of_fault_is_objected_to(answer: str, kind: str) -> None:
    assert kinds(answer, Known(KNOWN.solutions, KNOWN.given, prompt=(PROMPT,))) == [kind]


def test_an_answer_about_anything_else_is_off_topic() -> None:
    recipe = (
        "Preheat the oven to two hundred degrees. Mix the flour with sugar and two eggs, then add the butter and stir "
        "until the dough is smooth. Put the dough in a bowl and let it rest for an hour. Roll it out, cut it into "
        "pieces and bake them for twenty minutes, until golden. Let them cool before you serve them with cream and a "
        "cup of tea, in good company, and enjoy the evening with friends. On the next day they taste even better, "
        "above all with a spoon of jam or some honey from the garden behind the house."
    )

    assert kinds(recipe) == ["off_topic"]
    assert kinds(f"{recipe}\n\nSo a loop goes through `eggs`.") == []


def test_an_objection_holds_nothing_of_what_is_guarded() -> None:
    known = Known(KNOWN.solutions, KNOWN.given, prompt=(PROMPT,))
    told = objections(texts_of(f"{PROMPT}\n\n{EXERCISE.solution}"), known)

    assert [each.kind for each in told] == ["solution", "prompt"]
    assert not any(line.strip() in each.why for each in told for line in EXERCISE.solution.splitlines() if line.strip())
    assert not any("patient tutor" in each.why for each in told)


def test_a_prompt_is_known_again_though_it_is_encoded_and_not_where_the_learner_wrote_it() -> None:
    known = Known(prompt=(PROMPT,))

    assert kinds(PROMPT[::-1], known) == ["prompt"]
    assert kinds(codecs.encode(PROMPT, "rot13"), known) == ["prompt"]
    assert kinds(PROMPT.encode().hex(), known) == ["prompt"]
    assert kinds("\u200b".join(PROMPT), known) == ["prompt"]
    assert kinds(PROMPT, Known(prompt=(PROMPT,), question=PROMPT)) == []


def test_what_is_said_to_be_wrong_may_be_broken() -> None:
    assert kinds(Contrast(wrong="print(1", right="print(1)")) == []
    assert kinds("Here a bracket is missing:\n\n```python\nprint(3\n```") == []
    assert kinds(Contrast(wrong="print(1", right="print(1")) == ["broken_code"]


@pytest.mark.parametrize("function", ["triage", "concepts", "debug", "review", "exercise"])
def test_a_smaller_step_passes_the_guard_itself(function: str) -> None:
    objection = Objection("solution", WHY["solution"])

    assert kinds(smaller_step(function, (objection,))) == []  # type: ignore[arg-type]
    assert "this one is for you to find" in smaller_step("debug", (objection,))


def test_objections_are_counted_by_function_kind_and_answer() -> None:
    before = OBJECTIONS.labels("debug", "solution", "first")._value.get()

    count("debug", [Objection("solution", "")], "first")

    assert OBJECTIONS.labels("debug", "solution", "first")._value.get() == before + 1


def test_blocks_and_spans_are_parted_from_prose() -> None:
    text = "See `a` and ``b`c``.\n\n```Python\nx = 1\n```\n\n- ~~~\n  y\n  ~~~\n\n```\nnever closed"

    assert [(block.language, block.code.strip()) for block in blocks(text)] == [
        ("python", "x = 1"),
        ("", "y"),
        ("", "never closed"),
    ]
    assert spans(text) == ("a", "b`c")
    assert "x = 1" not in without_blocks(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["prose", "code", "broken", "output", "diagram", "plain"]))
def test_no_text_whatever_makes_the_guard_fail(text: str, kind: str) -> None:
    told = objections((Text(text, kind),), Known(KNOWN.solutions, (text,), (text,), text, (text,)))  # type: ignore[arg-type]

    assert all(each.why for each in told)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "[" * 60_000 + "]" * 60_000,
        "-" * 60_000 + "1",
        "not " * 50_000,
        "`" * 200_000,
        "```\n" * 50_000,
        "a b " * 50_000,
        "QUJD" * 50_000,
        "\\x61" * 50_000,
        "%61" * 66_000,
        "1 0 " * 50_000,
        "add x to " * 22_000,
        "f'{f\"{" * 33_000,
        "x=" * 30_000 + "1",
        "a." * 60_000 + "a",
        "Module(body=[" * 15_000,
        "if a:\n" + "".join(" " * deep + "if a:\n" for deep in range(1, 400)),
        "\u200b" * 200_000,
        "[a](" * 50_000,
        "#" * 200_000,
        "def first_repeat(" * 12_000,
        "    def first_repeat(x):\n" * 8_000,
    ],
)
def test_texts_of_two_hundred_thousand_characters_are_read_without_an_error(text: str) -> None:
    known = Known(KNOWN.solutions, KNOWN.given, prompt=(PROMPT,))

    for kind in ("prose", "code", "diagram"):
        assert isinstance(objections((Text(text, kind),), known), tuple)  # type: ignore[arg-type]


BROKEN = "numbers = [1, 2]\nprint(numbers[2])\n"
CORRECTED = Corrected(BROKEN, BROKEN.replace("[2])", "[1])"))


@pytest.mark.parametrize(
    ("said", "objected"),
    [
        ("Write `print(numbers[1])`.", True),
        ("Write `print( numbers[1] )` there.", True),
        ("```python\nnumbers = [1, 2]\nprint(numbers[1])\n```", True),
        ("Which of `numbers` does `print(numbers[2])` ask for?", False),
        ("The first line is `numbers = [1, 2]`.", False),
        ("The last place is 1.", False),
    ],
)
def test_a_line_as_a_correction_has_it_is_objected_to(said: str, objected: bool) -> None:
    answer = ErrorExplained(title="", explanation="", hints=("Where?", said))

    assert (
        bool({"correction", "solution"} & {*kinds(answer, Known(given=(BROKEN,), corrected=(CORRECTED,)))}) is objected
    )


SKIPS = "for name in names[1:]:\n    print(name)\n"
TAKEN_AWAY = Known(given=(SKIPS,), corrected=(Corrected(SKIPS, SKIPS.replace("[1:]", "")),))
LINE_SHOWN = "It must be `for name in names:`."


def test_a_correction_that_only_takes_something_away_is_objected_to() -> None:
    assert kinds({"hint": LINE_SHOWN}, TAKEN_AWAY) == ["correction"]
    assert kinds({"hint": "Look at what stands between the brackets."}, TAKEN_AWAY) == []


def test_an_example_that_goes_with_a_mistake_is_no_line_of_a_correction() -> None:
    example = Contrast(wrong="print(numbers[2])", right="print(numbers[1])")

    assert kinds(ErrorExplained(title="", explanation="", example=example), Known(corrected=(CORRECTED,))) == []


def test_an_objection_to_a_correction_is_counted_by_its_kind() -> None:
    def smaller(text: str) -> ErrorExplained:
        return ErrorExplained(title="", explanation=text)

    def counted() -> float:
        labels = {"function": "debug", "kind": "correction", "answer": "repaired"}
        return REGISTRY.get_sample_value("learnflow_guard_objections_total", labels) or 0

    answer, before = ErrorExplained(title="", explanation=LINE_SHOWN, answered_by="a model"), counted()
    said = guarded(answer, TAKEN_AWAY, smaller, function="debug")

    assert said.explanation.startswith("What I had would have said too much")
    assert counted() == before + 1
