"""Settings: the one place that reads the environment, once, at start."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox_runner.containers import DEFAULT_IMAGE

BACKENDS = ("pod", "native", "docker")
PROFILES = ("dev", "staging", "prod")
ON = {"on": True, "off": False}


class SettingsError(SystemExit):
    """The environment says what cannot be; the message lists everything at once."""


@dataclass(frozen=True)
class Settings:
    """What the runner is told at start."""

    backend: str
    landlock: bool
    """Whether runs need that layer: off only where a kernel has none and something takes its place (gVisor)."""
    image: str
    """What the docker backend makes its containers of."""
    host: str
    port: int
    threads: int
    """Events handled at once; the Service's containerConcurrency."""
    log_level: str


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings, or raise SettingsError naming everything that is wrong."""
    problems: list[str] = []

    def one_of(name: str, default: str, known: tuple[str, ...]) -> str:
        given = environ.get(name, "").strip() or default
        if given not in known:
            problems.append(f"{name} is {given!r}, not one of {', '.join(known)}")
        return given

    def number(name: str, default: int) -> int:
        given = environ.get(name, "").strip() or str(default)
        if not given.isdecimal() or not 0 < int(given) < 65536:
            problems.append(f"{name} is {given!r}, not a whole number above 0")
            return default
        return int(given)

    profile = one_of("PROFILE", "dev", PROFILES)
    settings = Settings(
        backend=one_of("SANDBOX_BACKEND", "pod", BACKENDS),
        landlock=ON.get(one_of("SANDBOX_LANDLOCK", "on", tuple(ON)), True),
        image=environ.get("SANDBOX_IMAGE", "").strip() or DEFAULT_IMAGE,
        # In a cluster the platform's proxy and probes come from outside the container.
        host=environ.get("HOST", "").strip() or ("127.0.0.1" if profile == "dev" else "0.0.0.0"),  # noqa: S104
        port=number("PORT", 8080),
        threads=number("THREADS", 16),
        log_level=one_of("LOG_LEVEL", "INFO", tuple(logging.getLevelNamesMapping())),
    )
    if problems:
        raise SettingsError("cannot start: " + "; ".join(problems))
    return settings
