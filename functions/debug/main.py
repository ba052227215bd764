"""debug, wired."""

import functions_framework
from flask import Request, Response

from functions.debug.handler import HANDLERS
from functions.shared.serving import Function

function = Function("debug", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Explain a mistake, or go on where the sandbox has told more."""
    return function(request)
