"""Who asks proves it by a token; where nobody has to, nobody but this machine is served."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from functions.gateway.app import create_app
from functions.shared.edge.identity import Doorman, bearer, require_safe, require_self
from functions.shared.edge.problems import Problem
from functions.shared.edge.tokens import Person
from functions.shared.settings import AuthSettings, Settings, SettingsError

KEYS = {"k1": b"k" * 32}
LOCKED = Settings(
    "dev", "127.0.0.1", 8080, "INFO", "postgresql:///x", "http://127.0.0.1:1/", 8, (), auth=AuthSettings(keys=KEYS)
)
OPEN = replace(LOCKED, auth=AuthSettings(required=False))
NOW = datetime.now(UTC)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The loop the gateway runs on."""
    return "asyncio"


@pytest.mark.parametrize("profile", ["staging", "prod"])
def test_nothing_is_served_without_login_where_strangers_are(profile: str):
    with pytest.raises(SettingsError, match="for profile dev only"):
        create_app(replace(OPEN, profile=profile))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_nothing_is_served_without_login_where_other_machines_reach(host: str):
    with pytest.raises(SettingsError, match="anybody could pass for anybody"):
        create_app(replace(OPEN, host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_is_served_without_login(host: str):
    require_safe(replace(OPEN, host=host))
    assert create_app(replace(OPEN, host=host)).title == "LearnFlow"


def test_nothing_is_served_where_nobody_could_log_in():
    with pytest.raises(SettingsError, match="AUTH_KEYS is not set"):
        create_app(replace(LOCKED, auth=AuthSettings()))


async def test_without_login_who_names_nobody_is_the_demo_learner():
    assert await Doorman(OPEN).person(None, None) == Person("demo", is_nobody=True)


async def test_without_login_a_learner_is_taken_at_their_word():
    assert await Doorman(OPEN).person(None, "org:ada.l-1_x") == Person("org:ada.l-1_x")


@pytest.mark.parametrize("learner", ["", " ", "a b", "a\n", "a" * 65, "é", "../x"])
async def test_what_is_no_learners_id_is_refused(learner: str):
    with pytest.raises(Problem) as raised:
        await Doorman(OPEN).person(None, learner)

    assert raised.value.status == 422
    assert raised.value.document["errors"][0]["field"] == "header.X-Learner-Id"


@pytest.mark.parametrize("settings", [LOCKED, OPEN])
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00"])
async def test_a_token_that_proves_nothing_is_refused_even_where_none_is_needed(settings: Settings, token: str):
    with pytest.raises(Problem) as raised:
        await Doorman(settings).person(token, None)

    assert raised.value.status == 401
    assert raised.value.headers["WWW-Authenticate"] == "Bearer"


async def test_nobody_is_somebody_without_a_token():
    with pytest.raises(Problem) as raised:
        await Doorman(LOCKED).person(None, "ada")

    assert raised.value.status == 401


async def test_a_person_is_known_by_their_token():
    doorman = Doorman(LOCKED)

    assert await doorman.person(doorman.tokens.make(Person("ada", "teacher"), NOW), None) == Person("ada", "teacher")


@pytest.mark.parametrize("role", ["learner", "teacher", "admin"])
async def test_nobody_passes_for_somebody_else(role):
    doorman = Doorman(LOCKED)

    with pytest.raises(Problem) as raised:
        await doorman.person(doorman.tokens.make(Person("ada", role), NOW), "bob")

    assert raised.value.status == 403


async def test_a_service_acts_for_whom_it_names_and_may_no_more_than_they():
    doorman = Doorman(LOCKED)

    assert await doorman.person(doorman.tokens.make(Person("lms", "service"), NOW), "bob") == Person("bob", "learner")


def test_the_token_of_a_header_is_found():
    assert bearer("Bearer abc") == bearer("bearer  abc ") == "abc"
    assert bearer(None) is None
    assert bearer("Basic abc") == ""


def test_one_may_only_ask_for_oneself():
    require_self("ada", Person("ada"))
    require_self("ada", Person("demo", is_nobody=True))
    with pytest.raises(Problem) as raised:
        require_self("ada", Person("bob"))
    assert raised.value.status == 403
