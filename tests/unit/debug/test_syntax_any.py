"""Any program: rules never raise, and what they offer as a repair is a program that Python reads."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_programs import found_in

from functions.debug import rules
from functions.debug.model import Case, ErrorSeen
from functions.debug.rules.syntax import RULES
from functions.debug.rules.syntax.program import refusal
from functions.debug.rules.syntax.scanning import scan

PROGRAMS = (
    """\
def mean(numbers):
    if not numbers:
        return 0
    total = 0
    for n in numbers:
        total += n
    return total / len(numbers)

print(f"mean: {mean([1, 2, 3]):.1f}")
""",
    """\
class Dog:
    \'\'\'A dog.\'\'\'

    def __init__(self, name="Rex", *tricks):
        self.name = name
        self.tricks = {t: len(t) for t in tricks}

    async def bark(self):
        await self.wait(1)
""",
    """\
try:
    age = int(input("Age? "))  # a number
except ValueError as error:
    print("no", error)
else:
    print("a" if age >= 18 and age != 99 else "it's", sep="", end="\\n")
finally:
    sizes = [
        1,
    ]
""",
    """\
i = 0
while True:
\ti += 1
\tif i == 3:
\t\tbreak
else:
\tpass
import os, sys
from math import pi as p
""",
)
PIECES = st.sampled_from([*"()[]{}'\":,.=+-*/\\ \n\t#!&|<>$?f0“é\r\0", '"""', ">>> ", "if ", "else", "\n  ", "def "])
STRANGE = (
    "", " ", "\n", "\\", "(" * 600, "]" * 600, "'" * 601, '"""' * 3, "f'{" * 300, ":" * 500, "= " * 500, "x " * 900,
    "\ud800 =", "x = 1\0", "\ufeffif x", "\x0c\x0bif", "if x:\n" * 30, "{" * 300 + "}" * 200, "-" * 3000 + "x y",
    "\n".join(" " * n + "if x:" for n in range(120)), "`" * 50, "print '`{at}`'", ">>>\n...\n", "\t \tx\n \ty",
    "for", "0" * 5000,
)  # fmt: skip
TEXTS = tomllib.loads(files(rules).joinpath("syntax.toml").read_text(encoding="utf-8"))


def _check(code: str) -> None:
    for type_ in ("SyntaxError", "IndentationError"):
        for rule in RULES[type_]:
            found = rule(Case(code, ErrorSeen(type_, "invalid syntax", line=3)))
            assert found is None or all((found.explanation, found.pointer, found.solution, found.cause in TEXTS))
            assert found is None or found.fixed is None or refusal(found.fixed) is None


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PROGRAMS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), PIECES), min_size=1, max_size=4)
)
def test_no_rule_stumbles_over_a_damaged_program(code: str, damage: list[tuple[float, int, str]]) -> None:
    for place, removed, piece in damage:
        at = int(place * len(code))
        code = code[:at] + piece + code[at + removed :]
    _check(code)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_rule_stumbles_over_what_is_no_program_at_all(code: str) -> None:
    _check(code)


@pytest.mark.parametrize("code", STRANGE, ids=lambda code: repr(code[:12]))
def test_no_rule_stumbles_over_strange_programs(code: str) -> None:
    _check(code)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_scan_leaves_nothing_out_but_white_space(code: str) -> None:
    at, between = 0, ""
    for token in scan(code):
        between += code[at : token.start]
        assert code[token.start : token.end] == token.text
        at = token.end
    assert not (between + code[at:]).replace("\\\n", "").strip(" \t\f")


@pytest.mark.parametrize("cause", TEXTS)
def test_the_wrong_example_of_a_cause_shows_it(cause: str) -> None:
    assert found_in(TEXTS[cause]["wrong"].lstrip("\n")).cause == cause


@pytest.mark.parametrize("cause", TEXTS)
def test_the_right_example_of_a_cause_is_read_by_python(cause: str) -> None:
    assert refusal(TEXTS[cause]["right"]) is None
