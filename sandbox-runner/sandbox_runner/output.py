"""A program's output: how much of it is kept, and how it is cut."""

from __future__ import annotations

import bisect
import json

from sandbox_runner.values import presentable

MARK = "\n… cut here: this is all that is kept of a longer text …\n"


def encoded_size(text: str) -> int:
    """Bytes of the text in a JSON string of ASCII, without its quotes: what it takes in an event at most."""
    return len(json.dumps(text)) - 2


def cut(text: str, most_bytes: int) -> tuple[str, bool]:
    """Return the text, or its longest beginning that fits with a mark in so many encoded bytes; and if it was cut."""
    if len(text) <= most_bytes and encoded_size(text) <= most_bytes:
        return text, False
    text = text[:most_bytes]
    room = most_bytes - encoded_size(MARK)
    fits = bisect.bisect_right(range(len(text) + 1), room, key=lambda length: encoded_size(text[:length])) - 1
    return text[: max(fits, 0)] + MARK, True


class Stream:
    """What was read of a stream. `full` once it holds more than may be kept: the program is not to go on."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._chunks, self._size = most_bytes, [b""], 0

    def add(self, data: bytes) -> None:
        """Keep a little more than what is shown, so that a cut is noticed, and no more."""
        self._chunks.append(data[: max(self._most + 1 - self._size, 0)])
        self._size += len(data)

    @property
    def full(self) -> bool:
        return self._size > self._most

    @property
    def data(self) -> bytes:
        """The bytes that were kept."""
        return b"".join(self._chunks)

    def text(self) -> tuple[str, bool]:
        """Return what is to be shown, whatever bytes these are; and whether it was cut."""
        return cut(presentable(self.data.decode("utf-8", "replace")), self._most)
