"""Who a script is at the gateway: logged in once, for as long as it goes, and told kindly where it does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.shared.edge.tokens import Person
from scripts.stack.config import auth_keys, write_config
from scripts.stack.demo import Account, demo_accounts, keep_demo_accounts, learner_of
from scripts.stack.errors import StackError
from scripts.stack.login import Bearer, Named, Session, log_in
from scripts.stack.places import Places
from scripts.stack.service import Service, tokens_of

GATEWAY = "http://gateway.test"
PEOPLE = [Account("demo", "learner", "secret-one"), Account("demo-teacher", "teacher", "secret-two")]


class Gateway:
    """Lets in whoever has its latest tokens or the password; each refresh token once. `calls` are the paths asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.names: list[str | None] = []
        self._made = 0
        self.access = self.refresh = "none"
        self.reason = "The username or the password is not right."

    def forget(self, *, refresh: bool = False) -> None:
        """Let the access token be over, and what it is prolonged with."""
        self.access = "over"
        self.refresh = "over" if refresh else self.refresh

    def answer(self, request: httpx.Request) -> httpx.Response:
        what = request.url.path.rpartition("/")[2]
        self.calls.append(what)
        self.names.append(request.headers.get("X-Learner-Id"))
        body = json.loads(request.content or b"{}")
        if what == "login" and body == {"username": "demo", "password": "secret-one"}:
            return self._tokens()
        if what == "refresh" and body == {"refresh_token": self.refresh}:
            return self._tokens()
        if what == "query" and request.headers.get("Authorization") == f"Bearer {self.access}":
            return httpx.Response(200, json={"status": "answered", "asked": body})
        return httpx.Response(401, json={"detail": self.reason})

    def _tokens(self) -> httpx.Response:
        self._made += 1
        self.access, self.refresh = f"access-{self._made}", f"refresh-{self._made}"
        return httpx.Response(200, json={"access_token": self.access, "refresh_token": self.refresh, "user": {}})


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Those of a checkout in which `up` ran."""
    found = Places(tmp_path)
    write_config(found, port=8090, database_url="postgresql://here/learnflow")
    keep_demo_accounts(found, PEOPLE)
    return found


def ask(gateway: Gateway, who: httpx.Auth) -> dict[str, Any]:
    """Ask as a script does, which knows nothing of those before it."""
    with httpx.Client(base_url=GATEWAY, auth=who, transport=httpx.MockTransport(gateway.answer)) as client:
        return dict(client.post("/api/v1/query", json={"question": "why?"}).json())


def test_the_first_script_logs_in_and_the_next_ones_need_not(gateway: Gateway, places: Places) -> None:
    answers = [ask(gateway, log_in(places, GATEWAY)) for _ in range(3)]

    assert gateway.calls == ["login", "query", "query", "query"]
    assert answers == [{"status": "answered", "asked": {"question": "why?"}}] * 3
    assert places.sessions.stat().st_mode & 0o077 == 0


def test_a_log_in_that_is_over_is_prolonged_and_what_was_asked_is_asked_again(gateway: Gateway, places: Places) -> None:
    ask(gateway, log_in(places, GATEWAY))
    gateway.forget()

    assert ask(gateway, log_in(places, GATEWAY))["asked"] == {"question": "why?"}
    assert gateway.calls[2:] == ["query", "refresh", "query"]


def test_one_that_cannot_be_prolonged_is_made_anew(gateway: Gateway, places: Places) -> None:
    ask(gateway, log_in(places, GATEWAY))
    gateway.forget(refresh=True)

    assert ask(gateway, log_in(places, GATEWAY))["status"] == "answered"
    assert gateway.calls[2:] == ["query", "refresh", "login", "query"]


def test_whoever_cannot_log_in_is_told_who_where_and_why(gateway: Gateway, tmp_path: Path) -> None:
    session = Session(GATEWAY, "demo", lambda: "wrong", tmp_path / "sessions.json")

    with pytest.raises(StackError, match=r"^demo cannot log in at http://gateway\.test: The username or the password"):
        ask(gateway, session)
    assert not (tmp_path / "sessions.json").exists()


@pytest.mark.parametrize("held", ["", "not json", "[]", '{"demo at http://gateway.test": {"access": "x"}}'])
def test_a_file_of_log_ins_that_says_nothing_is_no_obstacle(gateway: Gateway, places: Places, held: str) -> None:
    places.sessions.write_text(held)

    assert ask(gateway, log_in(places, GATEWAY))["status"] == "answered"


def test_log_ins_of_several_people_and_gateways_are_kept_apart(gateway: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    ask(gateway, Session(GATEWAY, "demo", lambda: "secret-one", file))
    other = Session("http://elsewhere.test", "demo", lambda: "wrong", file)

    with pytest.raises(StackError, match="elsewhere"):
        ask(gateway, other)
    ask(gateway, Session(f"{GATEWAY}/", "demo", never_asked, file))
    assert gateway.calls[-1] == "query"


def never_asked() -> str:
    """A password that nobody should want."""
    raise AssertionError("asked for a password")


def test_where_nobody_has_to_log_in_scripts_say_who_they_are(gateway: Gateway, places: Places) -> None:
    write_config(places, port=8090, database_url="postgresql://here/learnflow", login=False)

    for name in (None, "ada"):
        ask(gateway, log_in(places, GATEWAY, name))

    assert (gateway.calls, gateway.names) == (["query"] * 2, ["demo", "ada"])


def test_a_token_of_ones_own_takes_the_place_of_logging_in_unless_a_name_is_given(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNFLOW_TOKEN", "mine")

    assert isinstance(log_in(places, GATEWAY), Bearer)
    assert isinstance(log_in(places, GATEWAY, here=False), Bearer)
    assert isinstance(log_in(places, GATEWAY, "demo"), Session)
    assert not isinstance(log_in(places, GATEWAY, "demo"), Named)


def test_at_another_gateway_nobody_is_the_demo_learner_by_default(places: Places) -> None:
    with pytest.raises(StackError, match="--as USERNAME"):
        log_in(places, GATEWAY, here=False)


def test_a_password_comes_from_the_environment_and_never_goes_to_another_gateway(
    gateway: Gateway, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNFLOW_PASSWORD", "not-the-demo-learners")
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return gateway.answer(request)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client, pytest.raises(StackError):
        client.get(GATEWAY, auth=log_in(places, GATEWAY, "demo", here=False))

    assert [json.loads(body)["password"] for body in sent] == ["not-the-demo-learners"]


def test_a_service_shows_a_token_that_its_key_believes(places: Places) -> None:
    keys = auth_keys(places)
    service = Service("bench", keys)
    shown = [request.headers["Authorization"].split()[1] for request in map(once(service), range(2))]

    read = tokens_of(keys).read
    assert [asyncio.run(read(token)) for token in shown] == [Person("bench", "service")] * 2
    assert shown[0] != shown[1]


def test_a_service_leaves_a_request_that_brings_somebodys_own_token_as_it_is(places: Places) -> None:
    request = httpx.Request("GET", GATEWAY, headers={"Authorization": "Bearer theirs"})

    assert next(Service("bench", auth_keys(places)).auth_flow(request)).headers["Authorization"] == "Bearer theirs"


def once(who: httpx.Auth) -> Callable[[int], httpx.Request]:
    """What makes a request as somebody, whatever it is given."""
    return lambda _: next(who.auth_flow(httpx.Request("GET", GATEWAY)))


def test_demo_accounts_are_kept_for_their_owner_only_and_found_again(tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert (demo_accounts(places), learner_of([])) == ([], "demo")

    keep_demo_accounts(places, PEOPLE)

    assert demo_accounts(places) == PEOPLE
    assert places.demo.stat().st_mode & 0o077 == 0
