"""Linting: what ruff finds, in our own words; a review goes on without it if it does not answer in time.

Ruff is started for each program: measured on two cores with programs of 5 to 60 lines, that takes 9 ms at the median
and 10 ms at the 95th percentile. A `ruff server` kept warm answers in 0.7 ms, and wants a protocol, 20 MB and somebody
to look after it; beside what a question takes on its way, the 8 ms are not worth these.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

from ruff import find_ruff_bin

from functions.review.catalogue import rules_of_ruff
from functions.review.finding import Finding
from functions.review.program import Program
from functions.review.source import Edit

TIMEOUT_SECONDS = 2.0


def lint(program: Program) -> list[Finding] | None:
    """Return what ruff finds of the rules in rules.toml; None if it could not be asked."""
    try:
        ran = subprocess.run(
            [find_ruff_bin(), *_ARGUMENTS, f"--select={','.join(rules_of_ruff())}", "-"],
            input=program.data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
        return list(_findings(program, json.loads(ran.stdout)))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None


_ARGUMENTS = (
    *("check", "--isolated", "--no-cache", "--quiet", "--exit-zero", "--ignore-noqa", "--output-format=json"),
    *("--target-version=py311", "--stdin-filename=program.py"),
)


def _findings(program: Program, said: list[dict[str, Any]]) -> Iterator[Finding]:
    for each in said:
        rule = rules_of_ruff().get(each["code"])
        if rule is None:  # what it cannot read, it says under no code of ours
            continue
        start, end = _offset(program, each["location"]), _offset(program, each["end_location"])
        fix = each["fix"] or {"applicability": "", "edits": ()}
        edits = fix["edits"] if fix["applicability"] == "safe" else ()
        made = tuple(
            Edit(_offset(program, edit["location"]), _offset(program, edit["end_location"]), edit["content"])
            for edit in edits
        )
        first, last = each["location"]["row"], each["end_location"]["row"]
        if made:
            first = min(first, *(edit["location"]["row"] for edit in edits))
            last = max(last, *(_last_row(edit) for edit in edits))
        yield Finding(rule, first, last, {"code": program.data[start:end].decode()}, made)


def _last_row(edit: dict[str, Any]) -> int:
    """Return the last line that an edit touches: one that ends where a line begins does not touch that line."""
    begin, end = edit["location"]["row"], edit["end_location"]["row"]
    return int(end - (edit["end_location"]["column"] == 1 and end > begin))


def _offset(program: Program, place: dict[str, int]) -> int:
    """Return the offset in bytes of a place that ruff tells in lines and characters, both from 1."""
    line = program.data[program.line_start(place["row"]) : program.line_start(place["row"] + 1)].decode()
    return program.line_start(place["row"]) + len(line[: place["column"] - 1].encode())
