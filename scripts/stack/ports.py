"""Ports of this machine: which are free, and who holds the others."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

import psutil

from scripts.stack.errors import StackError

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        # As servers do: connections still winding down do not count.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
    return True


def is_answering(port: int, host: str = LOOPBACK, *, timeout_seconds: float = 0.5) -> bool:
    """Whether something accepts connections on `port`."""
    try:
        with socket.create_connection((host, port), timeout=timeout_seconds):
            return True
    except OSError:
        return False


def free_port(host: str = LOOPBACK) -> int:
    """A port that nothing uses now. Take it soon: another process may."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as chosen:
        chosen.bind((host, 0))
        return int(chosen.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """Different free ports; held together while choosing, so that none is given twice."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) for _ in range(count)]
        for chosen in sockets:
            chosen.bind((LOOPBACK, 0))
        return [int(chosen.getsockname()[1]) for chosen in sockets]


@dataclass(frozen=True)
class Holder:
    """The process that listens on a port."""

    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.name}, process {self.pid}"


def holder(port: int) -> Holder | None:
    """Who listens on `port`, as far as this user may know."""
    try:
        connections = psutil.net_connections("tcp")
    except (psutil.AccessDenied, OSError):
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
            with contextlib.suppress(psutil.Error):
                return Holder(connection.pid, psutil.Process(connection.pid).name())
    return None


def require_free(port: int, *, what: str, way_out: str) -> None:
    """Raise StackError unless `port` can be had. `what` needs it; `way_out` names the option for another."""
    if is_free(port):
        return
    who = holder(port)
    by = f" by {who}" if who else ""
    raise StackError(f"Port {port}, which {what} needs, is in use{by}. Stop that, or {way_out}.")
