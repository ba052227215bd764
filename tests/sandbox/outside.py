"""What hostile programs are told to attack, and whether it is as it was."""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = "kept"


@dataclass(frozen=True)
class Outside:
    """A folder anybody may write to with a file in it, and sockets that listen."""

    folder: Path
    tcp: socket.socket
    udp: socket.socket
    abstract: socket.socket

    def told(self, zygote: int) -> str:
        """Return what a program reads on its stdin."""
        return json.dumps(
            {
                "runner": os.getpid(),
                "zygote": zygote,
                "outside": str(self.folder),
                "secret": str(self.folder / "secret"),
                "repository": str(Path(__file__).parents[2]),
                "tcp": self.tcp.getsockname()[1],
                "udp": self.udp.getsockname()[1],
                "abstract": self.abstract.getsockname()[1:].decode(),
            }
        )

    def assert_untouched(self) -> None:
        """Fail if anything was read, written or sent here."""
        secret = self.folder / "secret"
        assert [path.name for path in self.folder.iterdir()] == ["secret"]
        assert secret.read_text() == SECRET
        assert secret.stat().st_mode & 0o777 == 0o666
        for listening in (self.tcp, self.udp, self.abstract):
            with_nobody = _heard(listening)
            assert with_nobody is None


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """Make it all."""
    folder.chmod(0o777)
    (folder / "secret").write_text(SECRET)
    (folder / "secret").chmod(0o666)
    with ExitStack() as sockets:
        tcp = sockets.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        abstract = sockets.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        abstract.bind("\0" + uuid.uuid4().hex)
        for each in (tcp, udp, abstract):
            each.setblocking(False)
        yield Outside(folder, tcp, udp, abstract)


def _heard(listening: socket.socket) -> object:
    try:
        return listening.accept() if listening.type == socket.SOCK_STREAM else listening.recv(100)
    except BlockingIOError:
        return None
