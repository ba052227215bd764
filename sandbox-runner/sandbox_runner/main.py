"""The target that functions-framework serves."""

import functions_framework
from flask import Request, Response

from sandbox_runner.wiring import runner


@functions_framework.http
def handle(request: Request) -> Response:
    """Run programs and say what came of them."""
    return runner(request)
