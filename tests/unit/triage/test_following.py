"""A follow-up takes what it does not say from the turns before it; any other question stands alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.conversing import Turn
from functions.shared.events import QuestionAsked
from functions.shared.tutor import Routing
from functions.triage.following import SURE, follow
from functions.triage.linear import LinearClassifier
from scripts.stack.evaluating.follow_ups import LABELLED, figures, judge, read

CLASSIFIER = LinearClassifier()
LOOPS = Turn(kind="question", question="How do loops work?", intent="concepts", topic="loops", level="elementary")
LISTS = Turn(kind="explanation", intent="concepts", topic="lists", level="advanced")
GENERATORS = Turn(kind="question", question="What are generators?", intent="concepts", level="beginner")
BUG = Turn(kind="debugging", intent="debug", topic="variables", code="print(totl)", error_message="NameError: totl")
EXERCISE = Turn(kind="exercise", intent="exercise", topic="loops", exercise_id="loops/sum-of-evens")
SUBMISSION = Turn(
    kind="submission", intent="exercise", topic="loops", exercise_id="loops/sum-of-evens", code="def f(): pass"
)
QUIZ = Turn(kind="quiz", intent="quiz", topic="lists")
REVIEW = Turn(kind="review", intent="code_review", code="x = 1")
THANKS = Turn(kind="question", question="thanks!")


def asked(question, *turns, code=None, error=None):
    payload = QuestionAsked(question=question, code=code, error_message=error)
    return follow(payload, CLASSIFIER.classify(payload), turns)


def test_the_kept_dialogues_are_understood_as_often_as_they_were():
    shares = figures(judge(read(LABELLED), CLASSIFIER))

    assert shares["all"]["questions"] >= 120
    assert shares["held-out"]["right"] >= 0.93
    assert shares["follow-ups"]["right"] >= 0.95
    assert shares["on their own"]["right"] >= shares["on their own"]["right without the turns"]


def test_without_turns_nothing_is_a_follow_up():
    assert asked("why?") is None


def test_a_follow_up_is_routed_with_the_confidence_of_the_rules():
    assert asked("why?", LOOPS).routing == Routing(intent="concepts", confidence=SURE)


@pytest.mark.parametrize(
    ("question", "turn", "level"),
    [
        ("can you explain that again?", LOOPS, "elementary"),
        ("simpler please", LOOPS, "beginner"),
        ("simpler please", LISTS, "intermediate"),
        ("in more depth please", LOOPS, "intermediate"),
        ("in more depth please", LISTS, "advanced"),
        ("another example please", LOOPS, "intermediate"),
        ("another example please", LISTS, "intermediate"),
        ("simpler please", BUG, "beginner"),
        ("in more depth please", BUG, "intermediate"),
        ("when would I use that?", LOOPS, None),
    ],
)
def test_the_level_is_a_step_from_that_of_the_turn_before(question, turn, level):
    assert asked(question, turn).level == level


def test_what_was_never_answered_is_known_by_its_question():
    assert asked("give me an exercise on that", GENERATORS).topic == "generators"


def test_a_turn_that_was_declined_is_passed_over():
    assert asked("another example please", LOOPS, THANKS).topic == "loops"


def test_the_latest_turn_counts():
    assert asked("quiz me on this", LOOPS, LISTS).topic == "lists"


def test_trouble_without_code_is_about_the_code_before():
    followed = asked("it still doesn't work", LOOPS, BUG)

    assert followed.routing.intent == "debug"
    assert followed.taken_over() == {"code": "print(totl)", "error_message": "NameError: totl"}


def test_new_code_takes_the_place_of_the_code_before():
    followed = asked("it still doesn't work", BUG, code="print(total)")

    assert followed.routing.intent == "debug"
    assert followed.taken_over() == {}


def test_an_error_that_comes_with_the_question_is_not_replaced():
    followed = asked("still the same error", BUG, error="NameError: name 'totl' is not defined")

    assert followed.taken_over() == {"code": "print(totl)"}


def test_why_a_submission_failed_is_asked_of_its_code_and_exercise():
    followed = asked("why is it wrong?", SUBMISSION)

    assert followed.routing.intent == "debug"
    assert followed.taken_over() == {"code": "def f(): pass", "exercise_id": "loops/sum-of-evens"}


def test_a_hint_is_for_the_exercise_that_was_handed_out():
    assert asked("can I have a hint?", EXERCISE).taken_over() == {"exercise_id": "loops/sum-of-evens"}


def test_an_exercise_of_long_ago_has_nothing_to_do_with_the_code_asked_about_now():
    assert "exercise_id" not in asked("it still doesn't work", EXERCISE, BUG).taken_over()


@pytest.mark.parametrize(
    ("turn", "intent"), [(REVIEW, "code_review"), (BUG, "debug"), (EXERCISE, "debug"), (LOOPS, "code_review")]
)
def test_whether_new_code_is_better_is_asked_of_whoever_looked_at_code_before(turn, intent):
    assert asked("is it better now?", turn, code="y = 1").routing.intent == intent


@pytest.mark.parametrize(("turn", "intent"), [(LOOPS, "concepts"), (EXERCISE, "exercise"), (QUIZ, "quiz")])
def test_a_fragment_with_a_topic_of_its_own_is_after_the_same_as_before(turn, intent):
    followed = asked("and with dictionaries?", turn)

    assert (followed.routing.intent, followed.taken_over()) == (intent, {})


@pytest.mark.parametrize(
    "question",
    [
        "What is a dictionary?",
        "Give me an exercise on strings",
        "explain decorators in more depth",
        "what's a monad? explain it",
        "What does a NameError mean?",
        "what does `len(x)` do?",
        "let's talk about something else",
        "How am I doing?",
        "thanks!",
        "What's the weather in Paris?",
    ],
)
def test_a_question_of_its_own_or_another_subject_takes_nothing(question):
    assert asked(question, LOOPS, EXERCISE) is None


def test_an_error_of_its_own_is_not_about_what_was_explained():
    assert asked("why?", LOOPS, error="TypeError: 'int' object is not iterable") is None


@given(
    st.text(max_size=300),
    st.none() | st.text(max_size=50),
    st.none() | st.text(max_size=50),
    st.lists(st.sampled_from([LOOPS, LISTS, GENERATORS, BUG, EXERCISE, SUBMISSION, QUIZ, REVIEW, THANKS]), max_size=5),
)
def test_whatever_is_asked_is_followed_or_stands_alone(question, code, error, turns):
    followed = asked(question, *turns, code=code, error=error)

    assert followed is None or followed.routing.intent != "off_topic"


@pytest.mark.parametrize("text", ["so " * 3_000, "a" * 8_000, "(" * 8_000, "why " * 2_000, "another one " * 700])
def test_long_and_strange_questions_stand_alone(text):
    assert asked(text, LOOPS) is None
