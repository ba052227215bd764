"""Running a function: functions-framework's app under gunicorn, ended gracefully by SIGTERM."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import functions_framework
from gunicorn.app.base import BaseApplication

from functions.shared.logs import configure_logs
from functions.shared.settings import KEEP_ALIVE_SECONDS, Settings, read_settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with one worker process: the platform scales by processes, and handlers share one pool."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        options = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "keepalive": KEEP_ALIVE_SECONDS,
            "preload_app": True,  # a mistake in the wiring ends the process at once instead of looping
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        return self._app


def run(name: str, main: str | Path, *, needs: Collection[str] = ("DATABASE_URL",)) -> None:
    """Serve the target `handle` of the function's main.py until SIGTERM. Missing settings end it at once."""
    settings = read_settings(needs)
    configure_logs(name, settings.log_level)
    app = functions_framework.create_app(target="handle", source=str(main))  # type: ignore[no-untyped-call]
    Server(app, settings).run()
