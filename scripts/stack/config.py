"""What this machine puts in place of the manifests' own values: `.local/config/*.yaml`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from scripts.stack.errors import StackError
from scripts.stack.places import Places

NAMESPACE = "learnflow"
BROKER_PATH = f"/{NAMESPACE}/default"


def write_config(places: Places, *, port: int, database_url: str) -> None:
    """Tell the functions where the broker (`port` of this machine) and the database are."""
    broker = f"http://127.0.0.1:{port}{BROKER_PATH}"
    _write(
        places.config,
        "ConfigMap",
        "learnflow-config",
        {"data": {"BROKER_URL": broker, "PROFILE": "dev", "AUTH_REQUIRED": "false"}},
    )
    _write(
        places.config, "Secret", "learnflow-database",
        {"type": "Opaque", "stringData": {"DATABASE_URL": database_url}},
    )  # fmt: skip


def _write(folder: Path, kind: str, name: str, content: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **content}
    path = folder / f"{name}.yaml"
    text = "# Written by scripts/up, for this machine only.\n" + yaml.safe_dump(manifest, sort_keys=False)
    if path.exists() and path.read_text() == text:
        return
    # It may hold a password: nobody else may read it, not even for a moment.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def database_url(places: Places, option: str | None = None) -> str:
    """The database to talk to: the option, else DATABASE_URL, else the one of the running stack.

    Raises StackError if none is known.
    """
    if found := option or os.environ.get("DATABASE_URL"):
        return found
    try:
        manifest = yaml.safe_load((places.config / "learnflow-database.yaml").read_text())
    except FileNotFoundError:
        raise StackError("No database is known. Start one with 'scripts/up', or set DATABASE_URL.") from None
    return str(manifest["stringData"]["DATABASE_URL"])
