"""progress, wired."""

import functions_framework
from flask import Request, Response

from functions.progress.handler import HANDLERS
from functions.shared.serving import Function

function = Function("progress", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Count what a learner did, or tell them how far they have come."""
    return function(request)
