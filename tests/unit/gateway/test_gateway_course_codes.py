"""Codes of courses: read aloud and typed by children, and foreseen by nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.gateway.course_codes import ALPHABET, LENGTH, new_code, read_code


def test_no_two_characters_of_a_code_look_alike():
    assert not set("01OIL") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


def test_codes_are_different_each_time_and_use_every_character():
    codes = {new_code() for _ in range(1000)}

    assert len(codes) == 1000
    assert set("".join(codes)) == set(ALPHABET)
    assert all(read_code(code) == code for code in codes)


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.sampled_from(["", " ", "-", " - ", "\t"]))
def test_a_code_is_read_whatever_its_case_and_however_it_is_parted(code, between):
    assert read_code(f"{between}{code[:4].lower()}{between}{code[4:]}{between}") == code


@pytest.mark.parametrize(
    "typed", ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFGO", "ABCDEFG0", "ABCDEFGß", "ABCD.EFGH", "ＡBCDEFGH"]
)
def test_what_can_be_no_code_is_none(typed):
    assert read_code(typed) is None
