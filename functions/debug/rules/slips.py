"""Slips: what is wrong with a program that runs without an error, or would before it meets one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from functions.debug.model import Case, Finding
from functions.debug.rules.slips_branches import branches_never_reached
from functions.debug.rules.slips_calls import coroutine_not_awaited, function_not_called
from functions.debug.rules.slips_conditions import always_true_condition
from functions.debug.rules.slips_counting import off_by_one
from functions.debug.rules.slips_defaults import class_attribute_shared, mutable_default
from functions.debug.rules.slips_division import integer_division
from functions.debug.rules.slips_endless import endless_loops
from functions.debug.rules.slips_falling import no_answer
from functions.debug.rules.slips_functions import missing_return
from functions.debug.rules.slips_giving import print_instead_of_return, result_not_taken
from functions.debug.rules.slips_hiding import exception_swallowed, handlers_never_reached, shadowed_builtin
from functions.debug.rules.slips_input import input_compared_to_number, input_is_text
from functions.debug.rules.slips_loops import list_changed_while_iterating, return_in_loop
from functions.debug.rules.slips_outer import local_instead_of_outer
from functions.debug.rules.slips_program import Program
from functions.debug.rules.slips_results import comparison_as_statement, result_thrown_away, sort_returns_none
from functions.debug.rules.slips_sharing import shared_list
from functions.debug.rules.slips_totals import accumulator_reset_in_loop
from functions.debug.rules.slips_values import augmented_typo, float_equality, is_with_literal
from functions.debug.rules.slips_variables import loop_variable_reused

SlipRule = Callable[[Program], Iterator[Finding]]
SLIPS: tuple[SlipRule, ...] = (
    augmented_typo,
    comparison_as_statement,
    sort_returns_none,
    always_true_condition,
    is_with_literal,
    input_compared_to_number,
    function_not_called,
    coroutine_not_awaited,
    print_instead_of_return,
    return_in_loop,
    missing_return,
    no_answer,
    accumulator_reset_in_loop,
    list_changed_while_iterating,
    result_thrown_away,
    class_attribute_shared,
    mutable_default,
    shared_list,
    local_instead_of_outer,
    loop_variable_reused,
    branches_never_reached,
    handlers_never_reached,
    endless_loops,
    off_by_one,
    integer_division,
    float_equality,
    input_is_text,
    result_not_taken,
    shadowed_builtin,
    exception_swallowed,
)
"""The rules, those first that are surest to have found why a result is wrong."""


def slips(case: Case) -> list[Finding]:
    """Return the slips in a program, the likeliest first; none for one that Python cannot read."""
    if case.tree is None:
        return []
    program = Program(case, case.tree)
    return [found for rule in SLIPS for found in _ask(rule, program)]


def _ask(rule: SlipRule, program: Program) -> list[Finding]:
    """Return what a rule finds; nothing in a program that is nested deeper than Python itself would follow."""
    try:
        return list(rule(program))
    except RecursionError:
        return []
