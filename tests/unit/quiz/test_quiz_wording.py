"""An answer is explained: the option that was chosen, and the right one to whoever chose another."""

import pytest

from functions.curriculum.reading import curriculum, quiz
from functions.quiz.posing import Quiz, edition
from functions.quiz.wording import graded, no_question, no_such_option, not_graded
from functions.shared.quizzing import QuizAnswered

EVERY = [(topic.id, question) for topic in curriculum().topics for question in quiz(topic.id)]


def answered(topic, question, choice, *, counts=True, order=None):
    order = order or list(range(len(question.options)))
    posed = Quiz(topic, f"{topic}/{question.id}", edition(question), order)
    return graded(QuizAnswered(quiz_id="q1", choice=choice), posed, question, counts=counts)


@pytest.mark.parametrize(("topic", "question"), [pytest.param(*each, id=f"{each[0]}-{each[1].id}") for each in EVERY])
def test_every_option_of_every_question_is_graded_and_explained(topic, question):
    backwards = list(range(len(question.options)))[::-1]
    for choice, place in enumerate(backwards):
        came, chosen = answered(topic, question, choice, order=backwards), question.options[place]

        assert (came.correct, came.choice, came.question_id) == (chosen.correct, choice, f"{topic}/{question.id}")
        assert question.options[backwards[came.right_choice]].correct
        assert chosen.explanation.strip() in came.explanation
        assert question.answer.explanation.strip() in came.explanation
        assert came.explanation.startswith("**Right.**" if chosen.correct else "**Not quite.**")


def test_who_is_wrong_is_shown_the_right_option_as_it_was_shown_before():
    question = next(each for each in quiz("decorators") if each.id == "which-is-outside")
    right = question.options.index(question.answer)

    said = answered("decorators", question, 1 if right == 0 else 0).explanation

    assert f"\n\n**This is right:** `{question.answer.text}`\n\n" in said


def test_an_answer_that_does_not_count_says_so():
    topic, question = EVERY[0]
    first, again = answered(topic, question, 0), answered(topic, question, 0, counts=False)

    assert (first.counts, again.counts) == (True, False)
    assert again.explanation.startswith(f"{first.explanation}\n\nYou had answered this question before")


def test_what_cannot_be_graded_tells_nothing_of_what_is_right():
    posed = Quiz("loops", "loops/for-or-while", "", [0, 1, 2])
    came = not_graded(QuizAnswered(quiz_id="q1", choice=7), no_such_option(3), posed)

    assert (came.correct, came.counts, came.right_choice, came.choice) == (None, False, None, 7)
    assert (came.topic, came.question_id) == ("loops", "loops/for-or-while")
    assert came.explanation.startswith("That is none of the options: there are 3, and they are counted from 0 to 2.")


def test_where_there_are_no_questions_it_is_said_with_what_there_are_some_on():
    generators = next(subject for subject in curriculum().planned if subject.id == "generators")
    said = no_question(generators, curriculum())

    assert (said.quiz_id, said.topic, said.options, said.difficulty) == (None, None, (), None)
    assert said.title == "No questions on generators yet"
    assert said.question.count("- Quiz me on ") == len(curriculum().topics)
    assert f"- Quiz me on {curriculum().near(generators)[0].title.lower()}." in said.question.splitlines()[4]
