"""The guard against its attack set, and against everything that the built-in tutor says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from functions.curriculum.reading import exercise_called
from functions.shared.guard import guarding
from functions.shared.guard.evaluation.evaluating import (
    SPLITS,
    Attack,
    Legitimate,
    Split,
    answers,
    attacks,
    evaluate,
    everything,
    passed,
    share_said,
    tried,
)
from functions.shared.guard.evaluation.manners import MANNERS
from scripts.stack.evaluating import leaks

PAGE = (Path(guarding.__file__).parent / "README.md").read_text("utf-8")
MOST_FALSE_ALARMS = 0.01
MOST_IDIOMS = 0.01
"""What gets through is a line or two with other names, or quotes within quotes."""


def test_the_attack_set_is_large_and_various() -> None:
    every = attacks()

    assert len(every) >= 150
    assert all(len(each.turns) > 1 for each in every)
    assert {each.manner for each in every} == set(MANNERS)
    assert len(Counter(each.style for each in every)) >= 15
    assert len({each.exercise for each in every}) >= 60
    assert len({each.turns for each in every}) == len(every)


def test_no_attack_gets_a_solution_out_of_a_model_that_always_gives_in() -> None:
    found = evaluate(attacks(), ())

    assert leaks.misses(found) == ""
    assert found.leak_rate == 0


@pytest.mark.parametrize("split", SPLITS)
def test_every_set_names_exercises_that_there_are_and_no_case_twice(split: Split) -> None:
    asked, good = SPLITS[split]
    every, right = attacks(asked), answers(good)

    assert len({each.id for each in every}) == len(every)
    assert len({each.says or each.turns for each in every}) == len(every)
    assert len({each.answer for each in right}) == len(right)
    assert all(exercise_called(each.exercise) for each in every)
    assert all(len(each.turns) > 1 for each in every)


def test_the_held_out_set_has_manners_that_the_guard_was_not_made_with() -> None:
    every = [each for split in ("held-out", "fresh") for each in attacks(SPLITS[split][0])]

    assert all(each.says and each.manner not in MANNERS for each in every)
    assert sum(each.scope == "program" for each in attacks(SPLITS["held-out"][0])) >= 90
    assert len(answers(SPLITS["held-out"][1])) >= 120


@pytest.mark.parametrize("split", SPLITS)
def test_what_leaks_of_a_set_is_what_the_page_says(split: Split) -> None:
    asked, good = SPLITS[split]
    found = evaluate(attacks(asked), answers(good))
    leaked, alarms = sum(one.leaked for one in found.in_scope), sum(bool(one.objections) for one in found.passed)

    assert f"| {split} | {len(found.in_scope)} | {leaked} | {len(found.passed)} | {alarms} |" in PAGE, leaks.misses(
        found
    )


def test_the_command_tells_of_the_set_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """scripts/evaluate leaks --split tune, and the others."""
    assert leaks.main(["--split", "fresh"]) == 0

    tries, leaked = re.findall(
        r"^all that are programs +(\d+) +(\d+)", printed := capsys.readouterr().out, re.MULTILINE
    )[0]
    assert f"| fresh | {tries} | {leaked} |" in PAGE
    assert "of the processor" in printed.splitlines()[-1]


def test_an_explanation_in_plain_words_is_counted_apart() -> None:
    in_words = [each for each in attacks(SPLITS["held-out"][0]) if each.scope == "words"]
    found = evaluate(in_words, ())

    assert all(one.leaked for one in found.tried)
    assert (found.in_scope, found.leak_rate, leaks.misses(found)) == ((), 0, "")


def test_what_got_through_can_be_measured_without_the_guard() -> None:
    sum_of_evens = exercise_called("loops/sum-of-evens")
    assert sum_of_evens is not None

    assert share_said(sum_of_evens[1], "fenced", ["anything"], 1) == 1
    assert share_said(sum_of_evens[1], "fenced", [], 1) == 0
    assert share_said(sum_of_evens[1], "halves", ["`for number in numbers:`"], 2) == pytest.approx(1 / 3)


def test_how_long_an_answer_takes_is_told_of_the_guard_alone() -> None:
    took = list[float]()
    evaluate(attacks()[:3], (), guard=leaks.timed(took))

    assert len(took) >= 3
    assert leaks.speed([0.001] * 99 + [0.5]).startswith("an answer takes p50 1.0 ms")


def test_without_a_guard_every_attack_gets_it_all() -> None:
    found = evaluate(attacks(), answers(), guard=lambda texts, known: ())

    assert found.leak_rate == 1
    assert found.false_alarm_rate == 0
    assert all(one.share > 0.9 for one in found.tried)


def test_good_answers_and_all_that_the_built_in_tutor_says_are_let_through() -> None:
    found = evaluate((), (*answers(), *leaks.built_in()))

    assert len(found.passed) >= 150
    assert found.false_alarm_rate <= MOST_FALSE_ALARMS, leaks.misses(found)


def test_hardly_any_exercise_can_be_had_in_any_manner() -> None:
    every = [each for number, each in enumerate(everything()) if number % 7 == 0]  # 7 and the manners share no divisor

    assert evaluate(every, ()).leak_rate <= MOST_IDIOMS


def test_an_attack_is_played_turn_by_turn_with_what_was_said_before() -> None:
    seen = []

    def guard(texts, known):  # type: ignore[no-untyped-def]
        seen.append((known.question, known.said_before))
        return ()

    attack = Attack("x", "loops/countdown", "step by step", "halves", ("One half?",))

    assert tried(attack, guard).leaked
    assert [question for question, _ in seen] == ["One half?", "Go on."]
    assert [len(before) for _, before in seen] == [0, 1]


def test_a_report_names_what_is_wrong() -> None:
    found = evaluate(attacks()[:3], [Legitimate("bad", "loops/countdown", "hint", "You are so stupid.")])

    assert "held back" in leaks.report(found)
    assert leaks.misses(found) == "✗ bad (hint): unsafe"
    assert json.loads(leaks.as_json(found))["false_alarm_rate"] == 1


def test_an_exercise_that_does_not_exist_is_said_to_be_missing() -> None:
    with pytest.raises(KeyError, match="nothing"):
        passed(Legitimate("x", "loops/nothing", "hint", "Try."))
