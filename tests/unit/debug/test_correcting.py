"""A correction is whole: the same mistake in every place, and the next one that a run of it brings to light."""

import pytest

from functions.debug.correcting import MOST_TRIES, Correction, correction
from functions.debug.diagnose import diagnose
from functions.debug.model import Case
from functions.debug.reading import read_error
from functions.shared.running import ErrorInfo, Ran

OK = Ran(outcome="ok")
TWICE = "total = 0\ntotl += 1\nprint(totl)\n"
ONCE = "total = 0\ntotal += 1\nprint(totl)\n"
NEVER = "total = 0\ntotal += 1\nprint(total)\n"


def found(code, message):
    return diagnose(Case(code, read_error(message, code)))


def failed(line, code=ONCE):
    told = f'Traceback (most recent call last):\n  File "program.py", line {line}, in <module>\n'
    message = "name 'totl' is not defined"
    error = ErrorInfo(type="NameError", message=message, line=line, traceback=f"{told}NameError: {message}\n")
    return Ran(outcome="error", error=error)


def test_a_correction_that_ran_well_works():
    one = found(ONCE, "NameError: name 'totl' is not defined")

    assert correction(one, []) == Correction(NEVER)
    assert correction(one, [OK]) == Correction(NEVER, works=True)


def test_what_a_run_of_a_correction_brings_to_light_is_mended_too():
    found_first = found("print(valeu)\nvalue = [1]\n", "NameError: name 'valeu' is not defined")
    assert correction(found_first, [Ran(outcome="killed")]).code is None

    bad = "words = ['a']\nfor i in range(len(words) + 1):\n    print(wrods[i])\n"
    first = found(bad, "NameError: name 'wrods' is not defined")
    second = ErrorInfo(
        type="IndexError",
        message="list index out of range",
        line=3,
        traceback='Traceback (most recent call last):\n  File "program.py", line 3, in <module>\n'
        "    print(words[i])\nIndexError: list index out of range\n",
    )
    tries = [Ran(outcome="error", error=second)]

    assert correction(first, tries).code == bad.replace("wrods", "words").replace(" + 1", "")
    assert correction(first, [*tries, OK]).works


def test_the_same_slip_is_mended_in_every_place():
    code = "day = 'sunday'\nif day is 'sunday':\n    print('rest')\nelif day is 'monday':\n    print('work')\n"

    assert correction(diagnose(Case(code)), []).code == code.replace(" is ", " == ")


def test_a_program_that_forgot_to_wait_has_not_done_what_it_was_to_do():
    one = found(ONCE, "NameError: name 'totl' is not defined")
    forgot = Ran(outcome="ok", stderr="program.py:3: RuntimeWarning: coroutine 'main' was never awaited\n")

    assert not correction(one, [forgot]).works


@pytest.mark.parametrize("outcome", ["timeout", "killed", "blocked"])
def test_a_correction_that_does_not_end_well_is_none(outcome):
    assert correction(found(ONCE, "NameError: name 'totl' is not defined"), [Ran(outcome=outcome)]).works is False


def test_after_a_few_tries_there_is_no_correction():
    one = found(TWICE, "NameError: name 'totl' is not defined")
    again = [failed(3, TWICE)] * MOST_TRIES

    assert correction(one, again) == Correction(None)


def test_nothing_found_is_nothing_corrected():
    assert correction(None, []) == Correction(None)
