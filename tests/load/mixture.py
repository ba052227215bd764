"""What a class does: how often each thing, and how long its learners think in between. Pure.

The weights are a judgement of ours, of a lesson in which one mostly writes and runs programs. Whoever knows their own
classes better changes them here; CAPACITY.md says what follows from each.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from functions.shared.rates import Rates

THINK_SECONDS = (5.0, 20.0)
"""Between two things that a learner does: from a glance at what came of the last to a few lines written."""

LATECOMER_SECONDS = 60
"""By then everybody has come, where the limits let them."""


@dataclass(frozen=True)
class Action:
    """One thing that learners do. `requests` is what it asks the gateway for, on average."""

    name: str
    weight: int
    requests: float
    why: str


MIXTURE = (
    Action("run", 35, 1, "a program is run after every few lines, and again once its error is mended"),
    Action("submit", 15, 1.5, "handed in when it seems to run: an exercise, asked for first, takes two tries"),
    Action("quiz", 15, 2, "a question is posed and answered at once, a handful in a row"),
    Action("ask", 10, 1, "asked by the app's other pages over HTTP, answered on the socket"),
    Action("chat", 10, 0, "asked and answered on the socket, as in the app's chat"),
    Action("progress", 10, 1, "the start page shows it whenever somebody comes back to it"),
    Action("conversations", 5, 2, "the list and the last one of it, when somebody looks up what was said before"),
)
"""Of a hundred things that are done."""


def chosen(chance: random.Random) -> Action:
    """Return what a learner does next."""
    return chance.choices(MIXTURE, [action.weight for action in MIXTURE])[0]


def thought_seconds(chance: random.Random) -> float:
    """Return how long a learner thinks before the next thing."""
    return chance.uniform(*THINK_SECONDS)


def actions_a_minute() -> float:
    """Return how many things a learner does in a minute, where answers take no time."""
    return 60 / (sum(THINK_SECONDS) / 2)


def share(name: str) -> float:
    """Return which part of all that is done an action is. Raises StopIteration if there is none of this name."""
    action = next(action for action in MIXTURE if action.name == name)
    return action.weight / sum(action.weight for action in MIXTURE)


def requests_a_minute() -> float:
    """Return how often a learner asks the gateway for something in a minute: what counts against limits."""
    return actions_a_minute() * sum(share(action.name) * action.requests for action in MIXTURE)


def arrival_seconds(learners: int, rates: Rates) -> float:
    """Return in how many seconds a class behind one address logs in: a minute, or what the limit on log-ins takes if
    half of the burst is left to others behind it."""
    return max(LATECOMER_SECONDS, (learners - rates.log_in.burst / 2) * rates.log_in.cost)
