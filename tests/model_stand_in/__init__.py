"""A stand-in for a language model's server: it speaks OpenAI's API and behaves, or misbehaves, as it is told.

Tests run the real SDK against it; `scripts/up --model-stand-in` has the functions ask it. What it says it makes of the
request, so that the same question brings the same answer, and nobody takes it for a model's.
"""

from tests.model_stand_in.giving_in import gives_in
from tests.model_stand_in.manners import cuts, fails, fits, hangs, says, sends, thinks, trickles
from tests.model_stand_in.server import StandIn
from tests.model_stand_in.tasks import by_task, form_of, task_of

__all__ = [
    "StandIn",
    "by_task",
    "cuts",
    "fails",
    "fits",
    "form_of",
    "gives_in",
    "hangs",
    "says",
    "sends",
    "task_of",
    "thinks",
    "trickles",
]
