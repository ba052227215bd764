"""What the page for operators says of dead letters is what its commands print."""

import os
import re
import subprocess

import pytest
from journey_stage import Learner

from scripts.stack.places import ROOT

pytestmark = pytest.mark.timeout(300)

PAGE = ROOT / "knative" / "operating" / "README.md"
SECTION = re.search(r"^## Dead letters\n(.*?)^## ", PAGE.read_text(), re.M | re.S)[1]
COMMANDS = [line.partition("#")[0].strip() for line in SECTION.splitlines() if line.startswith("scripts/replay")]
SHOWN = re.search(r"^```text\n(.*?)^```", SECTION, re.M | re.S)[1]


def shape(line):
    """A line but for its numbers, ids and how wide it is."""
    line = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", line)
    return " ".join(re.sub(r"\d+", "9", line).split())


def test_the_commands_for_dead_letters_print_what_the_page_shows(system):
    learner = Learner(system)
    listing, dry_run, sending = COMMANDS
    where = {"DATABASE_URL": system.database_url, "BROKER_URL": f"{system.url}/learnflow/default"}

    def run(command):
        done = subprocess.run(
            command.split(), cwd=ROOT, env=os.environ | where, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    system.db.execute("ALTER TABLE quizzes RENAME TO quizzes_away")
    try:
        request = learner.post("/api/v1/quizzes/next", {"topic": "loops"}, Prefer="wait=1").json()["id"]
        system.until(
            lambda: learner.get(f"/api/v1/requests/{request}").json()["status"] == "failed", "it is given up on", 110
        )
    finally:
        system.db.execute("ALTER TABLE quizzes_away RENAME TO quizzes")

    def lines_of(printed):
        return [line for line in printed.splitlines() if request in line or "sent again" in line]

    waiting, to_be_sent, sent = run(listing), run(dry_run), run(sending)
    system.until(
        lambda: learner.get(f"/api/v1/requests/{request}").json()["status"] == "answered", "it is answered after all"
    )
    afterwards = run(listing)

    printed = [line for said in (waiting, to_be_sent, sent, afterwards) for line in lines_of(said)]
    assert [shape(line) for line in printed] == [shape(line) for line in SHOWN.splitlines() if not line.startswith("$")]
