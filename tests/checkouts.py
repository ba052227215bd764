"""A copy of this checkout, for what `scripts/up` starts in it: its own ports, its own stores, gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from scripts.stack.places import ROOT, here
from scripts.stack.ports import free_ports

COPIED = (
    "functions",
    "knative",
    "kafka",
    "sandbox-runner",
    "schema",
    "scripts",
    "tests/model_stand_in",
    "requirements.txt",
    "requirements-dev.txt",
)


@dataclass
class Checkout:
    """A copy of the tree with the packages and jars of the real one."""

    root: Path
    ports: list[int] = field(default_factory=lambda: free_ports(4))
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def start(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "scripts" / script, *arguments],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, script: str, *arguments: str) -> tuple[int, str]:
        """A script's exit code and all it said."""
        process = self.start(script, *arguments)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def up_arguments(self, *more: str) -> list[str]:
        names = ("--port", "--gateway-port", "--kafka-port", "--realtime-port")
        return [*(word for pair in zip(names, map(str, self.ports), strict=True) for word in pair), *more]

    def up(self, *more: str) -> tuple[int, str]:
        return self.run("up", *self.up_arguments(*more))

    def pids(self) -> dict[str, int]:
        """The process ids of the parts that are recorded as running."""
        records = (self.root / ".local" / "run").glob("*.json")
        return {path.stem: json.loads(path.read_text())["pid"] for path in records}

    def processes(self) -> list[str]:
        """Every process that belongs to this checkout."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                words = process.cmdline()
                if any(str(self.root) in word for word in words) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(" ".join(words)[:150])
        return found

    def local_file(self, name: str) -> str:
        """What a file of .local holds."""
        return (self.root / ".local" / name).read_text()

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.run("status", "--json")[1]))


@contextmanager
def a_checkout() -> Iterator[Checkout]:
    # Short, and open to the system user that PostgreSQL runs as.
    root = Path(tempfile.mkdtemp(prefix="lf-"))
    root.chmod(0o755)
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, root / name, ignore=ignored) if source.is_dir() else shutil.copy(source, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    (root / ".local" / "kafka").mkdir(parents=True)
    (root / ".local" / "kafka" / "libs").symlink_to(here().kafka_libs)
    checkout = Checkout(root)
    try:
        yield checkout
    finally:
        checkout.run("down", "--wipe")
        shutil.rmtree(root, ignore_errors=True)
