"""struggle, wired."""

import functions_framework
from flask import Request, Response

from functions.shared.serving import Function
from functions.struggle.handler import HANDLERS

function = Function("struggle", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """See whether a learner is stuck."""
    return function(request)
