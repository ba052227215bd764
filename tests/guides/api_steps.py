"""A walk through the API that calls every route once, in an order in which each has what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Who = Literal["nobody", "learner", "teacher", "admin", "leaver"]
PROGRAM = "def sum_of_evens(numbers):\n    return sum(n for n in numbers if n % 2 == 0)\n"
SOLUTION = (
    "def sum_of_evens(numbers):\n    total = 0\n    for number in numbers:\n        if number % 2 == 0:\n"
    "            total += number\n    return total\n"
)
WAIT = {"Prefer": "wait=30"}
PASSWORD = "a-long-sentence-i-remember"


@dataclass(frozen=True)
class Step:
    """A request to a route by somebody. `$name` in path and body stands for what an earlier step kept; `keeps` says
    under which name to keep which field of the answer."""

    route: str
    who: Who
    body: Any = None
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    keeps: dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Where the request goes."""
        return self.path or self.route.split(" ")[1]


STEPS = (
    Step("POST /api/v1/auth/register", "nobody", {"username": "mira", "password": PASSWORD, "name": "Mira"}),
    Step("POST /api/v1/auth/login", "nobody", {"username": "mira", "password": PASSWORD}, keeps={"r": "refresh_token"}),
    Step("POST /api/v1/auth/refresh", "nobody", {"refresh_token": "$r"}, keeps={"r": "refresh_token"}),
    Step("POST /api/v1/auth/logout", "nobody", {"refresh_token": "$r"}),
    Step("GET /api/v1/me", "learner", keeps={"me": "id"}),
    Step("PATCH /api/v1/me", "learner", {"time_zone": "Europe/Vienna"}),
    Step("GET /api/v1/users", "admin", path="/api/v1/users?query=mira"),
    Step("PATCH /api/v1/users/{id}", "admin", {"role": "teacher"}, "/api/v1/users/$teacher"),
    Step("POST /api/v1/conversations", "learner", {"title": "Loops, for Friday"}, keeps={"talk": "id"}),
    Step("POST /api/v1/query", "learner", {"question": "What is a for loop?", "session_id": "$talk"}, headers=WAIT,
         keeps={"q": "id"}),
    Step("GET /api/v1/requests/{id}", "learner", path="/api/v1/requests/$q"),
    Step("GET /api/v1/query/{id}", "learner", path="/api/v1/query/$q"),
    Step("POST /api/triage", "learner", {"student_id": "$me", "session_id": "monday", "query": "Please review my code",
                                         "code": PROGRAM}),
    Step("GET /api/v1/concepts", "learner"),
    Step("POST /api/v1/concepts/explain", "learner", {"topic": "loops", "level": "beginner"}, headers=WAIT),
    Step("POST /api/v1/debug", "learner", {"code": "total = 0\nfor n in range(3):\n    totl += n\n"}, headers=WAIT),
    Step("POST /api/v1/review", "learner", {"code": PROGRAM}, headers=WAIT),
    Step("POST /api/v1/execute", "learner", {"code": "print(6 * 7)"}, headers=WAIT),
    Step("GET /api/v1/exercises", "learner", path="/api/v1/exercises?topic=loops&difficulty=easy"),
    Step("POST /api/v1/exercises/generate", "learner", {"topic": "loops", "difficulty": "easy"}, headers=WAIT),
    Step("GET /api/v1/exercises/{topic}/{exercise}", "learner", path="/api/v1/exercises/loops/sum-of-evens"),
    Step("POST /api/v1/exercises/submit", "learner", {"exercise_id": "loops/sum-of-evens", "code": SOLUTION},
         headers=WAIT, keeps={"s": "id"}),
    Step("GET /api/v1/submissions/{id}", "learner", path="/api/v1/submissions/$s"),
    Step("POST /api/v1/exercises/{topic}/{exercise}/submissions", "learner", {"code": SOLUTION},
         "/api/v1/exercises/loops/sum-of-evens/submissions"),
    Step("GET /api/v1/quizzes", "learner"),
    Step("POST /api/v1/quizzes/next", "learner", {"topic": "loops"}, headers=WAIT, keeps={"quiz": "id"}),
    Step("POST /api/v1/quizzes/{id}/answers", "learner", {"choice": 0}, "/api/v1/quizzes/$quiz/answers", headers=WAIT),
    Step("POST /api/v1/progress", "learner", {"activity_type": "video_watched", "topic": "loops"}),
    Step("GET /api/v1/progress/{user_id}", "learner", path="/api/v1/progress/$me"),
    Step("POST /api/v1/courses", "teacher", {"title": "Python 1b", "hint_policy": "staged"},
         keeps={"course": "id", "code": "code"}),
    Step("GET /api/v1/courses", "teacher"),
    Step("GET /api/v1/courses/{id}", "teacher", path="/api/v1/courses/$course"),
    Step("PATCH /api/v1/courses/{id}", "teacher", {"solution_policy": "never"}, "/api/v1/courses/$course"),
    Step("POST /api/v1/enrolments", "learner", {"code": "$code"}),
    Step("GET /api/v1/courses/{id}/learners", "teacher", path="/api/v1/courses/$course/learners?sort=name"),
    Step("GET /api/v1/courses/{id}/learners.csv", "teacher", path="/api/v1/courses/$course/learners.csv"),
    Step("GET /api/v1/courses/{id}/learners/{learner_id}/timeline", "teacher",
         path="/api/v1/courses/$course/learners/$me/timeline"),
    Step("POST /api/v1/notifications/subscribe", "teacher", {"learner_id": "$me", "kinds": ["struggle"]},
         keeps={"sub": "id"}),
    Step("GET /api/v1/subscriptions", "teacher"),
    Step("POST /api/v1/notifications/send", "teacher", {"title": "Tutorial moved", "message": "We meet at 10.",
                                                        "recipients": ["$me"]}, headers=WAIT),
    Step("POST /api/v1/notifications/publish", "learner", {"title": "Remember", "message": "Hand in loops."},
         headers=WAIT),
    Step("GET /api/v1/notifications/{user_id}", "learner", path="/api/v1/notifications/$me?kind=message",
         keeps={"alert": "notifications.0.id"}),
    Step("POST /api/v1/notifications/{id}/read", "learner", path="/api/v1/notifications/$alert/read"),
    Step("POST /api/v1/notifications/{id}/dismiss", "learner", path="/api/v1/notifications/$alert/dismiss"),
    Step("DELETE /api/v1/subscriptions/{id}", "teacher", path="/api/v1/subscriptions/$sub"),
    Step("DELETE /api/v1/courses/{id}/learners/{learner_id}", "learner", path="/api/v1/courses/$course/learners/$me"),
    Step("POST /api/v1/courses/{id}/code", "teacher", path="/api/v1/courses/$course/code"),
    Step("DELETE /api/v1/courses/{id}", "teacher", path="/api/v1/courses/$course"),
    Step("GET /api/v1/conversations", "learner"),
    Step("GET /api/v1/conversations/{id}", "learner", path="/api/v1/conversations/$talk"),
    Step("PATCH /api/v1/conversations/{id}", "learner", {"title": "Loops"}, "/api/v1/conversations/$talk"),
    Step("DELETE /api/v1/conversations/{id}", "learner", path="/api/v1/conversations/$talk"),
    Step("GET /api/v1/me/limits", "learner"),
    Step("GET /api/v1/me/export", "learner"),
    Step("GET /api/v1/me/model-calls", "learner"),
    Step("POST /api/v1/me/password", "leaver", {"old_password": PASSWORD, "new_password": f"{PASSWORD}-too"}),
    Step("DELETE /api/v1/me", "leaver", {"password": f"{PASSWORD}-too"}),
    Step("GET /health", "nobody"),
    Step("GET /ready", "nobody"),
    Step("GET /metrics", "nobody"),
)  # fmt: skip
