"""Mermaid's own parser, through npm, for the tests that let it read our diagrams."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

from scripts.stack import cli
from scripts.stack.errors import NotHereError
from scripts.stack.places import ROOT, here, shown
from scripts.stack.progress import Progress

PACKAGE = ROOT / "tests" / "mermaid"
INSTALL_NODE = "Install Node 20 or newer with npm (Debian, Ubuntu: apt install npm; macOS: brew install node)"
DOWNLOAD_SECONDS = 300


def module() -> Path:
    """The file that Node imports Mermaid from. Raises NotHereError where Node, or what `main` fetches, is missing."""
    _require_node()
    if not _is_current():
        raise NotHereError("Mermaid's parser is not here yet: 'scripts/test' fetches it.")
    return _home() / "node_modules" / "mermaid" / "dist" / "mermaid.core.mjs"


def fetch() -> None:
    """Fetch what package-lock.json names, unless it is there. Raises NotHereError without npm, or if that fails."""
    _home().mkdir(parents=True, exist_ok=True)
    with (_home() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_current():
            with Progress().step("Mermaid's parser"):
                _download()


def _require_node() -> None:
    if shutil.which("node") is None:
        raise NotHereError(f"Mermaid's parser runs on Node, and no 'node' is on the PATH. {INSTALL_NODE}.")


def _download() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotHereError(f"Mermaid's parser comes through npm, and no 'npm' is on the PATH. {INSTALL_NODE}.")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGE / name, _home())
    log = _home() / "npm.log"
    with log.open("w") as output:
        try:
            done = subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=_home(), stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, check=False, timeout=DOWNLOAD_SECONDS,
            )  # fmt: skip
            failed = f"failed ({done.returncode})" if done.returncode else ""
        except subprocess.TimeoutExpired:
            failed = f"did not end in {DOWNLOAD_SECONDS} s"
    if failed:
        raise NotHereError(f"npm {failed} when it was to fetch Mermaid; all it said is in {shown(log)}.")
    shutil.copy(PACKAGE / "package-lock.json", _stamp())


def _is_current() -> bool:
    return _stamp().is_file() and _stamp().read_bytes() == (PACKAGE / "package-lock.json").read_bytes()


def _home() -> Path:
    return here().local / "mermaid"


def _stamp() -> Path:
    return _home() / "installed.json"


def main() -> int:
    """Get the parser, if this machine can use it."""
    _require_node()
    fetch()
    return 0


if __name__ == "__main__":
    cli.run(main)
