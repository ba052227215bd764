"""Until there is identity, only this machine is served, and a learner is who a header says."""

import asyncio
from dataclasses import replace

import pytest

from functions.gateway.app import create_app
from functions.gateway.identity import known_learner, require_loopback, require_self
from functions.gateway.problems import Problem
from functions.shared.settings import Settings, SettingsError

DEV = Settings("dev", "127.0.0.1", 8080, "INFO", "postgresql:///x", "http://127.0.0.1:1/", 8, ())


@pytest.mark.parametrize("profile", ["staging", "prod"])
def test_nothing_is_served_where_strangers_are(profile: str):
    with pytest.raises(SettingsError, match="identity is not built yet"):
        create_app(replace(DEV, profile=profile))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_nothing_is_served_where_other_machines_reach(host: str):
    with pytest.raises(SettingsError, match="identity is not built yet"):
        create_app(replace(DEV, host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_is_served(host: str):
    require_loopback(replace(DEV, host=host))
    assert create_app(replace(DEV, host=host)).title == "LearnFlow"


def test_who_names_nobody_is_the_demo_learner():
    assert asyncio.run(known_learner(None)) == "demo"


def test_a_learner_is_taken_at_their_word():
    assert asyncio.run(known_learner("org:ada.l-1_x")) == "org:ada.l-1_x"


@pytest.mark.parametrize("learner", ["", " ", "a b", "a\n", "a" * 65, "é", "../x"])
def test_what_is_no_learners_id_is_refused(learner: str):
    with pytest.raises(Problem) as raised:
        asyncio.run(known_learner(learner))

    assert raised.value.status == 422
    assert raised.value.document["errors"][0]["field"] == "header.X-Learner-Id"


def test_one_may_only_ask_for_oneself():
    require_self("ada", None)
    require_self("ada", "ada")
    with pytest.raises(Problem) as raised:
        require_self("ada", "bob")
    assert raised.value.status == 403
