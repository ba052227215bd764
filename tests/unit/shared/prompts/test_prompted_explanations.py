"""What a model explains becomes an explanation of ours, or the model is told in a sentence why it does not."""

from __future__ import annotations

import pytest

from functions.curriculum.reading import curriculum, lesson
from functions.shared.explaining import Example, NearTopic
from functions.shared.prompts.concepts import (
    LONGEST_EXPLANATION,
    ConceptsInput,
    ExplanationSaid,
    concepts_prompt,
    explanation_of,
    lesson_facts,
)

NEAR = (NearTopic(topic="functions", title="Functions"),)
SAID = {
    "is_about_python": True,
    "title": " Loops in short ",
    "explanation": "A loop does something again.",
    "examples": [{"title": "Three times", "code": "for n in range(2):\n    print(n)", "output": "0\n1\n"}],
    "diagram": None,
}
LOOP = {"id": "end", "label": 'is "n" left?', "shape": "decision"}


def test_an_explanation_is_signed_by_the_model_and_belongs_to_the_topic():
    told = explained()

    assert (told.topic, told.title, told.level, told.answered_by) == ("loops", "Loops in short", "beginner", "a-model")
    assert told.examples == (Example(title="Three times", code="for n in range(2):\n    print(n)\n", output="0\n1\n"),)
    assert told.diagram is None
    assert told.near_topics == NEAR


def test_a_program_that_claims_no_output_is_shown_in_the_text():
    told = explained(examples=[{"title": "By chance", "code": "import random\nprint(random.random())", "output": None}])

    assert told.examples == ()
    assert told.explanation.endswith("By chance:\n\n```python\nimport random\nprint(random.random())\n```")


def test_a_program_in_backticks_is_taken_out_of_them():
    told = explained(examples=[{"title": "x", "code": "```python\nprint(1)\n```", "output": "1\n"}])

    assert told.examples[0].code == "print(1)\n"


def test_a_program_with_the_numbers_of_its_lines_is_taken_without_them():
    told = explained(examples=[{"title": "x", "code": "1| if True:\n2|     print(1)\n", "output": "1\n"}])

    assert told.examples[0].code == "if True:\n    print(1)\n"


def test_a_diagram_is_drawn_whatever_its_boxes_are_called():
    told = explained(
        diagram={
            "nodes": [LOOP, {"id": "o", "label": "do it", "shape": "box"}],
            "edges": [{"source": "end", "target": "o", "label": "yes"}, {"source": "o", "target": "end", "label": ""}],
        }
    )

    assert told.diagram == (
        'flowchart TD\n    n0{"is #34;n#34; left?"}\n    n1["do it"]\n    n0 -->|"yes"| n1\n    n1 --> n0\n'
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"is_about_python": False}, "names a topic of the Python course"),
        ({"title": " "}, "The title is empty. Write it."),
        ({"explanation": ""}, "The explanation is empty"),
        ({"explanation": "x" * (LONGEST_EXPLANATION + 1)}, "Write at most 4000"),
        ({"examples": SAID["examples"] * 4}, "There are 4 examples. Give 3 at most"),
        (
            {"examples": [{"title": "x", "code": "for n in", "output": ""}]},
            "The code of example 1 cannot be read by Python: invalid syntax in line 1",
        ),
        ({"examples": [{"title": "x", "code": " ", "output": ""}]}, "The code of example 1 is empty"),
        ({"examples": [{"title": "x", "code": "x = 1\n" * 30, "output": ""}]}, "Example 1 is too long"),
        ({"diagram": {"nodes": [], "edges": []}}, "cannot be drawn: a graph needs at least one node"),
        ({"diagram": {"nodes": [LOOP, LOOP], "edges": []}}, "cannot be drawn: node ids used more than once: 'end'"),
        (
            {"diagram": {"nodes": [LOOP], "edges": [{"source": "end", "target": "x", "label": ""}]}},
            "edges lead to nodes that do not exist: 'x'",
        ),
        ({"diagram": {"nodes": [LOOP | {"id": str(n)} for n in range(11)], "edges": []}}, "The diagram has 11 nodes"),
    ],
)
def test_what_can_be_no_explanation_is_objected_to_in_a_sentence(said, why):
    with pytest.raises(ValueError, match=why) as objection:
        explained(**said)

    assert str(objection.value)[0].isupper()
    assert str(objection.value).endswith(".")


def test_a_prompt_tells_what_the_lesson_of_that_level_teaches_and_what_is_wrongly_believed():
    loops = curriculum().topic("loops")

    facts = lesson_facts(loops, lesson("loops", "beginner"), "beginner", curriculum())

    assert facts.explanation == lesson("loops", "beginner").prose
    assert facts.misconceptions == (
        "`range(3)` counts 1, 2, 3. In fact it counts 0, 1, 2. It gives three numbers, starts at zero and stops before "
        "the 3.",
    )
    assert facts.prerequisites == ("Variables", "Conditions with if and else", "Lists")


@pytest.mark.parametrize("topic", curriculum().topics, ids=lambda topic: topic.id)
@pytest.mark.parametrize("level", ["beginner", "elementary", "intermediate", "advanced"])
def test_every_lesson_goes_into_a_prompt_whole(topic, level):
    facts = lesson_facts(topic, lesson(topic.id, level), level, curriculum())

    prompt = concepts_prompt(ConceptsInput(topic=topic.id, title=topic.title, level=level, lesson=facts))

    told = prompt.messages[1]["content"].replace("\n| ", "\n").replace("\n    ", "\n").replace("\n|\n", "\n\n")
    assert facts.explanation in told


def explained(**said):
    answer = ExplanationSaid.model_validate(SAID | said)
    return explanation_of(answer, curriculum().topic("loops"), "beginner", "a-model", NEAR)
