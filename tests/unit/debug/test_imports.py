"""Imports: the cause, the line and the correction of programs whose imports find nothing, or the wrong file."""

from __future__ import annotations

import pytest
from agreeing import cause_of_message, found_in, printed_when_fixed
from broken_programs import Broken

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen

PROGRAMS = [
    Broken("misspelt_module", 1, "import maths\nprint(maths.floor(2.5))\n", "2\n"),
    Broken("misspelt_module", 1, "import Random\nprint(Random.choice([4]))\n", "4\n"),
    Broken("misspelt_module", 1, "import randon as r\nprint(r.choice([4]))\n", "4\n"),
    Broken("misspelt_module", 2, "# clock\nfrom datetme import date\nprint(date(2024, 1, 2))\n", "2024-01-02\n"),
    Broken("misspelt_module", 1, "import urllib2\n"),
    Broken("module_not_installed", 1, "import no_such_helpers\n"),
    Broken("module_not_installed", 1, "from no_such_helpers.prices import price\n"),
    Broken("cannot_import_name", 1, "from random import randInt\nprint(randInt(2, 2))\n", "2\n"),
    Broken("cannot_import_name", 1, "from math import Sqrt as root\nprint(root(9))\n", "3.0\n"),
    Broken("cannot_import_name", 1, "from math import randint\nprint(randint(2, 2))\n", "2\n"),
    Broken("cannot_import_name", 1, "from math import max\nprint(max(1, 2))\n"),
    Broken("misspelt_module", 1, "from collection import Counter\nprint(Counter('aa'))\n", "Counter({'a': 2})\n"),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_a_failed_import_are_found(program):
    found = found_in(program)
    assert (program.cause, program.line) == (found.cause, found.line)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_correction_is_offered_only_where_the_program_then_does_what_was_meant(program):
    assert program.prints == printed_when_fixed(program)


@pytest.mark.parametrize(
    ("type_", "message", "cause"),
    [
        ("ModuleNotFoundError", "No module named 'numpy'", "module_not_installed"),
        ("ModuleNotFoundError", "No module named 'cv2'", "module_not_installed"),
        ("ModuleNotFoundError", "No module named 'nunpy'", "misspelt_module"),
        ("ModuleNotFoundError", "No module named 'Tkinter'", "misspelt_module"),
        ("ModuleNotFoundError", "No module named 'my_helpers'", "module_not_installed"),
        ("ImportError", "No module named requests", "module_not_installed"),
        ("ImportError", "cannot import name 'foo' from 'math' (unknown location)", "cannot_import_name"),
        (
            "ImportError",
            "cannot import name 'b' from partially initialized module 'a' (most likely due to a circular import) "
            "(C:\\Users\\me\\a.py)",
            "circular_import",
        ),
        (
            "ImportError",
            "cannot import name 'randint' from partially initialized module 'random' (most likely due to a circular "
            "import) (/home/me/random.py)",
            "shadowed_module",
        ),
        (
            "ImportError",
            "cannot import name 'randint' from 'random' (consider renaming '/home/me/random.py' since it has the same "
            "name as the standard library module named 'random' and prevents importing that standard library module)",
            "shadowed_module",
        ),
        ("ImportError", "attempted relative import with no known parent package", "cannot_import_name"),
        ("ImportError", "DLL load failed while importing _ssl", "other_error"),
    ],
)
def test_the_message_alone_says_what_it_can(type_, message, cause):
    assert cause == cause_of_message(type_, message)


def test_the_name_under_which_a_package_is_installed_is_told():
    found = diagnose(Case("import cv2\n", ErrorSeen("ModuleNotFoundError", "No module named 'cv2'", line=1)))
    assert found is not None
    assert "opencv-python" in found.solution


def test_a_relative_import_loses_its_point():
    error = ErrorSeen("ImportError", "attempted relative import with no known parent package", line=1)
    found = diagnose(Case("from .prices import price\nprint(price)\n", error))
    assert found is not None
    assert found.fixed == "from prices import price\nprint(price)\n"
