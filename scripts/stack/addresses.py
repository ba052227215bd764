"""Where the running stack is reached."""

from __future__ import annotations

from scripts.stack import processes
from scripts.stack.config import BROKER_PATH, NAMESPACE
from scripts.stack.errors import StackError
from scripts.stack.places import here
from scripts.stack.processes import Part


def runtime() -> Part:
    """The local Knative runtime. Raises StackError if it does not run."""
    part = processes.find(here().run, "knative")
    if part is None:
        raise StackError("LearnFlow does not run here. Start it with 'scripts/up'.")
    return part


def gateway_url() -> str:
    return f"http://127.0.0.1:{runtime().facts['ports'].split()[1]}"


def broker_url() -> str:
    return runtime().address + BROKER_PATH


def function_host(name: str) -> str:
    """The Host header by which the runtime knows a function."""
    port = runtime().address.rpartition(":")[2]
    return f"{name}.{NAMESPACE}.localhost:{port}"
