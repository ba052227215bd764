"""Fixtures of the conformance tests: every one of them runs over the log in memory and over a real Kafka."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.knative_local.stage import Stage


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["memory", "kafka"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    """A folder and a namespace of one's own, once for each log."""
    servers = request.getfixturevalue("kafka_bootstrap") if request.param == "kafka" else ""
    return Stage(tmp_path, request.param, servers)


@pytest.fixture
def memory_stage(tmp_path: Path) -> Stage:
    """For what has nothing to do with the log."""
    return Stage(tmp_path, "memory", "")


@pytest.fixture
def kafka_stage(tmp_path: Path, kafka_bootstrap: str) -> Stage:
    """For what only a real Kafka can show."""
    return Stage(tmp_path, "kafka", kafka_bootstrap)
