"""`Prefer: wait=N` is read as RFC 7240 has it, and what it does not have is ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.gateway.prefer import MAX_WAIT_SECONDS, wait_seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=10", 10),
        ("wait=0", 0),
        ("wait=030", 30),
        ("WAIT=5", 5),
        ("wait = 5", 5),
        ('wait="5"', 5),
        ('wait="\\5"', 5),
        ("respond-async, wait=5", 5),
        ("wait=5; x=1; y", 5),
        ("wait=5;", 5),
        ("wait=5,", 5),
        ('handling=lenient; note="a, wait=9", wait=5', 5),
        ("nonsense here, wait=5", 5),
        ("wait=31", 30),
        ("wait=100", 30),
        ("wait=" + "9" * 5000, 30),
        ("wait=" + "0" * 5000 + "7", 7),
    ],
)
def test_a_wait_is_understood(header: str, seconds: int):
    assert wait_seconds([header]) == seconds


@pytest.mark.parametrize(
    "header",
    ["", "wait", "wait=", 'wait=""', "wait=soon", "wait=-1", "wait=1.5", "wait=1e3", "wait=٣", "awaits=5", "wait 5",
     'note="wait=5', "return=minimal", "x; wait=5", ",,,", "=5"],
)  # fmt: skip
def test_anything_else_is_ignored(header: str):
    assert wait_seconds([header]) is None


def test_only_the_first_of_several_counts():
    assert wait_seconds(["wait=3, wait=9"]) == 3
    assert wait_seconds(["respond-async", "wait=3", "wait=9"]) == 3
    assert wait_seconds(["wait=soon, wait=9"]) is None


def test_without_the_header_nobody_waits():
    assert wait_seconds([]) is None


@given(st.lists(st.text(st.sampled_from('wait=,;" \\59x\t'), max_size=30), max_size=3))
def test_no_header_whatever_breaks_it_or_makes_it_wait_longer(headers: list[str]):
    assert wait_seconds(headers) in {None, *range(MAX_WAIT_SECONDS + 1)}


@given(st.integers(0, 10**6))
def test_every_number_of_seconds_is_capped(seconds: int):
    assert wait_seconds([f"wait={seconds}"]) == min(seconds, MAX_WAIT_SECONDS)
