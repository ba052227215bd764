"""The stand-in for a model is started once, thinks for as long as it is told to, and is gone when nobody wants it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from scripts.stack import processes
from scripts.stack.model import Model, stand_in, without_stand_in
from scripts.stack.places import ROOT, Places
from scripts.stack.progress import Progress

ASKED = {"model": "stand-in", "messages": [{"role": "user", "content": "What is a loop?"}]}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """A checkout's places, with no stand-in left when the test is over."""
    places = Places(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield places
    without_stand_in(places)


def address(model: Model) -> str:
    """Where it listens."""
    return model.settings["OPENAI_BASE_URL"]


def test_it_is_started_once_for_as_long_as_it_is_to_think_the_same_time(places: Places) -> None:
    first, again = (stand_in(places, Progress(), seconds=0.0) for _ in range(2))
    slower = stand_in(places, Progress(), seconds=0.3)

    assert address(again) == address(first) != address(slower)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address(first)}/models")

    without_stand_in(places)

    assert processes.find(places.run, "model") is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address(slower)}/models")


def test_it_thinks_for_as_long_as_it_is_told_to(places: Places) -> None:
    model = stand_in(places, Progress(), seconds=0.3)

    began = time.monotonic()
    answer = httpx.post(f"{address(model)}/chat/completions", json=ASKED)

    assert answer.json()["choices"][0]["message"]["content"]
    assert time.monotonic() - began >= 0.3
