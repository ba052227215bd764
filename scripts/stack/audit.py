"""`scripts/audit`: pip-audit over the lock files, asking one list of vulnerabilities after the other.

Where a list cannot be reached pip-audit fails, or calls every library one that is not listed and finds nothing wrong.
Neither is good news, so what was not looked up is told as that.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.stack import cli
from scripts.stack.places import ROOT

LOCKS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-train.txt",
    "requirements-load.txt",
    "sandbox-runner/requirements.txt",
    "schema/requirements.txt",
)
LISTS = ("osv", "pypi")
_SECONDS = "10"


@dataclass(frozen=True)
class Audit:
    """What became of a lock file's libraries: how many were looked up, which were not, what is known of any."""

    looked_up: int
    left_out: tuple[str, ...]
    vulnerable: tuple[str, ...]


def judged(report: Mapping[str, Any]) -> Audit:
    """Return what pip-audit's report (its JSON) says."""
    libraries = report["dependencies"]
    left_out = [each["name"] for each in libraries if "skip_reason" in each]
    return Audit(
        looked_up=len(libraries) - len(left_out),
        left_out=tuple(left_out),
        vulnerable=tuple(
            f"{each['name']} {each['version']}: {known['id']}, mended in {_versions(known['fix_versions'])}"
            for each in libraries
            for known in each.get("vulns", ())
        ),
    )


def main() -> int:
    """Audit every lock file and say what came of it; 1 if anything is vulnerable."""
    parser = argparse.ArgumentParser(prog="scripts/audit", add_help=False, allow_abbrev=False)
    parser.add_argument("--strict", action="store_true")
    strict = parser.parse_args().strict
    audits = [(lock, _audit(lock)) for lock in LOCKS]
    for lock, audit in audits:
        print("\n".join(_told(lock, audit)), flush=True)
    reached = all(audit is not None and not audit.left_out for _, audit in audits)
    vulnerable = any(audit is not None and audit.vulnerable for _, audit in audits)
    return 1 if vulnerable or (strict and not reached) else 0


def _audit(lock: str) -> Audit | None:
    """Return what the first list that can be reached says of a lock file; None if none can."""
    found = [audit for name in LISTS if (audit := _asked(lock, name)) is not None and audit.looked_up]
    return max(found, key=lambda audit: audit.looked_up, default=None)


def _asked(lock: str, name: str) -> Audit | None:
    asked = subprocess.run(
        [
            sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip",
            "--vulnerability-service", name, "--format", "json", "--progress-spinner", "off", "--timeout", _SECONDS,
        ],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    try:
        return judged(json.loads(asked.stdout))
    except ValueError:  # it gave up, with a traceback instead of a report
        return None


def _versions(those_that_mend: Sequence[str]) -> str:
    return ", ".join(those_that_mend) or "nothing yet"


def _told(lock: str, audit: Audit | None) -> list[str]:
    if audit is None:
        return [f"– {lock}: not audited, no list of vulnerabilities can be reached from here (skipped)"]
    lines = [f"{'✗' if audit.vulnerable else '✓'} {lock}: {audit.looked_up} libraries looked up"]
    lines += [f"    {each}" for each in audit.vulnerable]
    if audit.left_out:
        lines.append(f"    not looked up: {', '.join(audit.left_out)}")
    return lines


if __name__ == "__main__":
    cli.run(main)
