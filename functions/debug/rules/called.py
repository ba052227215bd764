"""Called: the call that a `TypeError` is about, what is called, and what it takes."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import get_args

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.reporting import known, message
from functions.debug.rules.scoping import Function, Scopes

_WHO = re.compile(r"^(?P<path>[\w.<>]+?)(?:\(\)|\b) (?:missing|takes|got|expected|expects|needs|argument)")


@dataclass(frozen=True)
class Called:
    """A call whose arguments did not fit."""

    name: str
    """The last part of what the message calls it: `__init__`, `greet`."""
    owner: str | None
    """The class that the message names, in Python 3.10 and newer."""
    call: ast.Call | None
    function: Function | None
    """Its definition, if it is one of the program's own."""
    in_class: ast.ClassDef | None

    @property
    def shown(self) -> str:
        """What a learner calls it: the class instead of its `__init__`."""
        return (self.owner or (self.in_class.name if self.in_class else self.name)) if self.is_init else self.name

    @property
    def is_init(self) -> bool:
        """Whether an object is made."""
        return self.name in ("__init__", "__new__")

    @property
    def parameters(self) -> list[str]:
        """The names of what it takes, without `self`."""
        if self.function is None:
            return []
        names = [one.arg for one in (*self.function.args.posonlyargs, *self.function.args.args)]
        return names[1:] if self.in_class and not self.static else names

    @property
    def static(self) -> bool:
        """Whether it is a method without an object."""
        decorators = self.function.decorator_list if self.function else []
        return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in decorators)


def called_in(case: Case) -> Called | None:
    """Return the call a message is about, by the name at its beginning; None where it names none."""
    said = _WHO.match(message(case))
    if not said:
        return None
    parts = [part for part in said["path"].split(".") if part != "<locals>"]
    name, owner = parts[-1], parts[-2] if len(parts) > 1 else None
    about = known(case)
    function, in_class = definition(about[0], name, owner) if about and case.tree is not None else (None, None)
    wanted = {name} | ({in_class.name} | _children(case, in_class.name) if in_class else {owner or name})
    wanted = wanted if name in ("__init__", "__new__") else {name}
    calls = [call for call in looking.suspects(case, ast.Call) if _name(call) in wanted or _of_super(call, name)]
    return Called(name, owner, calls[0] if calls else None, function, in_class)


def definition(scopes: Scopes, name: str, owner: str | None = None) -> tuple[Function | None, ast.ClassDef | None]:
    """Return a function of the program and the class it is in; of a class its `__init__`."""
    found = []
    for binding in scopes.of_name(name):
        if isinstance(binding.node, get_args(Function)):
            scope = scopes.of[binding.node]
            found.append((binding.node, scope if isinstance(scope, ast.ClassDef) else None))
    fitting = [each for each in found if owner is None or (each[1] and each[1].name == owner)]
    best = fitting or found
    return best[-1] if best and (len(best) == 1 or owner) else (None, None)


def _children(case: Case, name: str) -> set[str]:
    """Return the classes that take their `__init__` from a class."""
    return {
        node.name
        for node in looking.nodes(case, ast.ClassDef)
        if any(isinstance(base, ast.Name) and base.id == name for base in node.bases)
    }


def _name(call: ast.Call) -> str | None:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None)


def _of_super(call: ast.Call, name: str) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == name


def header(function: Function | None, name: str) -> str:
    """Return a function's first line as it is written down: `def greet(name, age):`."""
    if function is None:
        return f"{name}(…)"
    return f"def {function.name}({', '.join(one.arg for one in function.args.args)}):"
