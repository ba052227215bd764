"""audit, wired."""

import functions_framework
from flask import Request, Response

from functions.audit.handler import HANDLERS
from functions.shared.serving import Function

function = Function("audit", HANDLERS, remembers=False)


@functions_framework.http
def handle(request: Request) -> Response:
    """Record an event."""
    return function(request)
