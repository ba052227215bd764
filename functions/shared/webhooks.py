"""Webhooks: which addresses may be called, and how what is sent is signed. Pure.

Signatures are those of Standard Webhooks (https://www.standardwebhooks.com), for which there are libraries. By hand, a
receiver

1. takes the secret, cuts off `whsec_` and decodes the rest as base64;
2. makes the HMAC-SHA256, under that, of the header `webhook-id`, a full stop, the header `webhook-timestamp`, a full
   stop and the body, byte for byte as it came;
3. compares, in constant time, `v1,` and its base64 with the header `webhook-signature` (of several, parted by spaces,
   one must be equal);
4. refuses a `webhook-timestamp`, in Unix seconds, that is more than five minutes off, and a `webhook-id` it has seen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST_URL = 2000
SECRET_PREFIX = "whsec_"  # noqa: S105  # how a secret begins, not one
_SECRET_BYTES = 32
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_VISIBLE = re.compile(r"[!-~]+")
_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is anybody's on the public internet."""
_METADATA = IPv4Address("168.63.129.16")
"""A cloud's own service at an address that looks like anybody's; the other clouds' are link-local or private."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Webhook:
    """Where to POST to: `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The address, written in one way."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.target}"


def read_webhook(url: str, *, dev: bool) -> Webhook:
    """Return where a URL leads: https, or in profile dev http to this machine. Raises ValueError with the reason.

    A name is not looked up here; whoever calls it checks each address it stands for by `may_be_called`.
    """
    if len(url) > LONGEST_URL or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise ValueError(f"an address is up to {LONGEST_URL:,} visible ASCII characters")
    parts = urlsplit(url)
    place = _HOST.fullmatch(parts.netloc)
    if parts.scheme not in {"https", "http"} or place is None or parts.fragment:
        raise ValueError("an address is https://, a host, perhaps a port, and a path, without a user or a #")
    host = place["host"].strip("[]").lower()
    if parts.scheme == "http" and not (dev and host in _LOCAL_NAMES):
        raise ValueError("only https:// is called")
    port = int(place["port"] or (443 if parts.scheme == "https" else 80))
    if not 0 < port < 65_536:
        raise ValueError("there is no such port")
    address = _literal(host)
    if address is not None and not may_be_called(address, dev=dev):
        raise ValueError("this address is not on the public internet")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Webhook(parts.scheme, host, port, target)


def may_be_called(address: Address, *, dev: bool) -> bool:
    """Say whether an address is one on the public internet; in profile dev, or this machine's own.

    Otherwise a stranger's URL would reach what only we can reach: neighbours, clouds' metadata, ourselves.
    """
    inner = _embedded(address)
    if inner is not None:
        return may_be_called(inner, dev=dev)
    if address.is_loopback:
        return dev
    somebodys = address.version == 4 or address in _UNICAST
    return somebodys and address.is_global and not address.is_multicast and address != _METADATA


def new_secret() -> str:
    """Return a secret that a receiver checks signatures with."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `webhook-signature` of a message; `timestamp` is in Unix seconds."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _embedded(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one only wraps: gateways on the way would unwrap it."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
