"""Placement: statements that Python knows, but only within something that is not around them.

These programs have a syntax tree; what is wrong with them shows only when Python makes a program of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, refusal
from functions.debug.rules.syntax.telling import at, found, shown

_OUTSIDE = re.compile(r"^'?(return|yield|break|continue|await|async \w+)\b.* (?:outside|not properly in|not in)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def misplaced_statement(program: Program) -> Iterator[Finding]:
    """Find `return`, `break`, `await` and their like where there is nothing that they could belong to."""
    stopped = program.refusal
    match = _OUTSIDE.match(stopped.message) if stopped else None
    if stopped is None or match is None:
        if stopped and "asynchronous comprehension" in stopped.message:
            yield from _await(program, stopped.line, "async for")
        return
    word = match.group(1)
    if word in ("return", "yield"):
        yield from _return(program, stopped.line, word)
    elif word in ("break", "continue"):
        yield from _break(program, stopped.line, word)
    else:
        yield from _await(program, stopped.line, word)


def _return(program: Program, line: int, word: str) -> Iterator[Finding]:
    for fixed in [*_indented_into(program, line, ("def", "async")), None]:
        yield found(
            program,
            "return_outside_function",
            line,
            f"The `{word}` in {{at}} stands outside of every function. It hands a value back to whoever called the "
            "function, and here nobody did.",
            "Which function does {at} belong to? Compare how far it is indented with the lines of that function.",
            fixed=fixed,
            solution=""
            if fixed
            else "Indent {at} into the function that it belongs to; without a function, use `print` to show the value.",
            expression=program.line(line).strip(),
        )


def _break(program: Program, line: int, word: str) -> Iterator[Finding]:
    for fixed in [*_indented_into(program, line, ("for", "while", "async")), None]:
        yield found(
            program,
            "break_outside_loop",
            line,
            f"The `{word}` in {{at}} is in no loop, so there is nothing that it could "
            f"{'leave' if word == 'break' else 'go on with'}.",
            f"Which loop should the `{word}` in {{at}} work on? How far are the lines of that loop indented?",
            fixed=fixed,
            solution="" if fixed else "Put {at} into a `for` or `while` loop. To leave a function, use `return`.",
            expression=program.line(line).strip(),
        )


def _indented_into(program: Program, line: int, heads: tuple[str, ...]) -> Iterator[str]:
    """Yield programs in which the lines that follow a block, down to the guilty one, belong to that block."""
    above = [s for s in program.statements if s.line < line and not s.inline]
    for statement in reversed(above):
        if statement.first not in heads or not statement.ends_with_colon:
            continue
        body = next((s for s in program.statements if s.line > statement.last), None)
        if body is None or body.line > line or len(body.indent) <= len(statement.indent):
            continue
        end = body.line
        while end < line and (not program.line(end).strip() or len(program.indent(end)) >= len(body.indent)):
            end += 1
        shift = body.indent[len(program.indent(end)) :]
        last = _end_of_block(program, line)
        yield program.with_lines((n, shift + program.line(n)) for n in range(end, last + 1) if program.line(n).strip())


def _end_of_block(program: Program, line: int) -> int:
    """Return the last line of what must move together with a line: the rest of its block, `else` included."""
    top = next((n for n in range(line, 0, -1) if program.line(n).strip() and not program.indent(n)), line)
    last = line
    for number in range(line + 1, len(program.lines) + 1):
        text = program.line(number)
        if text.strip():
            if not program.indent(number) and (top == line or not re.match(r"(?:else|elif)\b", text)):
                break
            last = number
    return last


def _await(program: Program, line: int, word: str) -> Iterator[Finding]:
    for fixed in [*_made_async(program, line), *_run(program, line), None]:
        yield found(
            program,
            "await_outside_async",
            line,
            f"{{at}} uses `{word}`, which only a function that begins with `async def` may do.",
            "Which function is {at} in, and how does its `def` line begin?",
            fixed=fixed,
            solution=""
            if fixed
            else "Put {at} into a function that begins with `async def`, and start that one with `asyncio.run`.",
            expression=program.line(line).strip(),
        )


def _made_async(program: Program, line: int) -> Iterator[str]:
    """Make the function around a line an asynchronous one."""
    try:
        tree = ast.parse(program.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    around = [n for n in ast.walk(tree) if isinstance(n, _FUNCTIONS) and n.lineno <= line <= (n.end_lineno or n.lineno)]
    if around:
        inner = max(around, key=lambda node: node.lineno)
        head = program.line(inner.lineno)
        yield program.with_lines([(inner.lineno, re.sub(r"^(\s*)def\b", r"\1async def", head))])


def _run(program: Program, line: int) -> Iterator[str]:
    """Let `asyncio.run` wait for what the program awaits outside of every function."""
    text = program.line(line)
    awaited = re.match(r"(\s*(?:[\w., ]+=\s*)?(?:print\()?)await\s+([\w.]+\(.*?\))(\)?\s*(?:#.*)?)$", text)
    if awaited is None:
        return
    fixed = program.with_lines([(line, f"{awaited[1]}asyncio.run({awaited[2]}){awaited[3]}")])
    if not re.search(r"(?m)^import asyncio\b", fixed):
        fixed = f"import asyncio\n{fixed}"
    if refusal(fixed) is None:
        yield fixed


def misplaced_name(program: Program) -> Iterator[Finding]:
    """Find `global` and `nonlocal` where they cannot be, and parameters of the same name."""
    stopped = program.refusal
    if stopped is None:
        return
    for pattern, explanation, pointer, solution in _NAMES:
        if match := re.search(pattern, stopped.message):
            name = shown(match.group(1)) if match.groups() else ""
            yield found(
                program,
                "syntax_other",
                stopped.line,
                explanation.replace("{name}", name),
                pointer.replace("{name}", name),
                solution=solution.replace("{name}", name),
                expression=match.group(1) if match.groups() else at(program, stopped.line),
            )


_NAMES = (
    (
        r"name '(\w+)' is (?:used|assigned to) (?:prior to|before) (?:global|nonlocal) declaration",
        "The `global` or `nonlocal` in {at} comes too late: the function has used {name} above it already.",
        "Where in the function does {name} appear for the first time?",
        "Move the line that declares {name} to the beginning of the function.",
    ),
    (
        r"name '(\w+)' is parameter and (?:global|nonlocal)",
        "{name} is a parameter of the function, so {at} cannot make it a name from outside as well.",
        "Should the function work with the {name} that it is given, or with the one outside?",
        "Take {at} away, or give the parameter another name than {name}.",
    ),
    (
        r"no binding for nonlocal '(\w+)' found",
        "{at} says that {name} belongs to a function around this one, but no function around it has such a name.",
        "Where does {name} get its first value: in a function around this one, or outside of every function?",
        "Use `global` in place of `nonlocal` for a name from outside of every function, or give {name} a value in the "
        "function around.",
    ),
    (
        r"nonlocal declaration not allowed at module level",
        "`nonlocal` in {at} stands outside of every function, where it means nothing.",
        "Which function should change the name?",
        "Take {at} away, or put it into the inner function that changes the name.",
    ),
    (
        r"duplicate argument '(\w+)' in function definition",
        "{at} defines a function with two parameters that are both called {name}.",
        "What do the two parameters called {name} stand for?",
        "Give one of the two parameters another name.",
    ),
    (
        r"keyword argument repeated: (\w+)",
        "The call in {at} gives the argument {name} twice.",
        "Which of the two values of {name} is the right one?",
        "Take one of the two arguments called {name} away.",
    ),
)
