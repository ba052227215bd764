"""All tests with coverage, as `scripts/test` runs them: first those that bear it side by side, then the others alone.

Both have the same Kafka and PostgreSQL. Where there is no Java, the tests that need Kafka say so and are skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from scripts.stack import cli
from scripts.stack.errors import NotHereError
from scripts.stack.places import ROOT
from tests.servers import a_kafka, a_postgres

ALONE = ("tests/guides", "tests/journeys", "tests/sandbox")
"""What measures how long something takes, needs every core itself, or starts the whole system for all of its files."""
WORKERS = min((os.cpu_count() or 1) + 1, 8)
"""One more than cores: tests wait now and then."""


def main() -> int:
    """Run them all; the exit code is that of the first part that fails."""
    with ExitStack() as servers:
        environment = dict(os.environ)
        if "TEST_DATABASE_URL" not in environment:
            environment["TEST_DATABASE_URL"] = servers.enter_context(a_postgres())
        if "TEST_KAFKA_BOOTSTRAP_SERVERS" not in environment:
            with suppress(NotHereError):
                environment["TEST_KAFKA_BOOTSTRAP_SERVERS"] = servers.enter_context(a_kafka())

        def pytest(*arguments: str) -> int:
            command = [sys.executable, "-m", "pytest", "--cov", "--durations=10", *arguments]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode

        # A file stays with one worker, in its order: what its tests share is made once.
        workers = ("-n", str(WORKERS), "--dist", "loadfile")
        side_by_side = pytest(*workers, "--cov-report=", "--cov-fail-under=0", *_the_others())
        alone = pytest("--cov-append", "--cov-report=term", *ALONE)
    return side_by_side or alone


def _the_others() -> list[str]:
    """Return every folder of tests but those that run alone."""
    folders = {path.relative_to(ROOT).parts[1] for path in Path(ROOT, "tests").rglob("test_*.py")}
    return sorted({f"tests/{folder}" for folder in folders} - {*ALONE})


if __name__ == "__main__":
    cli.run(main)
