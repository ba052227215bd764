"""Put together what one program runs with, for its image: its own modules, what they import, and nothing else.

    python bundle.py MODULE APP SITE_PACKAGES

MODULE is what `python -m` is told: a function (functions.triage) or a single module (scripts.stack.tidy). Copies its
modules and what they import of ours, with the data they read, into APP, and every library they import, and what those
need, into SITE_PACKAGES (of a virtual environment, so that programs find their way into its `bin`). Reads the code
without running it. Needs nothing but the standard library and `packaging`, and runs where every library of
requirements.txt is installed.
"""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES = frozenset({"functions", "scripts"})
"""Whose modules are ours."""
LEFT_OUT = frozenset({"training", "evaluation", "decisions", "__pycache__"})
"""Folders of what is only needed to make or judge a function, or to understand it."""
READ_ELSEWHERE = {"scripts/stack/retention.py": "schema/retention.toml"}
"""What modules read that does not lie beside them."""
NEEDED_UNNAMED = {
    "psycopg": ("psycopg-binary",),
    "pyjwt": ("cryptography",),
    "uvicorn": ("httptools", "uvloop", "websockets"),
}
"""Libraries that those which we import need without saying so: extras, and what uvicorn is told by a string."""


def modules_of(program: str, root: Path) -> set[Path]:
    """Return the files of a program's own modules and of all that they import of ours, however far.

    Raises FileNotFoundError if there is no such program.
    """
    found: set[Path] = set()
    waiting = list(_own(program, root))
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [inner for name in imports_of(path) for inner in _files_of(name, root)]
    return found


def _own(program: str, root: Path) -> Iterable[Path]:
    """Return a package's modules, if it can be run, or a module and the packages it lies in."""
    place = root.joinpath(*program.split("."))
    if (place / "__main__.py").is_file():
        return [path for path in place.rglob("*.py") if not LEFT_OUT & set(path.relative_to(place).parts)]
    if place.with_suffix(".py").is_file():
        return _files_of(program, root)
    raise FileNotFoundError(f"there is no program {program}: neither {place / '__main__.py'} nor {place}.py exists")


def imports_of(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def data_of(modules: Iterable[Path], program: str, root: Path) -> set[Path]:
    """Return the files beside functions' modules that are no modules, and what is read elsewhere.

    Of the program and of the curriculum all, however deep.
    """
    modules = set(modules)
    functions = root / "functions"
    whole = {root.joinpath(*program.split(".")), functions / "curriculum"}
    folders = {path.parent for path in modules if path.is_relative_to(functions)} - {functions}
    deep = {inner for folder in folders & whole for inner in folder.rglob("*") if inner.is_dir()}
    beside = {
        path
        for folder in folders | deep
        if not LEFT_OUT & set(folder.relative_to(root).parts)
        for path in folder.iterdir()
        if path.is_file() and path.suffix != ".py"
    }
    return beside | {root / data for module, data in READ_ELSEWHERE.items() if root / module in modules}


def libraries_of(modules: Iterable[Path]) -> set[str]:
    """Return the names of the libraries that modules import, and of all that those need here."""
    made_of = packages_distributions()
    named = {name.partition(".")[0] for path in modules for name in imports_of(path)}
    direct = {canonicalize_name(library) for name in named - PACKAGES for library in made_of.get(name, ())}
    waiting = [*direct, *(unnamed for name in direct for unnamed in NEEDED_UNNAMED.get(name, ()))]
    found: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found and _is_here(name):
            found.add(name)
            waiting += _needed_by(name)
    return found


def main(program: str, app: Path, site_packages: Path, root: Path) -> None:
    """Put everything in its place and say how much it is."""
    modules = modules_of(program, root)
    for path in modules | data_of(modules, program, root):
        _copy(path, app / path.relative_to(root))
    libraries = libraries_of(modules)
    for name in libraries:
        _copy_library(name, site_packages)
    print(f"{program}: {len(modules)} modules, {len(libraries)} libraries: {', '.join(sorted(libraries))}")


def _files_of(name: str, root: Path) -> Iterator[Path]:
    """Yield the files that importing a dotted name of ours loads: packages on the way, and the module."""
    parts = name.split(".")
    if parts[0] not in PACKAGES:
        return
    for end in range(1, len(parts) + 1):
        place = root.joinpath(*parts[:end])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())


def _is_here(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _needed_by(name: str) -> list[str]:
    needed = [Requirement(text) for text in distribution(name).requires or ()]
    return [each.name for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]


def _copy_library(name: str, site_packages: Path) -> None:
    for file in distribution(name).files or ():
        source = Path(str(file.locate()))
        if source.is_file() and "__pycache__" not in file.parts:
            _copy(source, site_packages / file)


def _copy(source: Path, target: Path) -> None:
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path.cwd())
