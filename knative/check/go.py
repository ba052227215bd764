"""Knative's own Go types: the program in types/, built once, and the CRDs that come with its modules."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from knative.check.manifests import Finding

SOURCES = Path(__file__).parent / "types"
HOME = Path(__file__).parents[2] / ".local" / "knative-check"
PROGRAM = HOME / "types"
STAMP = HOME / "types.sha256"
BUILD_SECONDS = 900
CHECK_SECONDS = 60
TICK_SECONDS = 15


class NotHereError(Exception):
    """This machine has no Go, or no way to the modules that Knative's types lie in."""


class TypesError(Exception):
    """The program in types/ does not compile, or cannot read what it is to check."""


def build(say: TextIO) -> None:
    """Build the program, unless it is there and its sources are as they were. Two callers at once wait for each other.

    Tells `say` what takes long. Raises NotHereError or TypesError.
    """
    if shutil.which("go") is None:
        raise NotHereError("Go is not here")
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if PROGRAM.exists() and STAMP.exists() and STAMP.read_text() == _checksum():
            return
        with _heard(say, "building Knative's own types; the first time this takes about two minutes"):
            _go("mod", "download", failing=NotHereError)
            _go("build", "-trimpath", "-ldflags=-s -w", "-o", str(PROGRAM), ".", failing=TypesError)
        STAMP.write_text(_checksum())


def check(files: Iterable[Path]) -> Iterator[Finding]:
    """What Knative's types refuse in these files, by the program that was built. Raises TypesError."""
    command = [str(PROGRAM), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=CHECK_SECONDS)
    if done.returncode not in (0, 1):
        raise TypesError(done.stderr.strip())
    for line in done.stdout.splitlines():
        found = json.loads(line)
        yield Finding(found["kind"], found["name"], "", found["message"], Path(found["file"]))


def folder_of(module: str) -> Path:
    """Where Go keeps a module that the program was built with. Raises TypesError."""
    return Path(_go("list", "-m", "-f", "{{.Dir}}", module, failing=TypesError).strip())


def _go(*words: str, failing: type[Exception]) -> str:
    done = subprocess.run(
        ["go", *words], cwd=SOURCES, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if not line.startswith("go: downloading")]
        raise failing(f"go {words[0]}: {' '.join(said[:5])}")
    return done.stdout


def _checksum() -> str:
    sources = sorted(path for path in SOURCES.iterdir() if path.is_file())
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


@contextmanager
def _heard(say: TextIO, what: str) -> Iterator[None]:
    """Say what goes on, and every quarter of a minute how long it has."""
    began, done = time.monotonic(), threading.Event()

    def tick() -> None:
        while not done.wait(TICK_SECONDS):
            print(f"… {time.monotonic() - began:.0f} s", file=say, flush=True)

    print(f"… {what}", file=say, flush=True)
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
