"""Containers for one run each: made ahead of need, with every wall a container has, and removed whatever happens.

| What is asked of the engine | Stops |
|---|---|
| no network but a loopback of its own; IPC of its own without /dev/shm | talking to anybody |
| a read-only root; /tmp in memory, of bounded size and number of files | writing, filling |
| memory = memory with swap; a number of processes; open files, file size, no core dumps | taking more than its share |
| an ordinary user, no capabilities, no new privileges, the engine's system call filter | what root may do |
| no log, no health check of the image's | filling the engine's disk |

Nothing outlives the runner: a container's stdin ends when the runner does, then its first process, then, by
auto-remove, the container. What was made but never started is found by its label at the next start.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox_runner import owner
from sandbox_runner.ferry import BrokenStreamError, Frame, Unframer
from sandbox_runner.limits import Limits
from sandbox_runner.link import SandboxUnavailable
from sandbox_runner.protocol import LIFELINE
from sandbox_runner.said import checked

DEFAULT_IMAGE = "learnflow/sandbox-python:local"
LABEL = "org.learnflow.sandbox"
LAYERS = (
    "container: no network", "container: read-only root", "container: tmpfs", "container: memory", "container: pids",
    "container: ulimits", "container: unprivileged", "container: alone",
)  # fmt: skip
START_SECONDS = 20.0  # to make a container, on a machine that is busy making others
INTERPRETER_BYTES = 32 * 2**20  # of the first process and the zygote together, with what the kernel keeps for them
PROCESSES = 128  # threads too
USER = 65532
CODE = "/sandbox"
_START = (
    f"import sys; sys.path.insert(0, '{CODE}'); from sandbox_runner.contained import main; del sys.path[0]; "
    "main(sys.argv[1] == '1')"
)
_API_SECONDS = 30  # for one question to the engine
_CONNECTIONS = 16
_STDOUT = 1  # as the engine numbers it


@dataclass
class Container:
    """One that runs. `layers` are what its zygote says it puts around the run."""

    id: str
    stream: socket.socket
    layers: tuple[str, ...] = ()
    complaints: bytes = b""
    _outer: Unframer = field(default_factory=lambda: Unframer(2**20))
    _inner: Unframer = field(default_factory=Unframer)

    def outputs(self, data: bytes) -> Iterator[bytes]:
        """Return what it wrote to stdout, of what came from the engine; stderr is kept as complaints."""
        for kind, piece in self._outer.frames(data):
            if kind == _STDOUT:
                yield piece
            else:
                self.complaints = (self.complaints + piece)[-1000:]

    def frames(self, data: bytes) -> Iterator[Frame]:
        """Return the frames of a run. Raises BrokenStreamError."""
        for piece in self.outputs(data):
            for channel, content in self._inner.frames(piece):
                yield channel, checked(content) if channel == LIFELINE else content

    def is_waiting(self) -> bool:
        """Whether it is still there, and silent: nothing has come, not even an end."""
        self.stream.setblocking(False)
        try:
            self.stream.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def greet(self) -> None:
        """Wait for it to be ready. Raises SandboxUnavailable."""
        self.stream.settimeout(START_SECONDS)
        try:
            while data := self.stream.recv(65_536):
                for piece in self.outputs(data):
                    for _, content in self._inner.frames(piece):
                        self.layers = _layers(content)
                        return
        except (TimeoutError, BrokenStreamError) as problem:
            raise SandboxUnavailable(f"a container did not start: {problem}") from problem
        said = self.complaints.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise SandboxUnavailable(f"a container ended while it started: {said or 'without a word'}")


def _layers(greeting: bytes) -> tuple[str, ...]:
    message = json.loads(greeting)
    if not message:
        raise SandboxUnavailable("the zygote in a container ended while it started")
    if not message["ready"]:
        raise SandboxUnavailable(str(message["why"]))
    return tuple(message["layers"])


class Engine:
    """A Docker engine on this machine, and how we have containers made there. `label` is on each of ours."""

    def __init__(self, image: str, limits: Limits, *, landlock: bool) -> None:
        """Find it, and remove what dead runners left there. Raises SandboxUnavailable."""
        try:
            import docker
            from docker.errors import DockerException
        except ImportError as problem:
            raise SandboxUnavailable("the package `docker` is not installed") from problem
        self._errors: tuple[type[Exception], ...] = (OSError, DockerException)
        self.label = owner.ours()
        self._image, self._limits, self._landlock = image, limits, landlock
        with self._told("no Docker engine answers"):
            self._api: Any = docker.from_env(timeout=_API_SECONDS, max_pool_size=_CONNECTIONS).api
        if not self._api.base_url.startswith("http+docker://localhost"):
            raise SandboxUnavailable(f"the Docker engine must be on this machine, not at {self._api.base_url}")
        with self._told(f"there is no image {image!r} (python -m sandbox_runner.image makes one)"):
            self._api.inspect_image(image)
        with self._told("the Docker engine does not answer"):
            self._remove_leftovers()

    def start(self) -> Container:
        """Return a container that waits for its run. Raises SandboxUnavailable."""
        command = ["python3", "-I", "-S", "-B", "-X", "utf8", "-c", _START, "1" if self._landlock else "0"]
        container = self.start_bare(command)
        try:
            container.greet()
        except BaseException:
            self.remove(container)
            raise
        return container

    def start_bare(self, command: list[str]) -> Container:
        """Return a container that runs this command, with no wall but the container's. Raises SandboxUnavailable."""
        with self._told("a container could not be made"):
            made = self._api.create_container(
                self._image, entrypoint=command, command=[], user=f"{USER}:{USER}", working_dir="/",
                hostname="sandbox", stdin_open=True, labels={LABEL: self.label}, healthcheck={"test": ["NONE"]},
                host_config=self._api.create_host_config(**self.walls()),
            )["Id"]  # fmt: skip
        try:
            with self._told("a container could not be started"):
                container = Container(made, self._attach(made))
                self._api.start(made)
        except BaseException:
            self._remove(made)
            raise
        return container

    def walls(self) -> dict[str, Any]:
        """What is asked of the engine, as create_host_config has it; what else there is stays as engines have it."""
        from docker.types import LogConfig, Mount, Ulimit

        limits = self._limits
        memory_bytes = INTERPRETER_BYTES + limits.memory_bytes + limits.folder_bytes  # a tmpfs is memory
        tmpfs = (
            f"size={limits.folder_bytes},nr_inodes={limits.folder_entries + 1},mode=700,uid={USER},gid={USER},"
            "noexec,nosuid,nodev"
        )
        bounds = (("nofile", limits.open_files), ("fsize", limits.file_bytes), ("core", 0), ("msgqueue", 0))
        return {
            "auto_remove": True,
            "cap_drop": ["ALL"],
            "ipc_mode": "none",
            "log_config": LogConfig(type="none"),
            "mem_limit": memory_bytes,
            "memswap_limit": memory_bytes,
            "mounts": [Mount(CODE, str(Path(__file__).parent.parent), type="bind", read_only=True)],
            "network_mode": "none",
            "pids_limit": PROCESSES,
            "read_only": True,
            "security_opt": ["no-new-privileges"],
            "tmpfs": {"/tmp": tmpfs},  # noqa: S108 - in the container
            "ulimits": [Ulimit(name=name, soft=most, hard=most) for name, most in bounds],
        }

    def _attach(self, made: str) -> socket.socket:
        """Return a socket of our own to its stdin, stdout and stderr."""
        attached = self._api.attach_socket(made, {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        try:
            return socket.socket(fileno=socket.dup(attached.fileno()))
        finally:
            attached.close()

    def remove(self, container: Container) -> None:
        """End a container, whatever it does. Never raises: what cannot be removed now is a leftover."""
        container.stream.close()
        self._remove(container.id)

    def _remove(self, made: str) -> None:
        with contextlib.suppress(*self._errors):  # most often it has removed itself
            self._api.remove_container(made, force=True, v=True)

    def _remove_leftovers(self) -> None:
        for found in self._api.containers(all=True, filters={"label": LABEL}):
            if not owner.may_live(found["Labels"][LABEL]):
                self._remove(found["Id"])

    def close(self) -> None:
        """Let go of the engine."""
        self._api.close()

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what the engine says, or its silence, into SandboxUnavailable."""
        try:
            yield
        except self._errors as problem:
            raise SandboxUnavailable(f"{what}: {problem}") from problem
