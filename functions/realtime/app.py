"""realtime's application: its two routes, and what they share."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI

from functions.realtime import chat, stream
from functions.realtime.live import Live
from functions.realtime.rows import Rows
from functions.realtime.tabs import Tabs
from functions.shared.edge.app import edge_app
from functions.shared.edge.describing import describe
from functions.shared.edge.listening import Listener
from functions.shared.edge.parts import make_parts
from functions.shared.settings import Settings

_DESCRIPTION = """
What people are told, as it happens: over the event stream below, or over a WebSocket at `/ws/chat/{student_id}`, which
takes questions too.
"""
_TAGS = [
    {"name": "live", "description": "What you are told, as it happens."},
    {"name": "operations", "description": "For whoever runs it."},
]


def create_app(settings: Settings) -> FastAPI:
    """Return the application; nothing is connected before it starts. Raises SettingsError where it must not serve."""
    tabs = Tabs()
    made = make_parts(settings, "realtime")
    parts = replace(made, listener=Listener(settings.database_url, tabs.hear, tabs.missed))
    app = edge_app(
        parts,
        [chat.router, stream.router],
        title="LearnFlow, live",
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
    )
    app.state.live = Live(parts, tabs, Rows(parts.database))
    describe(app)
    return app
