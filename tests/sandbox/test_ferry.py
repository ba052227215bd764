"""A run's pipes over one stream, without an engine: what is carried, and what of it is believed."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox_runner import protocol
from sandbox_runner.containers import Container
from sandbox_runner.docker_backend import watched
from sandbox_runner.ferry import BrokenStreamError, Ferry, Unframer, frame
from sandbox_runner.judge import judge
from sandbox_runner.limits import Limits
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome, Result
from sandbox_runner.said import checked

CHANNELS = st.integers(min_value=0, max_value=protocol.LIFELINE)
FIRST_PROCESS = (
    "import sys; sys.path.insert(0, sys.argv[1]); from sandbox_runner.contained import main; del sys.path[0]; "
    "main(True)"
)
PACKAGE = Path(__file__).parents[2] / "sandbox-runner"


@given(st.lists(st.tuples(CHANNELS, st.binary(max_size=50))), st.integers(min_value=1, max_value=20))
def test_frames_are_found_however_the_stream_is_cut(frames: list[tuple[int, bytes]], size: int) -> None:
    stream = b"".join(frame(channel, data) for channel, data in frames)
    unframer = Unframer()

    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]

    assert [found for piece in pieces for found in unframer.frames(piece)] == frames


@pytest.mark.parametrize(
    "header", [b"\x05\0\0\0\0\0\0\0", b"\x01\0\0\0\xff\xff\xff\xff"], ids=["unknown channel", "endless"]
)
def test_what_are_no_frames_ends_the_stream(header: bytes) -> None:
    with pytest.raises(BrokenStreamError):
        Unframer().frames(header)


@pytest.mark.parametrize(
    "said",
    [{"started": True}, {"refused": "no room"}, {"status": 9, "cpu_ms": 1.5, "peak_memory_kb": 9000}],
    ids=lambda said: next(iter(said)),
)
def test_what_a_zygote_says_is_believed(said: dict[str, object]) -> None:
    assert json.loads(checked(json.dumps(said).encode())) == said
    assert checked(b"") == b""


@pytest.mark.parametrize(
    "said",
    [
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"started": false}',
        b'{"started": true, "more": 1}',
        b'{"refused": 1}',
        b'{"status": 4991, "cpu_ms": 1, "peak_memory_kb": 1}',  # stopped, not ended
        b'{"status": 1e9, "cpu_ms": 1, "peak_memory_kb": 1}',
        b'{"status": -1, "cpu_ms": 1, "peak_memory_kb": 1}',
        b'{"status": 0, "cpu_ms": NaN, "peak_memory_kb": 1}',
        b'{"status": 0, "cpu_ms": 1, "peak_memory_kb": -1}',
        b'{"status": 0, "cpu_ms": 1}',
    ],
    ids=lambda said: said[:40].decode(),
)
def test_what_no_zygote_says_ends_the_stream(said: bytes) -> None:
    with pytest.raises(BrokenStreamError):
        checked(said)


def test_a_frame_on_a_channel_of_the_other_direction_ends_the_stream() -> None:
    ours, its = socket.socketpair()
    lifeline, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    read, write = os.pipe()
    ferry = Ferry((its.fileno(), its.fileno()), {}, {protocol.STDOUT: write}, lifeline, Unframer().frames)
    with ours, its, other:
        ours.sendall(frame(protocol.STDOUT, b"kept") + frame(protocol.STDIN, b"turned round"))

        ferry.carry(until_lifeline_ends=False)

        assert os.read(read, 100) == b"kept"
        assert os.read(read, 100) == b""
        assert other.recv(1) == b""
    os.close(read)


@contextlib.contextmanager
def first_process() -> Iterator[Container]:
    """What is a container's first process, as a process of this machine; its stdout framed as an engine does it."""
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", FIRST_PROCESS, str(PACKAGE)]
    ours, its = socket.socketpair()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    engine = [threading.Thread(target=carry, args=(process, its)) for carry in (_pass_in, _pass_on)]
    for thread in engine:
        thread.start()
    container = Container("", ours)
    try:
        container.greet()
        yield container
    finally:
        ours.close()
        for thread in engine:
            thread.join(10)
    assert process.wait(10) == 0


def _pass_in(process: subprocess.Popen[bytes], source: socket.socket) -> None:
    assert process.stdin
    with process.stdin as stdin, contextlib.suppress(OSError):  # it ends when it likes
        while data := source.recv(4096):
            os.write(stdin.fileno(), data)


def _pass_on(process: subprocess.Popen[bytes], to: socket.socket) -> None:
    assert process.stdout
    with to, process.stdout as stdout, contextlib.suppress(OSError):
        while data := os.read(stdout.fileno(), 4096):
            to.sendall(frame(protocol.STDOUT, data))
        to.shutdown(socket.SHUT_RDWR)


def _run(program: Program, limits: Limits) -> Result:
    with first_process() as container:
        seen = watched(container, program.as_input(limits), limits)
        assert seen.started
        return judge(seen, limits, "ferry", container.layers)


def test_a_run_by_a_container_s_first_process_is_like_any_other(limits: Limits) -> None:
    result = _run(Program("print(input())\ndef f():\n    return 42", "x" * 60_000, call="f()"), limits)

    assert (result.outcome, result.stdout[:3], result.stdout_cut) == (Outcome.OK, "xxx", False)
    assert result.value == {"kind": "int", "value": 42}
    assert "seccomp" in result.layers


def test_a_run_that_neither_reads_nor_stops_writing_is_ended(limits: Limits) -> None:
    flood = _run(Program("while True:\n    print('x' * 9999)", "y" * limits.stdin_bytes), limits)
    asleep = _run(Program("import time\nprint('so far')\ntime.sleep(60)"), replace(limits, wall_seconds=0.3))

    assert (flood.outcome, flood.exit_status) == (Outcome.OUTPUT_LIMIT, -9)
    assert (asleep.outcome, asleep.exit_status, asleep.stdout) == (Outcome.TIMEOUT, -9, "so far\n")


def test_a_first_process_that_ends_leaves_a_killed_run(limits: Limits) -> None:
    ours, its = socket.socketpair()
    its.sendall(frame(protocol.STDOUT, frame(protocol.LIFELINE, b'{"started": true}')))
    its.shutdown(socket.SHUT_WR)
    with ours, its:
        seen = watched(Container("", ours), b"", limits)

    assert seen.started
    assert judge(seen, limits, "ferry", ()).outcome is Outcome.KILLED
