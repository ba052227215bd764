"""`python -m sandbox_runner` serves on $PORT."""

from sandbox_runner.app import run

run()
