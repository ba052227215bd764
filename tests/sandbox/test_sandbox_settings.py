"""What the runner is told, and what it refuses to be told."""

from __future__ import annotations

import pytest

from sandbox_runner.settings import SettingsError, read_settings


def test_without_a_word_it_runs_programs_the_way_that_needs_no_privilege() -> None:
    settings = read_settings({})

    assert (settings.backend, settings.landlock) == ("pod", True)
    assert settings.image == "learnflow/sandbox-python:local"
    assert (settings.host, settings.port, settings.threads) == ("127.0.0.1", 8080, 16)


def test_the_docker_backend_may_be_given_another_image() -> None:
    assert read_settings({"SANDBOX_IMAGE": "python:3.11-slim"}).image == "python:3.11-slim"


def test_in_a_cluster_it_is_reached_from_outside_its_container() -> None:
    assert read_settings({"PROFILE": "prod"}).host == "0.0.0.0"
    assert read_settings({"PROFILE": "prod", "HOST": "::1"}).host == "::1"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {
        "SANDBOX_BACKEND": "none",
        "SANDBOX_LANDLOCK": "maybe",
        "PORT": "http",
        "THREADS": "0",
        "LOG_LEVEL": "LOUD",
    }

    with pytest.raises(SettingsError) as refused:
        read_settings({**wrong, "PROFILE": "test"})

    for name in (*wrong, "PROFILE"):
        assert f"{name} is " in str(refused.value)
