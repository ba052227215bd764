"""Slips: a wrong result without an error is explained by its cause, in its line, and mended where that is certain."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from broken_programs import run

from functions.curriculum.models import Curriculum
from functions.curriculum.reading import curriculum, exercises, lesson
from functions.debug.diagnose import cause, causes
from functions.debug.model import Case
from functions.debug.rules.slips import slips
from functions.debug.rules.slips_loops import endless_loop

SECONDS = 20
HERE = Path(__file__).parent
BROKEN = yaml.safe_load((HERE / "slips_broken.yaml").read_text("utf-8"))
GOOD = yaml.safe_load((HERE / "slips_good.yaml").read_text("utf-8"))
LEVELS = ("beginner", "elementary", "intermediate", "advanced")
SHOWN_ON_PURPOSE = {
    "conditionals/elementary": {"always_true_condition"},
    "functions/elementary": {"mutable_default"},
    "lists/elementary": {"sort_returns_none", "shared_list"},
    "lists/intermediate": {"shared_list"},
    "loops/elementary": {"list_changed_while_iterating"},
    "numbers/elementary": {"float_equality"},
    "variables/elementary": {"shared_list"},
}
"""Lessons that show a mistake beside how it is done, and which."""


def called(program: dict | str) -> str:
    text = program if isinstance(program, str) else f"{program['cause']}-{program['code']}"
    return " ".join(text.split())[:70]


def causes_in(code: str) -> set[str]:
    return {found.cause for found in slips(Case(code))}


def ran(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.mark.parametrize("program", BROKEN, ids=called)
def test_the_likeliest_slip_is_the_one_that_was_made_and_its_correction_changes_nothing_else(program):
    found = slips(Case(program["code"]))[0]

    assert (found.cause, found.line) == (program["cause"], program["line"])
    assert found.fixed == program["fixed"]


@pytest.mark.parametrize("program", BROKEN, ids=called)
def test_what_is_said_names_the_line_and_shows_the_learners_own_words(program):
    found = slips(Case(program["code"]))[0]

    assert f"ine {found.line}" in found.explanation + found.pointer + found.solution
    assert all("`" in text for text in (found.explanation + found.pointer, found.explanation + found.solution))
    assert found.expression is None or found.expression in program["code"]
    assert found.cause in causes()


@pytest.mark.parametrize("program", [one for one in BROKEN if "prints" in one], ids=called)
def test_a_corrected_program_prints_what_it_should(program):
    assert run(program["fixed"], program.get("stdin", "")) == (None, program["prints"])


@pytest.mark.parametrize("program", [one for one in BROKEN if one["fixed"]], ids=called)
def test_a_corrected_program_has_that_slip_no_more(program):
    assert program["cause"] not in causes_in(program["fixed"])


@pytest.mark.parametrize("code", GOOD, ids=called)
def test_in_a_good_program_nothing_is_found(code):
    assert slips(Case(code)) == []


def solutions(known: Curriculum) -> list[str]:
    return [exercise.solution for topic in known.topics for exercise in exercises(topic.id)]


@pytest.mark.parametrize("code", solutions(curriculum()), ids=called)
def test_in_a_reference_solution_nothing_is_found(code):
    assert slips(Case(code)) == []


@pytest.mark.parametrize("topic", [topic.id for topic in curriculum().topics])
@pytest.mark.parametrize("level", LEVELS)
def test_in_the_lessons_only_what_they_show_on_purpose_is_found(topic, level):
    found = {name for example in lesson(topic, level).examples for name in causes_in(example.code)}

    assert found == SHOWN_ON_PURPOSE.get(f"{topic}/{level}", set())


SLIPS = list(tomllib.loads((files("functions.debug.rules") / "slips.toml").read_text("utf-8")))
NOT_TO_BE_FOUND = {"input_compared_to_number"}
"""Whose example has no `input()`, since nobody would type, so that no rule can know where the text comes from."""


@pytest.mark.parametrize("id", SLIPS)
def test_the_wrong_example_shows_another_result_than_the_right_one(id):
    right = ran(cause(id).right)

    assert right.returncode == 0
    assert right.stdout != ran(cause(id).wrong).stdout


def test_the_example_of_an_endless_loop_never_ends():
    assert endless_loop(Case(cause("endless_loop").wrong)) is not None
    assert endless_loop(Case(cause("endless_loop").right)) is None


@pytest.mark.parametrize("id", sorted(set(SLIPS) - NOT_TO_BE_FOUND))
def test_the_slip_is_found_in_the_wrong_example_and_not_in_the_right_one(id):
    assert id in causes_in(cause(id).wrong)
    assert id not in causes_in(cause(id).right)


def test_a_program_that_cannot_be_read_has_no_slips():
    assert slips(Case("if x == 1 or 2\n    print(x)\n")) == []
    assert slips(Case("")) == []


def test_windows_line_ends_tabs_and_letters_of_all_kinds_stay_as_they_are():
    code = "größe = 0\r\nfor maß in [1, 2]:\r\n\tgröße =+ maß  # ☃\r\nprint('é', größe)"
    assert slips(Case(code))[0].fixed == code.replace("=+", "+=")


def test_a_line_is_moved_with_its_comment_and_the_programs_own_line_ends():
    code = "def f(xs):\r\n\tfor x in xs:\r\n\t\tn = 0  # how many\r\n\t\tn += x\r\n\treturn n\r\nprint(f([1]))\r\n"
    moved = "def f(xs):\r\n\tn = 0  # how many\r\n\tfor x in xs:\r\n\t\tn += x\r\n\treturn n\r\nprint(f([1]))\r\n"
    assert slips(Case(code))[0].fixed == moved


def test_what_a_learner_wrote_cannot_break_out_of_the_text_that_quotes_it():
    found = slips(Case("x = 'a'\nif x == '```' or '``':\n    print(x)\n"))[0]
    assert "```` x == '```' or x == '``' ````" in found.solution
