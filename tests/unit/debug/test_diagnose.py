"""Diagnosis: every error gets an explanation, whatever the program looks like, and every cause has its texts."""

from __future__ import annotations

import ast
import builtins
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.curriculum.reading import curriculum
from functions.debug import diagnose as module
from functions.debug.diagnose import cause, causes, diagnose
from functions.debug.model import Case, ErrorSeen, Finding
from functions.debug.reading import read_error

TOPICS = {topic.id for topic in curriculum().by_depth}
RAISED = [name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)]
KINDS = [*RAISED, "JSONDecodeError", "StatisticsError", "InvalidOperation", "UnsupportedOperation", "MyOwnError"]
SECONDS = 1.5
BY_TIME = ("endless_loop", "too_slow", "waits_for_input")
MEMORY = 1 << 30
LIMITED = (
    f"import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, ({MEMORY},) * 2); "
    "runpy.run_path(sys.argv[1], run_name='__main__')"
)


@pytest.mark.parametrize("message", ["", "something nobody has ever said", "\x00`'\"{}\n%s" * 3])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_error_is_explained_from_its_name_alone(kind, message):
    found = diagnose(Case(error=ErrorSeen(kind, message)))
    assert found is not None
    assert found.cause in causes()
    assert all((found.explanation, found.pointer, found.solution))
    assert found.fixed is None


def test_a_learner_s_own_error_is_told_as_raised_on_purpose():
    code = "class TooCold(Exception):\n    pass\n\n\ndef check(t):\n    raise TooCold(t)\n\n\ncheck(3)\n"
    found = diagnose(Case(code, ErrorSeen("TooCold", "3")))
    assert found is not None
    assert (found.cause, "`TooCold`" in found.explanation) == ("raised_on_purpose", True)


def test_a_program_without_an_error_is_asked_whether_python_can_read_it():
    found = diagnose(Case("for i in range(3)\n    print(i)\n"))
    assert found is not None
    assert (found.cause, found.line) == ("missing_colon", 1)
    assert found.fixed == "for i in range(3):\n    print(i)\n"


def test_a_program_without_an_error_is_looked_through_for_slips():
    found = diagnose(
        Case("def add(item, items=[]):\n    items.append(item)\n    return items\n\n\nprint(add(1), add(2))\n")
    )
    assert found is not None
    assert found.cause == "mutable_default"


@pytest.mark.parametrize(
    "code", ["", "\n", "print('Hello')\n", "total = 0\nfor n in [1, 2]:\n    total += n\nprint(total)\n"]
)
def test_nothing_is_found_where_nothing_is_wrong(code):
    assert diagnose(Case(code)) is None


def test_a_rule_that_stumbles_counts_as_one_that_found_nothing(monkeypatch):
    from functions.debug.rules import others

    def stumbles(case):
        raise RuntimeError(case)

    def knows(case):
        return Finding("divide_by_zero", explanation="found")

    monkeypatch.setattr(others, "RULES", {"*": (stumbles, knows)})
    assert diagnose(Case("1 / 0", ErrorSeen("ZeroDivisionError"))) == knows(None)
    monkeypatch.setattr(others, "RULES", {"*": (stumbles,)})
    last = diagnose(Case("1 / 0", ErrorSeen("ZeroDivisionError", line=7)))
    assert last is not None
    assert (last.cause, last.line) == ("other_error", 7)


def test_a_correction_that_python_cannot_read_is_never_offered(monkeypatch):
    from functions.debug.rules import others

    for fixed in ("print((", "1 / 0"):
        found = Finding("divide_by_zero", explanation="found", fixed=fixed)
        monkeypatch.setattr(others, "RULES", {"*": (lambda _, found=found: found,)})
        assert diagnose(Case("1 / 0", ErrorSeen("ZeroDivisionError"))) == Finding("divide_by_zero", explanation="found")


def test_only_the_families_that_an_error_needs_are_imported():
    code = (
        "import sys\nfrom functions.debug.diagnose import diagnose\nfrom functions.debug.model import Case, ErrorSeen\n"
        "diagnose(Case('d = {}\\nd[1]', ErrorSeen('KeyError', '1', line=2)))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('functions.debug.rules.')))\n"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "functions.debug.rules.keys" in printed
    assert not any(family in printed for family in ("syntax", "slips", "types", "imports", "limits"))


@pytest.mark.parametrize("id", sorted(causes()))
def test_every_cause_has_texts_and_examples_that_python_can_read(id):
    known = cause(id)
    assert all((known.id == id, known.title, known.general, known.wrong, known.right, known.tips))
    assert known.topic is None or known.topic in TOPICS
    assert len(known.tips) <= 3
    assert known.general.count("?") >= 1
    ast.parse(known.right)


def test_no_two_data_files_tell_of_the_same_cause():
    folder = Path(module.__file__).parent / "rules"
    ids = [line for file in folder.glob("*.toml") for line in file.read_text().splitlines() if line.startswith("[")]
    assert sorted(set(ids)) == sorted(ids)
    assert len(ids) == len(causes())


def _families() -> list[str]:
    """Return the causes of the families that these tests are the first to run the examples of."""
    folder = Path(module.__file__).parent / "rules"
    names = (
        "values",
        "sequences",
        "keys",
        "attributes",
        "imports",
        "limits",
        "files",
        "others",
        "purpose",
        "coroutines",
    )
    return [id for name in names for id in tomllib.loads((folder / f"{name}.toml").read_text())]


def _seen(code: str, folder: Path, id: str) -> ErrorSeen | None:
    """Run an example as a learner would, in a file of the name that its first line tells; return its error."""
    first = code.strip().splitlines()[0]
    file = folder / (first.removeprefix("# ") if first.startswith("# ") and first.endswith(".py") else "example.py")
    file.write_text(code.strip() + "\n")
    limited = ["-c", LIMITED, str(file)] if id == "memory_growth" else [str(file)]
    reader = subprocess.PIPE if id == "waits_for_input" else subprocess.DEVNULL
    with subprocess.Popen(
        [sys.executable, *limited],
        stdin=reader,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    ) as process:
        try:
            process.wait(SECONDS if id in BY_TIME else 20)
        except subprocess.TimeoutExpired:
            process.kill()
            return ErrorSeen("TimeoutError", "the program did not end in time")
        said = process.stderr.read() if process.stderr else ""
    return read_error(said) if process.returncode else None


@pytest.mark.parametrize("id", sorted(_families()))
def test_the_wrong_example_of_a_cause_shows_it_and_the_right_one_runs(id, tmp_path):
    known = cause(id)
    assert _seen(known.right, tmp_path, "") is None
    error = _seen(known.wrong, tmp_path, id)
    assert error is not None
    found = diagnose(Case(known.wrong.strip() + "\n", error))
    assert found is not None
    assert found.cause == id


PROGRAM = (
    "import math\nfrom random import choice\n\n\nclass Shop:\n    def __init__(self, name):\n        self.name = "
    "name\n\n"
    "    def price(self, item, *more, tax=1):\n        try:\n            return self.prices[item] / len(more) * tax\n"
    "        except KeyError as error:\n            raise ValueError(item) from error\n\n\ndef total(xs, n=3):\n    "
    "i = 0\n"
    "    while i <= len(xs):\n        a, b = xs[i], xs[i + 1]\n        i += 1\n    return total(xs[1:], n - 1)\n\n\n"
    "counts = {'a': 1}\nfor k, v in counts.items():\n    del counts[k]\n    counts['b'] += math.sqrt(int('x'))\n"
    "print(f'{counts!r:>3}', [x for x in (1, 2) if x], lambda y: y, choice([]), *counts, sep='')\n"
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_program_however_broken_makes_diagnosis_stumble(data):
    code = PROGRAM
    for _ in range(data.draw(st.integers(0, 4))):
        at, end = (data.draw(st.integers(0, len(code))) for _ in range(2))
        put = data.draw(
            st.sampled_from(["", "(", "]", ":", "'", "\n", "\t", "\x00", "é", "i", "[0]", "def ", " in ", "\\", "`"])
        )
        code = code[: min(at, end)] + put + code[min(at, end) + data.draw(st.integers(0, 3)) :]
    kind = data.draw(st.sampled_from(KINDS))
    message = data.draw(
        st.sampled_from(
            [
                "",
                "list index out of range",
                "'b'",
                "too many values to unpack (expected 2)",
                "math domain error",
                "x: y",
            ]
        )
        | st.text(max_size=30)
    )
    line = data.draw(st.none() | st.integers(-1, 40))
    found = diagnose(Case(code, ErrorSeen(kind, message, line=line)))
    assert found is not None
    assert found.cause in causes()
    if found.fixed is not None:
        assert found.fixed != code
        ast.parse(found.fixed)
