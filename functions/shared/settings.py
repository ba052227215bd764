"""Settings: the one place that reads the environment, once, at start."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Profile = Literal["dev", "staging", "prod"]

KEEP_ALIVE_SECONDS = 120
"""Above the 90 s after which the platform's proxy drops an idle connection: who closes second never sends a
request into a connection that is just closing. The servers' own few seconds make sporadic 502s."""


class SettingsError(SystemExit):
    """The environment does not hold what this function needs; the message lists everything at once."""


@dataclass(frozen=True)
class Settings:
    """What a function is told at start. Every `NAME` may be given as `NAME_FILE`, a path to its value."""

    profile: Profile
    host: str
    port: int
    log_level: str
    database_url: str
    broker_url: str
    threads: int
    """Events handled at once; the Service's containerConcurrency."""
    cors_origins: tuple[str, ...]
    smtp_url: str = ""
    smtp_from: str = ""


def read_settings(needs: Collection[str] = (), environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings, or raise SettingsError naming every one of `needs` that is missing."""
    missing = sorted(name for name in needs if not _value(environ, name))
    profile = _value(environ, "PROFILE") or "dev"
    problems = [f"{name} is not set (nor {name}_FILE)" for name in missing]
    if profile not in get_args(Profile):
        problems.append(f"PROFILE is {profile!r}, not one of {', '.join(get_args(Profile))}")
    numbers = {}
    for name, default in (("PORT", "8080"), ("THREADS", "8")):
        text = _value(environ, name) or default
        if not text.isdigit():
            problems.append(f"{name} is {text!r}, not a whole number")
        numbers[name] = int(text) if text.isdigit() else 0
    if problems:
        raise SettingsError("cannot start: " + "; ".join(problems))
    return Settings(
        profile=profile,  # type: ignore[arg-type]  # checked just above
        # In a cluster the platform's proxy and probes come from outside the container.
        host=_value(environ, "HOST") or ("127.0.0.1" if profile == "dev" else "0.0.0.0"),  # noqa: S104
        port=numbers["PORT"],
        log_level=(_value(environ, "LOG_LEVEL") or "INFO").upper(),
        database_url=_value(environ, "DATABASE_URL"),
        broker_url=_value(environ, "BROKER_URL"),
        threads=numbers["THREADS"],
        cors_origins=tuple((_value(environ, "CORS_ORIGINS") or "http://localhost:3000").split(",")),
        smtp_url=_value(environ, "SMTP_URL"),
        smtp_from=_value(environ, "SMTP_FROM"),
    )


def _value(environ: Mapping[str, str], name: str) -> str:
    """Return the value of NAME, or what the file named by NAME_FILE holds, or an empty string."""
    path = environ.get(f"{name}_FILE")
    if name in environ or not path:
        return environ.get(name, "").strip()
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingsError(f"cannot start: {name}_FILE: {error.strerror}: {path}") from error
