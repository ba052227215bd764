"""Who may listen to what a learner is told: the learner. The path says whose it is, a token who asks.

A browser can give neither a WebSocket nor an EventSource a header, so a token may come in the query string too; to a
WebSocket also as its first message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Security
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection

from functions.realtime.live import TheLive
from functions.shared.edge.identity import Doorman, LearnerHeader, bearer, require_self, rule
from functions.shared.edge.problems import Problem, invalid
from functions.shared.edge.tokens import Person
from functions.shared.events import LEARNER_ID

StudentId = Annotated[str, Path(description="Whose: your own id.")]
LastId = Annotated[
    str | None, Query(description="The last `id` that you received: what came after it is sent. Without: from now on.")
]
_Token = Annotated[str | None, Query(description="The access token, where no header can be sent.")]
_bearer = HTTPBearer(auto_error=False, description="The `access_token` that logging in brought.")


@dataclass(frozen=True)
class Visitor:
    """Who wants to listen to what a learner is told. `person` None: they have yet to say who they are."""

    learner: str
    claimed: str | None
    doorman: Doorman
    person: Person | None = None

    async def known_by(self, token: str | None) -> Person:
        """Return the person whom a token is about, if this is theirs. Raises Problem 401, 403 or 422."""
        person = await self.doorman.person(token, self.claimed)
        require_self(self.learner, person)
        return person


async def _visitor(
    connection: HTTPConnection,
    live: TheLive,
    student_id: StudentId,
    token: _Token = None,
    x_learner_id: LearnerHeader = None,
) -> tuple[Visitor, str | None]:
    """Return who comes, and the token that they bring. Raises Problem 422 for what is no learner's id."""
    if not LEARNER_ID.fullmatch(student_id):
        raise invalid("path.student_id", "a learner's id is 1 to 64 of letters, digits and . _ : -")
    shown = bearer(connection.headers.get("authorization"))
    return Visitor(student_id, x_learner_id, live.parts.doorman), token if shown is None else shown


_Came = Annotated[tuple[Visitor, str | None], Depends(_visitor)]


@rule("oneself")
async def listener(came: _Came, _scheme: Annotated[object, Security(_bearer)] = None) -> Person:
    """Let through whom the path names. Raises Problem 401, 403 or 422."""
    visitor, token = came
    return await visitor.known_by(token)


@rule("oneself")
async def visitor(came: _Came, connection: HTTPConnection, live: TheLive) -> Visitor:
    """Let through whom the path names, and whoever brings no token yet; they hear nothing before they have shown one.

    Raises Problem 401, 403 or 422.
    """
    settings = live.parts.settings
    origin = connection.headers.get("origin")
    if origin is not None and not {origin, "*"} & set(settings.cors_origins):
        # A page may open a WebSocket to anywhere; the browser says which page it is and leaves it to us to refuse.
        raise Problem(403, "strange-origin", "Not from there", "Only pages of the origins in CORS_ORIGINS may connect.")
    found, token = came
    if token is None and settings.auth.required:
        return found
    return Visitor(found.learner, found.claimed, found.doorman, await found.known_by(token))


Listener = Annotated[Person, Depends(listener)]
AtTheDoor = Annotated[Visitor, Depends(visitor)]
