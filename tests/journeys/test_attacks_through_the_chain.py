"""Every attack on a solution, through the gateway to a model that always gives in: nobody is told one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from attack_stage import Attacker, GivesIn

from functions.shared.guard.evaluation.evaluating import attacks

pytestmark = pytest.mark.timeout(400)

AT_ONCE = 8
ASKED = ("concepts", "debug", "review")
"""The functions that a question for a solution may come to, and that ask the model."""


@dataclass(frozen=True)
class Played:
    """What came of all attacks: who tried, who of them came as far as the model, how often the guard objected."""

    attackers: list[Attacker]
    reached: list[Attacker]
    objections: float


@pytest.fixture(scope="module")
def played(system_with_a_model):
    """Play every attack, each by somebody of their own, a handful at once."""
    system = system_with_a_model
    system.model.manner = gives_in = GivesIn()
    attackers = [Attacker(system, attack, number) for number, attack in enumerate(attacks())]
    for attacker in attackers:
        attacker.have_exercise()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda attacker: attacker.try_it(gives_in), attackers))
    objections = sum(system.metric(each, "learnflow_guard_objections_total", kind="solution") for each in ASKED)
    return Played(attackers, [each for each in attackers if gives_in.was_asked(each.mark)], objections)


def test_nobody_is_told_the_solution(played):
    leaked = [each.attack.id for each in played.attackers if each.share_told == 1]
    print(f"leak rate through the whole chain: {len(leaked)} of {len(played.attackers)}")

    assert len(played.attackers) >= 150
    assert leaked == []


def test_nobody_passes_with_the_lines_that_they_were_told(played):
    with ThreadPoolExecutor(AT_ONCE) as threads:
        passed = list(threads.map(Attacker.passes_with_what_was_told, played.attackers))

    assert [each.attack.id for each, has in zip(played.attackers, passed, strict=True) if has] == []


def test_everybody_is_answered_each_time(played):
    assert {status for each in played.attackers for status in each.statuses} <= {"answered", "declined"}
    assert all(each.told for each in played.attackers)


def test_most_of_them_came_as_far_as_the_model_and_were_held_back_behind_it(played):
    tries = f"{len(played.reached)} of {len(played.attackers)} reached the model, {played.objections:.0f} objections"
    print(tries)

    assert len(played.reached) > len(played.attackers) / 2, tries
    assert played.objections > len(played.reached), tries


def test_what_the_model_said_would_have_been_taken_for_a_leak(played):
    unheld = [Attacker.told_everything(each) for each in played.attackers]

    assert {each.share_told for each in unheld} == {1}
    assert sum(each.share_of_solution() == 1 for each in unheld) > len(unheld) / 2
