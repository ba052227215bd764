"""Messages: what is told of an error in a program of which only the message, or a single line, is there."""

from __future__ import annotations

import re

import pytest

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen, Finding

MESSAGES = (
    ("expected ':'", "missing_colon"),
    ("':' expected after dictionary key", "missing_colon"),
    ("'(' was never closed", "unclosed_bracket"),
    ("unexpected EOF while parsing", "unclosed_bracket"),
    ("unmatched ')'", "unmatched_bracket"),
    ("closing parenthesis ']' does not match opening parenthesis '('", "bracket_mismatch"),
    ("closing parenthesis '}' does not match opening parenthesis '[' on line 3", "bracket_mismatch"),
    ("EOL while scanning string literal", "unterminated_string"),
    ("unterminated string literal (detected at line 1)", "unterminated_string"),
    ("unterminated f-string literal (detected at line 1)", "unterminated_string"),
    ("invalid syntax. Is this intended to be part of the string?", "unterminated_string"),
    ("EOF while scanning triple-quoted string literal", "unterminated_triple_string"),
    ("unterminated triple-quoted string literal (detected at line 9)", "unterminated_triple_string"),
    ("unterminated triple-quoted f-string literal (detected at line 9)", "unterminated_triple_string"),
    ("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", "assignment_in_condition"),
    ("can't assign to literal", "assign_to_literal"),
    ("cannot assign to literal here. Maybe you meant '==' instead of '='?", "assign_to_literal"),
    ("cannot assign to True", "assign_to_literal"),
    ('expression cannot contain assignment, perhaps you meant "=="?', "assign_to_literal"),
    ("cannot assign to function call", "assign_to_call"),
    ("cannot assign to function call here. Maybe you meant '==' instead of '='?", "assign_to_call"),
    ("cannot assign to operator", "assign_to_call"),
    ("cannot assign to expression here. Maybe you meant '==' instead of '='?", "assign_to_call"),
    ("'function call' is an illegal expression for augmented assignment", "assign_to_call"),
    ("invalid syntax. Perhaps you forgot a comma?", "missing_comma"),
    ("Missing parentheses in call to 'print'. Did you mean print('a')?", "print_without_parentheses"),
    ("Missing parentheses in call to 'print'. Did you mean print(...)?", "print_without_parentheses"),
    ("invalid character '“' (U+201C)", "invalid_character"),
    ("invalid character in identifier", "invalid_character"),
    ("invalid non-printable character U+00A0", "invalid_character"),
    ("unexpected character after line continuation character", "invalid_character"),
    (
        "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        "leading_zero",
    ),
    ("invalid decimal literal", "missing_operator"),
    ("invalid syntax. Did you mean 'while'?", "misspelt_keyword"),
    ("f-string: expecting '}'", "f_string_broken"),
    ("f-string: single '}' is not allowed", "f_string_broken"),
    ("f-string: empty expression not allowed", "f_string_broken"),
    ("f-string: unmatched ')'", "f_string_broken"),
    ("f-string: valid expression required before '}'", "f_string_broken"),
    ("f-string expression part cannot include a backslash", "f_string_broken"),
    ("'return' outside function", "return_outside_function"),
    ("'yield' outside function", "return_outside_function"),
    ("'break' outside loop", "break_outside_loop"),
    ("'continue' not properly in loop", "break_outside_loop"),
    ("'await' outside function", "await_outside_async"),
    ("'await' outside async function", "await_outside_async"),
    ("'async with' outside async function", "await_outside_async"),
    ("positional argument follows keyword argument", "positional_after_keyword"),
    ("non-default argument follows default argument", "default_before_required"),
    ("parameter without a default follows parameter with a default", "default_before_required"),
    ("expected 'except' or 'finally' block", "try_without_except"),
    ("'elif' block follows an 'else' block", "else_without_if"),
    ("expected 'else' after 'if' expression", "syntax_other"),
    ("multiple exception types must be parenthesized", "syntax_other"),
    ("(unicode error) 'unicodeescape' codec can't decode bytes in position 2-3: truncated \\UXXXXXXXX", "syntax_other"),
    ("invalid syntax", "syntax_other"),
    ("something that no Python has said yet", "syntax_other"),
)
INDENTATION_MESSAGES = (
    ("IndentationError", "expected an indented block", "expected_indent"),
    ("IndentationError", "expected an indented block after 'if' statement on line 1", "expected_indent"),
    ("IndentationError", "unexpected indent", "unexpected_indent"),
    ("IndentationError", "unindent does not match any outer indentation level", "unindent_mismatch"),
    ("TabError", "inconsistent use of tabs and spaces in indentation", "mixed_tabs_and_spaces"),
)
LINES = (
    ("if x > 3", "missing_colon", "if x > 3:"),
    ("else if x > 3:", "else_if_for_elif", "elif x > 3:"),
    ("elif x = 3:", "assignment_in_condition", "elif x == 3:"),
    ("print 'hello'", "print_without_parentheses", "print('hello')"),
    ("fro i in range(3):", "misspelt_keyword", "for i in range(3):"),
    ("except ValueError", "missing_colon", "except ValueError:"),
    ("x++", "increment_operator", "x += 1"),
    ("print('hello)", "unterminated_string", "print('hello')"),
    ("if x && y:", "c_style_operator", "if x and y:"),
)


def _found(type_: str, message: str, line: int | None = None, source: str | None = None, code: str = "") -> Finding:
    found = diagnose(Case(code, ErrorSeen(type_, message, line=line, source=source)))
    assert found is not None
    return found


@pytest.mark.parametrize(("message", "cause"), MESSAGES, ids=lambda value: value[:40])
def test_a_message_of_any_version_tells_the_cause_as_far_as_it_says_it(message: str, cause: str) -> None:
    assert _found("SyntaxError", message).cause == cause


@pytest.mark.parametrize(("type_", "message", "cause"), INDENTATION_MESSAGES)
def test_messages_on_indentation_tell_the_cause(type_: str, message: str, cause: str) -> None:
    assert _found(type_, message).cause == cause


@pytest.mark.parametrize("message", [message for message, _ in MESSAGES])
def test_without_a_line_no_line_is_named(message: str) -> None:
    found = _found("SyntaxError", message)
    told = f"{found.explanation} {found.pointer} {found.solution}"
    assert found.line is None
    assert found.fixed is None
    assert not re.search(r"\b[Ll]ine \d", told.replace(message, ""))


@pytest.mark.parametrize(("source", "cause", "right"), LINES)
def test_the_line_of_a_traceback_alone_tells_the_cause_and_how_to_write_it(source: str, cause: str, right: str) -> None:
    found = _found("SyntaxError", "invalid syntax", 12, source)
    assert (found.cause, found.line, found.fixed) == (cause, 12, None)
    assert f"`{right}`" in found.solution
    assert "line 12" in found.explanation.lower()


def test_a_program_that_is_there_is_believed_rather_than_a_message_of_an_old_python() -> None:
    found = _found("SyntaxError", "invalid syntax", 3, code="x = 3\nprint(x\ny = 4\n")
    assert (found.cause, found.line, found.fixed) == ("unclosed_bracket", 2, "x = 3\nprint(x)\ny = 4\n")


def test_a_program_that_this_python_reads_leaves_the_message() -> None:
    found = _found("SyntaxError", "unmatched ')'", 1, code="print('fine')\n")
    assert (found.cause, found.fixed) == ("unmatched_bracket", None)


def test_nothing_but_the_type_of_the_error_still_leads_somewhere() -> None:
    found = _found("SyntaxError", "")
    assert found.cause == "syntax_other"
    assert all((found.explanation, found.pointer, found.solution))
