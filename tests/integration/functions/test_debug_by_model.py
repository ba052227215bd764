"""Debug has a model word what the rules and the runs found out, tries its correction, and needs no model to answer."""

import pytest
from by_model_stage import in_a_course, watching_connections
from debug_stage import (
    BROKEN,
    CHECK,
    ENDED,
    EXPLAINED,
    MENDED,
    PRINTED,
    QUESTION,
    RIGHT,
    SUM,
    SUM_ID,
    WRONG,
    attempt,
    drafts,
    errors,
    failed,
    hand_out,
    ran,
    saying,
    trouble,
)
from prometheus_client import REGISTRY
from psycopg.types.json import Jsonb

from functions.curriculum.reading import curriculum, exercise_called
from functions.debug.diagnose import cause
from functions.shared.made import Made, made_body
from functions.shared.running import BlockedInfo, Ran
from tests.made_exercise import SOLUTION, made
from tests.model_stand_in import fails, says

KNOWN = cause("index_off_by_one")


@pytest.fixture
def debug(function, stand_in):
    """Debug, which asks a model that explains without a correction."""
    stand_in.manner = saying()
    return function("debug")


def asked_for(stand_in, number=0):
    return stand_in.asked[number].body["messages"][-1]["content"]


def proposal(debug, stand_in, correction=RIGHT):
    """Ask about the program that no rule understands, and return the check of what the model makes of it."""
    stand_in.manner = saying(corrected_code=correction)
    check = ran(debug, trouble(debug, WRONG, None, question=QUESTION), PRINTED)
    assert check.event["type"] == CHECK
    return check


def test_the_model_words_what_was_found_out_once_all_of_it_is_known(debug, stand_in, db):
    check = trouble(debug, question="What is wrong?")
    asked_before_the_run = len(stand_in.asked)
    answer = ran(debug, check, ENDED)

    assert asked_before_the_run == 0
    assert answer.event["type"] == EXPLAINED
    assert (answer.data["answered_by"], answer.data["title"]) == ("stand-in", "One step too many")
    assert answer.data["hints"][2] == "Let the loop stop one step earlier."
    assert answer.data["tips"] == ["Say the first and the last number of a loop aloud."]
    assert (answer.data["cause"], answer.data["line"]) == (KNOWN.id, 3)
    assert (answer.data["corrected_code"], answer.data["checked"]) == (MENDED, "passed")
    assert (drafts(db), errors(db)) == ([], [("ada", "IndexError", 3)])
    told = asked_for(stand_in)
    assert all(each in told for each in (KNOWN.id, "range(len(numbers)):", "solution, without corrected_code"))


def test_where_no_rule_knows_what_is_wrong_the_model_says_it_and_its_correction_is_run_first(debug, stand_in, db):
    check = proposal(debug, stand_in)
    answer = ran(debug, check, Ran(outcome="ok", stdout="7\n"), event_id="c2")

    assert (check.data["requester"], check.data["code"]) == ("debug", RIGHT)
    assert (answer.data["cause"], answer.data["line"], answer.data["answered_by"]) == (None, 1, "stand-in")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (RIGHT, "passed")
    assert len(stand_in.asked) == 1
    assert all(each in asked_for(stand_in) for each in (QUESTION, "-1", "solution, with corrected_code"))
    assert drafts(db) == []


@pytest.mark.parametrize("came", [failed(), Ran(outcome="timeout"), Ran(outcome="blocked")])
def test_a_correction_that_does_not_run_is_not_shown(debug, stand_in, came):
    answer = ran(debug, proposal(debug, stand_in), came, event_id="c2")

    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, None)
    assert (len(answer.data["hints"]), answer.data["answered_by"]) == (3, "stand-in")


def test_a_correction_that_nobody_can_run_is_not_shown_and_the_answer_says_so(debug, stand_in):
    answer = ran(debug, proposal(debug, stand_in), event_id="c2", source="/learnflow/dead-letter")

    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, "unavailable")
    assert "I could not try the corrected program just now" in answer.data["explanation"]
    assert len(stand_in.asked) == 1


def test_where_the_sandbox_was_away_before_no_correction_is_waited_for(debug, stand_in):
    stand_in.manner = saying(corrected_code=RIGHT)
    answer = ran(debug, trouble(debug, WRONG, None, question=QUESTION), source="/learnflow/dead-letter")

    assert (answer.event["type"], answer.data["checked"]) == (EXPLAINED, "unavailable")
    assert "I could not try the corrected program" in answer.data["explanation"]
    assert answer.data["answered_by"] == "stand-in"


@pytest.mark.parametrize(
    "manner",
    [fails(401), says("no JSON at all"), says("", refusal="I would rather not.")],
    ids=["down", "no", "refused"],
)
def test_without_an_answer_of_the_model_the_answer_is_our_own(debug, stand_in, manner):
    stand_in.manner = manner
    answer = ran(debug, trouble(debug), ENDED)

    assert (answer.data["answered_by"], answer.data["title"]) == ("built-in", KNOWN.title)
    assert (answer.data["hints"][0], answer.data["corrected_code"]) == (KNOWN.general, MENDED)


def test_a_model_that_is_nowhere_costs_no_answer(function, stand_in, monkeypatch):
    monkeypatch.setenv("MODEL_SECONDS", "1")
    stand_in.__exit__()
    debug = function("debug")

    assert ran(debug, trouble(debug), ENDED).data["answered_by"] == "built-in"


def objected(answer):
    labels = {"function": "debug", "kind": "solution", "answer": answer}
    return REGISTRY.get_sample_value("learnflow_guard_objections_total", labels) or 0.0


def test_for_an_exercise_the_model_is_not_told_the_correction_and_writes_none(debug, stand_in, db):
    hand_out(db)
    stand_in.manner = saying(corrected_code=RIGHT, hint_3="In another list of 2 items, the last one is at place 1.")
    answer = attempt(debug)

    assert (answer.event["type"], answer.data["exercise_id"]) == (EXPLAINED, SUM_ID)
    assert (answer.data["answered_by"], answer.data["corrected_code"]) == ("stand-in", None)
    told = asked_for(stand_in)
    assert "analogous, without corrected_code" in told
    assert exercise_called(SUM_ID)[1].title in told
    assert "range(len(numbers)):" not in told


def test_an_exercise_that_a_model_made_is_one_to_debug_too(debug, stand_in, db):
    name = "loops/made-0123456789ab"
    exercise = made().model_copy(update={"id": "made-0123456789ab"})
    hand_out(db, name)
    body = Jsonb(made_body(Made(curriculum().topic("loops"), exercise, "some-model")))
    db.execute("INSERT INTO made_exercises (learner_id, id, body) VALUES ('ada', %s, %s)", [name, body])
    answer = trouble(debug, SOLUTION.replace("days:", "days"), None)

    assert (answer.data["exercise_id"], answer.data["corrected_code"]) == (name, None)
    assert answer.data["answered_by"] == "stand-in"
    assert all(each in asked_for(stand_in) for each in (exercise.title, "analogous, without corrected_code"))


@pytest.mark.parametrize(
    "given_away",
    [
        "```python\n" + exercise_called(SUM_ID)[1].solution + "```",
        "Write this:\n\n```python\n" + SUM.replace("len(numbers) + 1", "len(numbers)") + "```",
    ],
    ids=["the reference", "the correction"],
)
def test_a_model_that_gives_an_exercise_away_twice_is_not_heard(debug, stand_in, db, given_away):
    hand_out(db)
    stand_in.manner = saying(hint_3=given_away)
    before = objected("first"), objected("repaired")

    answer = attempt(debug)

    assert answer.data["answered_by"] == "built-in"
    assert answer.data["hints"][2].startswith("This is an exercise, so the last step is yours.")
    assert len(stand_in.asked) == 2
    assert "gives away the program" in asked_for(stand_in, 1)
    assert (objected("first"), objected("repaired")) == (before[0] + 1, before[1] + 1)


def test_a_model_that_writes_the_line_of_an_exercise_as_it_should_be_is_told_to_leave_it(debug, stand_in, db):
    hand_out(db)
    stand_in.script.append(saying(hint_3="Write `for i in range(len(numbers)):` instead."))
    answer = attempt(debug)

    assert (answer.data["answered_by"], answer.data["hints"][2]) == ("stand-in", "Let the loop stop one step earlier.")
    assert "leave the line to them" in asked_for(stand_in, 1)


def test_a_model_that_mends_what_was_objected_to_is_heard(debug, stand_in):
    stand_in.script.append(
        saying(hint_3="Let the loop stop one step earlier.", hint_2="Let the loop stop one step earlier.")
    )
    answer = ran(debug, trouble(debug), ENDED)

    assert (answer.data["answered_by"], len(stand_in.asked)) == ("stand-in", 2)
    assert asked_for(stand_in, 1) == "Two hints say the same. Let each tell more than the one before."


@pytest.mark.parametrize("given_away", [f"Write this:\n\n```python\n{MENDED}```", "`for i in range( len(numbers) ):`"])
def test_a_first_hint_that_is_the_correction_is_not_the_model_s_to_give(debug, stand_in, db, given_away):
    in_a_course(db, hint_policy="staged")
    stand_in.manner = saying(hint_1=given_away)
    answer = ran(debug, trouble(debug), ENDED)

    assert (answer.data["answered_by"], answer.data["hints"]) == ("built-in", [KNOWN.general])


def test_a_course_without_a_model_has_our_own_answer_and_nobody_is_asked(debug, stand_in, db):
    in_a_course(db, model=False)

    assert ran(debug, trouble(debug), ENDED).data["answered_by"] == "built-in"
    assert stand_in.asked == []


def test_what_cannot_be_run_here_and_what_is_no_mistake_at_all_is_no_question_to_a_model(debug, stand_in):
    blocked = Ran(
        outcome="blocked", blocked=BlockedInfo(what="socket", why="There is no network.", instead="Use a list.")
    )
    answers = [
        ran(debug, trouble(debug, "import socket\n", None, question=QUESTION), blocked),
        ran(debug, trouble(debug, WRONG, None, event_id="d2"), PRINTED, event_id="c2"),
        trouble(debug, None, None, event_id="d3", question="it is broken"),
    ]

    assert [answer.data["answered_by"] for answer in answers] == ["built-in"] * 3
    assert stand_in.asked == []


def test_every_event_that_comes_again_is_answered_alike_and_nobody_is_asked_again(debug, stand_in, db):
    stand_in.manner = saying(corrected_code=RIGHT)
    see = [trouble(debug, WRONG, None, question=QUESTION) for _ in range(2)]
    prove = [ran(debug, see[0], PRINTED) for _ in range(2)]
    answers = [ran(debug, prove[0], PRINTED, event_id="c2") for _ in range(2)]
    late = [ran(debug, see[0], failed(), event_id="c3"), ran(debug, prove[0], failed(), event_id="c4")]

    for first, again in (see, prove, answers):
        assert (first.event["id"], first.body) == (again.event["id"], again.body)
    assert [(each.status, each.body) for each in late] == [(204, b"")] * 2
    assert len(stand_in.asked) == 1
    assert db.execute("SELECT count(*) FROM model_calls").fetchone() == (1,)


def test_what_anybody_else_tells_of_a_run_is_refused_before_a_model_is_asked(debug, stand_in):
    check = trouble(debug)

    assert ran(debug, check, ENDED, source="/somebody").status == 422
    assert ran(debug, check, ENDED, learner="bob", event_id="c2").status == 204
    assert stand_in.asked == []
    assert ran(debug, check, ENDED, event_id="c3").data["answered_by"] == "stand-in"


def test_while_a_model_thinks_no_connection_is_held(debug, stand_in, database_url, monkeypatch):
    with watching_connections(debug, stand_in, monkeypatch, database_url) as free:
        ran(debug, trouble(debug, BROKEN), ENDED)

    assert free == [True]
