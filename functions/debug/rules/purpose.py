"""Purpose: an error that a line of the program raises itself."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, at, message, tell, written


def not_implemented(case: Case) -> Finding | None:
    """`raise NotImplementedError` in a method that a subclass should have."""
    if case.error is None or case.error.type != "NotImplementedError":
        return None
    node = next(iter(_raises(case)), None)
    function = _function(case, node) or case.error.function
    name = shown(f"{function}()") if function else "a function"
    owner = next((one for one in around(case, node) if isinstance(one, ast.ClassDef)), None) if node else None
    near = _near(case, owner, function) if owner is not None and function else None
    of = f" of the class {shown(owner.name)}" if owner is not None else ""
    solution = (
        f"{shown(near)} is written nearly like it: should it be called {shown(function)}?"
        if near and function
        else f"Write {name} in the class of your object, or write what is still to come here."
    )
    texts = (
        f"The program comes to {name}{of}{at(case, node)}, which says only that it is still to be written.",
        f"Of which class is your object, and does that class have {name} itself, written exactly so?",
        solution,
    )
    return tell(case, "not_implemented", node, texts)


def _near(case: Case, owner: ast.ClassDef, function: str) -> str | None:
    """Return the method of a subclass that is written nearly like the one that is missing there."""
    for node in looking.nodes(case, ast.ClassDef):
        if any(isinstance(base, ast.Name) and base.id == owner.name for base in node.bases):
            names = [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
            near = looking.close(function, names) if function not in names else None
            if near:
                return near
    return None


def raised_on_purpose(case: Case) -> Finding | None:
    """`raise ValueError("…")` in the learner's own line."""
    node = next(iter(_raises(case)), None)
    if case.error is None or node is None:
        return None
    type, function = shown(case.error.type), _function(case, node)
    condition = next((one for one in around(case, node) if isinstance(one, ast.If | ast.ExceptHandler)), None)
    says = f", and it says {shown(message(case))}" if message(case) else ""
    where = f" in {shown(f'{function}()')}" if function else ""
    pointer = f"Which value makes the program come to this line{where}?"
    if isinstance(condition, ast.If):
        pointer = (
            f"It does so because of the condition {written(case, condition.test)} in line {condition.lineno}. "
            + (f"Which values are in it{where} at that moment, and where do they come from?")
        )
    elif isinstance(condition, ast.ExceptHandler):
        pointer = "It stands behind an `except`: look at the error that came before it, which is the reason."
    todo = "Use values with which the program does not come here, or put what raises it into `try`"
    if function:
        todo = f"Call {shown(f'{function}()')} with values it accepts, or put the call into `try`"
    texts = (
        f"This error is no accident: {written(case, node)}{at(case, node)} raises {type} on purpose{says}.",
        pointer,
        f"{todo} and handle the error with {shown(f'except {case.error.type}:')}",
    )
    return tell(case, "raised_on_purpose", node, texts)


def _raises(case: Case) -> list[ast.Raise]:
    """Return the `raise` statements on the error's line that raise an error of its type."""
    if case.error is None:
        return []
    found = [node for node in looking.suspects(case, ast.Raise) if _type(node) in (case.error.type, None)]
    return found if looking.place(case) else [node for node in found if _says(node, message(case))]


def _says(node: ast.Raise, text: str) -> bool:
    """Tell whether a `raise` gives its error this very message."""
    return bool(text) and any(isinstance(part, ast.Constant) and part.value == text for part in ast.walk(node))


def _type(node: ast.Raise) -> str | None:
    """Return the name of the error that is raised; None where it is not told, as in `raise error`."""
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    match raised:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name[:1].isupper():
            return name
    return None


def _function(case: Case, node: ast.AST | None) -> str | None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = next((one for one in around(case, node) if isinstance(one, kinds)), None) if node is not None else None
    return found.name if found else case.error.function if case.error else None


RULES: dict[str, tuple[Rule, ...]] = {"*": (not_implemented, raised_on_purpose)}
