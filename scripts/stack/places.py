"""Where everything lies in a checkout."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """The folders of one checkout's running stack. `.local` holds all that `up` makes, and nothing else."""

    root: Path = ROOT

    @property
    def local(self) -> Path:
        return self.root / ".local"

    @property
    def run(self) -> Path:
        """Records of what runs, and the logs of parts."""
        return self.local / "run"

    @property
    def config(self) -> Path:
        """ConfigMaps and Secrets that replace the manifests' own on this machine."""
        return self.local / "config"

    @property
    def demo(self) -> Path:
        """The passwords of the demo accounts."""
        return self.local / "demo.json"

    @property
    def sessions(self) -> Path:
        """Where the scripts are logged in."""
        return self.local / "sessions.json"

    @property
    def kafka(self) -> Path:
        return self.local / "kafka"

    @property
    def kafka_libs(self) -> Path:
        return self.kafka / "libs"

    @property
    def postgres(self) -> Path:
        return self.local / "postgres"

    @property
    def topics(self) -> Path:
        return self.root / "kafka" / "topics"

    @property
    def manifests(self) -> Path:
        return self.root / "knative" / "base"


def here() -> Places:
    """The checkout that these scripts belong to."""
    return Places(ROOT)


def shown(path: Path) -> str:
    """A path as a person would type it: relative to where they stand, if that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
