"""Values as the sandbox encodes them, decoded strictly: who wrote the JSON may have been the learner's program.

| JSON | Python |
|---|---|
| `{"kind": "none"}`, `{"kind": "bool", "value": true}` | None, True |
| `{"kind": "int", "value": 3}` or `"0x..."` | 3, or any larger int |
| `{"kind": "float", "value": 1.5}` or `"inf"`, `"-inf"`, `"nan"` | 1.5, inf |
| `{"kind": "complex", "real": …, "imag": …}` | 1+2j |
| `{"kind": "str", "value": "text"}` or `"points": [0, …]` | "text" |
| `{"kind": "bytes", "value": "6162"}` | b"ab" |
| `{"kind": "list", "items": […]}`, also tuple, set, frozenset | [1, 2] |
| `{"kind": "dict", "items": [[key, value], …]}` | {key: value} |
| `{"kind": "other", "type": "Point", "repr": "Point(1, 2)"}` | `Unknown("Point", "Point(1, 2)")` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

MAX_DEPTH = 33
MAX_ITEMS = 25_000
MAX_TEXT = 64 * 1024
"""Characters, points or hexadecimal digits of one value; the sandbox sends a sixteenth of it for a test."""

_HEXADECIMAL = re.compile(r"-?0x[0-9a-f]+")
_BYTES = re.compile(r"(?:[0-9a-f]{2})*")
_SPECIAL = {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}


class NotAValue(ValueError):
    """This is not what the sandbox makes of a value."""


@dataclass(frozen=True, eq=False)
class Unknown:
    """Something that is no plain value, or too large a one. It equals nothing, whatever it says of itself."""

    type: str
    repr: str


def decode(encoded: object) -> Any:
    """Return the value, made of builtins and Unknown alone. Raises NotAValue."""
    return _Decoder().value(encoded, 0)


class _Decoder:
    """One decoding: it counts what it has made."""

    def __init__(self) -> None:
        self._room = MAX_ITEMS

    def value(self, encoded: object, depth: int) -> Any:
        self._room -= 1
        if type(encoded) is not dict or depth > MAX_DEPTH or self._room < 0:
            raise NotAValue("no object, nested too deeply, or too many")
        kind, fields = encoded.get("kind"), {name: field for name, field in encoded.items() if name != "kind"}
        if type(kind) is not str:
            raise NotAValue("of no kind")
        if kind in _COLLECTIONS and set(fields) == {"items"} and type(fields["items"]) is list:
            return self._collection(kind, fields["items"], depth + 1)
        if kind in _SCALARS and tuple(sorted(fields)) in _SCALARS[kind]:
            return _SCALARS[kind][tuple(sorted(fields))](*(fields[name] for name in sorted(fields)))
        raise NotAValue("of another kind or with other fields")

    def _collection(self, kind: str, items: list[object], depth: int) -> Any:
        if kind == "dict":
            return self._dict(items, depth)
        values = [self.value(item, depth) for item in items]
        try:
            made = _COLLECTIONS[kind](values)
        except TypeError as error:
            raise NotAValue("a set of what no set can hold") from error
        if len(made) != len(values):
            raise NotAValue("a set that holds something twice")
        return made

    def _dict(self, items: list[object], depth: int) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for pair in items:
            if type(pair) is not list or len(pair) != 2:
                raise NotAValue("a dict of what are no pairs")
            key, value = self.value(pair[0], depth), self.value(pair[1], depth)
            try:
                made[key] = value
            except TypeError as error:
                raise NotAValue("a key that can be none") from error
        if len(made) != len(items):
            raise NotAValue("a dict that holds a key twice")
        return made


def _none() -> None:
    return None


def _bool(value: object) -> bool:
    if type(value) is not bool:
        raise NotAValue("no bool")
    return value


def _int(value: object) -> int:
    if type(value) is int:
        return value
    if type(value) is str and len(value) <= MAX_TEXT and _HEXADECIMAL.fullmatch(value):
        return int(value, 16)
    raise NotAValue("no int")


def _float(value: object) -> float:
    if type(value) is float and isfinite(value):
        return value
    if type(value) is str and value in _SPECIAL:
        return _SPECIAL[value]
    raise NotAValue("no float")


def _complex(imag: object, real: object) -> complex:
    return complex(_float(real), _float(imag))


def _text(value: object) -> str:
    if type(value) is not str or len(value) > MAX_TEXT:
        raise NotAValue("no text")
    return value


def _points(points: object) -> str:
    if type(points) is not list or len(points) > MAX_TEXT:
        raise NotAValue("no points")
    if not all(type(point) is int and 0 <= point <= 0x10FFFF for point in points):
        raise NotAValue("no points")
    return "".join(map(chr, points))


def _bytes(value: object) -> bytes:
    if type(value) is not str or len(value) > MAX_TEXT or not _BYTES.fullmatch(value):
        raise NotAValue("no bytes")
    return bytes.fromhex(value)


def _unknown(shown: object, kind: object) -> Unknown:
    return Unknown(_text(kind), _text(shown))


_COLLECTIONS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "dict": dict}
# By kind, by the names of the fields in alphabetical order: what makes a value of them.
_SCALARS: dict[str, dict[tuple[str, ...], Callable[..., Any]]] = {
    "none": {(): _none},
    "bool": {("value",): _bool},
    "int": {("value",): _int},
    "float": {("value",): _float},
    "complex": {("imag", "real"): _complex},
    "str": {("value",): _text, ("points",): _points},
    "bytes": {("value",): _bytes},
    "other": {("repr", "type"): _unknown},
}
