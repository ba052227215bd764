"""An image holds what its function runs with, and nothing of the others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stack.bundle import LEFT_OUT, data_of, libraries_of, main, modules_of
from scripts.stack.places import ROOT

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/__main__.py"))
LOADED = """
import importlib, sys
importlib.import_module("functions.{function}.main")
print(*(module.__file__ for module in sys.modules.values() if getattr(module, "__file__", None)), sep="\\n")
"""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_whatever_a_function_loads_is_in_its_image(function):
    told = subprocess.run(
        [sys.executable, "-c", LOADED.format(function=function)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    ours = {file for file in told.splitlines() if file.startswith(str(ROOT / "functions"))}

    assert len(ours) > 10
    assert ours <= {str(path) for path in modules_of(f"functions.{function}", ROOT)}


@pytest.mark.parametrize("function", ["gateway", "notification", "review"])
def test_with_the_libraries_in_its_image_a_function_can_be_loaded(function, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    where = [python, "-c", "import site; print(site.getsitepackages()[0])"]
    packages = Path(subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip())

    main(f"functions.{function}", tmp_path / "app", packages, ROOT)

    # -E: nothing from outside; the working folder is where the image starts it
    subprocess.run([python, "-E", "-c", LOADED.format(function=function)], cwd=tmp_path / "app", check=True)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_of_another_function_is_in_it(function):
    program = f"functions.{function}"
    modules = modules_of(program, ROOT)
    folders = {path.relative_to(ROOT / "functions").parts[0] for path in modules | data_of(modules, program, ROOT)}

    assert folders <= {function, "shared", "curriculum", "__init__.py"}


def test_a_function_that_needs_no_web_framework_has_none():
    assert "fastapi" not in libraries_of(modules_of("functions.triage", ROOT))
    assert "fastapi" in libraries_of(modules_of("functions.gateway", ROOT))


def test_what_was_only_needed_to_make_it_stays_behind():
    modules = modules_of("functions.triage", ROOT)
    data = data_of(modules, "functions.triage", ROOT)

    assert any(path.parent.name == "triage" for path in data)
    assert not any(LEFT_OUT & set(path.parts) for path in data)


def test_the_curriculum_comes_whole_to_whoever_teaches():
    names = {path.name for path in data_of(modules_of("functions.concepts", ROOT), "functions.concepts", ROOT)}

    assert "advanced.md" in names


@pytest.mark.parametrize("program", ["functions.traige", "functions.shared"])
def test_a_program_that_is_not_there_is_named(program):
    with pytest.raises(FileNotFoundError, match=f"there is no program {program}"):
        modules_of(program, ROOT)


def test_what_needs_a_clock_can_be_loaded_from_its_image_and_knows_how_long_what_is_kept(tmp_path):
    program = "scripts.stack.tidy"
    modules = modules_of(program, ROOT)

    main(program, tmp_path / "app", tmp_path / "packages", ROOT)

    done = subprocess.run(
        [sys.executable, "-B", "-m", program, "--keep", "nothing=1d"],
        cwd=tmp_path / "app", env={"PYTHONPATH": str(tmp_path / "packages")}, capture_output=True, text=True,
    )  # fmt: skip
    assert "nothing is called 'nothing'" in done.stderr
    assert (tmp_path / "app" / "schema" / "retention.toml").is_file()
    assert not {"gateway", "triage"} & {path.parent.name for path in modules}
    assert {path.name for path in (tmp_path / "app" / "scripts").iterdir()} == {"__init__.py", "stack"}


def test_all_of_it_is_copied_with_the_programs_that_libraries_bring(tmp_path):
    packages = tmp_path / "venv" / "lib" / "python" / "site-packages"

    main("functions.audit", tmp_path / "app", packages, ROOT)

    assert (tmp_path / "app" / "functions" / "audit" / "handler.py").is_file()
    assert (packages / "psycopg" / "__init__.py").is_file()
    assert (tmp_path / "venv" / "bin" / "gunicorn").is_file()
    assert not list(tmp_path.rglob("__pycache__"))
