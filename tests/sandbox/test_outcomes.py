"""What a run's result says, on every backend."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sandbox_runner.backends import Backend
from sandbox_runner.limits import Limits
from sandbox_runner.program import Program, ProgramTooLargeError
from sandbox_runner.result import Outcome

EVENT_BYTES = 200_000


def test_a_program_that_ends_well_is_ok_with_what_it_printed(backend: Backend) -> None:
    result = backend.run(Program("import sys\nprint('hello', input())\nprint('aside', file=sys.stderr)", "Ada\n"))

    assert result.outcome is Outcome.OK
    assert (result.stdout, result.stderr) == ("hello Ada\n", "aside\n")
    assert (result.stdout_cut, result.stderr_cut) == (False, False)
    assert result.exit_status == 0
    assert result.peak_memory_kb > 1000
    assert result.duration_ms > 0
    assert result.error is result.blocked is result.value is None
    assert {"rlimits", "seccomp"} <= set(result.layers)


def test_a_result_is_json(backend: Backend) -> None:
    result = backend.run(Program("1 / 0", call="None"))

    assert json.loads(json.dumps(result.as_dict()))["outcome"] == "error"


def test_an_exception_shows_its_author_only_their_own_lines(backend: Backend) -> None:
    source = "import json\n\ndef read(text):\n    return json.loads(text)\n\nread('{')\n"

    error = backend.run(Program(source)).error

    assert error is not None
    assert (error.type, error.line) == ("JSONDecodeError", 4)
    assert error.traceback == (
        "Traceback (most recent call last):\n"
        '  File "program.py", line 6, in <module>\n'
        "    read('{')\n"
        '  File "program.py", line 4, in read\n'
        "    return json.loads(text)\n"
        "           ^^^^^^^^^^^^^^^^\n"
        f"json.decoder.JSONDecodeError: {error.message}\n"
    )


def test_a_chained_exception_keeps_its_cause(backend: Backend) -> None:
    source = "try:\n    int('x')\nexcept ValueError as why:\n    raise KeyError('no') from why\n"

    error = backend.run(Program(source)).error

    assert error is not None
    assert error.type == "KeyError"
    assert "ValueError: invalid literal for int() with base 10: 'x'" in error.traceback
    assert "direct cause" in error.traceback


def test_a_syntax_error_says_where(backend: Backend) -> None:
    result = backend.run(Program("x = 1\nprint('a'\n"))

    assert result.outcome is Outcome.SYNTAX_ERROR
    assert result.error is not None
    assert (result.error.line, result.error.message) == (2, "'(' was never closed")
    assert 'File "program.py", line 2' in result.error.traceback


@pytest.mark.parametrize("source", ["x = '\ud800'", "x = 1\0"], ids=["lone surrogate", "nul"])
def test_what_is_no_text_is_a_syntax_error(backend: Backend, source: str) -> None:
    assert backend.run(Program(source)).outcome is Outcome.SYNTAX_ERROR


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import os", "import os"),
        ("from os import path", "from os import path"),
        ("from urllib import request", "from urllib import request"),
        ("print(eval('1'))", "eval()"),
        ("open('/etc/passwd')", "open('/etc/passwd')"),
        ("open('../other')", "open('../other')"),
        ("__builtins__['__import__']('subprocess')", "import subprocess"),
        ("try:\n    exec\n    (lambda run: run('1'))(exec)\nexcept Exception:\n    pass", "exec()"),
    ],
)
def test_what_cannot_work_here_is_blocked_with_an_alternative(backend: Backend, source: str, what: str) -> None:
    result = backend.run(Program(source))

    assert result.outcome is Outcome.BLOCKED
    assert result.blocked is not None
    assert result.blocked.what == what
    assert result.blocked.why
    assert result.blocked.instead
    assert result.blocked.line is not None


def test_a_function_of_ones_own_may_be_called_like_a_blocked_one(backend: Backend) -> None:
    result = backend.run(Program("def compile(x):\n    return x + 1\nprint(compile(1))"))

    assert (result.outcome, result.stdout) == (Outcome.OK, "2\n")


def test_the_modules_that_learners_need_work(backend: Backend, limits: Limits) -> None:
    names = (
        "random math cmath datetime json collections typing re itertools functools dataclasses time string statistics "
        "unittest decimal fractions enum abc copy heapq bisect operator textwrap pprint calendar csv io contextlib "
        "threading queue concurrent.futures asyncio pathlib tempfile uuid hashlib base64 secrets logging argparse "
        "sqlite3 zoneinfo html urllib.parse difflib inspect doctest array struct pickle graphlib"
    )
    imports = "\n".join(f"import {name}" for name in names.split())

    result = backend.run(Program(imports + "\nprint(random.randint(1, 1), datetime.date(2024, 2, 29))"), _slow(limits))

    assert (result.outcome, result.stdout) == (Outcome.OK, "1 2024-02-29\n"), result


def test_asyncio_works_without_sockets(backend: Backend, limits: Limits) -> None:
    source = """
import asyncio

async def greet(name):
    await asyncio.sleep(0.001)
    return await asyncio.to_thread(str.upper, name)

async def main():
    print(await asyncio.gather(greet("a"), greet("b")))

asyncio.run(main())
asyncio.run(main())
"""
    result = backend.run(Program(source), _slow(limits))

    assert (result.outcome, result.stdout) == (Outcome.OK, "['A', 'B']\n['A', 'B']\n"), result


def test_unittest_and_dataclasses_find_the_program_they_are_in(backend: Backend, limits: Limits) -> None:
    source = """
import unittest
from dataclasses import dataclass

@dataclass
class Point:
    x: int

class Tests(unittest.IsolatedAsyncioTestCase):
    async def test_point(self):
        self.assertEqual(Point(1), Point(1))

if __name__ == "__main__":
    unittest.main()
"""
    result = backend.run(Program(source), _slow(limits))

    assert result.outcome is Outcome.OK, result
    assert "Ran 1 test" in result.stderr


def test_a_program_has_a_folder_of_its_own(backend: Backend) -> None:
    source = """
from pathlib import Path
import tempfile
with open("notes.txt", "w") as file:
    file.write("kept")
print(open("notes.txt").read(), [path.name for path in Path().iterdir()])
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "a").mkdir()
"""
    result = backend.run(Program(source))

    assert (result.outcome, result.stdout) == (Outcome.OK, "kept ['notes.txt']\n"), result


def test_input_past_the_end_says_so(backend: Backend) -> None:
    result = backend.run(Program("input()\ninput()", "only one\n"))

    assert result.error is not None
    assert (result.error.type, result.error.line) == ("EOFError", 2)
    assert result.error.message == "the program asked for more input than it was given"


def test_a_module_that_is_not_installed_says_so(backend: Backend) -> None:
    error = backend.run(Program("import numpy")).error

    assert error is not None
    assert "only Python's standard library is installed here" in error.message


@pytest.mark.parametrize(
    ("source", "outcome", "status"),
    [
        ("raise SystemExit", Outcome.OK, 0),
        ("exit()", Outcome.OK, 0),
        ("import sys; sys.exit(3)", Outcome.ERROR, 3),
        ("import sys; sys.exit('bye')", Outcome.ERROR, 1),
    ],
)
def test_leaving_early_is_told_by_the_exit_code(backend: Backend, source: str, outcome: Outcome, status: int) -> None:
    result = backend.run(Program(source))

    assert (result.outcome, result.exit_status) == (outcome, status)
    assert result.stderr == ("bye\n" if "bye" in source else "")


def test_what_was_printed_before_the_time_was_over_is_shown(backend: Backend) -> None:
    result = backend.run(Program("print('so far')\nwhile True:\n    pass"))

    assert (result.outcome, result.stdout, result.exit_status) == (Outcome.TIMEOUT, "so far\n", -9)


def test_memory_runs_out_at_the_line_that_asked_for_it(backend: Backend) -> None:
    result = backend.run(Program("print('so far')\nx = []\nx = 'a' * 10**9"))

    assert (result.outcome, result.stdout) == (Outcome.OUT_OF_MEMORY, "so far\n")
    assert result.error is not None
    assert result.error.line == 3


def test_forty_megabytes_are_allowed_and_sixty_are_not(backend: Backend) -> None:
    assert backend.run(Program("x = bytearray(40 * 2**20)")).outcome is Outcome.OK
    assert backend.run(Program("x = bytearray(60 * 2**20)")).outcome is Outcome.OUT_OF_MEMORY


@pytest.mark.parametrize("character", ["x", "\x01", "é", "😀"])
def test_however_it_is_encoded_the_output_fits_an_event(backend: Backend, character: str) -> None:
    flood = f"import sys\nfor stream in (sys.stderr, sys.stdout):\n    stream.write({character!r} * 15_000)\n"
    source = flood + "raise ValueError('é' * 99_999)"

    result = backend.run(Program(source))

    assert len(json.dumps(result.as_dict())) < EVENT_BYTES
    assert result.stdout_cut is result.stderr_cut is (len(json.dumps(character * 15_000)) > 61_440)
    assert ("cut here" in result.stdout) is result.stdout_cut


def test_a_graded_run_keeps_little(backend: Backend, limits: Limits) -> None:
    program = Program("print('x' * 1500)\ndef f():\n    return list(range(9999))", call="f()")

    result = backend.run(program, limits.graded())

    assert len(json.dumps({"stdout": result.stdout, "value": result.value})) < 4096
    assert result.value is not None
    assert (result.value["kind"], result.value["type"]) == ("other", "list")


def test_a_call_sees_the_program_and_what_was_set_up_before(backend: Backend) -> None:
    result = backend.run(Program("def double(x):\n    return 2 * x", before="x = [1]", call="double(x)"))

    assert result.value == {"kind": "list", "items": [{"kind": "int", "value": 1}] * 2}


def test_random_numbers_differ_from_run_to_run(backend: Backend) -> None:
    program = Program("import random, uuid\nprint(random.random(), uuid.uuid4())")

    assert len({backend.run(program).stdout for _ in range(5)}) == 5


def test_an_error_in_a_thread_is_told_on_stderr(backend: Backend) -> None:
    result = backend.run(Program("import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()"))

    assert result.outcome is Outcome.OK
    assert result.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "threading.py" not in result.stderr


def test_what_is_too_large_is_not_run(backend: Backend, limits: Limits) -> None:
    for program in (Program("#" * (limits.source_bytes + 1)), Program("", "é" * limits.stdin_bytes)):
        with pytest.raises(ProgramTooLargeError, match="at most"):
            backend.run(program)


def test_the_largest_program_and_input_are_run(backend: Backend, limits: Limits) -> None:
    source = "import sys\nprint(len(sys.stdin.read()))\n#"
    largest = Program(source + "x" * (limits.source_bytes - len(source)), "y" * limits.stdin_bytes)

    result = backend.run(largest)

    assert (result.outcome, result.stdout) == (Outcome.OK, f"{limits.stdin_bytes}\n")


def test_a_program_that_does_not_read_its_input_is_no_problem(backend: Backend, limits: Limits) -> None:
    assert backend.run(Program("print(1)", "y" * limits.stdin_bytes)).stdout == "1\n"


def _slow(limits: Limits) -> Limits:
    """Time enough for many imports on a busy machine."""
    return replace(limits, wall_seconds=10.0)
