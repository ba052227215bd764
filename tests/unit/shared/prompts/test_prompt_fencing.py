"""Fencing: whatever a text holds, it stays within its fence, is seen as it is, and takes no more room than it may."""

from __future__ import annotations

import ast
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.prompts import fencing
from functions.shared.prompts.fencing import (
    LONGEST_ERROR,
    LONGEST_PROGRAM,
    SHORTEST_MARK,
    cleaned,
    error,
    fenced,
    listed,
    mark_for,
    one_line,
    program,
    text,
)


def test_a_text_stands_between_marks_and_each_of_its_lines_behind_a_bar():
    shown = fenced({"question": text("question", "why?\n\nreally", 100)})["question"]

    mark = shown.split()[1]
    assert shown == f"<<<question {mark}\n| why?\n|\n| really\nquestion {mark}>>>"


def test_all_texts_of_a_prompt_share_a_mark_and_other_texts_get_another_one():
    one = fenced({"a": text("a", "x", 9), "b": text("b", "y", 9), "c": None})
    other = fenced({"a": text("a", "x", 9), "b": text("b", "z", 9), "c": None})

    assert one["c"] is None
    assert one["a"].split()[1] == one["b"].split()[1] != other["a"].split()[1]


def test_a_text_that_holds_its_own_mark_gets_a_longer_one():
    held = next(guess for guess in map(str, range(1_000_000)) if _first_mark(guess) in guess)

    mark = mark_for([held])

    assert len(mark) == SHORTEST_MARK + 1
    assert mark not in held


def test_a_mark_in_capitals_is_the_mark_too():
    held = next(
        guess for guess in (f"{n:X}" for n in range(1_000_000)) if (mark := _first_mark(guess)).upper() in guess
        and not mark.isdigit()
    )  # fmt: skip

    assert len(mark_for([held])) == SHORTEST_MARK + 1


@given(st.lists(st.text() | st.text("0123456789abcdef", max_size=3_000)))
def test_a_mark_stands_in_no_text(texts):
    assert mark_for(texts) not in "\n".join(texts).casefold()


@pytest.mark.parametrize(
    ("value", "seen", "unseen"),
    [
        ("plain\ttext\nof two lines", "plain\ttext\nof two lines", 0),
        ("zero\u200bwidth\u200d \ufeffand\u2060", "zerowidth and", 4),
        ("turned \u202earound\u202c\u2066", "turned around", 3),
        ("tags \U000e0041\U000e007f", "tags ", 2),
        ("selectors \ufe0f\U000e0101", "selectors ", 2),
        ("fillers \u3164\u115f\u2800", "fillers ", 3),
        ("controls \x00\x07\x0b\x0c\x85", "controls ", 5),
        ("half \ud800", "half ", 1),
        ("private \ue000 and unassigned \u0378", "private  and unassigned ", 2),
        ("\x1b[31mred\x1b[0m", "red", 0),
        ("a\r\nb\rc", "a\nb\nc", 0),
        ("a\u2028b\u2029c", "a b c", 0),
        ("Zoë 数 ¿ é 🐍", "Zoë 数 ¿ é 🐍", 0),
    ],
)
def test_what_nobody_sees_is_left_out_and_counted(value, seen, unseen):
    assert cleaned(value) == (seen, unseen)


def test_it_is_said_that_something_invisible_was_left_out():
    assert text("question", "a\u200bb", 100).lines == ("[1 invisible character left out]", "| ab")
    assert program("program", "a\u200b\u200b = 1").lines == ("[2 invisible characters left out]", "1| a = 1")


@pytest.mark.parametrize("value", [None, "", " \n\t\n", "\u200b\u200b", "\x00"])
def test_where_there_is_nothing_to_see_there_is_no_fence(value):
    assert text("question", value, 100) is None
    assert program("program", value) is None


def test_a_long_text_is_cut_at_its_end_and_a_long_error_at_its_start():
    question = text("question", "x" * 130, 100)
    traceback = error("error", "x" * LONGEST_ERROR + "\nNameError: y")

    assert question.lines == (f"| {'x' * 100}", "[30 characters left out here]")
    assert traceback.lines[0] == "[13 characters left out here]"
    assert traceback.lines[-1] == "| NameError: y"
    assert not question.whole
    assert not traceback.whole


def test_many_empty_lines_count_as_one():
    assert text("question", "a\n\n \n\t\n\nb", 100).lines == ("| a", "|", "| b")


def test_a_learner_cannot_say_that_something_was_left_out():
    shown = text("question", "[3 characters left out here]\nx", 100)

    assert shown.lines == ("| [3 characters left out here]", "| x")


def test_lines_have_the_numbers_that_python_gives_them():
    code = "line_1 = 1\r\n\x0cline_2 = 2\rline_3 = '\u2028 \x0b'\n\nline_5 = 5"

    shown = program("program", code)

    numbers = {node.targets[0].id: node.lineno for node in ast.parse(code).body}
    assert numbers == {f"line_{number}": number for number in (1, 2, 3, 5)}
    assert [line.split(" =")[0] for line in shown.lines[1:]] == [
        "1| line_1", "2| line_2", "3| line_3", "4|", "5| line_5",
    ]  # fmt: skip


def test_of_a_long_program_those_lines_are_kept_that_stand_about_the_mistake():
    code = "\n".join(f"step_{number} = {number}" for number in range(1, 1_001))

    shown = program("program", code, around=500)

    assert "500| step_500 = 500" in shown.lines
    assert shown.lines[0].startswith("[lines 1 to ")
    assert shown.lines[-1].endswith(" to 1000 left out]")
    assert sum(map(len, shown.lines)) <= LONGEST_PROGRAM
    assert not shown.whole


@pytest.mark.parametrize("around", [None, -3, 0, 1, 5_000])
def test_a_line_that_a_program_has_not_does_no_harm(around):
    shown = program("program", "\n".join(["x = 1"] * 1_000), around=around)

    assert any(line.startswith("1000|" if around == 5_000 else "1|") for line in shown.lines)


def test_a_program_of_one_endless_line_is_cut_within_it():
    shown = program("program", f"x = {'1' * 9_000}\ny = 2")

    assert len(shown.lines[0]) == LONGEST_PROGRAM + 1
    assert shown.lines[1] == "[lines 2 to 2 left out]"
    assert not shown.whole


@given(st.text(), st.integers(-5, 50), st.integers(1, 60))
def test_no_program_takes_more_than_its_room(code, around, most):
    shown = program("program", code, around=around, most=most)

    kept = [line for line in shown.lines if not line.startswith("[")] if shown else []
    assert sum(len(line) + 1 for line in kept) <= max(most, 1) + 2


def test_facts_that_are_not_known_are_not_told_and_a_value_forges_no_other_fact():
    facts = listed("facts", [("error", None), ("file", "a\nline: 9"), ("line", 3), ("note", " ")])

    assert facts.lines == ("| file:", "|     a", "|     line: 9", "| line: 3")


def test_a_value_takes_half_of_the_room_for_all_at_most():
    facts = listed("facts", [("printed", "x" * 999), ("line", 3)], 100)

    assert facts.lines == (f"| printed: {'x' * 50}…", "| line: 3")


def test_a_value_within_a_line_is_one_line():
    assert one_line("a\n\n b\u200b\tc", 100) == "a b c"
    assert one_line("x" * 9, 5) == "xxxxx…"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ('File "/home/ada/school/x.py", line 1', 'File "~/school/x.py", line 1'),
        ("/Users/ada.b/x.py", "~/x.py"),
        (r'File "C:\Users\Ada Byron\x.py", line 1', r'File "~\x.py", line 1'),
        ("c:\\\\Users\\\\ada\\\\x.py", "~\\\\x.py"),
        ("/mnt/c/Users/ada/x.py", "~/x.py"),
        ("https://example.org/home/page", "https://example.org/home/page"),
        ("/usr/lib/python3.11/json/decoder.py", "/usr/lib/python3.11/json/decoder.py"),
    ],
)
def test_the_names_of_home_folders_are_not_sent(path, shown):
    assert text("error", path, 200).lines == (f"| {shown}",)


def test_a_program_keeps_the_paths_that_it_uses():
    assert program("program", "open('/home/ada/x.csv')").lines == ("1| open('/home/ada/x.csv')",)


def test_all_room_together_leaves_a_small_model_enough_for_its_answer():
    rooms = [value for name, value in vars(fencing).items() if name.startswith("LONGEST_") and name != "LONGEST_VALUE"]

    assert sum(rooms) + LONGEST_PROGRAM <= 24_000


def _first_mark(held):
    return hashlib.sha256(f"0\n{held}".encode()).hexdigest()[:SHORTEST_MARK]
