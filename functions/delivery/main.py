"""delivery, wired."""

import functions_framework
from flask import Request, Response

from functions.delivery.handler import HANDLERS
from functions.shared.serving import Function

function = Function("delivery", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Deliver an answer."""
    return function(request)
