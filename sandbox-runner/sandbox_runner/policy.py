"""Courtesy: tell a learner kindly that something cannot work here, and what to use instead.

This protects nobody. Every name hidden here can be reached another way; what holds is in confine.py. It reads the
program before it runs and guards the names a program uses while it runs.
"""

from __future__ import annotations

import ast
import builtins
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from sandbox_runner.result import BlockedInfo

PROGRAM = "program.py"


@dataclass(frozen=True)
class Advice:
    """Why something is not to be had, and what to use instead."""

    why: str
    instead: str


def _advice() -> tuple[dict[str, Advice], dict[str, Advice]]:
    data = tomllib.loads(Path(__file__).with_name("policy.toml").read_text())
    modules = {
        name: Advice(group["why"], group["instead"]) for group in data["modules"].values() for name in group["names"]
    }
    calls = {name: Advice(**advice) for name, advice in data["calls"].items()}
    return modules, calls


MODULES, CALLS = _advice()


class Blocked(BaseException):
    """Ends the program; no `except Exception` of a learner's swallows it."""

    def __init__(self, what: str, advice: Advice) -> None:
        super().__init__(what)
        self.what, self.advice = what, advice


def first_blocked(tree: ast.Module) -> BlockedInfo | None:
    """Return the first thing in the program that cannot work here."""
    own = {name for node in ast.walk(tree) for name in _names_defined(node)}
    found = [
        BlockedInfo(what, advice.why, advice.instead, line)
        for node in ast.walk(tree)
        for what, advice, line in _blocked_in(node, own)
    ]
    return min(found, key=lambda blocked: blocked.line or 0, default=None)


def _names_defined(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg


def _blocked_in(node: ast.AST, own: set[str]) -> Iterator[tuple[str, Advice, int]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if advice := advice_on(alias.name):
                yield f"import {alias.name}", advice, node.lineno
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = (f"{node.module}.{alias.name}" for alias in node.names)
        if advice := advice_on(node.module) or next(filter(None, map(advice_on, names)), None):
            yield f"from {node.module} import {node.names[0].name}", advice, node.lineno
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name in CALLS and name != "open" and name not in own:
            yield f"{name}()", CALLS[name], node.lineno


def advice_on(module: str) -> Advice | None:
    """Return why this module, or one it is in, is not to be had; None if it is."""
    parts = module.split(".")
    return next((MODULES[name] for at in range(len(parts)) if (name := ".".join(parts[: at + 1])) in MODULES), None)


class _Import(Protocol):
    def __call__(
        self, name: str, globals: Mapping[str, object] | None, locals: Mapping[str, object] | None,
        fromlist: tuple[str, ...], level: int,
    ) -> ModuleType: ...  # fmt: skip


def guarded_builtins() -> dict[str, Any]:
    """Return the builtins for a learner's module: the real ones, but for those that are blocked or need a word."""
    names = dict(vars(builtins))
    names["__import__"] = _guarded_import(builtins.__import__)
    names["open"] = _guarded_open(builtins.open)
    names["input"] = _explained_input(builtins.input)
    names["exit"] = names["quit"] = _leave
    for name in CALLS:
        if name not in ("open", "__import__"):
            names[name] = _blocked_call(name)
    return names


def _guarded_import(real: _Import) -> _Import:
    def guarded(
        name: str, globals: Mapping[str, object] | None = None, locals: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] = (), level: int = 0,
    ) -> ModuleType:  # fmt: skip
        if level == 0 and (advice := advice_on(name)):
            raise Blocked(f"import {name}", advice)
        return real(name, globals, locals, fromlist, level)

    guarded.__name__ = guarded.__qualname__ = "__import__"
    return guarded


def _guarded_open(real: Callable[..., Any]) -> Callable[..., Any]:
    fspath, absolute = os.fspath, os.path.abspath

    def open(file: Any, *arguments: Any, **options: Any) -> Any:
        if not isinstance(file, int):
            folder, path = os.environ["HOME"], absolute(os.fsdecode(fspath(file)))
            if path != folder and not path.startswith(folder + "/"):
                raise Blocked(f"open({os.fsdecode(file)!r})", CALLS["open"])
        return real(file, *arguments, **options)

    return open


def _explained_input(real: Callable[..., str]) -> Callable[..., str]:
    def input(prompt: object = "") -> str:
        try:
            return real(prompt)
        except EOFError:
            raise EOFError("the program asked for more input than it was given") from None

    return input


def _leave(code: object = None) -> None:
    raise SystemExit(code)


def _blocked_call(name: str) -> Callable[..., Any]:
    def blocked(*_: Any, **__: Any) -> Any:
        raise Blocked(f"{name}()", CALLS[name])

    blocked.__name__ = blocked.__qualname__ = name
    return blocked
