"""Who is asking, and who may: the rule that every route declares, by what it depends on.

A rule is a dependency of FastAPI's that `rule` has named; `rule_of` finds a route's, and a test has it that none is
without. Somebody proves who they are by an access token. Where AUTH_REQUIRED is false, in profile dev and to this
machine alone, a header says who they are instead, unless there is a token all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Header, Path, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from functions.shared.edge.problems import Problem, invalid
from functions.shared.edge.tokens import NotBelieved, Person, Role, Tokens
from functions.shared.events import LEARNER_ID
from functions.shared.settings import Settings, SettingsError

ANYBODY = "demo"
"""The learner of a request that names none, where nobody has to prove anything."""

Rule = Literal[
    "anybody",
    "signed in",
    "oneself",
    "teacher",
    "admin",
    "course's teacher",
    "course's teacher or oneself",
    "oneself or their teacher",
]
"""Who may call a route: `oneself` is whom its path names, `signed in` sees but what is theirs. An admin may whatever a
teacher may, and is everybody's."""

WHO = "who"
"""Where an HTTP request's state holds who asks, or the problem of one who did not prove it, once that is known."""

F = TypeVar("F", bound=Callable[..., Any])
_RULES: dict[Callable[..., Any], Rule] = {}


def rule(name: Rule) -> Callable[[F], F]:
    """Declare that a dependency lets nobody through but those of a rule."""

    def declared(dependency: F) -> F:
        _RULES[dependency] = name
        return dependency

    return declared


def rules_of(route: APIRoute) -> set[Rule]:
    """Return every rule that a route declares."""
    return {_RULES[call] for call in _calls(route.dependant) if call in _RULES}


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


class Doorman:
    """Tells who asks. For one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._required = settings.auth.required
        self._tokens = Tokens(settings.auth)

    @property
    def tokens(self) -> Tokens:
        """What makes and reads access tokens."""
        return self._tokens

    async def person(self, token: str | None, claimed: str | None) -> Person:
        """Return who asks, by their token; without one, where that is allowed, by who they claim to be.

        A service may act for whom it names. Raises Problem 401, 403 or 422.
        """
        if claimed is not None and not LEARNER_ID.fullmatch(claimed):
            raise invalid("header.X-Learner-Id", "a learner's id is 1 to 64 of letters, digits and . _ : -")
        if token is None:
            if self._required:
                raise unknown("Log in with POST /api/v1/auth/login, and send `Authorization: Bearer <access_token>`.")
            return Person(claimed or ANYBODY, is_nobody=claimed is None)
        try:
            person = await self._tokens.read(token)
        except NotBelieved as why:
            raise unknown(str(why)) from why
        if claimed in {None, person.id}:
            return person
        if person.role != "service":
            raise not_yours()
        return Person(claimed, through=person.id)


_bearer = HTTPBearer(auto_error=False, description="The `access_token` that logging in brought.")

LearnerHeader = Annotated[
    str | None,
    Header(
        alias="X-Learner-Id",
        description="Whom a service acts for: 1 to 64 of letters, digits and `. _ : -`. "
        f"Where nobody has to log in, who asks; `{ANYBODY}` if left out.",
        examples=["ada"],
    ),
]


def bearer(authorization: str | None) -> str | None:
    """Return the token of an Authorization header; None where there is no such header, "" for one of another kind."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _person(
    request: Request, _scheme: Annotated[object, Security(_bearer)] = None, x_learner_id: LearnerHeader = None
) -> Person:
    found: Person | Problem | None = request.scope.get("state", {}).get(WHO)
    if isinstance(found, Problem):
        raise found
    doorman: Doorman = request.app.state.parts.doorman
    return found or await doorman.person(bearer(request.headers.get("authorization")), x_learner_id)


@rule("anybody")
async def anybody() -> None:
    """Let everybody through."""


@rule("signed in")
async def signed_in(person: Annotated[Person, Depends(_person)]) -> Person:
    """Let through whoever proves who they are. The route shows them nothing but what is theirs."""
    return person


async def _id(person: Annotated[Person, Depends(signed_in)]) -> str:
    return person.id


@rule("oneself")
async def oneself(
    user_id: Annotated[str, Path(description="Whose: your own id.")],
    person: Annotated[Person, Depends(signed_in)],
) -> str:
    """Let through whom the path names; return their id. Raises Problem 403 for what is somebody else's."""
    if user_id != person.id:
        raise not_yours()
    return person.id


def _with_role(name: Rule, *roles: Role) -> Callable[..., Any]:
    @rule(name)
    async def with_role(person: Annotated[Person, Depends(signed_in)]) -> Person:
        if person.role not in roles:
            raise Problem(403, "not-for-you", "Not for you", f"This is for those in the role of {' or '.join(roles)}.")
        return person

    return with_role


Anybody = Depends(anybody)
Asker = Annotated[Person, Depends(signed_in)]
Learner = Annotated[str, Depends(_id)]
"""The id of who asks."""
Self = Annotated[str, Depends(oneself)]
"""The learner whom a path names, who is the one that asks."""
Teacher = Annotated[Person, Depends(_with_role("teacher", "teacher", "admin"))]
Admin = Annotated[Person, Depends(_with_role("admin", "admin"))]


def require_self(learner: str, asking: Person) -> None:
    """Raise Problem 403 if somebody asks in the name of somebody else."""
    if asking.id != learner and not asking.is_nobody:
        raise not_yours()


def not_yours() -> Problem:
    """Return the problem of what is somebody else's."""
    return Problem(
        403, "not-yours", "This is somebody else's", "Only what is their own is shown to, and done for, anybody."
    )


def unknown(why: str) -> Problem:
    """Return the problem of somebody who did not prove who they are."""
    return Problem(401, "who-are-you", "Please log in", why, headers={"WWW-Authenticate": "Bearer"})


def require_safe(settings: Settings) -> None:
    """Raise SettingsError, which ends the process, where anybody could pass for anybody, or nobody for themselves."""
    auth = settings.auth
    if auth.required and not auth.keys:
        raise SettingsError("cannot start: AUTH_KEYS is not set (nor AUTH_KEYS_FILE): nobody could log in")
    if auth.required:
        return
    if settings.profile != "dev":
        raise SettingsError(f"cannot start: AUTH_REQUIRED=false is for profile dev only, not {settings.profile}")
    if not _is_loopback(settings.host):
        raise SettingsError(
            f"cannot start: AUTH_REQUIRED=false, and HOST {settings.host} can be reached from elsewhere: "
            "anybody could pass for anybody. Only 127.0.0.1 is served so"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
