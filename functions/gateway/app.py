"""The gateway's application: its routes, described."""

from __future__ import annotations

from fastapi import FastAPI

from functions.gateway import (
    accounts,
    concepts,
    conversations,
    courses,
    enrolments,
    exercises,
    helping,
    limits_routes,
    logging_in,
    notifications,
    openapi,
    privacy,
    progress,
    quizzes,
    rosters,
    routes,
    running,
)
from functions.shared.edge.app import edge_app
from functions.shared.edge.describing import describe
from functions.shared.edge.parts import make_parts
from functions.shared.settings import Settings

PARTS = (
    logging_in,
    accounts,
    routes,
    concepts,
    helping,
    running,
    exercises,
    quizzes,
    progress,
    notifications,
    conversations,
    courses,
    enrolments,
    rosters,
    limits_routes,
    privacy,
)


def create_app(settings: Settings) -> FastAPI:
    """Return the application; nothing is connected before it starts. Raises SettingsError where it must not serve."""
    app = edge_app(
        make_parts(settings, "gateway"),
        [part.router for part in PARTS],
        title=openapi.TITLE,
        description=openapi.DESCRIPTION,
        openapi_tags=openapi.TAGS,
    )
    describe(app)
    return app
