"""A key stands for one request of one learner, and two bodies are the same if they ask the same."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from functions.shared.edge.idempotency import IDEMPOTENCY_KEY, body_hash, request_id
from functions.shared.events import NAMESPACE, QuestionAsked

LEARNERS = st.from_regex(r"[a-c:._-]{1,4}", fullmatch=True)
KEYS = st.from_regex(r"[a-c:|]{1,4}", fullmatch=True)


def test_a_key_always_stands_for_the_same_id():
    assert request_id("ada", "k") == request_id("ada", "k") == str(uuid.UUID(request_id("ada", "k")))


def test_without_a_key_every_id_is_fresh():
    assert request_id("ada", None) != request_id("ada", None)


@given(st.lists(st.tuples(LEARNERS, KEYS), unique=True, min_size=2))
def test_no_two_learners_and_keys_stand_for_the_same_id(pairs: list[tuple[str, str]]):
    assert len({request_id(learner, key) for learner, key in pairs}) == len(pairs)


def test_what_comes_from_outside_cannot_be_given_a_learners_id():
    """A correlation id made for an outside producer is uuid5(NAMESPACE, source|id), whatever these are."""
    assert request_id("ada", "k|1") not in {
        str(uuid.uuid5(NAMESPACE, text)) for text in ("ada:k|1", "learner:adak|1", "k|1", "learner:ada|k|1")
    }


@given(st.text(max_size=300))
def test_a_key_is_visible_ascii(text: str):
    is_key = 1 <= len(text) <= 255 and all(33 <= ord(character) <= 126 for character in text)
    assert bool(IDEMPOTENCY_KEY.fullmatch(text)) == is_key


def test_fields_left_out_and_null_hash_the_same():
    assert body_hash(QuestionAsked(question="why?")) == body_hash(QuestionAsked(question="why?", code=None))


def test_the_hash_of_a_body_stays_as_it_is():
    """Hashes are kept in the database: another way to make them would refuse every repetition."""
    expected = "3590eb57e971c3ff"
    assert body_hash(QuestionAsked(question="why é?", session_id="s"))[:16] == expected


@given(st.text(), st.text())
def test_different_questions_hash_differently(one: str, other: str):
    same = body_hash(QuestionAsked(question=one)) == body_hash(QuestionAsked(question=other))
    assert same == (QuestionAsked(question=one) == QuestionAsked(question=other))


def test_a_text_means_something_else_in_another_field():
    assert body_hash(QuestionAsked(question="", code="x")) != body_hash(QuestionAsked(question="", session_id="x"))
