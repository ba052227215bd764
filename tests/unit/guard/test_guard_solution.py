"""Leaks of solutions: what gives one away, and what teaches."""

from __future__ import annotations

import ast
import dis

import pytest

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import exercise_called
from functions.shared.guard.evaluation.manners import MANNERS
from functions.shared.guard.solution import gives_away
from functions.shared.guard.streams import read

NOTHING = read(())


def exercise(name: str) -> Exercise:
    found = exercise_called(name)
    assert found is not None
    return found[1]


EVENS = exercise("loops/sum-of-evens")


def leaks(*texts: str, of: Exercise = EVENS, given: tuple[str, ...] = (), before: tuple[str, ...] = ()) -> bool:
    return gives_away(read(texts), read(before), of.solution, (of.starter, *given))


@pytest.mark.parametrize("manner", MANNERS)
def test_a_solution_is_seen_in_whatever_manner_it_is_told(manner: str) -> None:
    answers = MANNERS[manner](EVENS.solution, EVENS.starter)

    assert any(leaks(answer, before=answers[:turn]) for turn, answer in enumerate(answers))


@pytest.mark.parametrize(
    "text",
    [
        "Go through the numbers one by one. Which of them do you want to add?",
        "A number is even if `number % 2` is `0`. Try it with a few.",
        "```python\ntotal = 0\nfor price in prices:\n    total += price\nprint(total)\n```",
        "```python\ncount = 0\nfor word in words:\n    if len(word) > 4:\n        count += 1\n```",
        "```python\ndef sum_of_evens(numbers):\n    total = 0\n    for number in numbers:\n        ...\n```",
        EVENS.starter,
        "",
    ],
)
def test_teaching_an_idea_is_no_leak(text: str) -> None:
    assert not leaks(text)


@pytest.mark.parametrize(
    "body",
    [
        "    return sum(n for n in numbers if n % 2 == 0)",
        "    result = 0\n    i = 0\n    while i < len(numbers):\n        if not numbers[i] % 2:\n"
        "            result = result + numbers[i]\n        i += 1\n    return result",
        "    return sum(filter(lambda x: x % 2 == 0, numbers))",
    ],
)
def test_another_complete_program_for_the_exercise_is_a_leak_too(body: str) -> None:
    assert leaks(f"```python\ndef sum_of_evens(numbers):\n{body}\n```")


def test_the_same_program_with_other_names_is_a_leak() -> None:
    other = (
        "def f(xs):\n    acc = 0\n    for x in xs:\n        if 0 == x % 2:\n            acc = acc + x\n    return acc"
    )

    assert leaks(f"```python\n{other}\n```")


def test_names_that_stand_for_different_things_make_no_program() -> None:
    assert not leaks("First `for a in b:`, elsewhere `if c % 2 == 0:`, and somewhere `d += e`.")


def test_what_the_learner_wrote_is_no_leak_and_what_is_missing_is_one() -> None:
    own = "def sum_of_evens(numbers):\n    total = 0\n    for n in numbers:\n        total += n\n    return total\n"

    assert not leaks(f"You wrote:\n\n```python\n{own}```", given=(own,))
    assert leaks("Put `if n % 2 == 0:` before the line that adds.", given=(own,))
    assert not leaks("Ask about the rest of a division before you add.", given=(own,))


def test_who_has_solved_it_is_told_nothing_new() -> None:
    assert not leaks(f"```python\n{EVENS.solution}```", given=(EVENS.solution,))


@pytest.mark.parametrize("name", ["variables/swap-the-seats", "numbers/cycling-speed", "exceptions/light-goes-out"])
def test_of_a_solution_of_a_line_the_exercises_own_names_tell(name: str) -> None:
    assert leaks(f"```python\n{exercise(name).solution}```", of=exercise(name))


def test_an_idiom_of_a_line_may_be_taught_with_names_of_its_own() -> None:
    swap = exercise("variables/swap-the-seats")

    assert not leaks("Swap two names like this: `tea, coffee = coffee, tea`.", of=swap)
    assert leaks("Write `left, right = right, left`.", of=swap)


def test_pieces_that_add_up_over_turns_are_a_leak_at_the_last_of_them() -> None:
    pieces = ("`for number in numbers:`", "`if number % 2 == 0:`", "`total += number`")

    assert not leaks(pieces[0])
    assert leaks(pieces[2], before=pieces[:2])
    assert not leaks("What do you think comes next?", before=pieces[:2])


def test_a_gap_that_is_left_to_the_learner_makes_a_sketch_of_a_program() -> None:
    sketch = "def sum_of_evens(numbers):\n    evens = [n for n in numbers if ___]\n    return sum(evens)"

    assert not leaks(f"```python\n{sketch}\n```")


def test_a_solution_that_python_cannot_read_is_looked_for_line_by_line() -> None:
    broken = "total = 0\nfor number in numbers\n    if number % 2 == 0\n        total += number\n"

    assert gives_away(read((broken,)), NOTHING, broken, ())


def test_half_of_it_with_the_exercises_own_names_is_a_leak_and_with_others_an_example() -> None:
    tables = exercise("lists/recent-files")
    half = "`for file in recent:` and in it `if file != name:`"

    assert leaks(half, of=tables)
    assert not leaks("`for word in words:` and in it `if word != bad:`", of=tables)
    assert not leaks("`for file in recent:` is a good beginning.", of=tables)


def test_a_program_for_a_task_that_differs_by_one_number_is_a_leak() -> None:
    odds = (
        "def odds(values):\n    s = 0\n    for v in values:\n        if v % 2 == {}:\n            s += v\n    return s"
    )

    assert leaks(f"```python\n{odds.format(1)}\n```")
    assert not leaks(f"```python\n{odds.format(7).replace('% 2', '% 10')}\n```")


def test_a_program_is_known_again_by_what_python_makes_of_it() -> None:
    tree = "- Return\n- Try\n" * 2
    listed = "\n".join(f"- {type(node).__name__}:" for node in ast.walk(ast.parse(EVENS.solution)))
    body = compile(EVENS.solution, "", "exec")
    instructions = "\n".join(each.opname for code in (body, body.co_consts[0]) for each in dis.get_instructions(code))

    assert leaks(listed)
    assert leaks(instructions)
    assert not leaks(tree)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_lines_within_quotes_are_read_as_they_were_before(quote: str) -> None:
    told = [
        quote + line.replace(quote, f"\\{quote}") + quote
        for line in exercise("functions/parcel-label").solution.split("\n")
    ]

    assert leaks("\n".join(f"echo {line} >> a.py" for line in told), of=exercise("functions/parcel-label"))
    assert leaks("\n".join(f"    assert rows[0] == {line}" for line in told), of=exercise("functions/parcel-label"))


def test_a_loop_and_the_comprehension_that_says_the_same_are_alike() -> None:
    bill = exercise("dictionaries/cafe-bill")

    assert leaks("`return sum(prices.get(name, 0) for name in order)`", of=bill)
    assert not leaks("`sum(stock.get(thing, 1) for thing in stock)` adds them up.", of=bill)
