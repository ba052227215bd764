"""What an answer is held against: the solutions of what its learner practises, and what they were told lately."""

import json

import pytest
from debug_stage import SUM_ID, hand_in, hand_out

from functions.curriculum.reading import exercise_called, exercises, lesson
from functions.shared.guarded import MOST_CHARACTERS, MOST_MESSAGES, known_of

SUM, OTHER = exercise_called(SUM_ID)[1], exercises("lists")[0]
OTHER_ID = f"lists/{OTHER.id}"


def tell(db, text, number=0, learner="ada", type="org.learnflow.concept.explained.v1", field="explanation"):
    db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    db.execute(
        "INSERT INTO messages (id, learner_id, request_id, type, body) VALUES (%s, %s, 'r', %s, %s)",
        [f"{learner}-{number}", learner, type, json.dumps({field: text, "topic": "loops"})],
    )


def test_a_learner_who_practises_nothing_has_nothing_to_be_kept_from(db):
    tell(db, "Something.")

    known = known_of(db, "ada", question="why?", given=("x = 1\n", None, ""))

    assert (known.solutions, known.given, known.said_before) == ((), ("x = 1\n",), ())
    assert known.question == "why?"


def test_what_was_handed_out_and_what_was_handed_in_in_vain_is_kept_from_its_learner_alone(db):
    hand_out(db)
    hand_in(db, False, OTHER_ID)

    known = known_of(db, "ada", given=("x = 1\n",))

    assert set(known.solutions) == {SUM.solution, OTHER.solution}
    assert known.given[:1] == ("x = 1\n",)
    assert {SUM.starter, OTHER.starter} < set(known.given)
    assert {example.code for example in lesson("loops", "advanced").examples} < set(known.given)
    assert known_of(db, "bob").solutions == ()


@pytest.mark.parametrize(("passed_too", "solutions"), [(False, ()), (True, (SUM.solution,))])
def test_what_is_passed_is_no_secret_unless_the_course_shows_no_solutions(db, passed_too, solutions):
    hand_out(db)
    hand_in(db, False, id="s1")
    db.execute("UPDATE submissions SET attempt = 2")
    hand_in(db, True, id="s2")

    assert known_of(db, "ada", passed_too=passed_too).solutions == solutions


def test_an_exercise_that_is_named_counts_before_it_is_handed_out_and_not_once_it_is_passed(db):
    assert known_of(db, "ada", named=SUM_ID).solutions == (SUM.solution,)
    hand_in(db, True)
    assert known_of(db, "ada", named=SUM_ID).solutions == ()


def test_an_exercise_that_is_no_longer_there_is_passed_over(db):
    hand_out(db, "loops/gone")

    assert known_of(db, "ada").solutions == ()


def test_what_was_said_lately_is_read_but_not_what_programs_of_theirs_printed(db):
    hand_out(db)
    tell(db, "First.", 1)
    tell(db, "Printed.", 2, type="org.learnflow.code.executed.v1", field="stdout")
    tell(db, "Last.", 3)
    tell(db, "To another.", 4, learner="bob")

    said = known_of(db, "ada").said_before

    assert [text for text in said if text.endswith(".")] == ["Last.", "First."]
    assert "loops" not in said


def test_only_so_many_messages_and_so_much_of_them_is_read(db):
    hand_out(db)
    for number in range(MOST_MESSAGES + 5):
        tell(db, f"{number:02}.", number)
    assert [text for text in known_of(db, "ada").said_before if text.endswith(".")][-1] == "05."

    tell(db, "x" * (MOST_CHARACTERS // 2), 100)
    tell(db, "y" * (MOST_CHARACTERS // 2), 101)
    assert {text[0] for text in known_of(db, "ada").said_before if len(text) > 100} == {"y"}
