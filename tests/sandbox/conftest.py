"""The sandbox's backends, each started once, with less time than learners get so that the suite is short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox_runner.backends import Backend, SandboxUnavailable, make_backend
from sandbox_runner.limits import Limits, load_limits

WALL_SECONDS = 1.0


@pytest.fixture(scope="session")
def limits() -> Limits:
    """The real limits, but for the time."""
    return replace(load_limits(), wall_seconds=WALL_SECONDS)


@pytest.fixture(scope="session", params=["pod", "native", "docker"])
def backend(request: pytest.FixtureRequest, limits: Limits) -> Iterator[Backend]:
    """Every backend that this machine allows."""
    try:
        with make_backend(request.param, limits) as made:
            assert made.layers
            yield made
    except SandboxUnavailable as why:
        if request.param == "pod":
            raise
        pytest.skip(f"{request.param}: {why}")
