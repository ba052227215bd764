"""The first lines of every script: help at once, and a Python that will do or a clear sentence."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stack.places import ROOT

SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)
MODULES = {path: re.search(r"^(?:run|become) scripts\.stack\.(\w+)", path.read_text(), re.M) for path in SCRIPTS}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """An empty checkout that has nothing but a script and what it sources."""
    shutil.copytree(ROOT / "scripts" / "lib", tmp_path / "scripts" / "lib")
    shutil.copy(ROOT / "scripts" / "down", tmp_path / "scripts" / "down")
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "sed", "dirname"):
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "scripts" / "down", *arguments],
        env={"PATH": str(checkout / "bin")},
        capture_output=True,
        text=True,
        timeout=20,
    )


def fake_python(checkout: Path, name: str, says: str) -> None:
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_explains_itself_at_once(script: Path) -> None:
    shown = subprocess.run([script, "--help"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=5)

    assert shown.returncode == 0
    assert f"scripts/{script.name}" in shown.stdout
    assert "set -eu" not in shown.stdout


@pytest.mark.parametrize("script", [path for path, found in MODULES.items() if found], ids=lambda path: path.name)
def test_the_help_of_a_script_names_exactly_the_options_it_takes(script: Path) -> None:
    found = MODULES[script]
    assert found is not None
    module = ROOT / "scripts" / "stack" / found.group(1)
    files = sorted(module.rglob("*.py")) if module.is_dir() else [module.with_suffix(".py")]
    code = "".join(file.read_text() for file in files)
    takes = set(re.findall(r'add_argument\(\s*"(--[a-z][a-z-]+)"', code))
    mentions = set(re.findall(r'"(--[a-z][a-z-]+)"', code))  # options of other programs among them
    header = script.read_text().partition("\nset -eu")[0]

    described = set(re.findall(r"^#   (--[a-z][a-z-]+)", header, re.M))

    if found.group(1) != "kafka_tools":
        assert takes <= described <= mentions


def test_help_needs_no_python(checkout: Path) -> None:
    shown = run(checkout, "--help")

    assert shown.returncode == 0
    assert "--wipe" in shown.stdout


def test_without_python_it_says_which_one_to_get(checkout: Path) -> None:
    refused = run(checkout)

    assert refused.returncode == 1
    assert re.fullmatch(
        r"✗ LearnFlow needs Python 3\.11 or newer, and none was found\. Install one \(.*\)\.\n", refused.stderr
    )


def test_an_old_python_is_named_with_its_version(checkout: Path) -> None:
    fake_python(checkout, "python3", "old 3.9")

    refused = run(checkout)

    assert refused.returncode == 1
    assert "needs Python 3.11 or newer, and 'python3' is Python 3.9. Install a newer one" in refused.stderr


def test_a_python_without_its_venv_module_is_told_apart(checkout: Path) -> None:
    fake_python(checkout, "python3", "bare 3.12")

    refused = run(checkout)

    assert refused.returncode == 1
    assert "Python 3.12 is here without its venv module" in refused.stderr
    assert "apt install python3.12-venv" in refused.stderr


def test_a_newer_python_is_found_beside_an_old_one(checkout: Path) -> None:
    fake_python(checkout, "python3", "old 3.9")
    (checkout / "bin" / "python3.11").symlink_to(sys.executable)

    went_on = run(checkout)

    assert "needs Python" not in went_on.stderr
    assert "scripts.stack" in went_on.stderr, "it went on to its own code, which this checkout lacks"
