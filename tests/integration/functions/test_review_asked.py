"""Review says what is good and what could be better, and suggests only what does what the program does."""

import hashlib

import pytest
from review_stage import CHECK, CLEAN, INDEXED, REVIEWED, ask, drafts, kept, printed, ran

from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.running import MAX_CODE_BYTES, Ran


@pytest.fixture
def review(function):
    return function("review")


def rules(answer):
    return [each["rule"] for each in answer.data["suggestions"]]


def checks(answer):
    return [each["checked"] for each in answer.data["suggestions"]]


def test_the_program_and_each_version_that_is_suggested_are_run_before_anything_is_said(review, db):
    check = ask(review)

    assert (check.status, check.event["type"], check.event["requester"]) == (200, CHECK, "review")
    assert check.event["draftid"] == check.data["draft_id"]
    original, *versions = [trial["code"] for trial in check.data["trials"]]
    assert original == check.data["code"] == INDEXED
    assert len(versions) == len(set(versions)) == 2
    assert INDEXED not in versions
    assert drafts(db) == [(check.data["draft_id"], "review", "ada")]
    assert kept(db) == []


def test_suggestions_whose_versions_do_the_same_are_told_as_such_and_the_mark_is_kept(review, db):
    answer = ran(review, ask(review), *printed("B\n", "B\n", "B\n"))

    assert (answer.status, answer.event["type"], answer.event["correlationid"]) == (200, REVIEWED, "r1")
    assert set(rules(answer)) == {"index_loop", "compared_to_bool"}
    assert checks(answer) == ["passed", "passed"]
    assert all(each["before"] in INDEXED and each["after"] for each in answer.data["suggestions"])
    assert (answer.data["submission_id"], answer.data["exercise_id"]) == (None, None)
    assert answer.data["code_hash"] == hashlib.sha256(INDEXED.encode()).hexdigest()
    assert kept(db, "id, learner_id, submission_id, topic, code_hash, quality, reviewed_at::text") == [
        (
            "ada:r1",
            "ada",
            None,
            None,
            answer.data["code_hash"],
            answer.data["quality"],
            kept(db, "reviewed_at::text")[0][0],
        )
    ]
    assert kept(db, "reviewed_at::text")[0][0].startswith("2026-03-20 12:00:00")
    assert drafts(db) == []


def test_the_summary_says_what_is_good_first_then_the_mark_and_each_suggestion_with_its_line(review):
    answer = ran(review, ask(review), *printed("B\n", "B\n", "B\n"))
    praise, mark, suggestions = answer.data["summary"].split("\n\n")

    assert praise == answer.data["praise"]
    assert mark.startswith(f"Quality: {answer.data['quality']} of 100. 2 things")
    assert [line.startswith("- **Line ") for line in suggestions.splitlines()] == [True, True]


@pytest.mark.parametrize(
    "other",
    [
        Ran(outcome="ok", stdout="b\n"),
        Ran(outcome="error", stdout="B\n", error={"type": "NameError", "message": "…"}),
        Ran(outcome="timeout", stdout="B\n"),
        Ran(outcome="killed"),
    ],
    ids=lambda ran: ran.outcome,
)
def test_a_suggestion_that_changes_what_the_program_does_is_dropped(review, other):
    check = ask(review)
    dropped = ran(review, check, *printed("B\n"), other, *printed("B\n"))
    both = ran(review, ask(review, event_id="v2"), *printed("B\n", "B\n", "B\n"), event_id="c2")

    assert rules(dropped) == rules(both)[1:]
    assert checks(dropped) == ["passed"]
    assert "One thing that would make it better" in dropped.data["summary"]


@pytest.mark.parametrize("silent", [Ran(outcome="ok"), Ran(outcome="timeout"), Ran(outcome="blocked")])
def test_where_the_program_tells_nothing_there_was_nothing_to_compare(review, silent):
    answer = ran(review, ask(review), silent, silent, silent)

    assert len(rules(answer)) == 2
    assert checks(answer) == [None, None]
    assert "could not run" not in answer.data["summary"]


@pytest.mark.parametrize("odd", [printed("B\n"), printed("B\n", "B\n"), printed(*["B\n"] * 4)])
def test_results_that_are_not_one_for_each_trial_compare_nothing(review, odd):
    answer = ran(review, ask(review), *odd)

    assert (answer.status, checks(answer)) == (200, [None, None])


def test_where_the_sandbox_cannot_be_asked_each_suggestion_says_so_and_the_summary_too(review, db):
    answer = ran(review, ask(review), source="/learnflow/dead-letter")

    assert checks(answer) == ["unavailable", "unavailable"]
    assert "I could not run the changed versions just now" in answer.data["summary"]
    assert len(kept(db)) == 1
    assert drafts(db) == []


def test_where_there_is_nothing_to_try_the_review_comes_at_once(review, db):
    answer = ask(review, CLEAN)

    assert (answer.event["type"], answer.data["suggestions"], answer.data["quality"]) == (REVIEWED, [], 100)
    assert "I have nothing to add" in answer.data["summary"]
    assert kept(db) == [("ada:r1", "ada", None, None)]
    assert drafts(db) == []


@pytest.mark.parametrize(
    "nothing", [{}, {"code": ""}, {"code": " \n\t"}, {"question": "Can you review my code?"}, {"error_message": "x"}]
)
def test_who_sends_no_code_is_asked_for_it(review, db, nothing):
    answer = ask(review, **{"code": None, **nothing})

    assert (answer.status, answer.event["type"], answer.data["quality"]) == (200, REVIEWED, None)
    assert "there is none in what you sent" in answer.data["summary"]
    assert (answer.data["suggestions"], answer.data["code_hash"]) == ([], "")
    assert kept(db) == drafts(db) == []


def test_code_in_the_question_is_reviewed(review):
    check = ask(review, None, question=f"Is this good?\n\n```python\n{INDEXED}```\n\nThank you!")

    assert check.data["code"].strip() == INDEXED.strip()


def test_what_python_cannot_read_is_sent_to_debugging_help_with_its_line(review, db):
    answer = ask(review, "x = 1\nprint((x)\n")

    assert (answer.event["type"], answer.data["quality"], answer.data["suggestions"]) == (REVIEWED, None, [])
    assert "in line 2: **'(' was never closed**" in answer.data["summary"]
    assert "ask me for debugging help" in answer.data["summary"]
    assert answer.data["code_hash"]
    assert kept(db) == drafts(db) == []


@pytest.mark.parametrize(
    "code", ["#" * (MAX_CODE_BYTES + 1), "x = '" + "\x01" * 40_000 + "'\n"], ids=["bytes", "bytes in an event"]
)
def test_what_is_too_large_to_be_run_is_not_read(review, db, code):
    answer = ask(review, code)

    assert (answer.status, answer.data["quality"]) == (200, None)
    assert "more than the 64 KB" in answer.data["summary"]
    assert kept(db) == drafts(db) == []


def test_how_sure_the_routing_was_and_its_second_guess_are_offered(review):
    attached = {"confidence": 0.5, "second_guess": "debug"}
    checked = ran(review, ask(review, **attached), *printed("B\n", "B\n", "B\n"))
    clean = ask(review, CLEAN, event_id="v2", **attached)
    nothing = ask(review, None, event_id="v3", **attached)

    for answer in (checked, clean, nothing):
        assert answer.data["confidence"] == 0.5
        assert answer.data["summary"].endswith("ask again with your code and its error message.")


LONG = "x" * 20_000


@pytest.mark.parametrize(
    "code",
    [
        "x = '\x00\ud800'\nprint(x)\n",
        "\ufeff" + INDEXED,
        INDEXED.replace("\n", "\r"),
        "# coding: no-such-thing\n" + INDEXED,
        "(" * 5000 + ")" * 5000,
        "x = " + "-" * 20_000 + "1\n",
        "x = " + "+".join("1" * 9000) + "\n",
        f"{LONG} = 1\nif {LONG} == True:\n    print({LONG})\n",
        f"def {LONG}(a):\n    return a\n",
        f"words = [1]\nfor i in range(len(words)): print(words[i], '{LONG}')\n",
        "words = [1]\nfor i in range(len(words)): print(words[i], '" + "\N{SNAKE}" * 10_000 + "')\n",
        "def f(): return 0\n" * 3000,
        "; ".join(f"l{number} == True" for number in range(1000)),
    ],
    ids=lambda code: repr(code[:30]),
)
def test_whatever_is_sent_is_answered(review, code):
    answer = ask(review, code)
    if answer.event["type"] == CHECK:
        answer = ran(review, answer, *printed("1")[:1] * len(answer.data["trials"]))

    assert (answer.status, answer.event["type"]) == (200, REVIEWED)
    assert answer.data["summary"]


def test_a_learner_who_goes_takes_everything_along(review, db):
    ask(review, CLEAN)
    ask(review, event_id="v2")
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert kept(db) == drafts(db) == []


def test_without_a_database_it_asks_to_be_tried_again(review, monkeypatch):
    nowhere = PostgreSQL("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    monkeypatch.setattr(review, "db", nowhere)

    assert ask(review).status == TryAgainLater.status
    nowhere.close()
