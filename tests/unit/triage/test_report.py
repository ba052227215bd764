"""README tells the figures that the report holds."""

from __future__ import annotations

import re
from pathlib import Path

from functions.triage.linear import read_weights

REPORT = Path("functions/triage/training/report.md").read_text("utf-8")
README = Path("README.md").read_text("utf-8")


def test_readme_tells_recall_and_precision_of_every_intent() -> None:
    cross_validated = REPORT.partition("## `unseen")[0]
    reported = re.findall(r"^\| (\w+) \|.*\| ([\d.]+)% \| ([\d.]+)% \|$", cross_validated, re.M)
    told = re.findall(r"^\| `(\w+)`.*\| ([\d.]+) % \| ([\d.]+) % \|$", README, re.M)

    assert len(reported) == 7
    assert told == reported


def test_readme_tells_the_accuracies() -> None:
    rows = re.findall(r"^\| (.+?) \| (\d+) \| ([\d.]+)% \|$", REPORT.partition("## Cross")[0], re.M)
    figures = {name: (int(count), f"{share} %") for name, count, share in rows}

    assert f"{read_weights().trained_from['questions']:,} labelled questions" in README
    for name in ("ten-fold cross-validation", "an author's questions by a model of all others'"):
        assert figures[name][1] in README
    assert f"{figures['`unseen.jsonl`, by people whose questions nobody trained on'][1]} of 360 questions" in README
