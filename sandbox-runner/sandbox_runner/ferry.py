"""A run's pipes, carried over one stream: between the runner and the first process of a container.

Each piece is a frame: its channel, a number of protocol.py (1 byte), three bytes unused, its length (4 bytes,
big-endian), then so many bytes; Docker frames what it multiplexes in the same way. Nothing means that the channel has
ended; on the lifeline it means, as there, that the run is to end. Whoever holds the far end of the stream may be
hostile: frames of unknown channels or too large are an end of the stream.
"""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Callable, Iterable, Mapping

from sandbox_runner import protocol

MAX_FRAME = 65_536
_HEADER = struct.Struct(">BxxxI")
_ENOUGH = 65_536  # waiting for a slow stream: read no more of what would go there
_TOO_MUCH = 2**21  # waiting for a slow pipe; more than a run is ever given, so that no lifeline waits behind its stdin

Frame = tuple[int, bytes]


class BrokenStreamError(Exception):
    """What came over the stream are no frames."""


def frame(channel: int, data: bytes) -> bytes:
    """Return a frame as bytes."""
    return _HEADER.pack(channel, len(data)) + data


class Unframer:
    """Finds the frames in a stream that comes in pieces."""

    def __init__(self, most: int = MAX_FRAME) -> None:
        self._most, self._rest = most, bytearray()

    def frames(self, data: bytes) -> list[Frame]:
        """Return the frames that are complete by now. Raises BrokenStreamError."""
        self._rest += data
        found: list[Frame] = []
        while len(self._rest) >= _HEADER.size:
            channel, size = _HEADER.unpack_from(self._rest)
            if size > self._most or channel > protocol.LIFELINE:
                raise BrokenStreamError(f"a frame of {size} bytes for channel {channel}")
            end = _HEADER.size + size
            if len(self._rest) < end:
                break
            found.append((channel, bytes(self._rest[_HEADER.size : end])))
            del self._rest[:end]
        return found


class Ferry:
    """Carries what is read from `sources` to the stream, and what comes from there to `sinks`: descriptors by channel.

    The lifeline, a socket, goes both ways. All descriptors are the ferry's from now on, but for the stream's.
    """

    def __init__(
        self,
        stream: tuple[int, int],
        sources: Mapping[int, int],
        sinks: Mapping[int, int],
        lifeline: socket.socket,
        unframed: Callable[[bytes], Iterable[Frame]],
    ) -> None:
        """`stream` is where to read and where to write."""
        self._in, self._out = stream
        self._sources = {fd: channel for channel, fd in sources.items()}
        self._sinks, self._lifeline, self._unframed = dict(sinks), lifeline, unframed
        self._unsent, self._unwritten = bytearray(), {channel: bytearray() for channel in sinks}
        self._ended: set[int] = set()  # channels whose sink closes once it has all
        self._hears = self._streams = True
        for fd in (*stream, *self._sources, *self._sinks.values(), lifeline.fileno()):
            os.set_blocking(fd, False)

    def carry(self, *, until_lifeline_ends: bool) -> None:
        """Go on until the stream ends; or also when the lifeline has, and all is sent."""
        try:
            while self._streams and (self._hears or self._unsent or not until_lifeline_ends):
                poll = select.poll()
                for fd, events in self._interests().items():
                    poll.register(fd, events)
                self._attend(dict(poll.poll()))
        except (BrokenStreamError, ConnectionError):
            return  # as good as ended
        finally:
            self._close()

    def deliver(self, channel: int, data: bytes) -> None:
        """Take one frame that came over the stream. Raises BrokenStreamError where it has no business here."""
        if channel == protocol.LIFELINE:
            try:
                self._lifeline.send(data, socket.MSG_NOSIGNAL) if data else self._lifeline.shutdown(socket.SHUT_WR)
            except OSError:
                return  # nobody wants to know any more
        elif channel not in self._unwritten:
            raise BrokenStreamError(f"channel {channel} does not come this way")
        elif channel in self._sinks:
            self._unwritten[channel] += data
            if not data:
                self._ended.add(channel)
            self._write(channel)

    def _interests(self) -> dict[int, int]:
        """What to wait for: nothing is read that could not be passed on."""
        wanted: dict[int, int] = {}
        if len(self._unsent) < _ENOUGH:
            wanted |= dict.fromkeys(self._sources, select.POLLIN)
            if self._hears:
                wanted[self._lifeline.fileno()] = select.POLLIN
        for channel, waiting in self._unwritten.items():
            if waiting:
                wanted[self._sinks[channel]] = select.POLLOUT
        if all(len(waiting) < _TOO_MUCH for waiting in self._unwritten.values()):
            wanted[self._in] = select.POLLIN
        if self._unsent:
            wanted[self._out] = wanted.get(self._out, 0) | select.POLLOUT
        return wanted

    def _attend(self, ready: dict[int, int]) -> None:
        for channel, fd in list(self._sinks.items()):
            if fd in ready:
                self._write(channel)
        if ready.get(self._in, 0) & ~select.POLLOUT:
            self._receive()
        lifeline = self._hears and self._lifeline.fileno() in ready
        for fd in list(self._sources):
            if fd in ready or lifeline:  # what a run wrote comes before the word that it ended; one read has all of it
                self._read(fd)
        if lifeline:
            self._listen()
        self._send()

    def _receive(self) -> None:
        try:
            data = self._read_stream()
        except BlockingIOError:
            return
        self._streams = bool(data)
        for channel, piece in self._unframed(data):
            self.deliver(channel, piece)

    def _read_stream(self) -> bytes:
        """Read what there is. A far end that left without reading all is told once, before its own last words."""
        try:
            return os.read(self._in, MAX_FRAME)
        except ConnectionResetError:
            return os.read(self._in, MAX_FRAME)

    def _read(self, fd: int) -> None:
        try:
            data = os.read(fd, MAX_FRAME)  # a pipe holds no more
        except BlockingIOError:
            return
        self._unsent += frame(self._sources[fd], data)
        if not data:
            del self._sources[fd]
            os.close(fd)

    def _listen(self) -> None:
        try:
            message = self._lifeline.recv(protocol.MAX_MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        self._unsent += frame(protocol.LIFELINE, message)
        self._hears = bool(message)

    def _write(self, channel: int) -> None:
        waiting, fd = self._unwritten[channel], self._sinks[channel]
        try:
            while waiting:
                del waiting[: os.write(fd, waiting)]
        except BlockingIOError:
            return
        except BrokenPipeError:
            waiting.clear()
            self._ended.add(channel)
        if channel in self._ended:
            os.close(self._sinks.pop(channel))

    def _send(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: os.write(self._out, self._unsent)]
        except BlockingIOError:
            return
        except ConnectionError:  # the far end no longer reads; what it said before may still have to be read
            self._unsent.clear()

    def _close(self) -> None:
        for fd in (*self._sources, *self._sinks.values()):
            os.close(fd)
        self._lifeline.close()
