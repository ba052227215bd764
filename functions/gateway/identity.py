"""Who is asking. Until people can log in this is whoever a header says, so nobody but this machine may reach us."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Header, Path

from functions.gateway.problems import Problem, invalid
from functions.shared.events import LEARNER_ID
from functions.shared.settings import Settings, SettingsError

ANYBODY = "demo"
"""The learner of a request that names none."""

LearnerHeader = Annotated[
    str | None,
    Header(
        alias="X-Learner-Id",
        description=f"Who is asking: 1 to 64 of letters, digits and `. _ : -`; `{ANYBODY}` if left out. "
        "A stand-in until people can log in.",
        examples=["ada"],
    ),
]


async def known_learner(x_learner_id: LearnerHeader = None) -> str:
    """Return the learner who asks. Raises Problem 422 if that is no learner's id."""
    learner = ANYBODY if x_learner_id is None else x_learner_id
    if not LEARNER_ID.fullmatch(learner):
        raise invalid("header.X-Learner-Id", "a learner's id is 1 to 64 of letters, digits and . _ : -")
    return learner


Learner = Annotated[str, Depends(known_learner)]


async def own_id(
    user_id: Annotated[str, Path(description="Whose: your own id.")],
    learner: Learner,
) -> str:
    """Return the id of whoever asks for what is theirs. Raises Problem 403 for what is somebody else's."""
    if user_id != learner:
        raise Problem(
            403,
            "not-yours",
            "This is somebody else's",
            "Only what is their own is shown to anybody: the path and the header X-Learner-Id name different people.",
        )
    return learner


Self = Annotated[str, Depends(own_id)]
"""The learner whom a path names, who is the one that asks."""


def require_self(learner: str, asking: str | None) -> None:
    """Raise Problem 403 if somebody asks in the name of somebody else."""
    if asking is not None and asking != learner:
        raise Problem(
            403,
            "not-yours",
            "This is somebody else's",
            "student_id and the header X-Learner-Id name different learners.",
        )


def require_loopback(settings: Settings) -> None:
    """Raise SettingsError, which ends the process, where anybody but this machine could reach us."""
    if settings.profile != "dev":
        raise SettingsError(
            "cannot start: identity is not built yet, so anybody could pass for anybody; "
            f"not served in profile {settings.profile}, only in profile dev, to this machine alone"
        )
    if not _is_loopback(settings.host):
        raise SettingsError(
            "cannot start: identity is not built yet, so anybody could pass for anybody; "
            f"not served on HOST {settings.host}, only on 127.0.0.1, to this machine alone"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
