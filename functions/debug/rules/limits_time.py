"""Limits: a program that does not come to its end, or that somebody stopped."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, at, called, is_call, message, tell, written


def endless(case: Case) -> Finding | None:
    """A loop that is certain never to end."""
    from functions.debug.rules.slips_endless import endless_loop  # a large module, which few errors need

    found = endless_loop(case)
    line = looking.place(case)
    if found is None or (line and _stopped_elsewhere(case, line)):
        return None
    return replace(found, line=found.line or line)


def _stopped_elsewhere(case: Case, line: int) -> bool:
    """Tell whether the line at which the program was stopped only waits: in no loop, for input."""
    calls = looking.on_line(case, line, ast.Call)
    return any(is_call(one, "input", "sleep") and not _looped(case, one) for one in calls)


def _looped(case: Case, node: ast.AST) -> bool:
    return any(isinstance(one, ast.While) for one in around(case, node))


def by_a_slip(case: Case) -> Finding | None:
    """A loop that never ends because a line in it does not do what it looks like: `i =+ 1`, `i + 1`."""
    from functions.debug.rules.slips import slips

    loops = looking.nodes(case, ast.While, ast.For)
    for found in slips(Case(case.code)):
        within = any(loop.lineno <= (found.line or 0) <= (loop.end_lineno or 0) for loop in loops)
        if within and found.cause in _NEVER_ENDING:
            return replace(found, cause="endless_loop")
    return None


_NEVER_ENDING = (
    "augmented_typo",
    "comparison_as_statement",
    "result_thrown_away",
    "list_changed_while_iterating",
    "always_true_condition",
)


def waits_for_input(case: Case) -> Finding | None:
    """`input()` where nobody types."""
    calls = [call for call in looking.suspects(case, ast.Call) if is_call(call, "input")]
    calls = calls or [call for call in looking.nodes(case, ast.Call) if is_call(call, "input")]
    line = looking.place(case)
    here = [call for call in calls if call.lineno == line]
    if not calls or (line and not here) or (not line and looking.nodes(case, ast.While)):
        return None
    call = (here or calls)[0]
    texts = (
        f"{written(case, call)}{at(case, call)} waits until somebody types a line, and nobody did.",
        "How many lines does the program ask for, and how many did it get?",
        "Type a line for each `input`, or put a fixed value in its place while you try things out.",
    )
    return tell(case, "waits_for_input", call, texts)


def twice_in_itself(case: Case) -> Finding | None:
    """`fib(n - 1) + fib(n - 2)`: twice as many calls with every step."""
    for function in looking.nodes(case, ast.FunctionDef):
        calls = [one for one in ast.walk(function) if isinstance(one, ast.Call) and called(one) == function.name]
        kept = any("cache" in looking.source(case, mark) for mark in function.decorator_list)
        if len(calls) < 2 or kept:
            continue
        name = shown(f"{function.name}()")
        texts = (
            f"{name} in line {function.lineno} calls itself {len(calls)} times, and each of these calls does so "
            "again: the "
            "number of calls doubles with every step.",
            f"How often is {written(case, calls[0])} worked out with the same argument?",
            "Keep what has been worked out: put `@functools.cache` above the function, or use a loop.",
        )
        return tell(case, "too_slow", calls[0], texts)
    return None


def too_slow(case: Case) -> Finding | None:
    """A program of which only is known that it takes too long."""
    loops: list[ast.For | ast.While] = [*looking.nodes(case, ast.For), *looking.nodes(case, ast.While)]
    depth = {id(loop): sum(isinstance(one, ast.For | ast.While) for one in around(case, loop)) for loop in loops}
    line = looking.place(case)
    here = [loop for loop in loops if line and loop.lineno <= line <= (loop.end_lineno or 0)]
    loop = max(here or loops, key=lambda one: depth[id(one)], default=None)
    if loop is None:
        texts = (
            f"The program was stopped{at(case)} before it came to its end.",
            "Which part of it takes so long, and how often does that part run?",
            "Put a `print` before and after the parts, and look which one is slow.",
        )
        return tell(case, "too_slow", None, texts)
    nested = f" It stands within {depth[id(loop)]} other{'s'[: depth[id(loop)] > 1]}." if depth[id(loop)] else ""
    head = looking.source(case, loop.test if isinstance(loop, ast.While) else loop.iter)
    if isinstance(loop, ast.While):
        texts = (
            f"The program was stopped before it came to its end, and the `while` loop in line {loop.lineno} may be "
            f"why: it goes on for as long as {shown(head)} is true.{nested}",
            f"Print {shown(head)} at the top of the loop: does what it depends on change in every round?",
            f"Make sure that every way through the loop brings {shown(head)} nearer to being false.",
        )
        return tell(case, "endless_loop", loop.test, texts)
    texts = (
        f"The program was stopped before it came to its end. The loop in line {loop.lineno} goes through "
        f"{shown(head)}.{nested}",
        "How many rounds are that in all? Loops within loops multiply.",
        "Try it with a small number first. Then look what could be worked out once before the loop, or not at all.",
    )
    return tell(case, "too_slow", loop.iter, texts)


def network_timeout(case: Case) -> Finding | None:
    """A time-out that a module reports: nobody answered."""
    if not re.search(r"timed out|Errno 110|WinError 10060", message(case)) or re.search(
        r"program|execution", message(case)
    ):
        return None
    if not any(
        is_call(call, "get", "urlopen", "connect", "wait_for", "recv") for call in looking.nodes(case, ast.Call)
    ):
        return None
    texts = (
        f"The program waited{at(case)} for an answer, and none came in time.",
        "Whom does that line ask, and is it there?",
        "Catch `TimeoutError` with `try`, and ask again or give up there.",
    )
    return tell(case, "other_error", None, texts)


def interrupted(case: Case) -> Finding | None:
    """Ctrl+C, or the stop button."""
    calls = looking.suspects(case, ast.Call) if looking.place(case) else []
    doing = next((one for one in calls if is_call(one, "input", "sleep")), None)
    loop = next((one for one in reversed(looking.suspects(case, ast.While, ast.For)) if looking.place(case)), None)
    what = f" {written(case, doing)} was waiting then." if doing is not None else ""
    if loop is not None and doing is None:
        what = f" It was in the loop of line {loop.lineno} then."
    texts = (
        f"Somebody stopped the program{at(case)} with Ctrl+C or the stop button.{what}",
        "Was the program at work, waiting for you to type, or would it never have ended?",
        "If you stopped it on purpose, nothing is wrong. If you had to, look at the condition of the loop it was in.",
    )
    return tell(case, "interrupted", doing or loop, texts)


_TIMEOUT: tuple[Rule, ...] = (network_timeout, endless, by_a_slip, waits_for_input, twice_in_itself, too_slow)
RULES: dict[str, tuple[Rule, ...]] = {
    "TimeoutError": _TIMEOUT,
    "TimeoutExpired": _TIMEOUT,
    "KeyboardInterrupt": (endless, by_a_slip, interrupted),
}
