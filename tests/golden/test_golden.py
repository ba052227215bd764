"""Golden folders: a function, given event-in.json, answers event-out.json. `--update-golden` writes what it answers.

Where there is an event-before.json, or event-before-1.json and so on, the function has had that before, in this order;
where there is a given.sql, its database had that before all.
"""

import json
from importlib import import_module
from pathlib import Path

import psycopg
import pytest

from functions.shared.database import PostgreSQL
from functions.shared.envelope import from_json, to_http
from functions.shared.testing import NOON, deliver

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/*/event-in.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(HERE)))
def test_a_function_answers_as_recorded(folder, database_url, monkeypatch, request):
    function = import_module(f"functions.{folder.parent.name}.main").function
    database = PostgreSQL(database_url)
    monkeypatch.setattr(function, "db", database)
    monkeypatch.setattr(function, "_now", lambda: NOON)
    if (given := folder / "given.sql").exists():
        with psycopg.connect(database_url) as db:
            db.execute(given.read_text())
    try:
        for before in sorted(folder.glob("event-before*.json")):
            assert deliver(function, *read(before)).status in {200, 204}
        answer = deliver(function, *read(folder / "event-in.json"))
    finally:
        database.close()

    answered = {"status": answer.status, **answer.event, **({"data": answer.data} if answer.body else {})}
    if request.config.getoption("--update-golden"):
        (folder / "event-out.json").write_text(json.dumps(answered, indent=2, ensure_ascii=False) + "\n")
    assert json.loads((folder / "event-out.json").read_text()) == answered


def read(event):
    return to_http(from_json(json.loads(event.read_text())))


def test_every_function_with_an_answer_has_a_golden_folder():
    from functions.shared.events import CONTRACTS

    answering = {
        name.replace("-", "_") for name, contract in CONTRACTS.items() if contract.accepts and contract.answers
    }
    # What dead-letter and notification answer goes round the broker; the sandbox-runner is no function of this package.
    assert answering - {"dead_letter", "notification", "sandbox_runner"} == {folder.parent.name for folder in FOLDERS}
