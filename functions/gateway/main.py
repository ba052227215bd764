"""gateway, wired."""

from functions.gateway.app import create_app
from functions.shared.edge.server import serve
from functions.shared.settings import read_settings


def main() -> None:
    """Serve the API until SIGTERM. Missing settings end it at once."""
    settings = read_settings(needs=("DATABASE_URL", "BROKER_URL"))
    serve(create_app(settings), settings)
