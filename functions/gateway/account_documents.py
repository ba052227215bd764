"""The JSON of who people are: registering, logging in, one's own profile, and the list of people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from functions.gateway import credentials
from functions.gateway.account_queries import Listed, Profile
from functions.gateway.login_queries import LIFETIME, LogIn
from functions.gateway.notification_documents import TimeZone
from functions.shared.edge import tokens
from functions.shared.edge.documents import Body
from functions.shared.edge.tokens import Role


def _a_username(text: str) -> str:
    name = credentials.canonical(text)
    if why := credentials.wrong_with_username(name):
        raise PydanticCustomError("username", why)
    return name


def _a_new_password(text: str) -> str:
    password = credentials.typed(text)
    if why := credentials.wrong_with_password(password):
        raise PydanticCustomError("password", why)
    return password


_shortest, _longest = credentials.PASSWORD_LENGTH
NewPassword = Annotated[
    str,
    Field(
        min_length=_shortest,
        max_length=_longest,
        description="Not your username, and not one that everybody tries first.",
        json_schema_extra={"format": "password"},
    ),
    AfterValidator(_a_new_password),
]
Password = Annotated[
    str,
    Field(max_length=_longest, json_schema_extra={"format": "password"}),
    AfterValidator(credentials.typed),
]
RefreshToken = Annotated[str, Field(max_length=100, description="As the log-in or refresh brought it.")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["Ada"])]


class Registration(Body):
    """Somebody new."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "ada@example.org", "password": "a-long-sentence-i-remember", "name": "Ada"}]
        }
    )

    username: Annotated[str, AfterValidator(_a_username)] = Field(
        min_length=credentials.USERNAME_LENGTH[0],
        max_length=credentials.USERNAME_LENGTH[1],
        description="What you log in as, an e-mail address if you like; upper and lower case are the same.",
    )
    password: NewPassword = Field(repr=False)
    name: Name | None = Field(None, description="What you are called.")


class Credentials(Body):
    """Somebody who was here before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"username": "ada@example.org", "password": "a-long-sentence-i-remember"}]}
    )

    username: Annotated[str, AfterValidator(credentials.canonical)] = Field(max_length=credentials.USERNAME_LENGTH[1])
    password: Password = Field(repr=False)


class Prolonging(Body):
    """A log-in to go on with, or to end."""

    refresh_token: RefreshToken = Field(repr=False)


class PasswordChange(Body):
    """A new password in the place of the old one."""

    old_password: Password = Field(repr=False)
    new_password: NewPassword = Field(repr=False)


class ProfileChange(Body):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"time_zone": "Europe/Vienna"}, {"name": "Ada"}]})

    name: Name | None = Field(None, description="What you are called; null: nothing.")
    time_zone: TimeZone = Field("UTC", description="Where your days begin.", examples=["Europe/Vienna"])


class RoleChange(Body):
    """What somebody is from now on."""

    role: Role


class WhoDocument(BaseModel):
    """Somebody who is logged in."""

    id: str = Field(description="What they are known by everywhere else.")
    username: str
    name: str | None
    role: Role


class LoggedInDocument(BaseModel):
    """A log-in."""

    user: WhoDocument
    access_token: str = Field(description="For the header `Authorization: Bearer …` of everything else.")
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds for which the access token is good.")
    refresh_token: str = Field(description="For POST /api/v1/auth/refresh, once: that brings the next one.")
    refresh_expires_in: int = Field(description="Seconds for which the refresh token is good.")


class ProfileDocument(BaseModel):
    """Who you are."""

    id: str
    username: str | None = Field(description="What you log in as; null if that is elsewhere.")
    name: str | None
    role: Role = Field(description="A change of it counts once the access token is a new one.")
    time_zone: str
    created_at: datetime


class PersonDocument(BaseModel):
    """Somebody who can log in."""

    id: str
    username: str
    name: str | None
    role: Role
    created_at: datetime
    last_login_at: datetime | None


class PeopleDocument(BaseModel):
    """Some of the people who can log in."""

    users: list[PersonDocument]
    next: str | None = Field(description="For `cursor`, to go on; null at the end.")


def logged_in(login: LogIn, access_token: str) -> dict[str, Any]:
    """Return a log-in as it is told to whose it is."""
    return LoggedInDocument(
        user=WhoDocument(id=login.user_id, username=login.username, name=login.name, role=login.role),
        access_token=access_token,
        token_type="Bearer",  # noqa: S106  # a kind of token, not one
        expires_in=int(tokens.LIFETIME.total_seconds()),
        refresh_token=login.refresh_token,
        refresh_expires_in=int(LIFETIME.total_seconds()),
    ).model_dump(mode="json")


def profile(known: Profile) -> dict[str, Any]:
    """Return a person as they see themselves."""
    return ProfileDocument.model_validate(known, from_attributes=True).model_dump(mode="json")


def person(listed: Listed) -> PersonDocument:
    """Return a person as an admin sees them."""
    return PersonDocument.model_validate(listed, from_attributes=True)


def people(listed: list[Listed], size: int) -> dict[str, Any]:
    """Return a page of people, given one more than fit if there is another page."""
    shown = listed[:size]
    users = [person(each) for each in shown]
    return PeopleDocument(users=users, next=shown[-1].username if len(listed) > size else None).model_dump(mode="json")
