"""Webhooks: an alert POSTed as signed JSON, to the public internet only."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Sequence
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from functions.notification.parcel import NotSent, Parcel, Unsure
from functions.shared.webhooks import Webhook, may_be_called, read_webhook, signature

_CONNECT_SECONDS = 3.0
_WHOLE_SECONDS = 8.0
_TO_BE_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})


def send(parcel: Parcel, *, dev: bool) -> None:
    """POST an alert to its target, once. Raises NotSent or Unsure.

    The same alert always has the same `webhook-id`. Redirects are not followed: they could lead anywhere.
    """
    assert parcel.secret is not None  # the database holds one for every webhook
    try:
        webhook = read_webhook(parcel.target, dev=dev)
    except ValueError as error:
        raise NotSent(str(error), hopeless=True) from error
    addresses = look_up(webhook, dev=dev)
    content, timestamp = body(parcel), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "LearnFlow",
        "webhook-id": parcel.alert_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(parcel.secret, parcel.alert_id, timestamp, content),
    }
    _judge(asyncio.run(_post(webhook, addresses, headers, content)))


def body(parcel: Parcel) -> bytes:
    """Return the JSON that is sent."""
    document = {
        "id": parcel.alert_id,
        "kind": parcel.kind,
        "severity": parcel.severity,
        "about": parcel.about,
        "title": parcel.title,
        "message": parcel.message,
        "evidence": parcel.evidence,
        "created_at": parcel.created_at.isoformat(),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def look_up(webhook: Webhook, *, dev: bool) -> list[str]:
    """Return the addresses of a webhook's host. Raises NotSent where there is none, or one that must not be called.

    What is checked here is what is then connected to: a name that is looked up twice may mean two things.
    """
    try:
        found = socket.getaddrinfo(webhook.host, webhook.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("the host has no address") from error
    addresses = sorted({str(each[4][0]).partition("%")[0] for each in found})
    own_only = webhook.scheme == "http"
    for address in map(ip_address, addresses):
        if not may_be_called(address, dev=dev) or (own_only and not address.is_loopback):
            raise NotSent("the host's address is not on the public internet", hopeless=True)
    return addresses


async def _post(webhook: Webhook, addresses: Sequence[str], headers: dict[str, str], content: bytes) -> int:
    """Return the status that a POST is answered with; its body is nothing to us."""
    connector = aiohttp.TCPConnector(resolver=_Known(addresses), use_dns_cache=False, force_close=True)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
    try:
        async with (
            asyncio.timeout(_WHOLE_SECONDS),
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.post(webhook.url, data=content, headers=headers, allow_redirects=False) as response,
        ):
            return response.status
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotSent(f"no connection: {type(error).__name__}") from error
    except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError
        raise Unsure(f"no answer: {type(error).__name__}") from error


def _judge(status: int) -> None:
    """Raise NotSent unless a status says that the alert was taken."""
    if not 200 <= status < 300:
        raise NotSent(f"the receiver answers {status}", hopeless=status not in _TO_BE_RETRIED)


class _Known(AbstractResolver):
    """Answers every question with the addresses that were checked."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return them."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
            if family in {socket.AF_UNSPEC, socket.AF_INET6 if ":" in address else socket.AF_INET}
        ]

    async def close(self) -> None:
        """Nothing to close."""
