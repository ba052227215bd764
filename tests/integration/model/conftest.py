"""A stand-in for a model's server, and the real SDK in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import openai  # noqa: F401  # before any time is taken: its import takes longer than some deadlines here
import pytest
from model_stage import KEY

from functions.shared.model.breaker import Breaker
from functions.shared.model.openai_model import OpenAIModel
from functions.shared.settings import ModelSettings
from tests.model_stand_in import StandIn


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server that answers what fits, to whoever has the key."""
    with StandIn(key=KEY) as server:
        yield server


@pytest.fixture
def breaker() -> Breaker:
    """The breaker of `model`."""
    return Breaker()


@pytest.fixture
def model_with(stand_in: StandIn, breaker: Breaker) -> Callable[..., OpenAIModel]:
    """Return what makes a model of the stand-in, with other settings."""

    def made(**settings) -> OpenAIModel:
        known = {"key": KEY, "base_url": stand_in.base_url, "default": "stand-in", **settings}
        return OpenAIModel(ModelSettings(**known), breaker=breaker)

    return made


@pytest.fixture
def model(model_with: Callable[..., OpenAIModel]) -> OpenAIModel:
    """A model of the stand-in."""
    return model_with()
