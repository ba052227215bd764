"""Whatever program and message come together, rules answer or say nothing, and what they correct can be read."""

from __future__ import annotations

import ast
import warnings

import test_attributes
import test_names
import test_types
import test_types_messages
from broken_programs import case_of
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.debug.model import Case, ErrorSeen
from functions.debug.rules import attributes, names, names_unbound

CASES = [case_of(program) for table in (test_names, test_types, test_attributes) for program in table.PROGRAMS]
RULES = {
    **names.RULES,
    **names_unbound.RULES,
    **attributes.RULES,
    "TypeError": tuple(rule for family in test_types.FAMILIES for rule in family.RULES["TypeError"]),
}
MESSAGES = sorted({case.error.message for case in CASES} | {message for message, _ in test_types_messages.MESSAGES})
PIECES = ["", "\n", "(", ")", "'", "\t", "x", "self", " = ", "é☃", "\r\n", "lambda: ", "0", "\x0c", "[", ".a", "# "]


@st.composite
def strange_cases(draw: st.DrawFn) -> Case:
    """A program of the tables, cut and stirred, with an error of its own or of another one, at any line."""
    case = draw(st.sampled_from(CASES))
    code = case.code
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(code)))
        end = draw(st.integers(begin, min(len(code), begin + 6)))
        code = code[:begin] + draw(st.sampled_from(PIECES)) + code[end:]
    message = draw(st.one_of(st.just(case.error.message), st.sampled_from(MESSAGES)))
    return Case(
        draw(st.sampled_from([code, code, ""])),
        ErrorSeen(
            draw(st.sampled_from(sorted(RULES))),
            message,
            line=draw(st.one_of(st.none(), st.just(case.error.line), st.integers(0, 30))),
            source=draw(st.sampled_from([case.error.source, None, "if x:", "][", "elif a.b(c):"])),
            expression=draw(st.sampled_from([case.error.expression, None, "x"])),
        ),
    )


@settings(max_examples=250, deadline=None)
@given(strange_cases())
def test_no_rule_stumbles_over_a_strange_program(case):
    for rule in RULES[case.error.type]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = rule(case)
            if found is None:
                continue
            assert all((found.cause, found.explanation, found.pointer, found.solution))
            assert found.fixed is None or (ast.parse(found.fixed) and case.code)


def test_a_program_that_nests_deeper_than_python_may_call_does_no_harm():
    code = "x = " + "+".join(["a"] * 3000) + "\nprint(y)\n"
    error = ErrorSeen("NameError", "name 'y' is not defined", line=2)
    assert [rule(Case(code, error)) for rule in RULES["NameError"]]
    sums = ErrorSeen("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", line=1)
    assert [rule(Case(code, sums)) for rule in RULES["TypeError"]]
