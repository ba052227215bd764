"""Where a request comes from and which host it is for, as far as that can be believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

ELSEWHERE = "elsewhere"
"""Where a request comes from that has no address."""
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]+)?")
"""A host as a URL names it (RFC 3986, 3.2.2): an IPv6 address in brackets, an IPv4 one or a name, perhaps a port."""
_NETWORK_BITS = 64
"""Of an IPv6 address: what a single line is given is 2**64 addresses, so they count as one (RFC 4291, 2.5.1)."""


def client_address(scope: Scope, hops: int) -> str:
    """Return whom a request comes from: an IPv4 address, an IPv6 network, or ELSEWHERE.

    `hops` is how many proxies of ours each add to X-Forwarded-For whom they were asked by. They add on the right, so
    the entry that the first of them made is counted from there; what is left of it, anybody may have written. A request
    with fewer entries did not come by all of them, and its peer is who asks.
    """
    entries = [entry.strip() for value in header_values(scope, b"x-forwarded-for") for entry in value.split(",")]
    if hops and len(entries) >= hops and (forwarded := _network(entries[-hops])):
        return forwarded
    peer = scope.get("client")
    return (_network(peer[0]) if peer else None) or ELSEWHERE


def came_by_https(scope: Scope, hops: int) -> bool:
    """Whether a request came by https, to us or to a proxy of ours."""
    forwarded = [value.strip().lower() for value in header_values(scope, b"x-forwarded-proto")] if hops else []
    return scope.get("scheme") in {"https", "wss"} or forwarded[-1:] == ["https"]


def is_this_machine(host: str) -> bool:
    """Whether a Host header names this machine by a name that nobody else can make their own.

    A page from elsewhere may have its own name resolved to 127.0.0.1 once it is loaded (DNS rebinding), and then talks
    to us as if we were its server; its Host is still its own name. `localhost` and names below it are nobody's
    (RFC 6761, 6.3).
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    address = _parsed(found[1] or found[2])
    if address is not None:
        return address.is_loopback
    return found[2] is not None and found[2].lower().removesuffix(".").split(".")[-1] == "localhost"


def header_values(scope: Scope, name: bytes) -> Iterator[str]:
    """Yield the values of a header, which may come several times; `name` is in lower case."""
    for found, value in scope["headers"]:
        if found == name:
            yield value.decode("latin-1")


def _network(text: str) -> str | None:
    """Return what counts as one address; None for what is none."""
    found = _HOST.fullmatch(text)
    address = _parsed(text) or (_parsed(found[1] or found[2]) if found else None)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _NETWORK_BITS), strict=False))
    return str(address) if address else None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, an IPv4 one even where it is written as IPv6."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
