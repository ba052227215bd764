"""dead-letter, wired."""

import functions_framework
from flask import Request, Response

from functions.dead_letter.handler import HANDLERS
from functions.shared.serving import Function

function = Function("dead-letter", HANDLERS, remembers=False)


@functions_framework.http
def handle(request: Request) -> Response:
    """Record a dead letter."""
    return function(request)
