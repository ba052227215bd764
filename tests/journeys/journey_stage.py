"""What journeys need: somebody who goes them."""

import uuid


class Learner:
    """A learner at the gateway whom nobody has seen before."""

    def __init__(self, system):
        self.id = f"learner-{uuid.uuid4().hex[:8]}"
        self._http = system.http

    def get(self, path):
        return self._http.get(path, headers={"X-Learner-Id": self.id})

    def post(self, path, body, **headers):
        return self._http.post(path, json=body, headers={"X-Learner-Id": self.id, "Prefer": "wait=30", **headers})

    def answer(self, path, body, **headers):
        """Give a command and return its answer."""
        response = self.post(path, body, **headers)
        assert (response.status_code, response.json().get("status")) == (200, "answered"), response.text
        return response.json()["answer"]
