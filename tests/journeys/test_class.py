"""A few learners of a class, as scripts/bench class has a hundred: each does everything there is to do, all at once."""

import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from scripts.stack.create_user import create_user
from tests.bench.pupils import lesson
from tests.load.channel import Failed
from tests.load.learner import Learner
from tests.load.mixture import MIXTURE

LEARNERS = 3
ANSWERED = {"run", "submit", "exercise", "quiz", "quiz answer", "ask", "chat"}


@pytest.fixture
def learners(system):
    """Learners of a class with accounts of their own, the answers they have had, and what failed."""
    noted, failed, learners = Counter(), [], []

    def call(method, path, name, body=None, token=""):
        known = {"Authorization": f"Bearer {token}"} if token else {}
        response = httpx.request(method, f"{system.gateway_url}{path}", json=body, headers=known, timeout=60)
        if not response.is_success:
            raise Failed(f"{name}: {response.status_code} {response.text}")
        return response.json()

    def note(name, seconds, error=None):
        noted[name] += 1
        failed.extend([error] if error else [])

    for number in range(LEARNERS):
        username, password = f"class-{uuid.uuid4().hex[:8]}", str(uuid.uuid4())
        create_user(system.database_url, username, password, "learner")
        learners.append(Learner(call, note, system.live_url, lesson(), random.Random(number)))
        learners[-1].arrive(username, password)
    yield learners, noted, failed
    for learner in learners:
        learner.leave()


def test_whatever_a_class_does_is_answered_at_its_sockets(learners):
    everybody, noted, failed = learners

    def go(learner):
        for action in MIXTURE:
            learner.do(action)

    with ThreadPoolExecutor(LEARNERS) as threads:
        list(threads.map(go, everybody))

    assert failed == []
    assert {name: noted[name] for name in ANSWERED} == dict.fromkeys(ANSWERED, LEARNERS)
