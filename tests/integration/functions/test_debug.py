"""Debug explains a mistake in three steps, and shows a corrected program only if it was run and works."""

import hashlib

import pytest
from debug_stage import (
    BROKEN,
    CHECK,
    ENDED,
    EXPLAINED,
    MENDED,
    SUM,
    SUM_ID,
    TRACEBACK,
    UNENDING,
    attempt,
    drafts,
    errors,
    failed,
    hand_in,
    hand_out,
    ran,
    trouble,
)

from functions.debug.diagnose import cause
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater


@pytest.fixture
def debug(function):
    return function("debug")


def test_a_correction_is_run_before_anybody_sees_it(debug, db):
    check = trouble(debug)

    assert (check.status, check.event["type"]) == (200, CHECK)
    assert (check.data["requester"], check.data["code"]) == ("debug", MENDED)
    assert [trial["stdin"] for trial in check.data["trials"]] == [""]
    assert check.event["requester"] == "debug"
    assert check.event["draftid"] == check.data["draft_id"]
    assert drafts(db) == [(check.data["draft_id"], "debug", "ada")]
    assert errors(db) == []


def test_a_correction_that_works_is_shown_with_three_hints_from_general_to_the_solution(debug, db):
    answer = ran(debug, trouble(debug), ENDED)

    known = cause("index_off_by_one")
    assert (answer.status, answer.event["type"], answer.event["correlationid"]) == (200, EXPLAINED, "r1")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (MENDED, "passed")
    assert (answer.data["cause"], answer.data["title"], answer.data["line"]) == (known.id, known.title, 3)
    assert (answer.data["error"]["type"], answer.data["error"]["line"]) == ("IndexError", 3)
    assert (answer.data["topic"], answer.data["exercise_id"]) == ("lists", None)
    assert answer.data["hints"][0] == known.general
    assert "`numbers`" in answer.data["hints"][1]
    assert "`len(numbers)`" in answer.data["hints"][2]
    assert answer.data["example"] == {"wrong": known.wrong, "right": known.right}
    assert answer.data["tips"] == list(known.tips)
    assert answer.data["code_hash"] == hashlib.sha256(BROKEN.encode()).hexdigest()
    assert drafts(db) == []
    assert errors(db) == [("ada", "IndexError", 3)]


@pytest.mark.parametrize(
    "came",
    [failed(), UNENDING, failed("NameError", "name 'x' is not defined", 1, "")],
    ids=["same", "late", "other"],
)
def test_a_correction_that_does_not_work_is_not_shown(debug, db, came):
    answer = ran(debug, trouble(debug), came)

    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, None)
    assert answer.data["cause"] == "index_off_by_one"
    assert len(answer.data["hints"]) == 3
    assert "could not" not in answer.data["explanation"]
    assert errors(db) == [("ada", "IndexError", 3)]
    assert drafts(db) == []


TWICE = BROKEN + "print(numbrs)\n"


def test_where_a_correction_brings_the_next_mistake_to_light_that_is_mended_too(debug, db):
    first = trouble(debug, TWICE)
    second = ran(debug, first, failed("NameError", "name 'numbrs' is not defined", 4, ""))
    answer = ran(debug, second, ENDED, event_id="c2")

    assert first.data["code"] == MENDED + "print(numbrs)\n"
    assert (second.event["type"], second.data["code"]) == (CHECK, MENDED + "print(numbers)\n")
    assert (answer.data["cause"], answer.data["error"]["type"]) == ("index_off_by_one", "IndexError")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (second.data["code"], "passed")
    assert errors(db) == [("ada", "IndexError", 3)]
    assert drafts(db) == []


def test_a_program_with_ever_more_mistakes_is_given_up_after_three_tries(debug, db):
    more = "ages = {'Ada': 36}\nprint(ages['ada'])\nprint(numbrs)\nprint('a' + 1)\n"
    came = [
        failed("KeyError", "'ada'", 5, ""),
        failed("NameError", "name 'numbrs' is not defined", 6, ""),
        failed("TypeError", 'can only concatenate str (not "int") to str', 7, ""),
    ]
    answer = trouble(debug, BROKEN + more)
    for number, each in enumerate(came):
        assert answer.event["type"] == CHECK
        answer = ran(debug, answer, each, event_id=f"c{number}")

    assert (answer.event["type"], answer.data["cause"]) == (EXPLAINED, "index_off_by_one")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, None)
    assert drafts(db) == []


def test_where_the_sandbox_cannot_be_asked_the_answer_comes_without_the_correction_and_says_so(debug, db):
    answer = ran(debug, trouble(debug), source="/learnflow/dead-letter")

    assert (answer.status, answer.event["type"]) == (200, EXPLAINED)
    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, "unavailable")
    assert "I could not try the corrected program just now" in answer.data["explanation"]
    assert MENDED not in answer.body.decode()
    assert errors(db) == [("ada", "IndexError", 3)]


def test_a_message_without_a_program_is_explained_at_once(debug, db):
    answer = trouble(debug, code=None, error_message="KeyError: 'name'")

    assert (answer.event["type"], answer.data["cause"], answer.data["code_hash"]) == (EXPLAINED, "missing_key", "")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, None)
    assert errors(db, "error_type, line, code_hash, seen_by") == [("KeyError", None, "", "debug")]
    assert drafts(db) == []


@pytest.mark.parametrize(
    "nothing", [{}, {"code": " \n\t"}, {"question": "My code is not working"}, {"code": "", "question": "help!"}]
)
def test_who_gives_nothing_is_asked_for_code_and_message(debug, db, nothing):
    answer = trouble(debug, **{"code": None, "error_message": None, **nothing})

    assert (answer.status, answer.event["type"], answer.data["cause"]) == (200, EXPLAINED, None)
    assert (answer.data["error"], answer.data["hints"], answer.data["corrected_code"]) == (None, [], None)
    assert "Send me your program in `code`" in answer.data["explanation"]
    assert errors(db) == drafts(db) == []


def test_a_program_and_its_traceback_pasted_into_the_question_are_found(debug):
    question = f"Why does this fail?\n\n```python\n{BROKEN}```\n\nIt says:\n\n{TRACEBACK}"
    check = trouble(debug, code=None, error_message=None, question=question)

    assert check.data["code"].strip() == MENDED.strip()
    assert ran(debug, check, ENDED).data["error"]["type"] == "IndexError"


def test_how_sure_the_routing_was_and_its_second_guess_are_offered(debug):
    answer = ran(debug, trouble(debug, confidence=0.5, second_guess="concepts"), ENDED)

    assert answer.data["confidence"] == 0.5
    assert answer.data["explanation"].endswith("ask for that topic by name.")


def test_a_second_guess_is_offered_where_nothing_was_found_too(debug):
    answer = trouble(debug, None, None, question="it is broken", confidence=0.4, second_guess="code_review")

    assert answer.data["explanation"].endswith("ask for a review and send the code along.")


def gets_a_like_mistake(answer):
    known = cause("index_off_by_one")
    assert (answer.status, answer.event["type"], answer.data["exercise_id"]) == (200, EXPLAINED, SUM_ID)
    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, None)
    assert known.wrong.strip() in answer.data["hints"][2]
    assert known.right.strip() in answer.data["hints"][2]
    assert "`len(numbers)`" not in answer.data["hints"][2]
    return True


def test_for_an_exercise_that_was_handed_out_the_last_hint_is_a_like_mistake_elsewhere(debug, db):
    hand_out(db)

    assert gets_a_like_mistake(attempt(debug))
    assert errors(db) == [("ada", "IndexError", 4)]
    assert drafts(db) == []


def test_for_an_exercise_that_is_named_the_same_whatever_its_functions_are_called(debug):
    renamed = SUM.replace("sum_of_evens", "evens")

    assert gets_a_like_mistake(attempt(debug, renamed, exercise_id=SUM_ID))
    assert attempt(debug, renamed, event_id="d2").event["type"] == CHECK


def test_for_an_exercise_that_was_handed_in_in_vain_the_same(debug, db):
    hand_in(db, passed=False)

    assert gets_a_like_mistake(attempt(debug))


def test_after_passing_the_correction_is_no_secret(debug, db):
    hand_out(db)
    hand_in(db, passed=True)
    check = attempt(debug, exercise_id=SUM_ID)

    assert check.event["type"] == CHECK
    assert ran(debug, check, ENDED).data["corrected_code"] == SUM.replace("len(numbers) + 1", "len(numbers)")


def test_what_somebody_else_practises_or_has_passed_does_not_matter(debug, db):
    hand_out(db, learner="bob")
    assert attempt(debug).event["type"] == CHECK

    hand_in(db, passed=True, learner="bob")
    hand_out(db)
    assert gets_a_like_mistake(attempt(debug, event_id="d2"))


def test_another_program_than_the_exercise_s_is_corrected_as_usual(debug, db):
    hand_out(db)

    assert trouble(debug).event["type"] == CHECK


@pytest.mark.parametrize("unknown", ["loops/cooking", "../secrets", "", "x" * 100_000])
def test_an_exercise_that_there_is_not_counts_for_none(debug, unknown):
    assert attempt(debug, exercise_id=unknown).event["type"] == CHECK


def test_a_learner_who_goes_takes_everything_along(debug, db):
    ran(debug, trouble(debug), ENDED)
    trouble(debug, event_id="d2")
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert errors(db) == drafts(db) == []


def test_without_a_database_it_asks_to_be_tried_again(debug, monkeypatch):
    nowhere = PostgreSQL("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    monkeypatch.setattr(debug, "db", nowhere)

    assert trouble(debug).status == TryAgainLater.status
    nowhere.close()
