"""Route a question to the function that answers it, or decline it kindly."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from functions.shared.database import Connection, Database
from functions.shared.events import REQUESTS, Event, LearnerContext, QuestionAsked, QuestionDeclined
from functions.shared.payload import Payload
from functions.shared.serving import Handler, Handlers
from functions.shared.tutor import Classifier, Routing
from functions.triage.context import ContextOf, make_context_of
from functions.triage.linear import LinearClassifier
from functions.triage.queries import note_routing
from functions.triage.readable import decline_off_topic, decline_unreadable


class Understood(NamedTuple):
    """What a question is after, and what is known of who asks it."""

    routing: Routing
    context: LearnerContext | None


Found = Understood | QuestionDeclined


def understand(
    event: Event[QuestionAsked], database: Database, *, classifier: Classifier, context_of: ContextOf
) -> Found:
    """Return what the question is after and who asks it, or the refusal of one that cannot be answered."""
    declined = decline_unreadable(event.data)
    if declined:
        return declined
    routing = classifier.classify(event.data)
    about = None if routing.intent == "off_topic" else context_of(event.learner_id, database)
    return Understood(routing, about)


def route(event: Event[QuestionAsked], db: Connection, found: Found) -> Payload:
    """Answer with the request of the intent's function, or with a kind refusal."""
    if isinstance(found, QuestionDeclined):
        note_routing(db, event, intent=None, confidence=1.0)
        return found
    routing, context = found
    if routing.intent == "off_topic":
        note_routing(db, event, intent=None, confidence=routing.confidence)
        return decline_off_topic(routing.second_guess)
    note_routing(db, event, intent=routing.intent, confidence=routing.confidence)
    return REQUESTS[routing.intent](
        **event.data.model_dump(),
        confidence=routing.confidence,
        second_guess=routing.second_guess,
        context=context,
    )


HANDLERS: Handlers = {
    QuestionAsked: Handler(
        route, before=partial(understand, classifier=LinearClassifier(), context_of=make_context_of())
    )
}
