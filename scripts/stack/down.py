"""`scripts/down`: stop what `up` started, and nothing else."""

from __future__ import annotations

import argparse
import sys

from scripts.stack import cli, parts
from scripts.stack.locking import one_at_a_time
from scripts.stack.places import here
from scripts.stack.progress import Progress


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/down", add_help=False, allow_abbrev=False)
    parser.add_argument("--wipe", action="store_true")
    options = parser.parse_args(sys.argv[1:])
    places, progress = here(), Progress()
    with one_at_a_time(places):
        for name, manner in parts.PARTS.items():
            if not parts.is_wanted(places, name):
                continue
            with progress.step(manner.title) as say:
                say("stopped" if parts.stop(places, name) else "was not running")
        if options.wipe:
            parts.wipe(places)
            progress.line("What both stores held is gone; the jars and the Python environment stay.")
    return 0


if __name__ == "__main__":
    cli.run(main)
