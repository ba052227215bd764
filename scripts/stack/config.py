"""What this machine puts in place of the manifests' own values: `.local/config/*.yaml`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import yaml

from scripts.stack.errors import StackError
from scripts.stack.places import Places
from scripts.stack.private import write_private

NAMESPACE = "learnflow"
BROKER_PATH = f"/{NAMESPACE}/default"
KEY_BYTES = 48
"""Random ones in a key that tokens are signed with; written as 64 characters."""
SETTINGS, DATABASE, AUTH, MODEL = "learnflow-config", "learnflow-database", "learnflow-auth", "learnflow-model"


def write_config(
    places: Places,
    *,
    port: int,
    database_url: str,
    login: bool = True,
    settings: Mapping[str, str] | None = None,
    model_key: str = "",
) -> None:
    """Tell the functions where the broker (`port` of this machine) and the database are, and who may ask.

    Without `login` whoever reaches this machine is who they say they are. The key that tokens are signed with is made
    once and kept. `settings` are further ones of all functions, `model_key` is what a language model's server wants.
    """
    broker = f"http://127.0.0.1:{port}{BROKER_PATH}"
    open_to_all = {} if login else {"AUTH_REQUIRED": "false"}
    keys = auth_keys(places) or f"local:{secrets.token_urlsafe(KEY_BYTES)}"
    told = {"BROKER_URL": broker, "PROFILE": "dev", **open_to_all, **(settings or {})}
    _write(places.config, "ConfigMap", SETTINGS, told)
    _write(places.config, "Secret", DATABASE, {"DATABASE_URL": database_url})
    _write(places.config, "Secret", AUTH, {"AUTH_KEYS": keys})
    if model_key:
        _write(places.config, "Secret", MODEL, {"OPENAI_API_KEY": model_key})
    else:
        (places.config / f"{MODEL}.yaml").unlink(missing_ok=True)


def _write(folder: Path, kind: str, name: str, values: Mapping[str, str]) -> None:
    content = {"data": dict(values)} if kind == "ConfigMap" else {"type": "Opaque", "stringData": dict(values)}
    manifest = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **content}
    path = folder / f"{name}.yaml"
    text = "# Written by scripts/up, for this machine only.\n" + yaml.safe_dump(manifest, sort_keys=False)
    if not path.exists() or path.read_text() != text:
        write_private(path, text)


def _read(places: Places, name: str) -> dict[str, str]:
    """The values of what `up` wrote; none where it did not."""
    try:
        manifest = yaml.safe_load((places.config / f"{name}.yaml").read_text())
    except FileNotFoundError:
        return {}
    return dict(manifest.get("data") or manifest.get("stringData") or {})


def database_url(places: Places, option: str | None = None) -> str:
    """The database to talk to: the option, else DATABASE_URL, else the one of the running stack.

    Raises StackError if none is known.
    """
    if found := option or os.environ.get("DATABASE_URL") or _read(places, DATABASE).get("DATABASE_URL"):
        return found
    raise StackError("No database is known. Start one with 'scripts/up', or set DATABASE_URL.")


def auth_keys(places: Places) -> str:
    """What access tokens are signed with on this machine, as AUTH_KEYS has it; empty where `up` never ran."""
    return _read(places, AUTH).get("AUTH_KEYS", "")


def login_required(places: Places) -> bool:
    """Whether people have to log in on this machine."""
    return _read(places, SETTINGS).get("AUTH_REQUIRED") != "false"
