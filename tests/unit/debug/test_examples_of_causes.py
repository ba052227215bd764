"""The examples of names and types that learners are shown: the wrong one fails as it says, the right one runs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest

from functions.debug.diagnose import cause, diagnose
from functions.debug.model import Case, ErrorSeen

SECONDS = 20
CAUSES = [
    id
    for name in ("names", "types")
    for id in tomllib.loads((files("functions.debug.rules") / f"{name}.toml").read_text())
]


def last_line_of(code: str) -> tuple[int, str]:
    """Run an example by itself; return how it ended and the last line of its error."""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=False)
    return ran.returncode, (ran.stderr.strip().splitlines() or [""])[-1]


@pytest.mark.parametrize("id", CAUSES)
def test_the_wrong_example_fails_for_its_cause_and_the_right_one_runs(id):
    known = cause(id)
    assert last_line_of(known.right) == (0, "")
    ended, said = last_line_of(known.wrong)
    type_, _, message = said.partition(": ")
    assert ended == 1
    if id != "input_is_text":  # which needs somebody who types
        assert diagnose(Case(known.wrong, ErrorSeen(type_, message))).cause == id
