"""Telling: how a finding about a program that Python cannot read is put into words."""

from __future__ import annotations

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program
from functions.shared.markdown import code, cut, listed

_MOST_LINES_NAMED = 4
_PLACE, _NO_PLACE = "{at}", "{\0at}"


def shown(text: str) -> str:
    """Return a piece of the program as it may stand in a sentence."""
    return code(cut(" ".join(text.split()))).replace(_PLACE, _NO_PLACE)


def at(program: Program, line: int) -> str:
    """Return how a line is called: by its number, if that is known."""
    return f"line {line + program.first - 1}" if program.first is not None else "that line"


def found(
    program: Program,
    cause: str,
    line: int,
    explanation: str,
    pointer: str,
    *,
    fixed: str | None = None,
    solution: str = "",
    expression: str | None = None,
) -> Finding:
    """Return a finding, in whose first sentence `{at}` stands for its line.

    Without a solution in words, the solution says what differs between the program and the repaired one.
    """
    place = at(program, line)
    if not solution and fixed is not None:
        solution = change(program, fixed)
    return Finding(
        cause,
        line + program.first - 1 if program.first is not None else None,
        expression,
        _put(explanation, place),
        _put(pointer, place),
        _put(solution, place),
        fixed,
    )


def change(program: Program, fixed: str) -> str:
    """Say what differs between a program and the repaired one."""
    old, new = program.lines, fixed.split("\n")
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    if len(old) == len(new):
        return _rewritten(program, new)
    if len(new) > len(old) and new[same + len(new) - len(old) :] == old[same:]:
        added = new[same : same + len(new) - len(old)]
        where = f"Below {at(program, same)} add" if same else "At the top add"
        return f"{where} {' and then '.join(shown(line) for line in added)}."
    if len(new) < len(old) and same < len(old):
        return f"Take {at(program, same + 1)} away, {shown(old[same])}."
    split = [line.strip() for line in new[same : same + 1 + len(new) - len(old)]]
    return f"Write {at(program, same + 1)} as {' and then '.join(shown(line) for line in split)}."


def _rewritten(program: Program, new: list[str]) -> str:
    changed = [n for n, (a, b) in enumerate(zip(program.lines, new, strict=True), 1) if a != b]
    if not changed:
        return ""
    first, others = changed[0], changed[1:]
    if not new[first - 1].strip():
        said = f"Take {at(program, first)} away"
    elif program.line(first).strip() == new[first - 1].strip():
        depth = len(new[first - 1]) - len(new[first - 1].lstrip())
        said = f"Let {at(program, first)} begin {f'with {depth} spaces' if depth else 'at the left margin'}"
    else:
        said = f"Write {at(program, first)} as {shown(new[first - 1])}"
    if others and program.first is not None:
        numbers = tuple(str(n + (program.first or 1) - 1) for n in others[:_MOST_LINES_NAMED])
        more = " and those after it" if len(others) > _MOST_LINES_NAMED else ""
        said += f", and change line{'s' if len(others) > 1 else ''} {listed(numbers)}{more} in the same way"
    return f"{said}."


def _put(text: str, place: str) -> str:
    text = text.replace(_PLACE, place).replace(_NO_PLACE, _PLACE)
    return text[:1].upper() + text[1:]
