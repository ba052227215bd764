"""Slips are looked for in whatever Python can read: no rule stumbles, and what is corrected can be read again."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.debug.model import Case
from functions.debug.rules.slips import SLIPS, slips
from functions.debug.rules.slips_program import Program

HERE = Path(__file__).parent
PROGRAMS = [
    *(program["code"] for program in yaml.safe_load((HERE / "slips_broken.yaml").read_text("utf-8"))),
    *yaml.safe_load((HERE / "slips_good.yaml").read_text("utf-8")),
]
PIECES = [
    "",
    "\n",
    "()",
    "'",
    "\t",
    "x",
    "self",
    " = ",
    "é☃",
    "\r\n",
    "lambda: ",
    "0",
    "\x0c",
    "[]",
    ".a",
    "# ",
    "not ",
    "\\\n",
    "; ",
    "*",
]


@st.composite
def strange_programs(draw: st.DrawFn) -> str:
    """A program of the tables, or two of them, cut and stirred by letters or by whole lines."""
    code = "".join(draw(st.lists(st.sampled_from(PROGRAMS), min_size=1, max_size=2)))
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(code)))
        end = draw(st.integers(begin, min(len(code), begin + 6)))
        code = code[:begin] + draw(st.sampled_from(PIECES)) + code[end:]
    lines = code.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 2))):
        if lines:
            moved = lines.pop(draw(st.integers(0, len(lines) - 1)))
            lines.insert(draw(st.integers(0, len(lines))), moved)
    return "".join(lines)


@settings(max_examples=400, deadline=None)
@given(strange_programs())
def test_no_rule_stumbles_over_a_strange_program(code):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case = Case(code)
        if case.tree is None:
            assert slips(case) == []
            return
        program = Program(case, case.tree)
        for found in (found for rule in SLIPS for found in rule(program)):
            assert found.line is not None
            assert all((found.cause, found.explanation, found.pointer, found.solution))
            assert found.fixed is None or (ast.parse(found.fixed) and found.fixed != code)


def test_a_program_that_nests_deeper_than_python_may_call_does_no_harm():
    code = "x = " + "+".join(["a"] * 900) + "\ny =+ 1\ny =+ 2\n"
    assert [found.cause for found in slips(Case(code))][:1] == ["augmented_typo"]


def test_a_program_of_many_blocks_does_no_harm():
    code = "if x == 1:\n    y = 1\n" + "".join(f"elif x == {n}:\n    y = {n}\n" for n in range(2, 400))
    assert slips(Case(code)) == []
