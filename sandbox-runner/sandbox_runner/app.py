"""Running the runner: functions-framework's app under gunicorn, ended gracefully by SIGTERM."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import functions_framework
import structlog
from gunicorn.app.base import BaseApplication
from structlog.typing import EventDict

from sandbox_runner.envelope import NAME
from sandbox_runner.wiring import sandbox, settings

MAIN = Path(__file__).with_name("main.py")
KEEP_ALIVE_SECONDS = 120
"""Above the 90 s after which the platform's proxy drops an idle connection: who closes second never sends a
request into a connection that is just closing."""
GRACE_SECONDS = 20
"""For what runs when the end comes; longer than any event takes (limits.toml, together_seconds)."""


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with one worker process: the platform scales by processes, and one backend serves all threads."""

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        options = {
            "bind": f"{settings.host}:{settings.port}",
            "worker_class": "gthread",
            "threads": settings.threads,
            "keepalive": KEEP_ALIVE_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "preload_app": True,  # a mistake in the wiring ends the process at once instead of looping
            # The backend's processes must be children of the one that serves, not of gunicorn's first.
            "post_worker_init": lambda _worker: sandbox.start(),
            "worker_exit": lambda _server, _worker: sandbox.stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        return functions_framework.create_app(target="handle", source=str(MAIN))  # type: ignore[no-untyped-call]


def run() -> None:
    """Serve the target `handle` of main.py until SIGTERM."""
    configure_logs(settings.log_level)
    Server().run()


def configure_logs(level: str) -> None:
    """Write JSON lines of at least `level` to standard output, each naming the service."""

    def name_service(_logger: object, _method: str, line: EventDict) -> EventDict:
        return {"service": NAME, **line}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            name_service,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
