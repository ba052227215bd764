"""Who a script is at the gateway: each way to say it is an httpx.Auth.

A log-in is kept in `.local/sessions.json` for the next script, prolonged when its access token is over, and made anew
when that fails.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from scripts.stack.config import login_required
from scripts.stack.demo import demo_accounts, learner_of
from scripts.stack.errors import StackError
from scripts.stack.places import Places
from scripts.stack.private import write_private

Flow = Generator[httpx.Request, httpx.Response, None]


class Bearer(httpx.Auth):
    """Whoever an access token is about."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Show the token."""
        yield _shown(request, self._token)


class Named(httpx.Auth):
    """Whoever one says, where nobody has to log in."""

    def __init__(self, learner: str) -> None:
        self._learner = learner

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Name the learner."""
        request.headers["X-Learner-Id"] = self._learner
        yield request


@dataclass(frozen=True)
class Kept:
    """What a log-in goes on with."""

    access_token: str
    refresh_token: str


class Session(httpx.Auth):
    """Somebody's log-in at one gateway. `password` is asked only if there is no log-in that can go on."""

    requires_response_body = True

    def __init__(self, gateway: str, username: str, password: Callable[[], str], file: Path) -> None:
        self._gateway = gateway.rstrip("/")
        self._username = username
        self._password = password
        self._file = file

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Show the token that is kept, or one that is had for it or for the password. Raises StackError if none is."""
        kept = self._read()
        if kept:
            response = yield _shown(request, kept.access_token)
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            kept = _kept((yield self._post("refresh", refresh_token=kept.refresh_token)))
        if kept is None:
            response = yield self._post("login", username=self._username, password=self._password())
            kept = _kept(response)
            if kept is None:
                raise StackError(f"{self._username} cannot log in at {self._gateway}: {_reason(response)}")
        self._keep(kept)
        yield _shown(request, kept.access_token)

    def _post(self, what: str, **body: str) -> httpx.Request:
        return httpx.Request("POST", f"{self._gateway}/api/v1/auth/{what}", json=body)

    @property
    def _name(self) -> str:
        return f"{self._username} at {self._gateway}"

    def _read(self) -> Kept | None:
        with suppress(KeyError, TypeError):
            return Kept(**sessions(self._file)[self._name])
        return None

    def _keep(self, kept: Kept) -> None:
        write_private(self._file, json.dumps(sessions(self._file) | {self._name: asdict(kept)}, indent=2))


def sessions(file: Path) -> dict[str, dict[str, str]]:
    """Return the log-ins that are kept, by whose they are and where; none where the file holds nothing of use."""
    with suppress(OSError, ValueError):
        return dict(json.loads(file.read_text()))
    return {}


def log_in(places: Places, gateway: str, username: str | None = None, *, here: bool = True) -> httpx.Auth:
    """Return who asks: `username`, else whom LEARNFLOW_TOKEN is about, else the demo learner. Asks nothing yet.

    `here`: the gateway is the one that `up` started. Raises StackError if nobody is named who could ask elsewhere.
    """
    token = os.environ.get("LEARNFLOW_TOKEN")
    if username is None and token:
        return Bearer(token)
    if username is None and not here:
        raise StackError("Say who you are there: --as USERNAME, or an access token in LEARNFLOW_TOKEN.")
    demo = demo_accounts(places) if here else []
    name = username or learner_of(demo)
    if here and not login_required(places):
        return Named(name)
    known = {each.username: each.password for each in demo}
    return Session(gateway, name, lambda: known.get(name) or _ask_password(name), places.sessions)


def _ask_password(username: str) -> str:
    if found := os.environ.get("LEARNFLOW_PASSWORD"):
        return found
    try:
        Path("/dev/tty").open("rb").close()  # where it is asked for, whatever standard input is
    except OSError:
        raise StackError(f"There is no terminal to ask for {username}'s password. Set LEARNFLOW_PASSWORD.") from None
    return getpass.getpass(f"{username}'s password: ")


def _shown(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token}"
    return request


def _kept(response: httpx.Response) -> Kept | None:
    """What a log-in answered; None if it was refused."""
    if not response.is_success:
        return None
    body = response.json()
    return Kept(body["access_token"], body["refresh_token"])


def _reason(response: httpx.Response) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(response.json()["detail"])
    return f"it answers {response.status_code}."
