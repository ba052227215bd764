"""Tabulating: the names of Python's own modules and types, written to `names.json` by the Python that runs here.

    python -m functions.shared.guard.tabulating --write | --check

The table is kept so that a guard on another Python, or without half the modules loaded, knows the same names: looking
them up would import what an answer happens to name.
"""

from __future__ import annotations

import argparse
import builtins
import inspect
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

TABLE = Path(__file__).with_name("names.json")
VERSION = (3, 11)
MODULES = (
    "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "calendar", "cmath", "collections",
    "collections.abc", "concurrent.futures", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal",
    "difflib", "dis", "enum", "fractions", "functools", "gc", "glob", "hashlib", "heapq", "inspect", "io",
    "itertools", "json", "keyword", "locale", "logging", "math", "multiprocessing", "numbers", "operator", "os",
    "os.path", "pathlib", "pickle", "platform", "pprint", "queue", "random", "re", "secrets", "shutil", "sqlite3",
    "statistics", "string", "struct", "subprocess", "sys", "tempfile", "textwrap", "threading", "time", "timeit",
    "tkinter", "tokenize", "traceback", "turtle", "types", "typing", "unicodedata", "unittest", "unittest.mock",
    "urllib.parse", "urllib.request", "uuid", "warnings", "weakref", "xml.etree.ElementTree", "zipfile", "zoneinfo",
)  # fmt: skip
"""Those whose names are kept; of the others it is known that they exist. One that is not installed here is left out."""
TYPES = (str, bytes, list, tuple, dict, set, frozenset, int, float, complex, bool)
_NO_SIGNATURE = {
    "int": ["base"], "str": ["object", "encoding", "errors"], "max": ["key", "default"], "min": ["key", "default"],
    "zip": ["strict"], "bool": [], "float": [], "list": [], "tuple": [], "set": [], "range": [], "filter": [],
    "map": [], "iter": [], "next": [],
}  # fmt: skip
"""Keywords of built-in functions that do not tell them."""


def table() -> dict[str, Any]:
    """Return what names there are, by where they are found."""
    return {
        "python": ".".join(map(str, VERSION)),
        "modules": " ".join(sorted(name for name in sys.stdlib_module_names if not name.startswith("_"))),
        "names": {name: " ".join(names) for name in MODULES if (names := _names_of(name))},
        "types": {kind.__name__: " ".join(_public(dir(kind))) for kind in TYPES},
        "builtins": " ".join(_public(dir(builtins))),
        "keywords": _keywords(),
    }


def _names_of(module: str) -> list[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = import_module(module)
            return _public([*dir(found), *(each.name for each in iter_modules(getattr(found, "__path__", ())))])
    except ImportError:  # tkinter and turtle are packages of their own on some systems
        return []


def _public(names: list[str]) -> list[str]:
    return sorted(name for name in {*names} if not name.startswith("_") or name.endswith("__"))


def _keywords() -> dict[str, str]:
    found = {f"list.{name}": _named(getattr(list, name)) for name in ("sort", "append", "pop")}
    found |= {
        name: _named(getattr(builtins, name)) for name in ("print", "sorted", "sum", "enumerate", "open", "round")
    }
    return {name: " ".join(names) for name, names in sorted((found | _NO_SIGNATURE).items())}


def _named(function: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [each.name for each in parameters if each.kind in (each.KEYWORD_ONLY, each.POSITIONAL_OR_KEYWORD)]


def main(arguments: list[str] | None = None) -> int:
    """Write the table, or say whether all that is in it exists in this Python."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--write", action="store_true")
    group.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    if sys.version_info[:2] != VERSION:
        print(f"skipped: the names are those of Python {'.'.join(map(str, VERSION))}")
        return 0
    if options.write:
        TABLE.write_text(json.dumps(table(), indent=0, ensure_ascii=False) + "\n", "utf-8")
        return 0
    if gone := list(_gone(json.loads(TABLE.read_text("utf-8")), table())):
        print(f"names.json names what there is not: {', '.join(gone)}; --write makes it anew")
        return 1
    return 0


def _gone(kept: dict[str, Any], here: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a table that are not in another.

    Only those: a system may lack a module, a patch release may bring a name, and a test runner adds some of its own.
    """
    for name in ("names", "types", "keywords"):
        for place, names in kept[name].items():
            if place in here[name]:
                yield from (f"{place}.{each}" for each in names.split() if each not in here[name][place].split())
    for name in ("modules", "builtins"):
        yield from sorted(set(kept[name].split()) - set(here[name].split()))


if __name__ == "__main__":
    sys.exit(main())
