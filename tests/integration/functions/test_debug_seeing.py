"""A program without an error message is run to see what it does; what it did decides what is said."""

import pytest
from debug_stage import (
    BROKEN,
    CHECK,
    ENDED,
    EXPLAINED,
    MENDED,
    SUM,
    UNENDING,
    drafts,
    errors,
    failed,
    hand_out,
    ran,
    trouble,
)

from functions.shared.running import MAX_CODE_BYTES, BlockedInfo, Ran

ENDLESS = "n = 3\nwhile n > 0:\n    print(n)\n"
GROWING = "numbers = [0]\nfor number in numbers:\n    numbers.append(number)\n"
SLIP = "def add(a, b):\n    print(a + b)\n\n\nresult = add(1, 2)\nprint(result)\n"
READING = "name = input()\nwhile True:\n    name += input()\n"
CORRECT = "print('Hello')\n"


@pytest.fixture
def debug(function):
    return function("debug")


def see(debug, code, *came, **attached):
    """Send a program alone, and tell what came of running it."""
    check = trouble(debug, code, None, **attached)
    assert (check.event["type"], check.data["code"]) == (CHECK, code)
    return ran(debug, check, *came)


def test_a_program_without_a_message_is_run_as_it_is(debug, db):
    check = trouble(debug, error_message=None)

    assert (check.event["type"], check.data["code"]) == (CHECK, BROKEN)
    assert [trial["stdin"] for trial in check.data["trials"]] == [""]
    assert len(drafts(db)) == 1
    assert errors(db) == []


def test_the_error_it_ends_with_is_explained_after_its_correction_was_tried(debug, db):
    second = see(debug, BROKEN, failed())

    assert (second.event["type"], second.data["code"], second.event["correlationid"]) == (CHECK, MENDED, "r1")
    assert drafts(db) == [(second.data["draft_id"], "debug", "ada")]
    assert errors(db) == []
    answer = ran(debug, second, ENDED, event_id="c2")
    assert (answer.event["type"], answer.data["cause"]) == (EXPLAINED, "index_off_by_one")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (MENDED, "passed")
    assert drafts(db) == []
    assert errors(db) == [("ada", "IndexError", 3)]


def test_what_was_seen_is_kept_while_the_correction_is_tried(debug):
    second = see(debug, BROKEN, failed())
    answer = ran(debug, second, event_id="c2")

    assert (answer.data["error"]["type"], answer.data["checked"]) == ("IndexError", "unavailable")
    assert "I could not try the corrected program" in answer.data["explanation"]
    assert "so this is from reading it alone" not in answer.data["explanation"]


def test_a_program_that_asks_is_given_numbers_to_read_and_the_answer_says_so(debug):
    code = "numbers = [1, 2, 3]\nprint(numbers[int(input())])\n"
    check = trouble(debug, code, None)
    came = failed(line=2, traceback="")
    answer = ran(debug, check, came)
    while answer.event["type"] == CHECK:
        answer = ran(debug, answer, came, event_id=answer.event["id"])

    assert check.data["trials"][0]["stdin"].startswith("3\n3\n")
    assert answer.data["error"]["type"] == "IndexError"
    assert "answered every `input()` with `3`" in answer.data["explanation"]


def test_a_program_that_does_not_end_is_explained_as_such(debug, db):
    second = see(debug, ENDLESS, UNENDING)
    answer = ran(debug, second, ENDED, event_id="c2")

    assert second.event["type"] == CHECK
    assert (answer.data["error"]["type"], answer.data["cause"]) == ("TimeoutError", "endless_loop")
    assert answer.data["corrected_code"] == second.data["code"] != ENDLESS
    assert [error_type for _, error_type, _ in errors(db)] == ["TimeoutError"]


def test_a_correction_that_does_not_end_either_is_not_shown(debug):
    answer = ran(debug, see(debug, ENDLESS, UNENDING), UNENDING, event_id="c2")

    assert (answer.data["cause"], answer.data["corrected_code"]) == ("endless_loop", None)


def test_a_program_that_prints_without_an_end_is_an_endless_one(debug):
    second = see(debug, ENDLESS, Ran(outcome="output_limit", stdout="3\n" * 100, stdout_cut=True))

    assert ran(debug, second, ENDED, event_id="c2").data["cause"] == "endless_loop"


def test_a_program_that_takes_all_memory_is_explained_as_such(debug, db):
    second = see(debug, GROWING, Ran(outcome="out_of_memory"))
    answer = ran(debug, second, ENDED, event_id="c2")

    assert (answer.data["error"]["type"], answer.data["cause"]) == ("MemoryError", "memory_growth")
    assert answer.data["checked"] == "passed"
    assert [error_type for _, error_type, _ in errors(db)] == ["MemoryError"]


def test_what_may_not_run_here_is_told_with_what_to_use_instead(debug, db):
    blocked = BlockedInfo(what="import os", why="There is no system here.", instead="Use pathlib.", line=1)
    answer = see(debug, "import os\nprint(os.getcwd())\n", Ran(outcome="blocked", blocked=blocked))

    assert (answer.event["type"], answer.data["cause"], answer.data["error"]) == (EXPLAINED, None, None)
    for told in ("`import os`", "in line 1", "There is no system here. Use pathlib."):
        assert told in answer.data["explanation"]
    assert errors(db) == drafts(db) == []


def test_a_slip_of_a_program_that_ends_well_is_explained_and_is_no_error(debug, db):
    second = see(debug, SLIP, Ran(outcome="ok", stdout="3\nNone\n"))
    answer = ran(debug, second, Ran(outcome="ok", stdout="3\n"), event_id="c2")

    assert (answer.data["cause"], answer.data["error"], answer.data["line"]) == ("print_instead_of_return", None, 2)
    assert (answer.data["corrected_code"], answer.data["checked"]) == (second.data["code"], "passed")
    assert errors(db) == drafts(db) == []


def test_where_nothing_is_wrong_it_is_said_with_what_was_printed(debug, db):
    answer = see(debug, CORRECT, Ran(outcome="ok", stdout="Hello\n"))

    assert (answer.event["type"], answer.data["cause"], answer.data["hints"]) == (EXPLAINED, None, [])
    assert answer.data["title"] == "It runs without an error"
    assert "It printed `Hello`." in answer.data["explanation"]
    assert errors(db) == drafts(db) == []


def test_a_program_that_wants_more_input_than_there_is_has_no_error_for_that(debug, db):
    answer = see(debug, READING, failed("EOFError", "EOF when reading a line", 3, ""))

    assert answer.data["error"] is None
    assert errors(db) == drafts(db) == []


def test_where_nothing_else_is_wrong_the_want_of_input_is_told(debug):
    code = "for _ in range(30):\n    print(input())\n"
    answer = see(debug, code, failed("EOFError", "EOF when reading a line", 2, ""))

    assert (answer.data["cause"], answer.data["title"]) == (None, "I could not see it to its end")
    assert "it wanted to read more than I gave it" in answer.data["explanation"]
    assert "could not run" not in answer.data["explanation"]


def test_where_it_could_not_be_seen_the_answer_is_from_reading_alone_and_says_so(debug, db):
    slip = see(debug, SLIP)
    nothing = ran(debug, trouble(debug, CORRECT, None, event_id="d2"), event_id="c2")

    assert (slip.data["cause"], slip.data["checked"]) == ("print_instead_of_return", "unavailable")
    assert "I could not try the corrected program just now" in slip.data["explanation"]
    assert (nothing.data["cause"], nothing.data["title"]) == (None, "I see no mistake in it")
    assert "I could not run your program just now" in nothing.data["explanation"]
    assert drafts(db) == []


def test_results_without_a_result_are_as_good_as_none(debug):
    check = trouble(debug, CORRECT, None)
    answer = ran(debug, check, *[], outcome="executed")

    assert "I could not run your program just now" in answer.data["explanation"]


def test_the_program_of_an_exercise_is_run_to_see_its_error_but_not_corrected(debug, db):
    hand_out(db)
    answer = see(debug, SUM, failed(line=4, traceback=""))

    assert (answer.event["type"], answer.data["error"]["type"]) == (EXPLAINED, "IndexError")
    assert (answer.data["exercise_id"], answer.data["corrected_code"]) == ("loops/sum-of-evens", None)


def test_what_python_cannot_read_is_not_run_to_see_that_and_its_correction_is_tried_at_once(debug):
    check = trouble(debug, "for i in range(3)\n    print(i)\n", None)
    answer = ran(debug, check, Ran(outcome="ok", stdout="0\n1\n2\n"))

    assert check.data["code"] == "for i in range(3):\n    print(i)\n"
    assert (answer.data["error"]["type"], answer.data["line"]) == ("SyntaxError", 1)
    assert answer.data["corrected_code"] == check.data["code"]


def test_a_program_of_comments_alone_is_not_run(debug, db):
    answer = trouble(debug, "# nothing yet\n", None)

    assert (answer.event["type"], answer.data["cause"]) == (EXPLAINED, None)
    assert drafts(db) == []


@pytest.mark.parametrize(
    "code",
    [CORRECT + "#" * (MAX_CODE_BYTES - len(CORRECT) + 1), "text = '" + "\x01" * 40_000 + "'\n"],
    ids=["bytes", "bytes in an event"],
)
def test_what_is_larger_than_the_sandbox_takes_is_only_read(debug, db, code):
    answer = trouble(debug, code, None)

    assert (answer.status, answer.event["type"]) == (200, EXPLAINED)
    assert "I could not run your program just now" in answer.data["explanation"]
    assert drafts(db) == []


def test_the_largest_program_that_the_sandbox_takes_is_run(debug):
    code = CORRECT + "#" * (MAX_CODE_BYTES - len(CORRECT))

    assert trouble(debug, code, None).event["type"] == CHECK


def test_a_correction_that_is_larger_than_the_sandbox_takes_is_not_tried(debug):
    code = ENDLESS + "#" * (MAX_CODE_BYTES - len(ENDLESS))
    answer = trouble(debug, code, "TimeoutError: the program did not end in time")

    assert (answer.event["type"], answer.data["cause"]) == (EXPLAINED, "endless_loop")
    assert (answer.data["corrected_code"], answer.data["checked"]) == (None, "unavailable")
