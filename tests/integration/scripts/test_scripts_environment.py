"""The virtual environment is made once, by one, and again only when the requirements say something else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stack.places import ROOT

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose requirements are none, so that nothing has to be downloaded."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def begin(checkout: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "scripts.stack.environment"],
        env={**os.environ, "PYTHONPATH": str(checkout), "LEARNFLOW_DISK_BYTES": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(checkout: Path) -> tuple[int, str]:
    process = begin(checkout)
    said, _ = process.communicate(timeout=100)
    return process.returncode, said


def test_two_scripts_at_once_make_it_once_and_a_change_is_noticed(checkout: Path) -> None:
    together = [begin(checkout), begin(checkout)]
    said = [process.communicate(timeout=100)[0] for process in together]

    assert [process.returncode for process in together] == [0, 0], said
    assert "".join(said).count("✓ Python environment") == 1
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert run(checkout) == (0, "")

    (checkout / "requirements.txt").write_text("# nothing, in other words\n")
    code, again = run(checkout)
    assert (code, again.count("✓ Python environment")) == (0, 1)

    (checkout / "requirements.txt").write_text("./not-there\n")
    code, refused = run(checkout)
    assert code == 1
    assert "The Python packages could not be installed; pip's last words" in refused
    assert "pip.log" in refused
    assert run(checkout)[0] == 1, "a failure is not taken for done"


def test_a_disk_that_is_too_full_is_told_before_anything_is_written(checkout: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-P", "-m", "scripts.stack.environment"],
        env={**os.environ, "PYTHONPATH": str(checkout), "LEARNFLOW_DISK_BYTES": str(10**18)},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert process.returncode == 1
    assert "GB of disk" in process.stderr
    assert not (checkout / ".venv").exists()
