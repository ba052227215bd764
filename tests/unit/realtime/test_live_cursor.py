"""A cursor goes out as a text and comes back as what it was; nothing else does."""

import pytest

from functions.realtime.cursor import Cursor, read_cursor


def test_a_cursor_comes_back_as_it_went():
    assert read_cursor(str(Cursor(12, 7))) == Cursor(12, 7)
    assert read_cursor(str(Cursor())) == Cursor(0, 0)


@pytest.mark.parametrize("text", ["", "12", "12.", ".7", "12.7.1", "-1.0", "1.0\n", "1,0", "١.٢", "1" * 19 + ".0"])
def test_any_other_text_is_none(text: str):
    assert read_cursor(text) is None


def test_the_largest_there_can_be_fits_into_the_database():
    largest = read_cursor(f"{'9' * 18}.{'9' * 18}")

    assert largest is not None
    assert max(largest.message, largest.alert) < 2**63


def test_messages_and_alerts_are_gone_past_apart():
    assert Cursor(1, 1).past_message(5) == Cursor(5, 1)
    assert Cursor(1, 1).past_alert(5) == Cursor(1, 5)


def test_nobody_has_seen_more_than_there_is():
    assert Cursor(5, 9).up_to(Cursor(7, 3)) == Cursor(5, 3)
