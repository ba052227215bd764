"""triage, wired."""

import functions_framework
from flask import Request, Response

from functions.shared.serving import Function
from functions.triage.handler import HANDLERS

function = Function("triage", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Route a question."""
    return function(request)
