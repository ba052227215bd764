"""People with names and passwords: from registering to the first progress, and what a teacher sees, all of it live."""

import json
import threading
import uuid
from contextlib import contextmanager, suppress

import httpx
import pytest
from journey_stage import come_to_rest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from functions.curriculum.reading import exercises
from scripts.stack.create_user import create_user

QUESTION = "Can you explain how Python loops work?"
MISSPELT = [f"total = {n}\nprint(totl + {n})\n" for n in range(4)]
EXERCISE = exercises("loops")[0]
PASSWORD = "a long sentence that one remembers"


class Somebody:
    """Somebody who is logged in with their own password, over HTTP and live."""

    def __init__(self, system, login):
        self.id, self.token = login["user"]["id"], login["access_token"]
        self._system = system
        known = {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(base_url=system.gateway_url, headers=known, timeout=40)

    def get(self, path):
        response = self.http.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path, body):
        response = self.http.post(path, json=body, headers={"Prefer": "wait=30"})
        assert response.is_success, response.text
        return response.json()

    @contextmanager
    def live(self):
        """Listen to what they are told while it happens."""
        with connect(live_address(self._system, self.id, self.token)) as socket:
            channel = Channel(self._system, socket)
            channel.frame("hello")
            yield channel


class Channel:
    """A live channel; `frames` is all that came."""

    def __init__(self, system, socket):
        self.frames = []
        self._system = system
        self._socket = socket
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with suppress(ConnectionClosed):
            for text in self._socket:
                self.frames.append(json.loads(text))

    def say(self, **frame):
        self._socket.send(json.dumps(frame))

    def all(self, type):
        return [frame for frame in self.frames if frame["type"] == type]

    def frame(self, type, **holds):
        """Return the first frame of a type that holds this, once it is there."""

        def found():
            return next((frame for frame in self.all(type) if holds.items() <= frame.items()), None)

        return self._system.until(found, f"a frame of type {type} comes, after {self.frames}")


def live_address(system, id, token):
    return f"{system.live_url}/ws/chat/{id}?token={token}"


def posted(system, path, body):
    """Return what somebody gets who is not logged in."""
    return httpx.post(f"{system.gateway_url}{path}", json=body, timeout=40)


def username():
    return f"ada-{uuid.uuid4().hex[:8]}@example.org"


def register(system, name=None):
    registered = posted(system, "/api/v1/auth/register", {"username": name or username(), "password": PASSWORD})
    assert registered.status_code == 201, registered.text
    return Somebody(system, registered.json())


def log_in(system, name):
    logged_in = posted(system, "/api/v1/auth/login", {"username": name, "password": PASSWORD})
    assert logged_in.status_code == 200, logged_in.text
    return Somebody(system, logged_in.json())


def a_teacher(system):
    """Somebody whom an operator has made a teacher."""
    name = username()
    create_user(system.database_url, name, PASSWORD, "teacher")
    return log_in(system, name)


def test_from_registering_to_an_answer_over_the_live_channel_to_progress(system):
    name = username()
    ada = register(system, name)

    with ada.live() as channel:
        channel.say(type="ask", id="my-first", question=QUESTION)
        request = channel.frame("accepted", id="my-first")["request_id"]
        answer = channel.frame("message", request_id=request)["message"]
        graded = ada.post(f"/api/v1/exercises/loops/{EXERCISE.id}/submissions", {"code": EXERCISE.solution})
        channel.frame("message", request_id=graded["id"])

    assert (answer["type"], answer["topic"]) == ("org.learnflow.concept.explained.v1", "loops")
    assert ada.get(f"/api/v1/requests/{request}")["answer"]["explanation"] == answer["explanation"]
    come_to_rest(system, ada)
    again = log_in(system, name)
    shown = again.get(f"/api/v1/progress/{ada.id}")
    assert again.id == ada.id
    assert (shown["active_days"], [each["topic"] for each in shown["topics"]]) == (1, ["loops"])
    assert shown["topics"][0]["exercises"]["value"] == 100


def test_who_is_not_logged_in_or_somebody_else_hears_and_sees_nothing(system):
    ada, bo = register(system), register(system)

    for token, refused in ((bo.token, 403), ("made-up", 401)):
        with pytest.raises(InvalidStatus) as raised:
            connect(live_address(system, ada.id, token))
        assert raised.value.response.status_code == refused
    assert bo.http.get(f"/api/v1/progress/{ada.id}").status_code == 403
    assert httpx.get(f"{system.gateway_url}/api/v1/progress/{ada.id}").status_code == 401
    assert posted(system, "/api/v1/query", {"question": QUESTION}).status_code == 401


def test_a_teacher_sees_live_that_a_learner_of_their_course_is_stuck_and_nothing_of_anybody_elses(system):
    teachers = [a_teacher(system), a_teacher(system)]
    learners = [register(system), register(system)]
    courses = [teacher.post("/api/v1/courses", {"title": "Python, from the beginning"}) for teacher in teachers]
    for learner, course in zip(learners, courses, strict=True):
        learner.post("/api/v1/enrolments", {"code": course["code"]})

    with teachers[0].live() as first, teachers[1].live() as second:
        for learner in learners:
            for program in MISSPELT:
                assert learner.post("/api/v1/execute", {"code": program})["status"] == "answered"
        told = [channel.frame("alert")["alert"] for channel in (first, second)]
        for learner in learners:
            come_to_rest(system, learner)
        channels = [channel.frames[1:] for channel in (first, second)]

    assert [each["about"] for each in told] == [learner.id for learner in learners]
    assert [[frame["alert"]["about"] for frame in frames] for frames in channels] == [[each.id] for each in learners]
    assert (told[0]["kind"], told[0]["evidence"]["error_type"]) == ("struggle", "NameError")
    for teacher, course, own, other in zip(teachers, courses, learners, reversed(learners), strict=True):
        assert [each["about"] for each in notifications(teacher)] == [own.id]
        (entry,) = teacher.get(f"/api/v1/courses/{course['id']}/learners")["learners"]
        assert (entry["learner_id"], entry["open_alerts"]) == (own.id, 1)
        assert teacher.get(f"/api/v1/progress/{own.id}")["active_days"] == 1
        assert teacher.http.get(f"/api/v1/progress/{other.id}").status_code == 403
    assert teachers[0].http.get(f"/api/v1/courses/{courses[1]['id']}").status_code == 404


def notifications(person):
    return person.get(f"/api/v1/notifications/{person.id}")["notifications"]
