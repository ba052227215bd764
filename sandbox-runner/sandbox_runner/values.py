"""Values as data: plain builtins in a strict JSON form, everything else as its type's name and its repr.

| Python | JSON |
|---|---|
| None, True | `{"kind": "none"}`, `{"kind": "bool", "value": true}` |
| 3, beyond ±2**53 | `{"kind": "int", "value": 3}`, `{"kind": "int", "value": "0x..."}` |
| 1.5, inf | `{"kind": "float", "value": 1.5}`, `{"kind": "float", "value": "inf"}` (also "-inf", "nan") |
| 1+2j | `{"kind": "complex", "real": …, "imag": …}`, both as a float's value |
| "text", with NUL or a lone surrogate | `{"kind": "str", "value": "text"}`, `{"kind": "str", "points": [0, …]}` |
| b"ab" | `{"kind": "bytes", "value": "6162"}` (hexadecimal) |
| list, tuple, set, frozenset | `{"kind": "list", "items": […]}`; those of sets are sorted by their JSON |
| dict | `{"kind": "dict", "items": [[key, value], …]}` in the dict's order |
| anything else; also what is too deep or too large | `{"kind": "other", "type": "Point", "repr": "Point(1, 2)"}` |

An int is never a bool, nor an instance of a subclass the builtin: `type(value) is` decides, which no `__class__` and
no `__eq__` can lie to. The functions here have builtins of their own and use nobody else's functions, so that a
program that patches `json` or `builtins` changes nothing; it can still send back any value it likes.
"""

from __future__ import annotations

import builtins
from _json import encode_basestring_ascii as _quote  # the C function itself
from math import isfinite
from typing import Any

globals()["__builtins__"] = dict(vars(builtins))  # what the functions below look names up in

MAX_DEPTH = 32
MAX_ITEMS = 20_000
MAX_REPR = 200
_SAFE_INT = 2**53

Encoded = dict[str, Any]
_COLLECTIONS: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset"}
_KEYS = {
    "none": set(), "bool": {"value"}, "int": {"value"}, "float": {"value"}, "complex": {"real", "imag"},
    "bytes": {"value"}, "list": {"items"}, "tuple": {"items"}, "set": {"items"}, "frozenset": {"items"},
    "dict": {"items"}, "other": {"type", "repr"},
}  # fmt: skip


class _TooMuch(Exception):
    pass


def encode(value: object, most_bytes: int) -> Encoded:
    """Return a value as at most so many bytes of JSON, or as its repr."""
    try:
        encoded = _plain(value, _Room(MAX_ITEMS, most_bytes), 0)
        if len(to_json(encoded)) <= most_bytes:
            return encoded
    except _TooMuch:
        pass
    return _other(value)


class _Room:
    """How much of a value may still come."""

    def __init__(self, items: int, text_bytes: int) -> None:
        self.items, self.text_bytes = items, text_bytes

    def take(self, depth: int) -> None:
        self.items -= 1
        if depth > MAX_DEPTH or self.items < 0:
            raise _TooMuch


def _plain(value: Any, room: _Room, depth: int) -> Encoded:
    room.take(depth)
    kind = type(value)
    if kind in _COLLECTIONS:
        items = [_plain(item, room, depth + 1) for item in value]
        ordered = items if kind is list or kind is tuple else sorted(items, key=to_json)
        return {"kind": _COLLECTIONS[kind], "items": ordered}
    if kind is dict:
        pairs = [[_plain(key, room, depth + 1), _plain(item, room, depth + 1)] for key, item in value.items()]
        return {"kind": "dict", "items": pairs}
    if kind is str:
        return _text(value, room)
    return _scalar(kind, value)


def _scalar(kind: type, value: Any) -> Encoded:
    if value is None:
        return {"kind": "none"}
    if kind is bool:
        return {"kind": "bool", "value": value}
    if kind is int:
        return {"kind": "int", "value": value if -_SAFE_INT <= value <= _SAFE_INT else hex(value)}
    if kind is float:
        return {"kind": "float", "value": _number(value)}
    if kind is complex:
        return {"kind": "complex", "real": _number(value.real), "imag": _number(value.imag)}
    if kind is bytes:
        return {"kind": "bytes", "value": value.hex()}
    return _other(value)


def _number(value: float) -> float | str:
    return value if isfinite(value) else repr(value)


def _text(value: str, room: _Room) -> Encoded:
    if len(value) > room.text_bytes:
        raise _TooMuch
    if "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value):
        return {"kind": "str", "value": value}
    return {"kind": "str", "points": [ord(letter) for letter in value]}


def _other(value: object) -> Encoded:
    try:
        shown = str(repr(value))
    except MemoryError:
        raise
    except BaseException as problem:
        shown = f"<its repr raised {type(problem).__name__}>"
    return {"kind": "other", "type": type(value).__name__[:MAX_REPR], "repr": presentable(shown[:MAX_REPR])}


def presentable(text: str) -> str:
    """Return text that UTF-8 and PostgreSQL can hold: no lone surrogates, NUL as U+2400."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\u2400")


def to_json(value: Any) -> str:
    """Write str, bool, int, finite float, None, list and dict with str keys as ASCII JSON, without the json module."""
    kind = type(value)
    if kind is str:
        return _quote(value)
    if kind is list:
        return "[" + ",".join([to_json(item) for item in value]) + "]"
    if kind is dict:
        return "{" + ",".join([_quote(key) + ":" + to_json(item) for key, item in value.items()]) + "}"
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    return repr(value)


def is_encoded(value: object, depth: int = 0) -> bool:
    """Say whether this, read from JSON that anyone may have written, is an encoded value of the table above."""
    if type(value) is not dict or depth > MAX_DEPTH + 1:
        return False
    kind, keys = value.get("kind"), set(value) - {"kind"}
    if kind == "str":
        return (keys == {"value"} and _is_text(value["value"])) or (keys == {"points"} and _are_points(value["points"]))
    if type(kind) is not str or keys != _KEYS.get(kind):
        return False
    if kind == "dict":
        return _are_pairs(value["items"], depth)
    if kind in _COLLECTIONS.values():
        items = value["items"]
        return type(items) is list and all(is_encoded(item, depth + 1) for item in items)
    if kind == "other":
        return _is_text(value["type"]) and _is_text(value["repr"])
    return kind == "none" or _is_scalar(kind, value)


def _are_pairs(items: object, depth: int) -> bool:
    return type(items) is list and all(
        type(pair) is list and len(pair) == 2 and is_encoded(pair[0], depth + 1) and is_encoded(pair[1], depth + 1)
        for pair in items
    )


def _is_scalar(kind: str, value: Encoded) -> bool:
    if kind == "bool":
        return type(value["value"]) is bool
    if kind == "int":
        return type(value["value"]) is int or _is_hexadecimal(value["value"], "0x")
    if kind == "float":
        return _is_number(value["value"])
    if kind == "complex":
        return _is_number(value["real"]) and _is_number(value["imag"])
    return _is_hexadecimal(value["value"])


def _is_number(value: object) -> bool:
    return (type(value) is float and isfinite(value)) or (type(value) is str and value in ("inf", "-inf", "nan"))


def _is_text(value: object) -> bool:
    return type(value) is str and presentable(value) == value


def _are_points(value: object) -> bool:
    return type(value) is list and all(type(point) is int and 0 <= point <= 0x10FFFF for point in value)


def _is_hexadecimal(value: object, prefix: str = "") -> bool:
    """Say whether this is hex(number), with a prefix that may follow a minus; or bytes.hex(), without one."""
    if type(value) is not str:
        return False
    unsigned = value.removeprefix("-") if prefix else value
    digits = unsigned.removeprefix(prefix)
    well_begun = unsigned.startswith(prefix) and bool(digits) if prefix else len(digits) % 2 == 0
    return well_begun and all(digit in "0123456789abcdef" for digit in digits)
