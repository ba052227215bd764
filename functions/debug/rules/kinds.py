"""Kinds: what kind of value an expression gives, as far as the program's text tells.

A kind is the name of a type as Python's messages have it: `str`, `int`, `NoneType`, a class of the program. None stands
for "cannot be told", which is usual: rules then go by the message alone.
"""

from __future__ import annotations

import ast
from typing import TypeGuard, get_args

from functions.debug.rules.built_in import OF_CALL, OF_METHOD, OF_RANDOM
from functions.debug.rules.scoping import Binding, Function, Scopes

_DEEPEST = 6
_NUMBERS = ("bool", "int", "float", "complex")


class Kinds:
    """What kinds of values the expressions of one program give."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self._known: dict[Binding, str | None] = {}
        self._asked: set[Binding] = set()
        self._parts: dict[ast.AST, str | None] = {}
        self._inputs: dict[ast.AST, ast.Call | None] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        for node in scopes.of:
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                    self._calls.setdefault(name, []).append(node)

    def of(self, node: ast.AST | None, depth: int = _DEEPEST) -> str | None:
        """Return the kind of an expression's value."""
        if depth <= 0 or node is None:
            return None
        match node:
            case ast.Constant(value=value):
                return type(value).__name__
            case ast.JoinedStr():
                return "str"
            case ast.List() | ast.ListComp():
                return "list"
            case ast.Dict() | ast.DictComp():
                return "dict"
            case ast.Set() | ast.SetComp():
                return "set"
            case ast.Tuple():
                return "tuple"
            case ast.GeneratorExp():
                return "generator"
            case ast.Lambda():
                return "function"
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return "bool"
            case ast.UnaryOp(operand=operand):
                return self.of(operand, depth - 1)
            case ast.IfExp(body=body, orelse=orelse):
                return _same([self.of(body, depth - 1), self.of(orelse, depth - 1)])
            case ast.BinOp():
                return self._of_operation(node, depth - 1)
            case ast.Name():
                return self._of_name(node, depth - 1)
            case ast.Subscript(value=value, slice=index):
                return self.of(value, depth - 1) if isinstance(index, ast.Slice) else self.of_part(value, depth - 1)
            case ast.Call():
                return self._of_call(node, depth - 1)
            case ast.Attribute():
                return _same([self.of(value, depth - 1) for value in self.given_to_attribute(node)])
        return None

    def of_part(self, node: ast.AST | None, depth: int = _DEEPEST) -> str | None:
        """Return the kind of what an expression's value holds, or a loop over it goes through."""
        if node is None or depth <= 0:
            return None
        if node not in self._parts:
            self._parts[node] = None  # what a value is made of may be the value itself
            self._parts[node] = self._of_part(node, depth)
        return self._parts[node]

    def _of_part(self, node: ast.AST, depth: int) -> str | None:
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return _same([self.of(part, depth - 1) for part in parts])
            case ast.Name():
                kinds = [self._part_of_binding(one, depth - 1) for one in self._assigned(node)]
                return "str" if self.of(node, depth - 1) == "str" else _same(kinds)
            case ast.ListComp(elt=part) | ast.SetComp(elt=part) | ast.GeneratorExp(elt=part):
                return self.of(part, depth - 1)
            case ast.Call(func=ast.Name(id="range")):
                return "int"
            case ast.Call(func=ast.Name(id="enumerate" | "zip")):
                return "tuple"
            case ast.Call(func=ast.Name(id="list" | "sorted" | "reversed" | "set" | "tuple"), args=[inner]):
                return self.of_part(inner, depth - 1)
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id="int" | "float" | "str" as kind), _]):
                return kind
            case ast.Call(func=ast.Attribute(attr="split" | "splitlines" | "readlines")):
                return "str"
        return "str" if self.of(node, depth - 1) in ("str", "TextIOWrapper") else None

    def of_result(self, function: Function, depth: int = _DEEPEST) -> str | None:
        """Return the kind of what a function of the program gives back: `NoneType` where no `return` gives a value."""
        if isinstance(function, ast.AsyncFunctionDef):
            return "coroutine"
        inside = [node for node, scope in self.scopes.of.items() if scope is function]
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside):
            return "generator"
        given = [self.of(node.value, depth - 1) if node.value else "NoneType" for node in inside if _returns(node)]
        return _same([*given, "NoneType"] if may_end(function.body) else given)

    def input_call(self, node: ast.AST | None, depth: int = _DEEPEST) -> ast.Call | None:
        """Return the `input(…)` whose text, or a part of it, an expression gives: directly, stripped, or by a name."""
        if node is None or depth <= 0:
            return None
        if node not in self._inputs:
            self._inputs[node] = None
            self._inputs[node] = self._input_call(node, depth)
        return self._inputs[node]

    def _input_call(self, node: ast.AST, depth: int) -> ast.Call | None:
        sources: list[ast.expr | None] = []
        match node:
            case ast.Call(func=ast.Name(id="input")):
                return None if self.scopes.of_name("input", node) else node
            case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in OF_METHOD["str"]:
                sources = [inner] if OF_METHOD["str"][method] in ("str", "list") else []
            case ast.Call(func=ast.Name(id=name)) if (function := self.scopes.function(name)) is not None:
                returns = (one for one, scope in self.scopes.of.items() if scope is function)
                sources = [one.value for one in returns if isinstance(one, ast.Return)]
            case ast.Subscript(value=inner):
                sources = [inner]
            case ast.ListComp(elt=part):
                sources = [part]
            case ast.Name():
                for one in self._assigned(node):
                    sources += self.arguments_for(one) if one.how == "parameter" else [one.value or one.whole]
            case ast.Attribute():
                sources = [*self.given_to_attribute(node)]
        return next(filter(None, (self.input_call(one, depth - 1) for one in sources)), None)

    def given_to_attribute(self, node: ast.Attribute) -> list[ast.expr]:
        """Return what the program assigns to an attribute of this name, of whatever object."""
        found: list[ast.expr] = []
        for other in self.scopes.of:
            match other:
                case ast.Assign(targets=[ast.Attribute(attr=node.attr)], value=value):
                    found.append(value)
        return found

    def arguments_for(self, parameter: Binding) -> list[ast.expr]:
        """Return what the program's calls give a function's parameter."""
        function = parameter.scope
        if not isinstance(function, get_args(Function)):
            return []
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        owner = self.scopes.of[function]
        at = names.index(parameter.name) - isinstance(owner, ast.ClassDef) if parameter.name in names else -1
        called = {function.name, getattr(owner, "name", "") if function.name == "__init__" else function.name}
        found: list[ast.expr] = []
        for call in (call for name in called for call in self._calls.get(name, ())):
            found += [keyword.value for keyword in call.keywords if keyword.arg == parameter.name]
            found += call.args[at : at + 1] if at >= 0 else []
        return found

    def _assigned(self, node: ast.Name) -> tuple[Binding, ...]:
        """Return the bindings that give a name its value at its place: the last before it in its own scope, or all."""
        bindings = self.scopes.of_name(node.id, node)
        here = self.scopes.of.get(node)
        before = [one for one in bindings if one.scope is here and one.line < node.lineno and one.how != "augmented"]
        straight = [one for one in before if self.scopes.parent.get(one.node) is here]
        return tuple(before[before.index(straight[-1]) :]) if straight else bindings

    def _of_name(self, node: ast.Name, depth: int) -> str | None:
        """Return a name's kind: `x` in `x = x + 1` is what its other bindings say."""
        bindings = [binding for binding in self._assigned(node) if binding not in self._asked]
        for binding in bindings:
            if binding not in self._known:
                self._asked.add(binding)
                self._known[binding] = self._of_binding(binding, depth)
                self._asked.discard(binding)
        return _same([self._known[binding] for binding in bindings])

    def _of_binding(self, binding: Binding, depth: int) -> str | None:
        match binding.how:
            case "assigned":
                return self.of(binding.value, depth)
            case "augmented":
                return None if self.of(binding.value, depth) is None else self._of_augmented(binding, depth)
            case "loop":
                return self.of_part(binding.value, depth)
            case "unpacked":
                return self.of_part(binding.whole, depth)
            case "with":
                return self.of(binding.value, depth)
            case "parameter":
                return _same([self.of(value, depth - 1) for value in self.arguments_for(binding)])
            case "function":
                return "function"
            case "class":
                return "type"
            case "import" if isinstance(self.scopes.parent.get(binding.node), ast.Import):
                return "module"
        return None

    def _part_of_binding(self, binding: Binding, depth: int) -> str | None:
        if binding.how == "parameter":
            return _same([self.of_part(value, depth - 1) for value in self.arguments_for(binding)])
        return self.of_part(binding.value, depth) if binding.how == "assigned" else None

    def _of_augmented(self, binding: Binding, depth: int) -> str | None:
        """Return what `name += value` gives: the kind of the name's other values, a float where one is added."""
        others = [one for one in self.scopes.bindings if one.name == binding.name and one.scope is binding.scope]
        kinds = [self.of(one.value, depth - 1) for one in others if one.how == "assigned"]
        return _wider(_same(kinds), self.of(binding.value, depth))

    def _of_operation(self, node: ast.BinOp, depth: int) -> str | None:
        left, right = self.of(node.left, depth), self.of(node.right, depth)
        if left == "str" and isinstance(node.op, ast.Mod):
            return "str"
        if isinstance(node.op, ast.Mult) and {left, right} & {"str", "list", "tuple"}:
            return left if left in ("str", "list", "tuple") else right
        if left in _NUMBERS and right in _NUMBERS:
            return "float" if isinstance(node.op, ast.Div) else _wider(left, right)
        return left if left == right else None

    def _of_call(self, node: ast.Call, depth: int) -> str | None:
        match node.func:
            case ast.Name(id=name):
                bindings = self.scopes.of_name(name, node)
                if any(isinstance(binding.node, ast.ClassDef) for binding in bindings):
                    return name
                function = self.scopes.function(name)
                if function is not None:
                    return self.of_result(function, depth)
                return self._of_built_in(name, node, depth) if not bindings else None
            case ast.Attribute(value=ast.Name(id="random"), attr=name):
                return OF_RANDOM.get(name) or (self.of_part(node.args[0], depth) if name == "choice" else None)
            case ast.Attribute(value=owner, attr=name):
                kind = self.of(owner, depth)
                if kind in OF_METHOD:
                    return OF_METHOD[kind].get(name)
                function = self.scopes.function(name) if kind == "self" or kind is None or kind[:1].isupper() else None
                return self.of_result(function, depth) if function is not None else None
        return None

    def _of_built_in(self, name: str, node: ast.Call, depth: int) -> str | None:
        if name in ("sum", "max", "min") and len(node.args) == 1:
            return self.of_part(node.args[0], depth)
        if name == "round":
            return "int" if len(node.args) == 1 else "float"
        return self.of(node.args[0], depth) if name == "abs" and node.args else OF_CALL.get(name)


def _returns(node: ast.AST) -> TypeGuard[ast.Return]:
    return isinstance(node, ast.Return)


def may_end(body: list[ast.stmt]) -> bool:
    """Tell whether a block may come to its end, and not leave its function with `return` or `raise`."""
    match body[-1]:
        case ast.Return() | ast.Raise():
            return False
        case ast.If(body=one, orelse=other):
            return not other or may_end(one) or may_end(other)
        case ast.While(test=ast.Constant(value=value)) if value:
            return any(isinstance(node, ast.Break) for node in ast.walk(body[-1]))
        case ast.Try(body=tried, handlers=handlers, orelse=other, finalbody=final):
            ways = [other or tried, *(handler.body for handler in handlers)]
            return not (final and not may_end(final)) and any(may_end(way) for way in ways)
        case ast.With(body=inner) | ast.AsyncWith(body=inner):
            return may_end(inner)
        case ast.Match():
            return False
    return True


def _same(kinds: list[str | None]) -> str | None:
    """Return the one kind that all have, None where they differ, one cannot be told, or there are none."""
    return kinds[0] if kinds and len(set(kinds)) == 1 else None


def _wider(left: str | None, right: str | None) -> str | None:
    if left in _NUMBERS and right in _NUMBERS:
        return max("int", left, right, key=_NUMBERS.index)
    return left if left == right or left in ("str", "list", "set") else None
