"""quiz, wired."""

import functions_framework
from flask import Request, Response

from functions.quiz.handler import HANDLERS
from functions.shared.serving import Function

function = Function("quiz", HANDLERS)


@functions_framework.http
def handle(request: Request) -> Response:
    """Pose a question, or take an answer to one."""
    return function(request)
