"""Posting an event to the broker, for the few that cannot answer with it: the edge and `dead-letter`."""

from __future__ import annotations

from cloudevents.http import CloudEvent

from functions.shared.envelope import to_http
from functions.shared.errors import TryAgainLater
from functions.shared.settings import read_settings

_PATIENCE_SECONDS = 5.0


def post(event: CloudEvent) -> None:
    """Post an event to BROKER_URL. Raises TryAgainLater unless the broker says it is stored (202)."""
    import httpx  # a tenth of a second that only a dead letter on somebody's path to an answer has to pay

    headers, body = to_http(event)
    url = read_settings(needs=("BROKER_URL",)).broker_url
    try:
        status = httpx.post(url, headers=headers, content=body, timeout=_PATIENCE_SECONDS).status_code
    except httpx.HTTPError as error:
        raise TryAgainLater(f"the broker does not answer: {type(error).__name__}") from error
    if status != 202:
        raise TryAgainLater(f"the broker answers {status}")
