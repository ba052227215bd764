"""The question that is chosen is due, suits the learner, and is another one for whoever asks for another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.curriculum.reading import quiz
from functions.quiz.choosing import Past, answered, choose_question

LOOPS = quiz("loops")
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
MINUTES = st.integers(0, 90).map(lambda n: NOON + timedelta(minutes=n))
PASTS = st.builds(
    lambda right, answered_at, posed_at: Past(right, None if right is None else answered_at, posed_at),
    st.none() | st.booleans(), MINUTES, st.none() | MINUTES,
)  # fmt: skip


def at(minute):
    return NOON + timedelta(minutes=minute)


def chosen(past=None, asked=None, mastery=0):
    past = {f"loops/{name}": Past(*each) for name, each in (past or {}).items()}
    return choose_question("loops", LOOPS, asked, mastery, past).id


def test_the_file_knows_what_the_tests_below_rely_on():
    assert [(question.id, question.difficulty) for question in LOOPS] == [
        ("range-stops-before", "easy"), ("for-or-while", "easy"), ("body-by-indentation", "easy"),
        ("break-leaves", "medium"), ("after-the-loop", "medium"),
        ("changed-while-walking", "hard"), ("else-of-a-loop", "hard"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mastery", "question"), [(0, "range-stops-before"), (50, "break-leaves"), (90, "changed-while-walking")]
)
def test_the_difficulty_follows_the_mastery(mastery, question):
    assert chosen(mastery=mastery) == question


def test_what_was_never_answered_goes_before_what_fits_better():
    easy = {question.id: (True, at(1), None) for question in LOOPS if question.difficulty == "easy"}

    assert chosen(easy) == "break-leaves"


def test_the_difficulty_asked_for_goes_before_what_is_due():
    easy = {question.id: (True, at(n), None) for n, question in enumerate(LOOPS) if question.difficulty == "easy"}

    assert chosen(asked="hard") == "changed-while-walking"
    assert chosen(easy, asked="easy") == "range-stops-before"


def test_when_all_are_answered_the_one_answered_wrongly_longest_ago_is_next():
    all_right = {question.id: (True, at(0), None) for question in LOOPS}
    wrong = {"else-of-a-loop": (False, at(5), None), "for-or-while": (False, at(6), None)}

    assert chosen({**all_right, **wrong}) == "else-of-a-loop"
    assert chosen({**all_right, **wrong, "else-of-a-loop": (False, at(7), None)}) == "for-or-while"


def test_when_all_are_answered_rightly_the_one_longest_ago_is_next():
    past = {question.id: (True, at(10 - n), None) for n, question in enumerate(LOOPS)}

    assert chosen(past) == LOOPS[-1].id


def test_who_leaves_a_question_open_gets_another_and_at_last_the_same_again():
    past, came = {}, []
    for minute in range(len(LOOPS) + 1):
        came.append(chosen(past))
        past[came[-1]] = (None, None, at(minute))

    assert sorted(came[:-1]) == sorted(question.id for question in LOOPS)
    assert came[-1] == came[0]


def test_a_question_that_was_answered_since_it_was_posed_is_not_open():
    assert Past(None, None, at(3)).open_since == at(3)
    assert Past(False, at(2), at(3)).open_since == at(3)
    assert Past(False, at(3), at(3)).open_since is None
    assert Past(True, at(4), None).open_since is None


@given(st.dictionaries(st.sampled_from([question.id for question in LOOPS]), PASTS), st.integers(0, 100))
def test_nothing_that_was_answered_comes_while_there_is_something_that_was_not(past, mastery):
    full = {f"loops/{name}": each for name, each in past.items()}
    chosen_past = full.get(f"loops/{choose_question('loops', LOOPS, None, mastery, full).id}", Past())
    every = [full.get(f"loops/{question.id}", Past()) for question in LOOPS]

    if any(each.right is None for each in every):
        assert chosen_past.right is None
    elif any(each.right is False and each.open_since is None for each in every):
        closed = [each.answered_at for each in every if each.right is False and each.open_since is None]
        assert (chosen_past.right, chosen_past.answered_at) == (False, min(closed))


def test_only_what_was_answered_counts_as_answered():
    past = {"loops/a": Past(True, at(1)), "lists/b": Past(False, at(1)), "loops/c": Past(None, None, at(2))}

    assert answered(past) == {"loops/a", "lists/b"}
