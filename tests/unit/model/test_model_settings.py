"""Which model is asked is said by the environment; without a word about it none is, and nothing is loaded for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from functions.shared.model.asking import Usage
from functions.shared.settings import ModelSettings, SettingsError, read_settings

KEY = {"OPENAI_API_KEY": "sk-0123456789"}


def read(**environ: str) -> ModelSettings:
    return read_settings(environ=environ).model


def test_without_a_word_about_it_no_model_is_asked_for_anything():
    assert {read().name(task) for task in ("triage", "concepts", "debug", "review", "exercise")} == {""}
    assert read().names == ""


@pytest.mark.parametrize("where", [KEY, {"OPENAI_BASE_URL": "http://localhost:11434/v1"}])
def test_a_key_or_an_address_and_a_name_set_one_up(where):
    assert read(**where, OPENAI_MODEL="small").name("debug") == "small"
    assert read(**where).name("debug") == ""


def test_a_name_without_a_key_or_an_address_sets_none_up():
    assert read(OPENAI_MODEL="small").name("debug") == ""


def test_each_kind_of_question_may_have_another_model_or_none():
    named = read(
        **KEY, OPENAI_MODEL="small", OPENAI_MODEL_EXERCISE="large", OPENAI_MODEL_TRIAGE="off", OPENAI_MODEL_DEBUG=""
    )

    tasks = ("triage", "concepts", "debug", "exercise")
    assert [named.name(task) for task in tasks] == ["", "small", "small", "large"]
    assert named.names == "large, small"


def test_the_key_comes_from_a_file_too_and_is_never_shown(tmp_path: Path):
    (tmp_path / "key").write_text("sk-0123456789\n")
    settings = read_settings(environ={"OPENAI_API_KEY_FILE": str(tmp_path / "key")})

    assert settings.model.key == "sk-0123456789"
    assert "sk-01" not in repr(settings)


def test_a_secret_that_nobody_made_is_no_key(tmp_path: Path):
    assert read(OPENAI_API_KEY_FILE=str(tmp_path / "missing")).key == ""


def test_what_tokens_cost_is_rounded_up_to_a_millionth():
    priced = read(MODEL_PRICE_IN="0.15", MODEL_PRICE_OUT="0.6")

    assert priced.cost(Usage(1000, 100)) == 210
    assert priced.cost(Usage(1, 0)) == 1
    assert read().cost(Usage(1000, 100)) == 0


def test_what_answers_may_cost_is_said_in_the_currency_of_the_prices():
    limited = read(MODEL_PRICE_OUT="0.6", MODEL_COST_PER_DAY="0.25", MODEL_COST_PER_MONTH="0")

    assert (limited.cost_per_day, limited.cost_per_month) == (250_000, 0)
    assert (read().cost_per_day, read().cost_per_month) == (None, None)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"OPENAI_BASE_URL": "localhost:11434"}, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "file:///etc/passwd"}, "OPENAI_BASE_URL"),
        ({"MODEL_SECONDS": "0"}, "MODEL_SECONDS is '0', not a number of 1 or more"),
        ({"MODEL_SECONDS": "soon"}, "MODEL_SECONDS"),
        ({"MODEL_PRICE_IN": "-1"}, "MODEL_PRICE_IN"),
        ({"MODEL_PRICE_OUT": "1e9"}, "MODEL_PRICE_OUT"),
        ({"MODEL_TOKENS_PER_DAY": "many"}, "MODEL_TOKENS_PER_DAY"),
        ({"MODEL_PRICE_IN": "1", "MODEL_COST_PER_DAY": "little"}, "MODEL_COST_PER_DAY is 'little'"),
        ({"MODEL_PRICE_IN": "1", "MODEL_COST_PER_MONTH": "-1"}, "MODEL_COST_PER_MONTH is '-1'"),
        ({"MODEL_COST_PER_DAY": "0.5"}, "count nothing without MODEL_PRICE_IN or _OUT"),
        ({"MODEL_COST_PER_MONTH": "0"}, "count nothing without MODEL_PRICE_IN or _OUT"),
    ],
)
def test_what_makes_no_sense_is_named(environ, named):
    with pytest.raises(SettingsError) as refused:
        read(**environ)

    assert named in str(refused.value)


def test_the_example_file_names_every_setting():
    example = Path(".env.example").read_text()

    for name in ("API_KEY", "BASE_URL", "MODEL", "MODEL_TRIAGE", "MODEL_CONCEPTS", "MODEL_DEBUG", "MODEL_REVIEW",
                 "MODEL_EXERCISE"):  # fmt: skip
        assert f"# OPENAI_{name}=" in example
    for name in ("SECONDS", "PRICE_IN", "PRICE_OUT", "ANSWERS_PER_DAY", "TOKENS_PER_DAY", "COST_PER_DAY",
                 "COST_PER_MONTH"):  # fmt: skip
        assert f"# MODEL_{name}=" in example


def test_the_sdk_is_loaded_by_nothing_but_a_question():
    program = """
import pkgutil, sys
import functions.shared.model as folder
for module in pkgutil.iter_modules(folder.__path__):
    __import__(f"{folder.__name__}.{module.name}")
from functions.shared.model.openai_model import OpenAIModel
from functions.shared.settings import ModelSettings
OpenAIModel(ModelSettings(key="sk-0", default="small")).name("debug")
print(sorted({"openai", "httpx2"} & sys.modules.keys()))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
