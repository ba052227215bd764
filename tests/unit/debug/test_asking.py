"""What a learner gave becomes a case: one program, and the error that is most surely its own."""

import pytest

from functions.curriculum.reading import exercise_called
from functions.debug.asking import case_of, exercise_of, may_be_run
from functions.debug.model import Case, ErrorSeen
from functions.shared.events import DebuggingRequested
from functions.shared.running import ErrorInfo, Ran

CODE = "numbers = [1]\nprint(numbers[1])\n"
TRACEBACK = '  File "program.py", line 2, in <module>\n    print(numbers[1])\nIndexError: list index out of range\n'
RAN = Ran(outcome="error", error=ErrorInfo(type="IndexError", message="list index out of range", line=2))


def case(ran=None, **given):
    return case_of(DebuggingRequested(**given), ran)


def test_the_message_decides_then_the_words_of_the_question_then_python_then_a_run_of_ours():
    words = "I get KeyError: 'tea'"

    assert (
        case(RAN, code=CODE, question=words, error_message="NameError: name 'x' is not defined").error.type
        == "NameError"
    )
    assert case(RAN, code=CODE, question=words).error.type == "KeyError"
    assert case(RAN, code="print((1)\n").error.type == "SyntaxError"
    assert case(RAN, code=CODE).error.type == "IndexError"
    assert case(code=CODE).error is None


def test_a_message_that_tells_of_no_error_is_as_good_as_none():
    assert case(RAN, code=CODE, error_message="it does not work").error.type == "IndexError"


def test_the_program_is_the_one_given_else_the_one_in_the_question():
    question = f"Why?\n```python\n{CODE}```"

    assert case(code="print(1)\n", question=question).code == "print(1)\n"
    assert case(code=" \n", question=question).code == case(question=question).code == CODE.strip()
    assert case(question="Why?").code == ""


def test_a_run_tells_its_error_with_line_and_expression_where_its_traceback_has_them():
    marked = TRACEBACK.replace("numbers[1])\n", "numbers[1])\n          ~~~~~~~^^^\n", 1)
    info = ErrorInfo(type="IndexError", message="list index out of range", line=2, traceback=marked)
    error = case(Ran(outcome="error", error=info), code=CODE).error

    assert (error.type, error.line, error.expression) == ("IndexError", 2, "numbers[1]")


@pytest.mark.parametrize("line", [None, 0, -1, 3, 2**40])
def test_a_line_that_the_program_does_not_have_is_not_believed(line):
    info = ErrorInfo(type="IndexError", message="", line=line)

    assert case(Ran(outcome="error", error=info), code=CODE).error == ErrorSeen("IndexError")


@pytest.mark.parametrize(
    ("outcome", "error"),
    [("timeout", "TimeoutError"), ("output_limit", "TimeoutError"), ("out_of_memory", "MemoryError")],
)
def test_a_run_that_was_ended_is_an_error_too(outcome, error):
    assert case(Ran(outcome=outcome), code=CODE).error.type == error


@pytest.mark.parametrize("outcome", ["ok", "blocked", "killed", "error"])
def test_a_run_that_tells_of_no_error_is_none(outcome):
    assert case(Ran(outcome=outcome), code=CODE).error is None


@pytest.mark.parametrize("ended", ["EOFError", "SystemExit"])
def test_the_want_of_input_and_an_exit_of_its_own_are_no_errors_of_a_run(ended):
    assert case(Ran(outcome="error", error=ErrorInfo(type=ended, message="")), code=CODE).error is None


def test_the_want_of_input_is_one_where_the_learner_met_it():
    assert case(code="input()\n", error_message="EOFError: EOF when reading a line").error.type == "EOFError"


@pytest.mark.parametrize(
    ("code", "error", "may"),
    [
        (CODE, None, True),
        (CODE, ErrorSeen("IndexError"), False),
        ("print((1)", None, False),
        ("# later", None, False),
        ("", None, False),
    ],
)
def test_only_a_readable_program_of_which_nothing_is_known_is_worth_a_run(code, error, may):
    assert may_be_run(Case(code, error)) is may


SUM, COUNTDOWN = exercise_called("loops/sum-of-evens"), exercise_called("loops/countdown")


def test_a_program_is_for_the_exercise_whose_function_it_defines_though_python_cannot_read_it():
    candidates = (COUNTDOWN, SUM)

    assert exercise_of(Case("def sum_of_evens(numbers):\n    return 1\n"), candidates) is SUM
    assert exercise_of(Case("def sum_of_evens(numbers)\n    return (1\n"), candidates) is SUM
    assert exercise_of(Case("def sum_of_odds(numbers):\n    return 1\n"), candidates) is None
    assert exercise_of(Case("sum_of_evens([1])\n"), candidates) is None
    assert exercise_of(Case(""), candidates) is None


def test_the_exercise_that_is_named_goes_before_and_only_among_what_is_practised():
    code = Case("def sum_of_evens(numbers):\n    return 1\n")

    assert exercise_of(code, (SUM, COUNTDOWN), "loops/countdown") is COUNTDOWN
    assert exercise_of(code, (SUM,), "loops/countdown") is SUM
    assert exercise_of(code, (), "loops/sum-of-evens") is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("NameError: name x is not defined", "name 'x' is not defined"),
        ("NameError: name 'x' is not defined", "name 'x' is not defined"),
        ("ModuleNotFoundError: No module named numpy", "No module named 'numpy'"),
        ("NameError: name and address is not defined", "name and address is not defined"),
    ],
)
def test_a_message_copied_by_hand_has_its_quotes_again(said, meant):
    assert case_of(DebuggingRequested(code="print(x)", error_message=said)).error.message == meant
