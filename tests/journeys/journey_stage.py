"""What journeys need: somebody who goes them, and a look at what follows from it."""

import uuid

import psutil


class Learner:
    """A learner at the gateway whom nobody has seen before, and for whom a service asks."""

    def __init__(self, system):
        self.id = f"learner-{uuid.uuid4().hex[:8]}"
        self._system = system

    def known_by(self):
        """Return the headers that say who asks."""
        return {"X-Learner-Id": self.id}

    def get(self, path):
        return self._system.http.get(path, headers=self.known_by())

    def post(self, path, body, **headers):
        known = {**self.known_by(), "Prefer": "wait=30", **headers}
        return self._system.http.post(path, json=body, headers=known)

    def answer(self, path, body, **headers):
        """Give a command and return its answer."""
        response = self.post(path, body, **headers)
        assert (response.status_code, response.json().get("status")) == (200, "answered"), response.text
        return response.json()["answer"]


class Teacher(Learner):
    """A teacher whom nobody has seen before."""

    def known_by(self):
        return {"Authorization": f"Bearer {self._system.token(self.id, 'teacher')}"}

    def teach(self, *learners):
        """Make a course that learners join; return it."""
        made = self.post("/api/v1/courses", {"title": "Python, from the beginning"})
        assert made.status_code == 201, made.text
        for learner in learners:
            joined = learner.post("/api/v1/enrolments", {"code": made.json()["code"]})
            assert joined.status_code == 201, joined.text
        return made.json()


def processes_of(system, function):
    """Return the processes that serve a function now."""
    module = f"functions.{function}"
    return [p for p in psutil.Process(system.pid).children(recursive=True) if module in p.cmdline()]


def come_to_rest(system, learner):
    """Return when all that follows from what a learner did has happened.

    A mark goes the way of the learner's events, behind whatever is on it; there is nothing once, from one moment at
    which no delivery is open to the next, the mark alone has come by. A cluster does not say what is open: there it is
    nothing once nothing more was recorded for a while.
    """
    if hasattr(system, "at_rest"):
        system.until(lambda: system.at_rest(learner.id), "nothing more is recorded")
        return

    def delivered():
        status = system.status()
        routes = [*status["triggers"].values(), *status["sources"].values()]
        return None if any(route["open"] for route in routes) else status["triggers"]["audit"]["delivered"]

    def undisturbed():
        return system.until(lambda: delivered() is not None and delivered(), "nothing is being delivered")

    before, after = 0, undisturbed()
    while after != before + 1:
        before, mark = after, str(uuid.uuid4())
        headers = {"ce-specversion": "1.0", "ce-id": mark, "ce-source": "/mark", "ce-type": "org.example.mark"}
        assert system.post_event({**headers, "ce-partitionkey": learner.id}, b"") == 202
        system.until(
            lambda mark=mark: system.row("SELECT FROM events WHERE id = %s", mark) is not None, "the mark is seen"
        )
        after = undisturbed()
