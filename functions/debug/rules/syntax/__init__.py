"""Syntax: programs that Python cannot read.

The program itself is looked at, because Python's message differs from version to version, and the line it names is
often the one after the guilty one. What a detector proposes as a repair is offered only if Python then reads it.
"""

from __future__ import annotations

from dataclasses import replace

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules.syntax import (
    assignments,
    blocks,
    bodies,
    braces,
    brackets,
    calls,
    chains,
    characters,
    fstrings,
    indentation,
    messages,
    neighbours,
    operators,
    others,
    placement,
    strings,
    words,
)
from functions.debug.rules.syntax.program import HEADERS, Program
from functions.debug.rules.syntax.repairing import Detector, repair

TIERS: tuple[tuple[Detector, ...], ...] = (
    (characters.prompt_pasted,),
    (indentation.odd_indent, indentation.lost_indent, indentation.deep_beginning),
    (indentation.mixed_tabs, braces.braces, braces.c_loop, characters.strange_character, placement.misplaced_statement),
    (
        blocks.missing_colon,
        blocks.else_if,
        words.print_statement,
        words.name_with_digit_first,
        words.declared_name,
        operators.foreign_operator,
        operators.increment,
        operators.foreign_ternary,
        characters.leading_zero,
        characters.stray_backslash,
        fstrings.broken_f_string,
        fstrings.parted_prefix,
        calls.positional_after_keyword,
        calls.default_before_required,
        others.parentheses_of_function,
        others.import_the_wrong_way_round,
        others.except_with_comma,
        others.raise_with_comma,
        placement.misplaced_name,
    ),
    (
        operators.assignment_in_condition,
        assignments.assigned_to_no_name,
        assignments.quoted_argument,
        assignments.assigned_by_colon,
        neighbours.number_before_name,
        neighbours.without_colon,
        strings.quotes_in_text,
        bodies.expected_indent,
        indentation.unexpected_indent,
        indentation.unindent_mismatch,
    ),
    (
        blocks.missing_in,
        words.misspelt_keyword,
        words.keyword_as_name,
        chains.misplaced_else,
        chains.lonely_try,
    ),
    (blocks.missing_condition, indentation.lost_indent_of_one),
    (
        strings.unterminated_triple,
        strings.unterminated,
        brackets.mismatched,
        brackets.unmatched,
        brackets.unclosed,
    ),
    (words.misspelt_within, neighbours.function_without_brackets, others.choice_without_else),
    (neighbours.without_comma,),
    (neighbours.without_operator, operators.foreign_comment),
    (others.needless_sign, others.unfinished),
)  # fmt: skip
"""The surest ones first."""


def by_program(case: Case) -> Finding | None:
    """Look for the mistake in the program."""
    if not case.code.strip():
        return None
    program = Program(case.code)
    return repair(program, TIERS) if program.refusal else None


def by_line(case: Case) -> Finding | None:
    """Look for the mistake in the line that the traceback shows, where there is no program to look at."""
    error = case.error
    if error is None or not error.source or not error.source.strip():
        return None
    source = error.source.strip()
    word = source.split()[0].rstrip(":")
    before = _BEFORE.get(word, ())
    after = ["    pass"] if word in HEADERS or source.endswith(":") else []
    number = error.line or 1
    program = Program("\n".join([*before, source, *after]), number - len(before) if error.line else None)
    if program.refusal is None or "outside" in program.refusal.message or program.refusal.type != "SyntaxError":
        return None
    finding = repair(program, TIERS)
    return replace(finding, fixed=None) if finding and finding.line == error.line else None


_BEFORE = {
    **dict.fromkeys(("else", "elif", "elseif", "elsif"), ("if True:", "    pass")),
    **dict.fromkeys(("except", "finally"), ("try:", "    pass")),
}


def by_message(case: Case) -> Finding | None:
    """Go by what Python says."""
    if case.error is None:
        return None
    stopped = Program(case.code).refusal if case.code.strip() else None
    line = stopped.line if stopped else case.error.line
    for message in (case.error.message, stopped.message if stopped else ""):
        if finding := messages.by_message(message, line):
            return finding
    text = case.line(line) or case.error.source or ""
    return messages.on_syntax(stopped.message if stopped else case.error.message, line, text)


_ALL: tuple[Rule, ...] = (by_program, by_line, by_message)
RULES: dict[str, tuple[Rule, ...]] = dict.fromkeys(("SyntaxError", "IndentationError", "TabError"), _ALL)
