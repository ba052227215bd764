"""Coroutines: what an `async def` function gives is used, and nobody waits for it."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, at, called, is_call, known, message, only_value, tell, written

_NEVER = re.compile(r"coroutine '(?:.*\.)?(?P<name>\w+)' was never awaited")
_USED = re.compile(
    r"'coroutine' object|'coroutine' and|and 'coroutine'|not coroutine|coroutine object|\(not \"coroutine\"\)"
)


def not_awaited(case: Case) -> Finding | None:
    """A coroutine that is used like a value, or dropped."""
    never = _NEVER.search(message(case))
    if not never and not _USED.search(message(case)):
        return None
    call = next(iter(_calls(case, never["name"] if never else None)), None)
    name = shown(f"{called(call)}()") if call is not None else shown(f"{never['name']}()") if never else "the function"
    inside = call is not None and any(isinstance(node, ast.AsyncFunctionDef) for node in around(case, call))
    source = looking.source(case, call) if call is not None else never["name"] + "()" if never else "function()"
    better = f"await {source}" if inside or call is None else f"asyncio.run({source})"
    where = f" in line {call.lineno}" if call is not None else ""
    texts = (
        f"{name}{where} is only called, and nobody waits for it: calling an `async def` function gives a "
        "coroutine, and none of its lines has run yet.",
        f"Is there an `await` before {shown(source)}, and is the function that this line is in an `async def` itself?",
        f"Write {shown(better)}.",
    )
    return tell(case, "coroutine_not_awaited", call, texts, _waiting(case, call, better, inside))


def _calls(case: Case, name: str | None) -> list[ast.Call]:
    """Return the calls of the program's `async def` functions that nobody awaits, those on the error's line first."""
    names = {name} if name else {node.name for node in looking.nodes(case, ast.AsyncFunctionDef)} | {"sleep"}
    line = looking.place(case)
    lone = [call for call in looking.nodes(case, ast.Call) if called(call) in names and not _awaited(case, call)]
    bound = {one.id for one in looking.suspects(case, ast.Name)} if line else set()
    about = known(case)
    through = {id(binding.value) for each in bound for binding in about[0].of_name(each)} if about else set()
    return sorted(lone, key=lambda call: call.lineno != line and 1 + (id(call) not in through))


def _awaited(case: Case, call: ast.Call) -> bool:
    """Tell whether a coroutine is awaited, or handed to something that takes care of it."""
    parent = next(iter(around(case, call)), None)
    taken = ("run", "create_task", "gather", "wait_for", "ensure_future", "run_until_complete", "shield", "wait")
    return isinstance(parent, ast.Await | ast.Starred | ast.Return) or is_call(parent, *taken)


def _waiting(case: Case, call: ast.Call | None, better: str, inside: bool) -> str | None:
    """Return the program that waits: only within an `async def`, or where `asyncio` is imported."""
    if call is None:
        return None
    modules = [alias.name for node in looking.nodes(case, ast.Import) for alias in node.names if not alias.asname]
    if not inside and ("asyncio" not in modules or any(_is_function(node) for node in around(case, call))):
        return None
    parent = next(iter(around(case, call)), None)
    alone = isinstance(
        parent, ast.Expr | ast.Assign | ast.For | ast.keyword | ast.Call | ast.Return | ast.FormattedValue
    )
    return replaced(case, (call, better if alone or not inside else f"({better})"))


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def run_within_run(case: Case) -> Finding | None:
    """`asyncio.run()` within an `async def`, or in a notebook, where a loop runs already."""
    if not re.search(r"cannot be called from a running event loop|event loop is already running", message(case)):
        return None
    call = next((call for call in looking.suspects(case, ast.Call) if is_call(call, "run", "run_until_complete")), None)
    inner = looking.source(case, call.args[0]) if call is not None and call.args else "main()"
    inside = call is not None and any(isinstance(node, ast.AsyncFunctionDef) for node in around(case, call))
    texts = (
        f"`asyncio.run`{at(case, call)} starts everything, and it is used where everything runs already.",
        "Is this line within an `async def`, or do you work in a notebook?",
        f"There you can simply wait: {shown(f'await {inner}')}.",
    )
    fixed = replaced(case, (call, f"await {inner}")) if call is not None and call.args and inside else None
    return tell(case, "coroutine_not_awaited", call, texts, fixed)


def function_for_coroutine(case: Case) -> Finding | None:
    """`asyncio.run(main)`: the function itself, without brackets."""
    if not re.search(r"a coroutine was expected, got <function|coroutine or an awaitable is required", message(case)):
        return None
    about = known(case)
    for call in looking.suspects(case, ast.Call):
        for given in call.args:
            function = about[0].function(given.id) if about and isinstance(given, ast.Name) else None
            if function is None or only_value(case, given) is not None:
                continue
            better = f"{looking.source(case, given)}()"
            texts = (
                f"{written(case, call)}{at(case, call)} gets the function {written(case, given)} itself, not what "
                "calling it gives.",
                f"What is missing behind {written(case, given)} for it to be called?",
                f"Write the brackets: {shown(better)}.",
            )
            return tell(case, "method_not_called", given, texts, replaced(case, (given, better)))
    return None


_RULES: tuple[Rule, ...] = (not_awaited, run_within_run, function_for_coroutine)
RULES: dict[str, tuple[Rule, ...]] = dict.fromkeys(
    ("TypeError", "AttributeError", "ValueError", "RuntimeError", "RuntimeWarning"), _RULES
)
