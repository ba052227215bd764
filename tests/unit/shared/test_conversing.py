"""What names a conversation, and how much of a turn goes along with a question."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.conversing import LONGEST_CODE, LONGEST_QUESTION, Turn, conversation_id, cut_to_bytes


@pytest.mark.parametrize(
    ("session", "conversation"),
    [
        (None, None),
        ("", None),
        (" \t\n", None),
        (".", None),
        ("..", None),
        ("monday", "monday"),
        ("  monday \n evening ", "monday evening"),
        ("a/b?c=d#e%2F", "a/b?c=d#e%2F"),
        ("../etc", "../etc"),
        ("学习 🐍", "学习 🐍"),
    ],
)
def test_a_session_names_a_conversation_unless_no_path_could(session, conversation):
    assert conversation_id(session) == conversation


@given(st.text())
def test_a_conversation_is_called_the_same_however_often_it_is_named(session):
    named = conversation_id(session)

    assert named is None or conversation_id(named) == named


@given(st.text(), st.integers(10, 200))
def test_a_text_is_cut_to_the_bytes_it_may_take(text, most):
    kept = cut_to_bytes(text, most)

    assert kept == text or (kept.endswith("…") and text.startswith(kept[:-1]))
    assert len(json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")) <= most + 2


@pytest.mark.parametrize("character", ["x", '"', "é", "🐍", "\n", "\x1b"])
def test_five_long_turns_take_less_than_fourteen_kilobytes(character):
    long = Turn(kind="question", question=character * 9_000, code=character * 70_000, error_message=character * 70_000)

    turns = [long.shortened().model_dump() for _ in range(5)]

    assert len(json.dumps(turns, ensure_ascii=False).encode()) < 14 * 1024


def test_a_short_turn_goes_along_as_it_is():
    turn = Turn(kind="debugging", question="q" * (LONGEST_QUESTION - 2), code="c" * (LONGEST_CODE - 2), topic="loops")

    assert turn.shortened() == turn
