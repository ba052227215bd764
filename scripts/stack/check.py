"""`scripts/check`: everything that can be said about the code without running it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.stack import cli
from scripts.stack.places import ROOT

AGREEING = ("tests/contracts/test_manifests.py", "tests/contracts/test_events.py")
TYPED = ("functions", "knative/local", "knative/check", "sandbox-runner")


@dataclass(frozen=True)
class Check:
    """A command that is silent about what is right; `fix` is what it becomes when it may mend.

    One that `takes_long` at times says on standard error how it goes, and that is shown at once.
    """

    title: str
    command: tuple[str, ...]
    fix: tuple[str, ...] | None = None
    takes_long: bool = False


def checks(root: Path = ROOT) -> list[Check]:
    """All of them, for the folders that are there."""
    python, bin_folder = sys.executable, Path(sys.executable).parent
    ruff = str(bin_folder / "ruff")
    typed = [folder for folder in TYPED if (root / folder).is_dir()]
    contracts = (python, "-m", "functions.shared.contracts")
    pages = (python, "-m", "scripts.stack.pages")
    guard = (python, "-m", "functions.shared.guard.tabulating")
    return [
        Check("lint (ruff)", (ruff, "check", "."), (ruff, "check", "--fix", ".")),
        Check("format (ruff)", (ruff, "format", "--check", "."), (ruff, "format", ".")),
        Check("types (mypy --strict)", (python, "-m", "mypy", "--strict", *typed)),
        Check("imports (import-linter)", (str(bin_folder / "lint-imports"), "--no-logo")),
        Check("generated contracts", (*contracts, "--check"), (*contracts, "--write")),
        Check("generated pages", (*pages, "--check"), (*pages, "--write")),
        Check("names of Python (guard)", (*guard, "--check"), (*guard, "--write")),
        Check("manifests (Knative's own types)", (python, "-m", "knative.check"), takes_long=True),
        Check("manifests and contracts agree", (python, "-m", "pytest", "-q", *AGREEING)),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/check", add_help=False, allow_abbrev=False)
    parser.add_argument("--fix", action="store_true")
    fix = parser.parse_args().fix
    # Each takes its time from one core; none looks at what another writes unless it mends.
    running = [(check, begin(check, fix=fix)) for check in checks()] if not fix else []
    results = [end(check, *begun) for check, begun in running] or [
        end(check, *begin(check, fix=True)) for check in checks()
    ]
    return 0 if all(results) else 1


def begin(check: Check, *, fix: bool) -> tuple[subprocess.Popen[str], float]:
    command = check.fix if fix and check.fix else check.command
    errors = None if check.takes_long else subprocess.STDOUT
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    return process, time.monotonic()


def end(check: Check, process: subprocess.Popen[str], began: float) -> bool:
    """Wait for a check and print its line, with what it skipped, or all it said if something is wrong."""
    said, _ = process.communicate()
    passed = process.returncode == 0
    print(f"{'✓' if passed else '✗'} {check.title:<32} {time.monotonic() - began:6.1f} s", flush=True)
    told = [line for line in said.splitlines() if not passed or "skipped" in line]
    print("".join(f"    {line}\n" for line in told), end="", flush=True)
    return passed


if __name__ == "__main__":
    cli.run(main)
