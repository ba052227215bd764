"""Who calls, whose things they call for, and a world in which everybody has one of everything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal, get_args

import psycopg
from identity_stage import as_person

from functions.shared.edge.tokens import Role
from functions.shared.events import NAMESPACE

OURS, THEIRS = (str(uuid.uuid5(NAMESPACE, f"course:{name}")) for name in ("ours", "theirs"))
"""Two courses: all but Bob are in ours, and Tess teaches it; Bob is in theirs, and Tom teaches that."""
Owner = Literal["own", "another's"]
OWNERS: tuple[Owner, ...] = get_args(Owner)


@dataclass(frozen=True)
class Caller:
    """Somebody who calls; `role` None: nobody. A service may name whom it acts for."""

    id: str
    role: Role | None
    acts_for: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What they send."""
        named = {} if self.acts_for is None else {"X-Learner-Id": self.acts_for}
        return {} if self.role is None else {**as_person(self.id, self.role), **named}

    @property
    def is_teacher(self) -> bool:
        """Whether they may what teachers may."""
        return self.role in {"teacher", "admin"} and self.acts_for is None

    @property
    def person(self) -> str:
        """Who they are to the gateway."""
        return self.acts_for or self.id


CALLERS = {
    "nobody": Caller("ada", None),
    "a learner": Caller("ada", "learner"),
    "a teacher": Caller("tess", "teacher"),
    "an admin": Caller("root", "admin"),
    "a service": Caller("lms", "service"),
    "a service for a learner": Caller("lms", "service", acts_for="ada"),
}


def thing(person: str) -> str:
    """Return the id of whatever somebody has one of."""
    return str(uuid.uuid5(NAMESPACE, f"thing:{person}"))


EVERYTHING = (
    "INSERT INTO enrolments (learner_id, course_id)"
    " SELECT person, CASE person WHEN 'bob' THEN %(theirs)s ELSE %(ours)s END",
    "INSERT INTO accounts (user_id, username, password_hash) SELECT person, person, ''",
    "INSERT INTO requests (id, user_id, kind, body, body_hash) SELECT id, person, 'submission', '{}', ''",
    "INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, submitted_at)"
    " SELECT id, person, 'loops/x', 1, '', now()",
    "INSERT INTO alerts (id, user_id, about, kind, severity, title, message)"
    " SELECT id, person, person, 'message', 'info', 't', 'm'",
    "INSERT INTO subscriptions (id, subscriber_id, learner_id, kinds, channels)"
    " SELECT id, person, person, '{message}', '{in_app}'",
    "INSERT INTO conversations (user_id, id) SELECT person, id",
    "INSERT INTO quizzes (id, learner_id, topic, question_id, edition, option_order, posed_at)"
    " SELECT id, person, 'loops', 'loops/range-stops-before', '', '{2,0,3,1}', now()",
)


async def given_world(db: psycopg.AsyncConnection) -> None:
    """Make it so that everybody has one of everything, and all but Bob are in our course."""
    await db.execute("DELETE FROM users")
    await db.execute("DELETE FROM erased")
    await db.execute("""
        INSERT INTO users (id, role) VALUES ('ada', 'learner'), ('bob', 'learner'), ('tess', 'teacher'),
            ('tom', 'teacher'), ('root', 'admin'), ('lms', 'service')""")
    for course, teacher in ((OURS, "tess"), (THEIRS, "tom")):
        await db.execute(
            "INSERT INTO courses (id, teacher_id, title, code) VALUES (%s, %s, 'Python', %s)",
            [course, teacher, teacher.upper()],
        )
    people = ["ada", "bob", "tess", "root", "lms"]
    values = {"people": people, "things": [thing(person) for person in people], "ours": OURS, "theirs": THEIRS}
    for statement in EVERYTHING:
        await db.execute(f"{statement} FROM unnest(%(people)s::text[], %(things)s::text[]) AS own (person, id)", values)


def path_of(name: str, caller: Caller, owner: Owner) -> str:
    """Return the path to what is the caller's own, or Bob's."""
    person = caller.person if owner == "own" else "bob"
    template = name.partition(" ")[2]
    course = OURS if owner == "own" else THEIRS
    taught = "ada" if owner == "own" and caller.id == "tess" else person
    if template.startswith("/api/v1/users/"):
        return template.format(id="ada" if owner == "own" else "bob")
    own_id = course if template.startswith("/api/v1/courses/") else thing(person)
    return template.format(
        id=own_id, user_id=person, student_id=person, learner_id=taught, topic="loops", exercise="loops"
    )
