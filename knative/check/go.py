"""Programs in Go, built once: Knative's own types, with the CRDs that come with their modules, and kustomize."""

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
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from knative.check.manifests import Finding

SOURCES = Path(__file__).parent
HOME = Path(__file__).parents[2] / ".local" / "knative-check"
BUILD_SECONDS = 900
CHECK_SECONDS = 60
TICK_SECONDS = 15


@dataclass(frozen=True)
class Program:
    """A program in Go: the folder here that pins its modules, and the package it is."""

    name: str
    package: str
    about: str

    @property
    def sources(self) -> Path:
        return SOURCES / self.name

    @property
    def path(self) -> Path:
        """Where it lies once it is built."""
        return HOME / self.name

    @property
    def stamp(self) -> Path:
        """What it was built from."""
        return HOME / f"{self.name}.sha256"

    def checksum(self) -> str:
        files = sorted(path for path in self.sources.iterdir() if path.is_file())
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


TYPES = Program("types", ".", "Knative's own types")
KUSTOMIZE = Program("kustomize", "sigs.k8s.io/kustomize/kustomize/v5", "kustomize")


class NotHereError(Exception):
    """This machine has no Go, or no way to the modules that Knative's types lie in."""


class TypesError(Exception):
    """The program in types/ does not compile, or cannot read what it is to check."""


def build(say: TextIO, program: Program = TYPES) -> None:
    """Build a program, unless it is there and its sources are as they were. Two callers at once wait for each other.

    Tells `say` what takes long. Raises NotHereError or TypesError.
    """
    if shutil.which("go") is None:
        raise NotHereError("Go is not here")
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if program.path.exists() and program.stamp.exists() and program.stamp.read_text() == program.checksum():
            return
        with _heard(say, f"building {program.about}; the first time this takes about two minutes"):
            where = program.sources
            _go("mod", "download", cwd=where, failing=NotHereError)
            words = ("build", "-trimpath", "-ldflags=-s -w", "-o", str(program.path), program.package)
            _go(*words, cwd=where, failing=TypesError)
        program.stamp.write_text(program.checksum())


def check(files: Iterable[Path]) -> Iterator[Finding]:
    """What Knative's types refuse in these files, by the program that was built. Raises TypesError."""
    command = [str(TYPES.path), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=CHECK_SECONDS)
    if done.returncode not in (0, 1):
        raise TypesError(done.stderr.strip())
    for line in done.stdout.splitlines():
        found = json.loads(line)
        yield Finding(found["kind"], found["name"], "", found["message"], Path(found["file"]))


def rendered(overlay: Path) -> Path:
    """Return a file with all that an overlay comes to, made by kustomize, which was built. Raises TypesError."""
    done = subprocess.run(
        [str(KUSTOMIZE.path), "build", str(overlay)], capture_output=True, check=False, timeout=CHECK_SECONDS
    )
    if done.returncode != 0:
        raise TypesError(f"{overlay}: {done.stderr.decode().strip()}")
    file = HOME / "rendered" / overlay.name / f"{overlay.name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(done.stdout)
    return file


def folder_of(module: str) -> Path:
    """Where Go keeps a module that the program was built with. Raises TypesError."""
    return Path(_go("list", "-m", "-f", "{{.Dir}}", module, cwd=TYPES.sources, failing=TypesError).strip())


def fetched(module: str, sources: Path) -> Path:
    """Return where Go keeps a module, of the version that a folder's go.mod pins. Raises NotHereError."""
    if shutil.which("go") is None:
        raise NotHereError("Go is not here")
    _go("mod", "download", module, cwd=sources, failing=NotHereError)
    return Path(_go("list", "-m", "-f", "{{.Dir}}", module, cwd=sources, failing=NotHereError).strip())


def _go(*words: str, cwd: Path, failing: type[Exception]) -> str:
    done = subprocess.run(["go", *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if not line.startswith("go: downloading")]
        raise failing(f"go {words[0]}: {' '.join(said[:5])}")
    return done.stdout


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
