"""`scripts/migrate`: bring a database to today's schema."""

from __future__ import annotations

import argparse
import sys

from scripts.stack import cli
from scripts.stack.config import database_url
from scripts.stack.migrations import migrate
from scripts.stack.places import here


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/migrate", add_help=False, allow_abbrev=False)
    parser.add_argument("--database-url")
    parser.add_argument("--wait", type=float, default=30)
    parser.add_argument("revision", nargs="?", default="head")
    options = parser.parse_args(sys.argv[1:])
    steps = migrate(database_url(here(), options.database_url), options.revision, wait_seconds=options.wait)
    print("\n".join(f"✓ {step}" for step in steps) or "✓ nothing to do")
    return 0


if __name__ == "__main__":
    cli.run(main)
