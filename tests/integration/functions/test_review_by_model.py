"""Review has a model word its findings and suggest more, tries what it suggests, and needs no model for a review."""

import json

import pytest
from by_model_stage import in_a_course, watching_connections
from review_stage import (
    CHECK,
    CLEAN,
    INDEXED,
    REVIEWED,
    SUM,
    SUM_ID,
    SUMMED,
    ask,
    drafts,
    graded,
    hand_in,
    kept,
    printed,
    ran,
)

from functions.review.reviewing import review as reviewed
from functions.shared.running import Ran
from tests.model_stand_in import fails, says

MARK = reviewed(INDEXED).quality.score
RENAMED = 'letters = ["a", "b"]'
OWN = {"finding": None, "line": 1, "last_line": 1, "category": "naming", "reason": "`words` holds letters."}
IN_OTHER_WORDS = {
    **OWN,
    "finding": 1,
    "line": 2,
    "last_line": 2,
    "reason": "You want the items of `words`.",
    "after": None,
}
SAME, OTHER = Ran(outcome="ok", stdout="B\n"), Ran(outcome="ok", stdout="a\n")


def saying(*suggestions, **fields):
    """Have a model say this of a program."""
    said = {
        "praise": "`words` is built once, and read from there.",
        "summary": "Your program is right. Going over the items is the next step.",
        "suggestions": list(suggestions),
        **fields,
    }
    return says(json.dumps(said))


@pytest.fixture
def review(function, stand_in):
    """Review, which asks a model that words one of two findings and has one suggestion of its own."""
    stand_in.manner = saying(IN_OTHER_WORDS, {**OWN, "after": RENAMED})
    return function("review")


def test_the_model_words_a_finding_and_adds_one_of_its_own_and_both_are_tried(review, stand_in, db):
    check = ask(review, question="Is it good?")
    answer = ran(review, check, SAME, SAME, SAME)

    assert (check.event["type"], len(check.data["trials"])) == (CHECK, 3)
    assert [trial["code"] for trial in check.data["trials"]][::2] == [
        INDEXED,
        INDEXED.replace('words = ["a", "b"]', RENAMED, 1),
    ]
    assert (answer.event["type"], answer.data["answered_by"]) == (REVIEWED, "stand-in")
    assert (answer.data["quality"], answer.data["more"]) == (MARK, 1)
    assert [(each["rule"], each["checked"]) for each in answer.data["suggestions"]] == [
        ("index_loop", "passed"), ("model", "passed"),
    ]  # fmt: skip
    first, second = answer.data["suggestions"]
    assert (first["reason"], second["after"]) == ("You want the items of `words`.", RENAMED)
    assert first["after"].startswith("for ")
    assert answer.data["summary"].startswith("`words` is built once, and read from there.\n\nYour program is right.")
    assert f"Quality: {MARK} of 100." in answer.data["summary"]
    assert kept(db, "quality, topic") == [(MARK, None)]
    told = stand_in.asked[0].body["messages"][-1]["content"]
    assert all(each in told for each in ("Is it good?", "finding 2", str(MARK)))


def test_a_suggestion_of_its_own_that_changes_what_the_program_does_is_none(review):
    answer = ran(review, ask(review), SAME, SAME, OTHER)

    assert [each["rule"] for each in answer.data["suggestions"]] == ["index_loop"]


@pytest.mark.parametrize("came", [(), printed("", "", "")], ids=["unavailable", "nothing to see"])
def test_of_a_suggestion_of_its_own_that_was_not_seen_to_do_the_same_only_the_words_are_told(review, came):
    answer = ran(review, ask(review), *came)

    own = answer.data["suggestions"][1]
    assert (own["rule"], own["reason"], own["after"], own["checked"]) == ("model", OWN["reason"], None, None)
    assert answer.data["suggestions"][0]["after"]


def test_what_is_said_in_words_alone_goes_out_at_once(review, stand_in):
    stand_in.manner = saying({**OWN, "after": None}, summary="It says hello.")
    answer = ask(review, CLEAN)

    assert (answer.event["type"], answer.data["answered_by"]) == (REVIEWED, "stand-in")
    assert [each["rule"] for each in answer.data["suggestions"]] == ["model"]


@pytest.mark.parametrize(
    "manner",
    [fails(401), says("no JSON at all"), says("", refusal="I would rather not.")],
    ids=["down", "no", "refused"],
)
def test_without_an_answer_of_the_model_the_review_is_our_own(review, stand_in, manner):
    stand_in.manner = manner
    answer = ran(review, ask(review), SAME, SAME, SAME)

    assert (answer.data["answered_by"], answer.data["quality"]) == ("built-in", MARK)
    assert [each["rule"] for each in answer.data["suggestions"]] == [
        each.rule for each in reviewed(INDEXED).suggestions
    ]


def test_a_model_that_is_nowhere_costs_no_review(function, stand_in, monkeypatch):
    monkeypatch.setenv("MODEL_SECONDS", "1")
    stand_in.__exit__()

    assert ask(function("review"), CLEAN).data["answered_by"] == "built-in"


def test_a_course_without_a_model_has_our_own_review_and_nobody_is_asked(review, stand_in, db):
    in_a_course(db, model=False)

    assert ask(review, CLEAN).data["answered_by"] == "built-in"
    assert stand_in.asked == []


def hand_out(db):
    db.execute("INSERT INTO users (id) VALUES ('ada') ON CONFLICT DO NOTHING")
    db.execute("INSERT INTO exercises_given (learner_id, exercise_id) VALUES ('ada', %s)", [SUM_ID])


def test_a_model_that_gives_an_exercise_away_twice_is_not_heard(review, stand_in, db):
    hand_out(db)
    stand_in.manner = saying(summary=f"Do it like this:\n\n```python\n{SUM.solution}```")
    answer = ask(review, CLEAN)

    assert answer.data["answered_by"] == "built-in"
    assert "sum_of_evens" not in str(answer.data)
    assert len(stand_in.asked) == 2
    assert "gives away the program" in stand_in.asked[1].body["messages"][-1]["content"]


def test_a_model_that_mends_what_was_objected_to_is_heard(review, stand_in):
    stand_in.script.append(saying({**OWN, "line": 99, "last_line": 99, "after": None}))
    stand_in.manner = saying({**OWN, "after": None})
    answer = ask(review, CLEAN)

    assert (answer.data["answered_by"], len(stand_in.asked)) == ("stand-in", 2)
    assert "lines are 1 to 1" in stand_in.asked[1].body["messages"][-1]["content"]


def test_what_was_handed_in_is_reviewed_without_a_model_since_nobody_asked(review, stand_in, db):
    hand_in(db)
    hand_in(db, CLEAN, id="s2", learner="bob")
    tried = ran(review, graded(review))
    at_once = graded(review, "s2", event_id="g2", learner="bob")

    for answer, submission in ((tried, "s1"), (at_once, "s2")):
        assert (answer.event["type"], answer.data["submission_id"]) == (REVIEWED, submission)
        assert answer.data["answered_by"] == "built-in"
    assert stand_in.asked == []
    assert db.execute("SELECT count(*) FROM learner_quotas").fetchone() == (0,)


def test_whoever_asks_for_a_review_of_what_they_handed_in_has_it_from_the_model_and_by_the_tests(review, stand_in, db):
    rewritten = {**OWN, "line": 3, "last_line": 3, "after": "    total = 0 * 1"}
    stand_in.manner = saying(rewritten)
    hand_in(db, id="s2", learner="bob")
    hand_in(db)

    check = ask(review, SUMMED)
    answer = ran(review, check, *[Ran(outcome="ok", value={"kind": "int", "value": 6})] * len(check.data["trials"]))
    told = stand_in.asked[0].body["messages"][-1]["content"]

    assert SUM.title in told
    assert SUM.solution not in told
    assert [trial["call"] for trial in check.data["trials"]] == [test.call for test in SUM.tests] * 2
    assert [(each["after"], each["checked"]) for each in answer.data["suggestions"]] == [
        ("    total = 0 * 1", "passed"),
    ]  # fmt: skip
    assert (answer.data["answered_by"], answer.data["submission_id"]) == ("stand-in", None)


@pytest.mark.parametrize("code", [None, "print(", "x = 1\n" * 20_000], ids=["none", "unreadable", "too large"])
def test_what_is_no_program_to_review_is_no_question_to_a_model(review, stand_in, code):
    assert ask(review, code).data["answered_by"] == "built-in"
    assert stand_in.asked == []


def test_every_event_that_comes_again_is_answered_alike_and_nobody_is_asked_again(review, stand_in, db):
    checks = [ask(review) for _ in range(2)]
    answers = [ran(review, checks[0], SAME, SAME, SAME) for _ in range(2)]
    late = ran(review, checks[0], SAME, OTHER, OTHER, event_id="c2")

    for first, again in (checks, answers):
        assert (first.event["id"], first.body) == (again.event["id"], again.body)
    assert (late.status, late.body) == (204, b"")
    assert len(stand_in.asked) == 1
    assert (len(kept(db)), drafts(db)) == (1, [])


def test_while_a_model_thinks_no_connection_is_held(review, stand_in, database_url, monkeypatch):
    with watching_connections(review, stand_in, monkeypatch, database_url) as free:
        ask(review)

    assert free == [True]
