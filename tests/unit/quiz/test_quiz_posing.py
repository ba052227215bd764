"""A question is posed in an order that tells nothing, and says nothing of its answer."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.curriculum.practice import QuizQuestion
from functions.curriculum.reading import curriculum, quiz
from functions.quiz.posing import Quiz, edition, shown_options, shuffled
from functions.quiz.wording import posed

EVERY = [(topic, question) for topic in curriculum().topics for question in quiz(topic.id)]
every_question = pytest.mark.parametrize(
    ("topic", "question"), [pytest.param(*each, id=f"{each[0].id}-{each[1].id}") for each in EVERY]
)
OPTIONS = [
    {"text": "one", "explanation": "No.", "correct": False},
    {"text": "two", "explanation": "Yes.", "correct": True},
    {"text": "three", "explanation": "No.", "correct": False},
]
QUESTION = QuizQuestion(id="a", question="How many?", difficulty="easy", options=OPTIONS)


def instance(topic, question, quiz_id="q1"):
    order = shuffled(quiz_id, len(question.options))
    return Quiz(topic.id, f"{topic.id}/{question.id}", edition(question), order)


@given(st.text(), st.integers(3, 5))
def test_every_option_is_shown_once_and_in_the_same_order_each_time(quiz_id, options):
    order = shuffled(quiz_id, options)

    assert sorted(order) == list(range(options))
    assert order == shuffled(quiz_id, options)


@pytest.mark.parametrize("options", [3, 4, 5])
def test_each_option_is_as_often_in_one_place_as_in_another(options):
    rounds = 3000
    places = Counter(
        (option, place) for n in range(rounds) for place, option in enumerate(shuffled(f"quiz-{n}", options))
    )

    assert len(places) == options * options
    # Six standard deviations of a binomial; the ids are always the same, so it cannot fail by chance.
    expected = rounds / options
    assert max(abs(count - expected) for count in places.values()) < 6 * (expected * (1 - 1 / options)) ** 0.5


@every_question
def test_a_posed_question_tells_neither_its_answer_nor_its_explanations(topic, question):
    asked = posed("q1", instance(topic, question), topic, question, ())
    told = asked.model_dump()

    assert set(told) == {
        "quiz_id", "topic", "title", "question", "code", "options", "difficulty", "answered", "answered_by"
    }  # fmt: skip
    encoded = asked.model_dump_json()
    assert not any(option.explanation in encoded for option in question.options)
    assert "correct" not in encoded.replace(question.question, "")
    assert question.id not in encoded
    assert len(told["options"]) == len(question.options)


@every_question
def test_were_another_option_the_right_one_the_same_would_be_sent(topic, question):
    order = shuffled("q1", len(question.options))
    sent = set()
    for right in question.options:
        options = tuple(option.model_copy(update={"correct": option is right}) for option in question.options)
        twin = question.model_copy(update={"options": options})
        kept = Quiz(topic.id, f"{topic.id}/{question.id}", edition(twin), order)
        sent.add(posed("q1", kept, topic, twin, ()).model_dump_json())

    assert len(sent) == 1


@every_question
def test_outputs_are_shown_to_the_letter_and_words_as_words(topic, question):
    asked = posed("q1", instance(topic, question), topic, question, ())

    for option, shown in zip(shown_options(instance(topic, question), question), asked.options, strict=True):
        if question.asks_for_output and not option.in_words:
            assert shown.startswith("`")
            assert shown.endswith("`")
            assert option.text.strip("\n") in shown
        else:
            assert shown == option.text


@every_question
def test_of_a_question_for_the_output_the_right_option_is_an_output(topic, question):
    assert not question.answer.in_words
    assert question.asks_for_output or not any(option.in_words for option in question.options)


def test_how_many_were_answered_counts_the_topic_alone():
    topic, question = EVERY[0]
    done = {f"{topic.id}/a", f"{topic.id}/b", "another/c", f"{topic.id}x/d"}

    assert posed("q1", instance(topic, question), topic, question, done).answered == 2


def test_who_was_unsure_of_the_wish_says_so_below_the_question():
    topic, question = EVERY[0]
    asked = posed("q1", instance(topic, question), topic, question, (), "exercise")

    assert asked.question.startswith(question.question.strip())
    assert "ask for an exercise" in asked.question


def test_an_edition_is_another_when_what_is_asked_or_right_is_another_and_the_same_when_only_said_better():
    def edited(**changes):
        return edition(
            QuizQuestion(**{"id": "a", "question": "How many?", "difficulty": "easy", "options": OPTIONS, **changes})
        )

    better = [{**OPTIONS[0], "explanation": "One is too few."}, *OPTIONS[1:]]
    assert edited(options=better, difficulty="hard") == edition(QUESTION)
    others = [
        edited(question="How much?"),
        edited(code="print(2)"),
        edited(options=OPTIONS[::-1]),
        edited(options=[{**OPTIONS[0], "text": "none"}, *OPTIONS[1:]]),
        edited(options=[{**OPTIONS[0], "correct": True}, {**OPTIONS[1], "correct": False}, OPTIONS[2]]),
    ]
    assert len({*others, edition(QUESTION)}) == len(others) + 1
