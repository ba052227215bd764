"""exercise, wired."""

import functions_framework
from flask import Request, Response

from functions.exercise.handler import HANDLERS
from functions.shared.serving import Function

function = Function("exercise", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Hand out an exercise, take a submission, or grade one."""
    return function(request)
