"""Which language model the functions of a machine ask is what the environment says, or the stand-in."""

import time
from pathlib import Path

import httpx
import pytest

from scripts.stack import processes
from scripts.stack.errors import StackError
from scripts.stack.model import Model, model_of, stand_in, stands_in, without_stand_in
from scripts.stack.places import Places, here
from scripts.stack.progress import Progress
from scripts.stack.status import look

ASKED = {"model": "stand-in", "messages": [{"role": "user", "content": "What is a loop?"}]}


def a_checkout(folder: Path) -> Places:
    """Return the places of a checkout in an empty folder."""
    for part in ("functions", "tests"):
        (folder / part).symlink_to(here().root / part)
    return Places(folder)


def test_without_a_word_about_it_the_built_in_tutor_answers():
    assert model_of({"PATH": "/bin"}) == Model({})


def test_what_the_environment_says_goes_to_the_functions_and_the_key_apart(tmp_path: Path):
    (tmp_path / "key").write_text("sk-01\n")
    said = {"OPENAI_MODEL": "small", "OPENAI_MODEL_TRIAGE": "off", "MODEL_PRICE_IN": "0.2", "HOME": "/home/ada"}

    model = model_of({**said, "OPENAI_API_KEY_FILE": str(tmp_path / "key")})

    assert model.settings == {name: said[name] for name in said if name != "HOME"}
    assert (model.key, model.shown) == ("sk-01", "small, at OpenAI")
    assert "sk-01" not in repr(model)


def test_a_key_without_a_model_is_told_to_be_none():
    assert "OPENAI_MODEL does not say which" in model_of({"OPENAI_API_KEY": "sk-01"}).shown


def test_what_makes_no_sense_is_refused_before_anything_starts_and_without_the_key():
    with pytest.raises(StackError, match="OPENAI_BASE_URL") as refused:
        model_of({"OPENAI_API_KEY": "sk-01", "OPENAI_BASE_URL": "localhost"})

    assert "sk-01" not in str(refused.value)


def test_the_stand_in_starts_once_is_seen_by_status_and_ends(tmp_path: Path):
    places = a_checkout(tmp_path)
    try:
        model = stand_in(places, Progress(), seconds=0)
        address = model.settings["OPENAI_BASE_URL"]
        assert stand_in(places, Progress(), seconds=0) == model
        assert stands_in(address)
        assert [(line.state, line.fine) for line in look(places, {}) if line.part == "model"] == [("running", True)]
    finally:
        without_stand_in(places)

    assert not stands_in(address)
    assert processes.recorded(places.run, "model") is None
    assert "model" not in {line.part for line in look(places, {})}


def test_a_stand_in_that_thinks_longer_takes_the_place_of_the_one_before(tmp_path: Path):
    places = a_checkout(tmp_path)
    try:
        quick, slow = (stand_in(places, Progress(), seconds=seconds) for seconds in (0, 0.3))
        began = time.monotonic()
        answer = httpx.post(f"{slow.settings['OPENAI_BASE_URL']}/chat/completions", json=ASKED)
        took = time.monotonic() - began
    finally:
        without_stand_in(places)

    assert answer.json()["choices"][0]["message"]["content"]
    assert took >= 0.3
    assert not stands_in(quick.settings["OPENAI_BASE_URL"])
