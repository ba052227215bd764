"""notification, wired."""

import functions_framework
from flask import Request, Response

from functions.notification.handler import HANDLERS
from functions.shared.serving import Function

function = Function("notification", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Tell people."""
    return function(request)
