"""Values as data, and what of it is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox_runner.values import MAX_DEPTH, encode, is_encoded, to_json

ROOM = 16_384

_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary()
)  # fmt: skip
PLAIN: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Loud(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@given(PLAIN)
def test_every_plain_value_becomes_json_that_is_believed(value: Any) -> None:
    written = to_json(encode(value, ROOM))

    assert written.isascii()
    assert "\\u0000" not in written
    assert is_encoded(json.loads(written))
    assert len(written) <= ROOM


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (True, {"kind": "bool", "value": True}),
        (1, {"kind": "int", "value": 1}),
        (-(2**70), {"kind": "int", "value": hex(-(2**70))}),
        (float("-inf"), {"kind": "float", "value": "-inf"}),
        (-0.0, {"kind": "float", "value": -0.0}),
        (1j, {"kind": "complex", "real": 0.0, "imag": 1.0}),
        ("a\0", {"kind": "str", "points": [97, 0]}),
        ("\ud800", {"kind": "str", "points": [0xD800]}),
        (b"\xff", {"kind": "bytes", "value": "ff"}),
        ({2, 1}, {"kind": "set", "items": [{"kind": "int", "value": 1}, {"kind": "int", "value": 2}]}),
        ({(): None}, {"kind": "dict", "items": [[{"kind": "tuple", "items": []}, {"kind": "none"}]]}),
        (Loud(3), {"kind": "other", "type": "Loud", "repr": "3"}),
    ],
)
def test_a_value_keeps_its_exact_type(value: object, encoded: dict[str, Any]) -> None:
    assert encode(value, ROOM) == encoded


def test_what_is_too_deep_too_large_or_endless_is_shown_instead() -> None:
    deep: list[Any] = []
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    endless: list[Any] = []
    endless.append(endless)

    for value in (deep, endless, "x" * (ROOM + 1), list(range(ROOM)), 10**100_000):
        assert encode(value, ROOM)["kind"] == "other" or isinstance(value, int)
    assert encode("x" * ROOM, 100)["repr"].startswith("'xxx")


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        {},
        {"kind": "none", "more": 1},
        {"kind": "int", "value": True},
        {"kind": "int", "value": "12"},
        {"kind": "bool", "value": 1},
        {"kind": "float", "value": "1e5"},
        {"kind": "float", "value": 1},
        {"kind": "str", "value": "a\0"},
        {"kind": "str", "value": "\ud800"},
        {"kind": "str", "points": [-1]},
        {"kind": "bytes", "value": "zz"},
        {"kind": "list", "items": [1]},
        {"kind": "dict", "items": [[{"kind": "none"}]]},
        {"kind": "other", "type": "T", "repr": 3},
        {"kind": ["list"]},
        {"kind": "verdict", "value": True},
    ],
    ids=repr,
)
def test_what_is_of_another_shape_is_not_believed(forged: object) -> None:
    assert not is_encoded(forged)


def test_nesting_beyond_the_bound_is_not_believed() -> None:
    value: dict[str, Any] = {"kind": "none"}
    for _ in range(MAX_DEPTH + 3):
        value = {"kind": "list", "items": [value]}

    assert not is_encoded(value)
