"""Telling: the few turns of phrase that the findings of names, types and attributes share."""

from __future__ import annotations

from functions.shared.markdown import code, cut

_LONGEST = 80
_KINDS = {
    "str": "a text", "int": "a whole number", "float": "a decimal number", "bool": "a truth value",
    "list": "a list", "dict": "a dictionary", "tuple": "a tuple", "set": "a set", "NoneType": "nothing (`None`)",
    "function": "a function", "method": "a method", "builtin_function_or_method": "a function", "type": "a class",
    "method_descriptor": "a method", "module": "a module", "range": "a range", "complex": "a complex number",
    "bytes": "bytes", "generator": "a generator", "TextIOWrapper": "a file", "_io.TextIOWrapper": "a file",
}  # fmt: skip


def shown(text: str) -> str:
    """Return the learner's text as Markdown code in one line, cut where it is long."""
    flat = " ".join(text.split())
    return code(cut(flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"))


def at(line: int | None) -> str:
    """Return ` in line 3` to be put into a sentence, "" where the line is not known."""
    return f" in line {line}" if line else ""


def the_line(line: int | None) -> str:
    """Return `line 3`, or `that line` where it is not known."""
    return f"line {line}" if line else "that line"


def beginning(line: int | None) -> str:
    """Return how a sentence begins: `In line 3,` or, where the line is not known, `Here`."""
    return f"In line {line}," if line else "Here"


def a_kind(kind: str) -> str:
    """Return a type's name in words: `a text` for `str`."""
    return _KINDS.get(kind) or f"a value of the type {shown(kind)}"
