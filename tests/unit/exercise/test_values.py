"""Values are decoded exactly, or refused; and compared by what they are, not by what they say they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.exercise.comparing import same, same_text
from functions.exercise.values import MAX_DEPTH, MAX_ITEMS, MAX_TEXT, NotAValue, Unknown, decode

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**2000), max_value=2**2000)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters())
    | st.binary()
)
hashables = st.recursive(
    scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=6
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(hashables, max_size=4)
        | st.dictionaries(hashables, inner, max_size=4)
    ),
    max_leaves=12,
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["kind", "value", "items", "points", "repr", "type", "real", "x"]), inner)
        | st.fixed_dictionaries(
            {
                "kind": st.sampled_from(
                    ["none", "int", "float", "str", "bytes", "list", "set", "dict", "other", "complex"]
                )
            },
            optional={"value": inner, "items": inner, "points": inner, "real": inner, "imag": inner},
        )
    ),
    max_leaves=15,
)


def encoded(value):
    """The form of the table in values.py, written here anew; tests/sandbox holds the sandbox to it as well."""
    kind = type(value).__name__
    if value is None:
        return {"kind": "none"}
    if type(value) in (list, tuple, set, frozenset):
        return {"kind": kind, "items": [encoded(item) for item in value]}
    if type(value) is dict:
        return {"kind": kind, "items": [[encoded(key), encoded(item)] for key, item in value.items()]}
    if type(value) is complex:
        return {"kind": kind, "real": encoded(value.real)["value"], "imag": encoded(value.imag)["value"]}
    if type(value) is float:
        return {"kind": kind, "value": value if abs(value) < float("inf") else repr(value)}
    if type(value) is int:
        return {"kind": kind, "value": value if abs(value) <= 2**53 else hex(value)}
    if type(value) is bytes:
        return {"kind": kind, "value": value.hex()}
    return {"kind": kind, "points": list(map(ord, value))} if kind == "str" else {"kind": kind, "value": value}


@given(values)
def test_a_value_comes_back_as_it_was(value):
    came = decode(json.loads(json.dumps(encoded(value))))

    assert same(value, came, "equal")
    assert type(came) is type(value)


@given(values, values)
def test_equal_is_what_python_calls_equal_of_the_same_types(one, other):
    if same(one, other, "equal"):
        assert type(one) is type(other)
        assert one == other or "nan" in repr(one)
    assert same(one, one, "equal")
    assert same(one, other, "equal") is same(other, one, "equal")


@given(junk)
def test_garbage_is_refused_or_made_of_plain_values(garbage):
    try:
        value = decode(garbage)
    except NotAValue:
        return
    assert type(value) in {
        type(None),
        bool,
        int,
        float,
        complex,
        str,
        bytes,
        list,
        tuple,
        set,
        frozenset,
        dict,
        Unknown,
    }


def nested(depth):
    value = {"kind": "none"}
    for _ in range(depth):
        value = {"kind": "list", "items": [value]}
    return value


@pytest.mark.parametrize(
    "encoded_value",
    [
        None,
        [],
        "6",
        {},
        {"kind": None},
        {"kind": ["int"], "value": 6},
        {"kind": "int"},
        {"kind": "int", "value": 6, "more": 1},
        {"kind": "int", "value": True},
        {"kind": "int", "value": 6.0},
        {"kind": "int", "value": "6"},
        {"kind": "int", "value": "0x"},
        {"kind": "int", "value": "0x" + "f" * MAX_TEXT},
        {"kind": "bool", "value": 1},
        {"kind": "float", "value": 6},
        {"kind": "float", "value": float("inf")},
        {"kind": "float", "value": "Infinity"},
        {"kind": "str", "value": "a", "points": [97]},
        {"kind": "str", "value": "a" * (MAX_TEXT + 1)},
        {"kind": "str", "points": [0x110000]},
        {"kind": "str", "points": [True]},
        {"kind": "bytes", "value": "6"},
        {"kind": "bytes", "value": "AA"},
        {"kind": "set", "items": [{"kind": "list", "items": []}]},
        {"kind": "set", "items": [{"kind": "none"}, {"kind": "none"}]},
        {"kind": "dict", "items": [[{"kind": "none"}]]},
        {"kind": "dict", "items": [[{"kind": "list", "items": []}, {"kind": "none"}]]},
        {"kind": "dict", "items": [[{"kind": "none"}, {"kind": "none"}]] * 2},
        {"kind": "list", "items": {}},
        {"kind": "list", "items": [{"kind": "none"}] * MAX_ITEMS},
        {"kind": "range", "items": []},
        nested(MAX_DEPTH + 1),
    ],
)
def test_what_is_no_encoded_value_is_refused(encoded_value):
    with pytest.raises(NotAValue):
        decode(encoded_value)


def test_the_deepest_value_is_decoded():
    assert str(decode(nested(MAX_DEPTH))) == "[" * MAX_DEPTH + "None" + "]" * MAX_DEPTH


def test_what_is_no_plain_value_equals_nothing_whatever_it_says():
    liar = decode({"kind": "other", "type": "int", "repr": "6"})

    assert (liar.type, liar.repr) == ("int", "6")
    assert not any(same(value, liar, how) for value in (6, "6", None) for how in ("equal", "approx", "unordered"))
    assert not same([6], [liar], "unordered")
    assert not same({6: 6}, {6: liar}, "approx")


@pytest.mark.parametrize(
    ("expected", "got", "how", "answer"),
    [
        (1, True, "equal", False),
        (1, 1.0, "equal", False),
        ([1], (1,), "equal", False),
        ({1}, {True}, "equal", False),
        ({1: "a"}, {True: "a"}, "equal", False),
        ([[1]], [[True]], "equal", False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "equal", True),
        ({"a": 1}, {"a": 1, "b": 2}, "equal", False),
        (float("nan"), float("nan"), "equal", True),
        (0.1 + 0.2, 0.3, "equal", False),
        (0.3, 0.1 + 0.2, "approx", True),
        (3, 3.0, "approx", True),
        (3, True, "approx", False),
        (1, True, "approx", False),
        (1e12, 1e12 + 1e5, "approx", True),
        (1e12, 1.1e12, "approx", False),
        (0.0, 2e-6, "approx", False),
        (float("inf"), float("inf"), "approx", True),
        (float("inf"), 1e308, "approx", False),
        (1.0, float("inf"), "approx", False),
        (1.0, float("nan"), "approx", False),
        (1.5, 10**400, "approx", False),
        (10**400, 10**400, "approx", True),
        ([1.0, {"a": 2.0}], [1.0 + 1e-9, {"a": 2}], "approx", True),
        ([1.0], [1.0, 2.0], "approx", False),
        ({"a": 1.0}, {"b": 1.0}, "approx", False),
        ("1.0", 1.0, "approx", False),
        ([1, 2, 2], [2, 1, 2], "unordered", True),
        ([1, 2, 2], [2, 1, 1], "unordered", False),
        ([1, True], [True, 1], "unordered", True),
        ([1, 1], [True, 1], "unordered", False),
        ([1], (1,), "unordered", False),
        ([[1], [2]], [[2], [1]], "unordered", True),
        (6, 6, "unordered", True),
    ],
)
def test_values_are_compared_as_the_test_says(expected, got, how, answer):
    assert same(expected, got, how) is answer


@pytest.mark.parametrize(
    ("expected", "got", "answer"),
    [
        ("3\n2\n", "3\n2", True),
        ("3\n2\n", "3  \n2\t\n\n\n", True),
        ("3\n2\n", "3\n\n2\n", False),
        ("3\n2\n", " 3\n2\n", False),
        ("Go!", "go!", False),
        ("", "\n", True),
    ],
)
def test_of_white_space_only_that_at_the_ends_is_ignored(expected, got, answer):
    assert same_text(expected, got) is answer
