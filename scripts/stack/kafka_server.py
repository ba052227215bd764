"""One Kafka node on this machine: made, started, asked whether it is ready."""

from __future__ import annotations

import base64
import logging
import subprocess
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.stack.errors import StackError
from scripts.stack.places import ROOT
from scripts.stack.ports import LOOPBACK, is_answering

SETTINGS = ROOT / "kafka" / "local"
HEAP = ("-Xms128m", "-Xmx512m")
START_SECONDS = 60
# Java wants each of its processes to compile itself fast; what lives for seconds had better not.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-Xshare:auto")


@dataclass(frozen=True)
class KafkaServer:
    """One node in `folder` (settings, data), from the jars in `libs`. Two ports: for clients, for itself."""

    folder: Path
    libs: Path
    java: str
    port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Write its settings and, once, format its storage. Raises StackError if that fails."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._settings.write_text((SETTINGS / "server.properties").read_text() + self._own_settings())
        if (self._data / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # in one word: an id may begin with a hyphen, and be taken for an option
        format_storage = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(self._settings)]
        done = subprocess.run(
            java_command(self.java, self.libs, format_storage, log="tools-log4j2", options=SHORT_LIVED),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise StackError(f"Kafka's storage could not be made in {self._data}:\n{done.stdout}{done.stderr}")

    def command(self, *options: str) -> list[str]:
        """The command that is the running node; `options` are Java's."""
        run = ["kafka.Kafka", str(self._settings)]
        return java_command(self.java, self.libs, run, log="log4j2", options=(*HEAP, *options))

    def is_ready(self) -> bool:
        return is_answering(self.port) and answers(self.bootstrap, timeout_seconds=2)

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _own_settings(self) -> str:
        return (
            "\n# This node's own ports and folder.\n"
            f"listeners=PLAINTEXT://{LOOPBACK}:{self.port},CONTROLLER://{LOOPBACK}:{self.controller_port}\n"
            f"advertised.listeners=PLAINTEXT://{self.bootstrap}\n"
            f"controller.quorum.voters=1@{LOOPBACK}:{self.controller_port}\n"
            f"log.dirs={self._data.resolve()}\n"
        )


def java_command(
    java: str, libs: Path, arguments: Sequence[str], *, log: str, options: Sequence[str] = ()
) -> list[str]:
    """The command for a class of Kafka's with its arguments; `log` names a log4j2 file of kafka/local."""
    configuration = f"-Dlog4j2.configurationFile={SETTINGS / log}.properties"
    return [java, *options, configuration, "-cp", f"{libs}/*", *arguments]


def answers(bootstrap: str, *, timeout_seconds: float = 5) -> bool:
    """Whether a Kafka answers at `bootstrap` (host:port, or several with commas)."""
    from kafka import KafkaAdminClient  # 0.2 s that `--help` need not wait for
    from kafka.errors import KafkaError

    # Its own account of every failed attempt is not for the person who waits for the outcome.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    milliseconds = int(timeout_seconds * 1000)
    with suppress(KafkaError, OSError, ValueError):
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","),
            bootstrap_timeout_ms=milliseconds,
            request_timeout_ms=milliseconds,
        )
        try:
            return bool(admin.describe_cluster()["brokers"])
        finally:
            admin.close()
    return False
