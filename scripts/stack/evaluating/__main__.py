"""`scripts/evaluate SUBJECT`: how good the built-in tutor's guesses are, by files of labelled questions."""

from __future__ import annotations

import argparse
import sys

from scripts.stack import cli
from scripts.stack.evaluating import topics, triage

SUBJECTS = {"triage": triage.main, "topics": topics.main}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate", add_help=False, allow_abbrev=False)
    parser.add_argument("subject", choices=SUBJECTS, metavar=f"{{{','.join(SUBJECTS)}}}")
    return SUBJECTS[parser.parse_args(sys.argv[1:2]).subject](sys.argv[2:])


if __name__ == "__main__":
    cli.run(main)
