"""review, wired."""

import functions_framework
from flask import Request, Response

from functions.review.handler import HANDLERS
from functions.shared.serving import Function

function = Function("review", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Review a program, or say what came of trying what is suggested."""
    return function(request)
