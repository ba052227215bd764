"""Imports: `ImportError` and `ModuleNotFoundError`, a module or a name in it that is not found."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import PurePosixPath, PureWindowsPath

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking, standard
from functions.debug.rules.mending import Change, replaced
from functions.debug.rules.modules import OTHERWISE, names_of
from functions.debug.rules.origins import FROM
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import at, message, tell

_NO_MODULE = re.compile(r"No module named '?(?P<module>[\w.]+)'?(?P<part>; '(?P<whole>[\w.]+)' is not a package)?")
_NO_NAME = re.compile(
    r"cannot import name '?(?P<name>\w+)'? from (?P<half>partially initialized module )?'(?P<module>[\w.]+)'"
    r"(?P<circular> \(most likely due to a circular import\))?(?: \((?P<path>.*)\))?"
)
_SUGGESTED = re.compile(r"Did you mean:? '(?P<name>\w+)'")


def file_hides_module(case: Case) -> Finding | None:
    """The learner's own file is called like the module it imports."""
    if said := _NO_NAME.search(message(case)):
        module, path = said["module"], said["path"] or ""
        own = bool(said["half"]) or "consider renaming" in message(case) or stem(case) == module
        own = own or bool(path and "lib" not in path.lower() and path.endswith(".py"))
    elif (said := _NO_MODULE.search(message(case))) and said["part"]:
        module, own = said["whole"], stem(case) == said["whole"] or said["whole"] in ("random", "turtle", "email")
    else:
        return None
    if not own or not standard.is_standard(module):
        return None
    return hidden(case, module, _statement(case, module))


def hidden(case: Case, module: str, node: ast.AST | None) -> Finding:
    """Say that the learner's own file is found in the place of one of Python's modules."""
    texts = (
        f"Python comes with a module {shown(module)}, and{at(case, node)} it finds another one first: a file in your "
        f"folder is called {shown(f'{module}.py')}, and that is imported in its place.",
        "What is the file called that your program is saved in, and which files lie beside it?",
        f"Give your file {shown(f'{module}.py')} another name, and remove the folder `__pycache__` beside it.",
    )
    return tell(case, "shadowed_module", node, texts)


def stem(case: Case) -> str | None:
    """Return the name of the file that the error is in, without its ending."""
    file = case.error.file if case.error else None
    return PurePosixPath(PureWindowsPath(file).as_posix()).stem if file else None


def circular_import(case: Case) -> Finding | None:
    """Two files that import each other, or a file that imports itself."""
    said = _NO_NAME.search(message(case))
    if not said or not said["half"]:
        return None
    name, module = shown(said["name"]), shown(said["module"])
    itself = stem(case) == said["module"]
    node = _statement(case, said["module"])
    who = "itself" if itself else "another one that imports it in turn"
    texts = (
        f"{name} is not there yet{at(case, node)}: the file {shown(said['module'] + '.py')} imports {who}, so Python "
        "comes back to it before it has been read to its end.",
        f"Which of your files import {module}, and which ones does {module} import?",
        "Delete this import: a file needs none for its own names."
        if itself
        else "Move what both files need into a third file, and import that one in both.",
    )
    fixed = replaced(case, (node, "pass")) if itself and node is not None else None
    return tell(case, "circular_import", node, texts, fixed)


def misspelt_module(case: Case) -> Finding | None:
    """`import maths`, `import Random`, `import Tkinter`."""
    said = _NO_MODULE.search(message(case))
    if not said:
        return None
    wanted = said["module"]
    first = wanted.partition(".")[0]
    meant = standard.RENAMED.get(first)
    if meant is None and first not in standard.INSTALLED_AS:
        meant = looking.close(first, standard.modules()) if not standard.is_standard(first) else None
    if meant is None:
        return None
    node = _statement(case, wanted)
    texts = (
        f"There is no module {shown(first)}{at(case, node)}. There is one that is called nearly so.",
        f"Compare {shown(first)} with how the documentation writes it: every letter, and small letters throughout?",
        f"The module is called {shown(meant)}.",
    )
    return tell(case, "misspelt_module", node, texts, _renamed(case, first, meant))


def _renamed(case: Case, wrong: str, meant: str) -> str | None:
    """Return the program with a module's name as it should be, wherever it stands."""
    if "." in meant:
        return None
    changes: list[Change] = []
    for node in looking.nodes(case, ast.Import, ast.ImportFrom):
        for alias in node.names if isinstance(node, ast.Import) else ():
            if alias.name == wrong:
                changes.append((alias, meant + (f" as {alias.asname}" if alias.asname else "")))
        if isinstance(node, ast.ImportFrom) and node.module == wrong:
            begin = looking.source(case, node).find(wrong) + looking.span(case.code, node)[0]
            changes.append(((begin, begin + len(wrong)), meant))
    changes += [(node, meant) for node in looking.nodes(case, ast.Name) if node.id == wrong]
    return replaced(case, *changes) if changes else None


def no_such_module(case: Case) -> Finding | None:
    """A module that is not installed, or a file that is not there."""
    said = _NO_MODULE.search(message(case))
    if not said:
        return None
    module = said["module"]
    first = module.partition(".")[0]
    node = _statement(case, module)
    package = standard.INSTALLED_AS.get(first)
    if package is not None:
        why = "It does not come with Python, and has to be installed before it can be imported."
        solution = (
            f"Install it with {shown(f'python -m pip install {package}')}, with the Python that runs your program."
        )
    elif standard.is_standard(first):
        why = f"{shown(first)} comes with Python, and it has no part of this name."
        solution = (
            f"Look in the documentation of {shown(first)} how this part is called, and whether it is a module at all."
        )
    else:
        why = "It is no module of Python, and none that is installed."
        solution = (
            f"If it is a file of yours, {shown(f'{first}.py')} must lie beside the program. If it is a package, "
            f"install it with {shown('python -m pip install …')} under the name that its documentation gives."
        )
    texts = (
        f"The program stops{at(case, node)}: Python finds no module {shown(module)}. {why}",
        f"Where should {shown(module)} come from: from Python, from a package, or from a file of yours?",
        solution,
    )
    return tell(case, "module_not_installed", node, texts)


def cannot_import_name(case: Case) -> Finding | None:
    """`from random import randInt`."""
    said = _NO_NAME.search(message(case))
    if not said:
        return None
    name, module = said["name"], said["module"]
    node = _statement(case, module)
    suggested = _SUGGESTED.search(message(case))
    near = OTHERWISE.get((module, name)) or looking.close(name, names_of(module))
    near = suggested["name"] if suggested else near
    home = FROM.get(name) if not near else None
    fixed = None
    solution = f"Import {shown(module)} alone, and look with {shown(f'dir({module})')} at the names that it has."
    if near:
        solution, fixed = f"It is called {shown(near)}.", _name_renamed(case, node, name, near)
    elif home and home != module:
        solution = f"It is in another module: {shown(f'from {home} import {name}')}."
        alone = isinstance(node, ast.ImportFrom) and [alias.name for alias in node.names] == [name]
        fixed = (
            replaced(case, (node, f"from {home} import {name}"))
            if alone and node and not node.names[0].asname
            else None
        )
    elif hasattr(builtins, name):
        solution = f"{shown(name)} is built in: it needs no import at all."
    texts = (
        f"The program stops{at(case, node)}: there is a module {shown(module)}, and it has no {shown(name)}.",
        f"Is {shown(name)} written as the documentation of {shown(module)} writes it, and is it in that module?",
        solution,
    )
    return tell(case, "cannot_import_name", node, texts, fixed)


def _name_renamed(case: Case, node: ast.ImportFrom | ast.Import | None, name: str, near: str) -> str | None:
    aliases = [alias for alias in node.names if alias.name == name] if node else []
    if len(aliases) != 1:
        return None
    changes: list[Change] = [(aliases[0], near + (f" as {aliases[0].asname}" if aliases[0].asname else ""))]
    if not aliases[0].asname:
        changes += [(use, near) for use in looking.nodes(case, ast.Name) if use.id == name]
    return replaced(case, *changes)


def relative_import(case: Case) -> Finding | None:
    """`from .helpers import x` in a program that is run directly."""
    if "relative import" not in message(case):
        return None
    node = next((one for one in looking.suspects(case, ast.ImportFrom) if one.level), None)
    source = looking.source(case, node) if node is not None else "from .module import name"
    better = re.sub(r"from\s+\.+(?=\w)", "from ", source)
    texts = (
        f"The point before the module's name{at(case, node)} means “in my package”, and a program that is run directly "
        "belongs to no package.",
        "Where does the file lie that you import: beside this one?",
        f"If it lies beside your program, leave the point away: {shown(better)}",
    )
    return tell(case, "cannot_import_name", node, texts, replaced(case, (node, better)) if node is not None else None)


def _statement(case: Case, module: str) -> ast.Import | ast.ImportFrom | None:
    """Return the import that the error is about."""
    for node in looking.suspects(case, ast.stmt):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if any(name == module or name.startswith(f"{module}.") or module.startswith(f"{name}.") for name in names):
            return node
    return None


_RULES: tuple[Rule, ...] = (
    file_hides_module,
    circular_import,
    misspelt_module,
    no_such_module,
    cannot_import_name,
    relative_import,
)
RULES: dict[str, tuple[Rule, ...]] = {"ImportError": _RULES, "ModuleNotFoundError": _RULES}
