"""Where hints come one at a time a model writes them at once; those asked for later are kept, and cost nothing more."""

import pytest
from by_model_stage import in_a_course
from debug_stage import (
    BROKEN,
    CHECK,
    ENDED,
    MENDED,
    PRINTED,
    QUESTION,
    RIGHT,
    SUM,
    SUM_ID,
    SUM_TRACEBACK,
    WRONG,
    failed,
    hand_out,
    ran,
    saying,
    trouble,
)

from functions.curriculum.reading import exercise_called
from functions.shared.running import Ran


@pytest.fixture
def debug(function, stand_in):
    """Debug, which asks a model that explains without a correction."""
    stand_in.manner = saying()
    return function("debug")


def hint(debug, number, came=(ENDED,), **asked):
    """Ask for the nth hint, have whatever is to be run run, and return the answer."""
    named = {"event_id": f"d{number}", "request": f"r{number}", **asked}
    answer = trouble(debug, **named)
    for place, result in enumerate(came):
        assert answer.event["type"] == CHECK
        answer = ran(debug, answer, result, event_id=f"c{number}-{place}", correlationid=named["request"])
    return answer.data


def test_in_a_course_that_stages_hints_the_model_s_come_one_at_a_time_and_it_is_asked_once(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    answers = [hint(debug, number) for number in (1, 2, 3, 4)]

    assert [len(answer["hints"]) for answer in answers] == [1, 2, 3, 3]
    assert [answer["answered_by"] for answer in answers] == ["stand-in", *["stand-in, kept"] * 3]
    assert len(stand_in.asked) == 1
    assert db.execute("SELECT model_answers FROM learner_quotas").fetchall() == [(1,)]
    assert [bool(answer["tips"]) for answer in answers] == [False, False, True, True]
    assert [answer["corrected_code"] for answer in answers] == [None, None, MENDED, MENDED]
    assert "is not there" not in answers[0]["explanation"] + answers[1]["explanation"]
    assert "is not there" in answers[2]["explanation"]


def test_the_next_hints_are_those_that_belong_to_the_first_whatever_the_model_would_say_now(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    first = hint(debug, 1)
    stand_in.manner = saying(hint_1="Another first.", hint_2="Another second.", hint_3="Another third.")
    third = [hint(debug, number) for number in (2, 3)][-1]

    assert third["hints"][:1] == first["hints"]
    assert third["hints"][2] == "Let the loop stop one step earlier."


def test_another_program_is_another_question_to_the_model(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    answers = [hint(debug, 1), hint(debug, 2, code=BROKEN + "print('done')\n"), hint(debug, 3)]

    assert [answer["answered_by"] for answer in answers] == ["stand-in", "stand-in", "stand-in, kept"]
    assert len(stand_in.asked) == 2


@pytest.mark.parametrize("again", [{"event_id": "d1", "request": "r1"}, {"event_id": "d9", "request": "r1"}])
def test_a_question_that_comes_again_is_no_further_hint_and_no_further_call(debug, stand_in, db, again):
    in_a_course(db, hint_policy="staged")
    first, same = hint(debug, 1), hint(debug, 9 if again["event_id"] == "d9" else 1, **again)

    assert same["hints"] == first["hints"]
    assert len(stand_in.asked) == 1
    assert len(hint(debug, 2)["hints"]) == 2


def test_a_correction_of_the_model_s_that_worked_is_kept_with_its_hints(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    stand_in.manner = saying(corrected_code=RIGHT)
    asked = {"code": WRONG, "error_message": None, "question": QUESTION}
    runs = [(PRINTED, Ran(outcome="ok", stdout="7\n")), (PRINTED,), (PRINTED,)]
    answers = [hint(debug, number, came, **asked) for number, came in enumerate(runs, 1)]

    assert [answer["corrected_code"] for answer in answers] == [None, None, RIGHT]
    assert (answers[2]["checked"], len(stand_in.asked)) == ("passed", 1)


def test_a_correction_that_failed_is_kept_out_of_the_hints_for_good(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    stand_in.manner = saying(corrected_code=RIGHT)
    asked = {"code": WRONG, "error_message": None, "question": QUESTION}
    answers = [hint(debug, number, (PRINTED, failed())[: 3 - number], **asked) for number in (1, 2)]

    assert [(answer["corrected_code"], answer["answered_by"]) for answer in answers] == [
        (None, "stand-in"), (None, "stand-in, kept")
    ]  # fmt: skip


def test_hints_that_were_kept_are_asked_for_anew_once_the_program_is_one_for_an_exercise(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    asked = {"code": SUM, "error_message": SUM_TRACEBACK}
    stand_in.manner = saying(corrected_code=None, hint_3="Write `for i in range(len(numbers)):` instead.")
    hint(debug, 1, **asked)
    hand_out(db)
    stand_in.manner = saying(hint_3="In another list of 2 items, the last one is at place 1.")
    answers = [hint(debug, number, (), **asked) for number in (2, 3)]

    assert [answer["exercise_id"] for answer in answers] == [SUM_ID] * 2
    assert [answer["answered_by"] for answer in answers] == ["stand-in", "stand-in, kept"]
    assert "range(len(numbers))" not in str([answer["hints"] for answer in answers])
    assert len(stand_in.asked) == 2


def test_hints_that_may_not_leave_any_more_are_our_own(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    stand_in.manner = saying(hint_3="```python\n" + exercise_called(SUM_ID)[1].solution + "```")
    hint(debug, 1)
    hand_out(db)
    answers = [hint(debug, number) for number in (2, 3)]

    assert answers[1]["answered_by"] == "built-in"
    assert "sum_of_evens" not in str(answers)
    assert len(stand_in.asked) == 1


def test_hints_that_were_kept_are_not_for_a_course_that_has_its_answers_without_a_model(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    hint(debug, 1)
    db.execute("UPDATE courses SET model = false")

    assert hint(debug, 2)["answered_by"] == "built-in"


def test_what_a_model_wrote_of_a_learner_s_mistakes_goes_with_them(debug, stand_in, db):
    in_a_course(db, hint_policy="staged")
    hint(debug, 1)
    ((written,),) = db.execute("SELECT written FROM hints_asked").fetchall()
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert written["hints"][2] == "Let the loop stop one step earlier."
    assert db.execute("SELECT count(*) FROM hints_asked").fetchone() == (0,)
