"""The routes by which people come and go: register, log in, prolong that, log out."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response

from functions.gateway import credentials
from functions.gateway.account_documents import Credentials, LoggedInDocument, Prolonging, Registration, logged_in
from functions.gateway.account_queries import Account, account_named, create_account
from functions.gateway.commands import json_only, json_response
from functions.gateway.login_queries import LogIn, count_try, end_login, open_login, prolong
from functions.gateway.passwords import ThePasswords
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Anybody, unknown
from functions.shared.edge.parts import TheDatabase, parts
from functions.shared.edge.problems import Problem, invalid
from functions.shared.edge.tokens import Person, Tokens


async def _tokens(request: Request) -> Tokens:
    """Return what makes access tokens. Raises Problem 409 where there are none: nobody has to log in there."""
    tokens = parts(request).doorman.tokens
    if not tokens.can_make:
        raise Problem(
            409,
            "no-log-in",
            "Nobody logs in here",
            "No key is set to sign access tokens with (AUTH_KEYS); X-Learner-Id says who asks.",
        )
    return tokens


router = APIRouter(tags=["identity"], dependencies=[Anybody, Depends(_tokens)])


@router.post(
    "/api/v1/auth/register",
    status_code=201,
    response_model=LoggedInDocument,
    summary="Become a learner here",
    dependencies=[Depends(json_only)],
    responses=problems(400, 409, 413, 415, 422, 500, 503),
)
async def register(body: Registration, request: Request, database: TheDatabase, passwords: ThePasswords) -> Response:
    """Register and be logged in. You get an id of your own, and are a learner; an admin can make you more."""
    require_other_than_username(body.password, body.username, "body.password")
    with passwords.turn():
        password_hash = await passwords.hash(body.password)
    user = f"u-{uuid.uuid4()}"
    async with database.reading() as db:
        made = await create_account(
            db, user=user, username=body.username, name=body.name, role="learner", password_hash=password_hash
        )
        login = await open_login(db, Account(user, body.username, password_hash), new_hash=None) if made else None
    if login is None:
        raise Problem(
            409,
            "username-taken",
            "This username is taken",
            "Somebody has registered it before. POST /api/v1/auth/login if that was you.",
            errors=[{"field": "body.username", "message": "Taken"}],
        )
    return _shown(login, await _tokens(request), 201)


@router.post(
    "/api/v1/auth/login",
    response_model=LoggedInDocument,
    summary="Log in",
    dependencies=[Depends(json_only)],
    responses=problems(400, 401, 409, 413, 415, 422, 500, 503),
)
async def log_in(body: Credentials, request: Request, database: TheDatabase, passwords: ThePasswords) -> Response:
    """Log in. After five tries in a row that failed, nobody may try this username for 30 seconds, then twice as long
    after each one more, up to an hour: `Retry-After` says how long. Whoever is logged in already stays so."""
    with passwords.turn():
        async with database.reading() as db:
            require_unlocked(await count_try(db, body.username))
            account = await account_named(db, body.username)
        right = await passwords.matches(account.password_hash if account else None, body.password)
        login = await _opened(account, body.password, database, passwords) if account and right else None
    if login is None:
        raise unknown("The username or the password is not right.")
    return _shown(login, await _tokens(request), 200)


@router.post(
    "/api/v1/auth/refresh",
    response_model=LoggedInDocument,
    summary="Stay logged in",
    dependencies=[Depends(json_only)],
    responses=problems(400, 401, 409, 413, 415, 422, 500, 503),
)
async def refresh(body: Prolonging, request: Request, database: TheDatabase) -> Response:
    """Trade a refresh token for new tokens; your role is looked at anew. Each can be used once: a second time ends the
    whole log-in, since one of two who hold it has stolen it. So let one tab refresh for all."""
    async with database.reading() as db:
        login = await prolong(db, body.refresh_token)
    if login is None:
        raise unknown("The refresh token is not, or no longer, good. Log in with POST /api/v1/auth/login.")
    return _shown(login, await _tokens(request), 200)


@router.post(
    "/api/v1/auth/logout",
    status_code=204,
    summary="Log out",
    dependencies=[Depends(json_only)],
    responses=problems(400, 409, 413, 415, 422, 500, 503),
)
async def log_out(body: Prolonging, database: TheDatabase) -> Response:
    """End a log-in, whether or not it still goes on. The access token at hand is good until it expires."""
    async with database.reading() as db:
        await end_login(db, body.refresh_token)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def require_other_than_username(password: str, username: str, field: str) -> None:
    """Raise Problem 422 for a password that everybody knows who knows the username."""
    if credentials.is_username(password, username):
        raise invalid(field, "Too easy to guess: it is the username")


def require_unlocked(seconds: int) -> None:
    """Raise Problem 429 if a username may be tried again only after some seconds."""
    if seconds:
        raise Problem(
            429,
            "locked",
            "Too many log-ins failed",
            f"Nobody may try this username for the next {seconds} seconds.",
            headers={"Retry-After": str(seconds)},
        )


async def _opened(account: Account, password: str, database: AsyncPostgreSQL, passwords: ThePasswords) -> LogIn | None:
    """Return a new log-in of somebody whose password was right, hashed anew if its hash is of another time."""
    outdated = passwords.is_outdated(account.password_hash)
    new_hash = await passwords.hash(password) if outdated else None
    async with database.reading() as db:
        return await open_login(db, account, new_hash=new_hash)


def _shown(login: LogIn, tokens: Tokens, status: int) -> Response:
    person = Person(login.user_id, login.role, login=login.family)
    return json_response(logged_in(login, tokens.make(person, datetime.now(UTC))), status, {})
