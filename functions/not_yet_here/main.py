"""not-yet-here, wired."""

import functions_framework
from flask import Request, Response

from functions.not_yet_here.handler import HANDLERS
from functions.shared.serving import Function

function = Function("not-yet-here", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Say that a capability is not here yet."""
    return function(request)
