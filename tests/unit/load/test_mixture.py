"""The mixture of a class: what its learners do, and how often."""

import random
from collections import Counter

import pytest

from functions.shared.rates import Rate, Rates
from scripts.stack.sizing import REQUESTS_EACH, THINGS_A_MINUTE
from tests.load.learner import Learner
from tests.load.mixture import (
    LATECOMER_SECONDS,
    MIXTURE,
    THINK_SECONDS,
    actions_a_minute,
    arrival_seconds,
    chosen,
    requests_a_minute,
    share,
    thought_seconds,
)


def test_the_weights_are_of_a_hundred_and_each_says_why():
    assert sum(action.weight for action in MIXTURE) == 100
    assert all(action.weight > 0 and action.why for action in MIXTURE)
    assert len({action.name for action in MIXTURE}) == len(MIXTURE)


@pytest.mark.parametrize("action", MIXTURE, ids=lambda action: action.name)
def test_a_learner_can_do_whatever_there_is_to_do(action):
    assert callable(getattr(Learner, f"_{action.name}"))


def test_things_are_chosen_as_often_as_they_weigh():
    chance = random.Random(7)

    times = Counter(chosen(chance).name for _ in range(20_000))

    assert {name: pytest.approx(number / 20_000, abs=0.01) for name, number in times.items()} == {
        action.name: share(action.name) for action in MIXTURE
    }


def test_a_learner_thinks_for_as_long_as_a_class_does():
    chance = random.Random(7)

    thought = [thought_seconds(chance) for _ in range(1_000)]

    assert THINK_SECONDS[0] <= min(thought) < max(thought) <= THINK_SECONDS[1]
    assert sum(thought) / 1_000 == pytest.approx(60 / actions_a_minute(), rel=0.05)


def test_capacity_reckons_with_this_very_mixture():
    assert actions_a_minute() == THINGS_A_MINUTE
    assert requests_a_minute() / actions_a_minute() == pytest.approx(REQUESTS_EACH)


def test_nobody_who_does_this_comes_near_their_own_limit_and_a_school_of_200_not_near_its_address_limit():
    assert requests_a_minute() < Rates().person.per_minute / 2
    assert 200 * requests_a_minute() < Rates().address.per_minute


@pytest.mark.parametrize(
    ("learners", "seconds"), [(3, LATECOMER_SECONDS), (80, LATECOMER_SECONDS), (100, 80), (1_000, 980)]
)
def test_a_class_behind_one_address_arrives_as_fast_as_the_limit_on_log_ins_lets_it(learners, seconds):
    assert arrival_seconds(learners, Rates(log_in=Rate(60, 40))) == seconds
