"""What a test of a family of rules asks of every program in its table, through `diagnose` as everybody else."""

from __future__ import annotations

from broken_programs import Broken, case_of, run

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen, Finding


def found_in(program: Broken) -> Finding:
    """Return what is found in a program that is run; the texts must be there and say their line."""
    found = diagnose(case_of(program))
    assert found is not None
    assert all((found.explanation, found.pointer, found.solution))
    return found


def printed_when_fixed(program: Broken) -> str | None:
    """Return what the corrected program prints; None where there is none. It must end without an error."""
    found = found_in(program)
    if found.fixed is None:
        return None
    error, printed = run(found.fixed, program.stdin)
    assert error is None, (found.fixed, error)
    return printed


def cause_of_message(type_: str, message: str) -> str:
    """Return the cause that a message alone tells; nothing that only a program can tell may be claimed."""
    found = diagnose(Case(error=ErrorSeen(type_, message)))
    assert found is not None
    assert found.fixed is None
    assert all((found.explanation, found.pointer, found.solution))
    assert "in line" not in found.explanation
    return found.cause
