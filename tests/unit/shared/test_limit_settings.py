"""Limits are settings, and a setting that says no limit is refused."""

from pathlib import Path

import pytest

from functions.shared.rates import Rate, Rates
from functions.shared.settings import SettingsError, read_settings


def test_limits_that_are_not_set_are_what_they_are_by_themselves():
    settings = read_settings(environ={})

    assert settings.rates == Rates()
    assert (settings.max_connections, settings.request_seconds, settings.model_answers_per_day) == (2_000, 20, 50)


def test_each_limit_can_be_set():
    settings = read_settings(
        environ={"RATE_PERSON": "10/5", "RATE_LOG_IN": "2/1", "MODEL_ANSWERS_PER_DAY": "0", "MAX_CONNECTIONS": "7"}
    )

    assert settings.rates == Rates(person=Rate(10, 5), log_in=Rate(2, 1))
    assert (settings.model_answers_per_day, settings.max_connections) == (0, 7)


def test_nobody_is_limited_where_that_is_said_in_profile_dev():
    assert read_settings(environ={"RATE_LIMITS": "false"}).rates is None


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"RATE_PERSON": "often"}, "RATE_PERSON is 'often'"),
        ({"RATE_ADDRESS": "0/0"}, "RATE_ADDRESS"),
        ({"RATE_LIMITS": "perhaps"}, "RATE_LIMITS is 'perhaps'"),
        ({"RATE_LIMITS": "false", "PROFILE": "prod"}, "for profile dev only"),
        ({"REQUEST_SECONDS": "0"}, "REQUEST_SECONDS is 0"),
        ({"MAX_CONNECTIONS": "0"}, "MAX_CONNECTIONS is 0"),
        ({"MODEL_ANSWERS_PER_DAY": "-1"}, "MODEL_ANSWERS_PER_DAY"),
    ],
)
def test_what_is_no_limit_is_named(environ: dict[str, str], named: str):
    with pytest.raises(SettingsError, match="cannot start") as raised:
        read_settings(environ=environ)

    assert named in str(raised.value)


def test_the_example_file_names_every_limit():
    example = Path(".env.example").read_text()

    for name in ("RATE_LIMITS", "RATE_PERSON", "RATE_SERVICE", "RATE_ADDRESS", "RATE_LOG_IN", "FORWARDED_HOPS",
                 "MODEL_ANSWERS_PER_DAY", "MAX_CONNECTIONS", "REQUEST_SECONDS"):  # fmt: skip
        assert f"{name}=" in example
