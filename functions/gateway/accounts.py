"""The routes of one's own profile, and of people as an admin sees them."""

from __future__ import annotations

from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Path, Query, Response

from functions.gateway.account_documents import (
    PasswordChange,
    PeopleDocument,
    PersonDocument,
    ProfileChange,
    ProfileDocument,
    RoleChange,
    people,
    person,
    profile,
)
from functions.gateway.account_queries import (
    account_of,
    accounts,
    profile_of,
    set_name,
    set_password,
    set_role,
    set_time_zone,
)
from functions.gateway.commands import json_only, json_response
from functions.gateway.logging_in import require_other_than_username, require_unlocked
from functions.gateway.login_queries import count_try, end_logins, forget_failures
from functions.gateway.passwords import ThePasswords
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Admin, Asker
from functions.shared.edge.parts import TheDatabase
from functions.shared.edge.problems import Problem, invalid
from functions.shared.edge.tokens import Person

MOST_SHOWN = 100
_SHOWN = 20

router = APIRouter(tags=["identity"])


@router.get(
    "/api/v1/me",
    response_model=ProfileDocument,
    summary="Who you are",
    responses=problems(422, 500, 503),
)
async def show_me(asker: Asker, database: TheDatabase) -> Response:
    """Show what is known of you."""
    return await _shown(asker, database)


@router.patch(
    "/api/v1/me",
    response_model=ProfileDocument,
    summary="Change what you are called, or where you are",
    dependencies=[Depends(json_only)],
    responses=problems(400, 409, 413, 415, 422, 500, 503),
)
async def change_me(body: ProfileChange, asker: Asker, database: TheDatabase) -> Response:
    """Change your name or your time zone. Days that were counted before stay as they were."""
    async with database.reading() as db, db.transaction():
        if "name" in body.model_fields_set and not await set_name(db, asker.id, body.name):
            raise _no_account()
        if "time_zone" in body.model_fields_set:
            try:
                await set_time_zone(db, asker.id, body.time_zone)
            except psycopg.errors.InvalidParameterValue as error:  # the database knows fewer of them
                raise invalid("body.time_zone", "An IANA time zone, as in Europe/Vienna") from error
    return await _shown(asker, database)


@router.post(
    "/api/v1/me/password",
    status_code=204,
    summary="Change your password",
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 409, 413, 415, 422, 500, 503),
)
async def change_password(
    body: PasswordChange, asker: Asker, database: TheDatabase, passwords: ThePasswords
) -> Response:
    """Change your password, which ends your log-ins everywhere else. A wrong old one counts as a log-in that failed."""
    with passwords.turn():
        async with database.reading() as db:
            account = await account_of(db, asker.id)
            if account is None:
                raise _no_account()
            require_other_than_username(body.new_password, account.username, "body.new_password")
            require_unlocked(await count_try(db, account.username))
        right = await passwords.matches(account.password_hash, body.old_password)
        new = await passwords.hash(body.new_password) if right else ""
    async with database.reading() as db, db.transaction():
        if not right or not await set_password(db, asker.id, old=account.password_hash, new=new):
            raise _wrong_password()
        await forget_failures(db, account.username)
        await end_logins(db, asker.id, but=asker.login)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.get(
    "/api/v1/users",
    response_model=PeopleDocument,
    summary="Who can log in",
    responses=problems(403, 422, 500, 503),
)
async def list_users(
    _admin: Admin,
    database: TheDatabase,
    query: Annotated[
        str | None, Query(min_length=1, max_length=254, description="What the username or the name holds.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN, description="How many on a page.")] = _SHOWN,
    cursor: Annotated[
        str | None, Query(max_length=254, description="Where to go on: `next` of the page before.")
    ] = None,
) -> Response:
    """List those who can log in here, by their username, a page at a time."""
    async with database.reading() as db:
        listed = await accounts(db, query=query, after=cursor, most=limit + 1)
    return json_response(people(listed, limit), 200, {})


@router.patch(
    "/api/v1/users/{id}",
    response_model=PersonDocument,
    summary="Say what somebody is",
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 404, 409, 413, 415, 422, 500, 503),
)
async def change_user(
    id: Annotated[str, Path(description="The person's id.")], body: RoleChange, admin: Admin, database: TheDatabase
) -> Response:
    """Change somebody's role. It counts from when they refresh their log-in next, at most 15 minutes later."""
    if id == admin.id:
        raise Problem(409, "yourself", "This is you", "Somebody else has to change your role: there must be an admin.")
    async with database.reading() as db:
        changed = await set_role(db, id, body.role)
    if changed is None:
        raise Problem(404, "not-found", "There is no such person", "Nobody of this id logs in here.")
    return json_response(person(changed).model_dump(mode="json"), 200, {})


async def _shown(asker: Person, database: AsyncPostgreSQL) -> Response:
    """Return somebody's profile; what those are who log in elsewhere is what is said there."""
    async with database.reading() as db:
        known = profile(await profile_of(db, asker.id))
    return json_response({**known, "role": asker.role} if asker.is_outside else known, 200, {})


def _no_account() -> Problem:
    return Problem(
        409, "no-account", "You do not log in here", "Your name and password are kept where you log in, not here."
    )


def _wrong_password() -> Problem:
    return Problem(
        403,
        "wrong-password",
        "This is not your password",
        "Nothing was changed.",
        errors=[{"field": "body.old_password", "message": "Not your password"}],
    )
