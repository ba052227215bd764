"""The first process of a container that is there for one run: a zygote's runner, whose pipes go over stdin and stdout.

It forks the zygote, says over stdout that it is ready, and waits; a pool of such containers answers at once. The first
frame that comes, on the lifeline, are the run's limits. When the run has ended, or nobody listens any more, this
process ends, and with it the container and whatever is in it.
"""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox_runner import kernel, protocol, zygote
from sandbox_runner.ferry import MAX_FRAME, Ferry, Unframer, frame

if TYPE_CHECKING:
    from sandbox_runner.watch import Pipes

FOLDER = "/tmp"  # noqa: S108 - in memory, the container's own
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8"}
_STDIN, _STDOUT = 0, 1


def main(landlock_wanted: bool) -> None:
    """Serve one run."""
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    requests = _zygote(landlock_wanted)
    from sandbox_runner.watch import Pipes  # not before: every run would inherit what that needs

    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    greeting, _ = protocol.receive(requests)
    os.write(_STDOUT, frame(protocol.LIFELINE, json.dumps(greeting).encode("ascii")))
    unframer = Unframer()
    frames = unframer.frames(b"")
    while not frames:
        if not (data := os.read(_STDIN, MAX_FRAME)):
            return  # never needed
        frames = unframer.frames(data)
    (_, limits), *early = frames
    with Pipes.opened() as pipes:
        protocol.send(requests, json.loads(limits), [*pipes.theirs, os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY)])
        pipes.close_theirs()
        ferry = _ferry(pipes, unframer)
        for channel, piece in early:
            ferry.deliver(channel, piece)
        ferry.carry(until_lifeline_ends=True)
        os._exit(0)  # the ferry has closed what the pipes would close once more


def _zygote(landlock_wanted: bool) -> socket.socket:
    """Fork it, before there is anything that it should not have; return the socket for requests."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork():
        its.close()
        return ours
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, then a run's, not the first process
        ours.close()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, _STDIN)
        os.dup2(nothing, _STDOUT)
        zygote.main(its.detach(), "pod", landlock_wanted)
    finally:
        os._exit(1)


def _ferry(pipes: Pipes, unframer: Unframer) -> Ferry:
    """Take the pipes over."""
    sources = {protocol.STDOUT: pipes.stdout, protocol.STDERR: pipes.stderr, protocol.REPORT: pipes.report}
    sinks = {protocol.STDIN: pipes.stdin}
    lifeline = socket.socket(fileno=pipes.lifeline.detach())
    return Ferry((_STDIN, _STDOUT), sources, sinks, lifeline, unframer.frames)
