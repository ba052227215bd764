"""realtime, wired."""

from functions.realtime.app import create_app
from functions.shared.edge.server import serve
from functions.shared.settings import read_settings


def main() -> None:
    """Serve the live channel until SIGTERM. Missing settings end it at once."""
    settings = read_settings(needs=("DATABASE_URL", "BROKER_URL"))
    app = create_app(settings)
    serve(app, settings, sockets=True, farewell=app.state.live.tabs.leave)
