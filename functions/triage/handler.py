"""Route a question to the function that answers it, or decline it kindly."""

from __future__ import annotations

from functools import partial

from functions.shared.database import Connection, Database
from functions.shared.events import REQUESTS, Event, Payload, QuestionAsked, QuestionDeclined
from functions.shared.serving import Handler, Handlers
from functions.shared.tutor import Classifier, Routing
from functions.triage.queries import note_routing
from functions.triage.readable import decline_off_topic, decline_unreadable
from functions.triage.rules import RuleClassifier


def understand(
    event: Event[QuestionAsked], _database: Database, *, classifier: Classifier
) -> Routing | QuestionDeclined:
    """Return what the question is after, or the refusal of one that cannot be read."""
    return decline_unreadable(event.data) or classifier.classify(event.data)


def route(event: Event[QuestionAsked], db: Connection, found: Routing | QuestionDeclined) -> Payload:
    """Answer with the request of the intent's function, or with a kind refusal."""
    if isinstance(found, QuestionDeclined):
        note_routing(db, event, intent=None, confidence=1.0)
        return found
    if found.intent == "off_topic":
        note_routing(db, event, intent=None, confidence=found.confidence)
        return decline_off_topic()
    note_routing(db, event, intent=found.intent, confidence=found.confidence)
    return REQUESTS[found.intent](
        **event.data.model_dump(), confidence=found.confidence, second_guess=found.second_guess
    )


HANDLERS: Handlers = {QuestionAsked: Handler(route, before=partial(understand, classifier=RuleClassifier()))}
