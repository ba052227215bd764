"""concepts, wired."""

import functions_framework
from flask import Request, Response

from functions.concepts.handler import HANDLERS
from functions.shared.serving import Function

function = Function("concepts", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Explain a topic."""
    return function(request)
