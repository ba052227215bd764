"""What runner and zygote say to each other.

The runner sends requests over one SOCK_SEQPACKET socket: the run's limits as JSON, with file descriptors. One of them
is the end of a socket of that run's own, over which the zygote tells the runner alone how the run goes, and whose
closing by the runner kills the run. The learner's program and data go to the child by a pipe: they never enter
the zygote, whose memory every later child inherits.
"""

from __future__ import annotations

import json
import socket
from typing import Any

STDIN, STDOUT, STDERR, REPORT, LIFELINE = range(5)
"""Places in a request's descriptors; the child knows the first four by these numbers. In the pod profile the run's
own folder follows."""

MAX_MESSAGE = 16_384
MAX_FDS = 6

Message = dict[str, Any]


def send(to: socket.socket, message: Message, fds: list[int] | None = None) -> None:
    """Send one message. Raises OSError where nobody is there any more."""
    socket.send_fds(to, [json.dumps(message).encode("ascii")], fds or [], socket.MSG_NOSIGNAL)


def receive(source: socket.socket) -> tuple[Message | None, list[int]]:
    """Return the next message with its descriptors, None at the end. Raises OSError."""
    data, fds, _, _ = socket.recv_fds(source, MAX_MESSAGE, MAX_FDS, socket.MSG_CMSG_CLOEXEC)
    return (json.loads(data) if data else None), list(fds)
