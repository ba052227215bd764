"""`scripts/evaluate SUBJECT`: how good the tutor is, by files of labelled questions."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from scripts.stack import cli

SUBJECTS = ("triage", "follow-ups", "topics", "debug", "review", "leaks", "tutor")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate", add_help=False, allow_abbrev=False)
    parser.add_argument("subject", choices=SUBJECTS, metavar=f"{{{','.join(SUBJECTS)}}}")
    subject = parser.parse_args(sys.argv[1:2]).subject
    return int(import_module(f"scripts.stack.evaluating.{subject.replace('-', '_')}").main(sys.argv[2:]))


if __name__ == "__main__":
    cli.run(main)
