"""The language model that functions on this machine ask: what the environment says of one, or the stand-in for one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

import httpx

from functions.shared.model.asking import Task
from functions.shared.settings import ModelSettings, SettingsError, read_settings
from scripts.stack import processes
from scripts.stack.errors import StackError
from scripts.stack.parts import PARTS, stop
from scripts.stack.places import Places
from scripts.stack.ports import LOOPBACK, free_port
from scripts.stack.progress import Progress

KEY = "OPENAI_API_KEY"
NAMES = (
    "OPENAI_BASE_URL", "OPENAI_MODEL", *(f"OPENAI_MODEL_{task.upper()}" for task in get_args(Task)), "MODEL_SECONDS",
    "MODEL_PRICE_IN", "MODEL_PRICE_OUT", "MODEL_ANSWERS_PER_DAY", "MODEL_TOKENS_PER_DAY",
    "MODEL_COST_PER_DAY", "MODEL_COST_PER_MONTH",
)  # fmt: skip
STAND_IN = "stand-in"
THINKS = "thinks"
"""For how many seconds, among what is kept of a stand-in that runs."""
START_SECONDS = 20


@dataclass(frozen=True)
class Model:
    """What functions are told of a model. `settings` may be seen by whoever reads their configuration, `key` not."""

    settings: Mapping[str, str]
    key: str = field(default="", repr=False)
    shown: str = "none: the built-in tutor answers"


def model_of(environ: Mapping[str, str] = os.environ) -> Model:
    """What the environment says. Raises StackError if that makes no sense, and never says the key."""
    model = model_settings(environ)
    return Model({name: environ[name] for name in NAMES if environ.get(name)}, model.key, _shown(model))


def model_settings(environ: Mapping[str, str] = os.environ) -> ModelSettings:
    """The same as the functions read it. Raises StackError."""
    named = {name: environ[name] for name in (*NAMES, KEY, f"{KEY}_FILE") if environ.get(name)}
    try:
        return read_settings(environ=named).model
    except SettingsError as why:
        raise StackError(f"The language model cannot be set up: {why}") from None


def _shown(model: ModelSettings) -> str:
    if not (model.key or model.base_url):
        return Model.shown
    if not model.names:
        return "none: OPENAI_MODEL does not say which, so the built-in tutor answers"
    return f"{model.names}, at {model.base_url or 'OpenAI'}"


def stand_in(places: Places, progress: Progress, *, seconds: float) -> Model:
    """The stand-in for a model, which thinks for so many seconds; started unless it runs."""
    with progress.step(PARTS["model"].title) as say:
        part = processes.find(places.run, "model")
        if part and float(part.facts.get(THINKS, 0)) != seconds:
            stop(places, "model")
            part = None
        if part is None:
            port = free_port()
            command = [sys.executable, "-m", "tests.model_stand_in", "--port", str(port), "--thinks", str(seconds)]
            address = f"http://{LOOPBACK}:{port}/v1"
            facts = {THINKS: str(seconds)}
            part = processes.start(places.run, "model", command, address=address, cwd=places.root, facts=facts)
            processes.wait_ready(
                part, lambda: stands_in(address), what=PARTS["model"].title, timeout_seconds=START_SECONDS
            )
        say(part.address)
    settings = {"OPENAI_BASE_URL": part.address, "OPENAI_MODEL": STAND_IN}
    return Model(settings, shown=f"a stand-in, at {part.address}")


def without_stand_in(places: Places) -> None:
    """End the stand-in of an earlier start."""
    stop(places, "model")


def stands_in(address: str) -> bool:
    """Whether the stand-in answers there."""
    try:
        return httpx.get(f"{address}/models", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
