"""Logs: one JSON object a line on standard output, with the request's id on every line."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import EventDict


def configure_logs(service: str, level: str) -> None:
    """Write JSON lines of at least `level`, each naming the service; call once at start."""

    def name_service(_logger: object, _method: str, line: EventDict) -> EventDict:
        return {"service": service, **line}  # not a context variable: those are a thread's own

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
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
