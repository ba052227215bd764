"""`scripts/evaluate debug FILE…`: how well mistakes are explained, by files of broken programs.

A line is one JSON object: `code`, `error_message` (or null), `type` of the error (null for a mistake that no error
tells of), `line`, `cause`, and, where they are to count as right too, `lines` and `also`; `prints` is what a correct
program prints (null: nothing to compare), `stdin` what it reads. Programs run in the sandbox, as a learner's do.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from functions.debug.asking import Practice
from functions.debug.steps import Known, Run, next_step, told
from functions.shared.events import DebuggingRequested
from functions.shared.helping import ErrorExplained
from functions.shared.running import CheckExecuted, Ran
from sandbox_runner.backends import make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program
from scripts.stack.errors import StackError
from scripts.stack.evaluating.lines import read_objects

FOLDER = Path(__file__).parents[3] / "functions/debug/evaluation"
Runs = Callable[[str, str], Ran]
"""Runs a program with what it reads."""


@dataclass(frozen=True)
class Broken:
    """A broken program and what is right to say of it. `prints` None: a correction need only run to its end."""

    id: str
    code: str
    cause: str
    line: int
    error_message: str | None = None
    type: str | None = None
    also: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    prints: str | None = None
    stdin: str = ""


@dataclass(frozen=True)
class Scored:
    """What was said of a program, and what of it is right. `fix` None: no correction was offered."""

    program: Broken
    answer: ErrorExplained
    type: bool
    line: bool
    cause: bool
    fix: bool | None


def read(file: Path) -> list[Broken]:
    """Return the programs of a file. Raises StackError that names the line and the field."""
    return [_program(entry, place) for place, entry in read_objects(file)]


def _program(entry: dict[str, Any], place: str) -> Broken:
    if missing := [name for name in ("code", "line", "cause") if entry.get(name) is None]:
        raise StackError(f"{place}: {missing[0]}: is missing")
    known = {name: entry[name] for name in Broken.__dataclass_fields__ if name in entry}
    lists = {name: tuple(known.get(name) or ()) for name in ("also", "lines")}
    return Broken(**{"id": place, "stdin": "", **known, **lists})


def answered(program: Broken, run: Runs) -> ErrorExplained:
    """Return what a learner would be told, every run that is asked for on the way made."""
    return established(asked_about(program), (), run)[1]


def asked_about(program: Broken) -> Known:
    """Return what is known of a program before anything of it is run."""
    asked = DebuggingRequested(question="", code=program.code, error_message=program.error_message)
    return Known(asked=asked, asked_at=datetime.now(UTC))


def established(known: Known, practice: tuple[Practice, ...], run: Runs) -> tuple[Known, ErrorExplained]:
    """Return what is known after all the runs that tell more, and the answer by it."""
    while isinstance(step := next_step(known, practice), Run):
        known = after(known, step, run)
    return known, step


def after(known: Known, step: Run, run: Runs) -> Known:
    """Return what is known after a run."""
    ran = run(step.code, step.trials[0].stdin)
    executed = CheckExecuted(requester="debug", draft_id="", results=(ran,))
    return told(known.model_copy(update={"waits_to": step.purpose}), executed)


def score(program: Broken, run: Runs) -> Scored:
    """Say what of an answer is right."""
    answer = answered(program, run)
    return Scored(
        program,
        answer,
        type=program.type == (answer.error.type if answer.error else None),
        line=answer.line in (program.line, *program.lines),
        cause=answer.cause in (program.cause, *program.also),
        fix=_works(program, run(answer.corrected_code, program.stdin)) if answer.corrected_code else None,
    )


def _works(program: Broken, ran: Ran) -> bool:
    return ran.outcome == "ok" and program.prints in (None, ran.stdout)


def rates(scored: Sequence[Scored]) -> dict[str, float]:
    """Return the four rates, 0 to 1, and how many corrections were offered. Types are counted where there is one."""
    typed = [one for one in scored if one.program.type]
    offered = [one for one in scored if one.fix is not None]
    return {
        "programs": len(scored),
        "type": _share([one.type for one in typed]),
        "line": _share([one.line for one in scored]),
        "cause": _share([one.cause for one in scored]),
        "fix_offered": len(offered) / len(scored) if scored else 0.0,
        "fix_works": _share([bool(one.fix) for one in offered]),
    }


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def report(scored: Sequence[Scored]) -> str:
    """Return a table: a line for each kind of error, and one for them all."""
    kinds = Counter(one.program.type or "no error" for one in scored)
    rows = [
        (kind, [one for one in scored if (one.program.type or "no error") == kind]) for kind, _ in kinds.most_common()
    ]
    head = f"{'':<22} {'programs':>8} {'type':>7} {'line':>7} {'cause':>7} {'fix offered':>12} {'fix works':>10}"
    return "\n".join([head, *(_row(name, each) for name, each in rows), _row("all", scored)])


def _row(name: str, scored: Sequence[Scored]) -> str:
    of = rates(scored)
    shares = (
        f"{of['type']:>7.1%} {of['line']:>7.1%} {of['cause']:>7.1%} {of['fix_offered']:>12.1%} {of['fix_works']:>10.1%}"
    )
    return f"{name:<22} {len(scored):>8} {shares}"


def misses(scored: Sequence[Scored]) -> str:
    """Return a line for each program of which something was said wrongly."""
    return "\n".join(_miss(one) for one in scored if not (one.line and one.cause) or one.fix is False)


def _miss(one: Scored) -> str:
    right = f"{one.program.cause} in line {one.program.line}"
    said = f"{one.answer.cause} in line {one.answer.line}"
    return f"✗ {one.program.id}: {right}; said {said}{'' if one.fix is not False else '; its correction does not work'}"


def as_json(scored: Sequence[Scored]) -> str:
    """Return the rates and what was wrong as one JSON object."""
    wrong = [one for one in scored if not (one.line and one.cause) or one.fix is False]
    told_wrongly = [{"id": one.program.id, "right": one.program.cause, "said": one.answer.cause} for one in wrong]
    return json.dumps({**rates(scored), "wrong": told_wrongly}, indent=2)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate debug", description=__doc__, allow_abbrev=False)
    parser.add_argument("files", nargs="*", type=Path, help="broken programs; our own, if none is named")
    parser.add_argument("--wrong", action="store_true", help="show of which programs something was said wrongly")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(arguments)
    programs = [program for file in options.files or sorted(FOLDER.glob("*.jsonl")) for program in read(file)]
    with make_backend("pod", load_limits()) as sandbox:
        scored = [score(program, lambda code, stdin: _ran(sandbox.run(Program(code, stdin)))) for program in programs]
    print(as_json(scored) if options.json else report(scored))
    if options.wrong and not options.json and (wrong := misses(scored)):
        print(f"\n{wrong}")
    return 0


def _ran(result: Any) -> Ran:
    return Ran.model_validate(result.as_dict())
