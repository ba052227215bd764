"""The function, as functions-framework finds it."""

from flask import Request, Response

from functions.shared.events import ExplanationRequested
from functions.shared.explaining import ConceptExplained
from functions.shared.model.asking import NoAnswer, Prompt, Said
from functions.shared.model.wiring import make_ask
from functions.shared.serving import Function, Handler

ASK = make_ask("concepts")


class Explained(Said):
    """What the model is to say."""

    text: str


def before(event, database):
    """Ask the model; None without an answer."""
    messages = ({"role": "system", "content": "Explain."}, {"role": "user", "content": event.data.question})
    try:
        return ASK(event, database, Prompt("concepts", "concepts.v0", messages, Explained))
    except NoAnswer:
        return None


def explain(_event, _db, found):
    """Answer with what the model said, else with what is built in."""
    said, by = (found.answer.text, found.model) if found else ("A loop repeats.", "built-in")
    return ConceptExplained(topic="loops", title="Loops", level="beginner", explanation=said, answered_by=by)


function = Function("concepts", {ExplanationRequested: Handler(explain, before=before)})


def handle(request: Request) -> Response:
    """Answer a request."""
    return function(request)
