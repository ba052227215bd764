"""An event costs progress the same, whether a learner has ten things behind them or a hundred thousand."""

import json
from operator import sub

import psycopg
import pytest
from progress_stage import answered, asked, graded, helped, ran, recorded, reviewed, wire

from functions.progress import queries
from functions.progress.handler import take_in
from functions.shared.envelope import decode
from functions.shared.testing import NOON

MANY, FEW = 100_000, 10
SEED = """
    INSERT INTO users (id) SELECT 'other' || n FROM generate_series(1, 2000) n;
    INSERT INTO users (id) VALUES ('many'), ('few');
    INSERT INTO activity_days SELECT id, date '2026-03-19' - age FROM users, generate_series(0, 99) age;
    INSERT INTO activity_days SELECT 'many', date '2026-03-19' - age FROM generate_series(100, 9999) age;
    INSERT INTO progress (learner_id, topic, exercises, score_sum)
        SELECT id, topic, 10, 500 FROM users, unnest('{"",loops,lists,strings}'::text[]) topic;
    INSERT INTO exercise_best SELECT id, 'loops/a' || n, 50 FROM users, generate_series(1, 5) n;
    INSERT INTO quiz_firsts SELECT id, 'loops/a' || n, true, 'epoch' FROM users, generate_series(1, 5) n;
    INSERT INTO program_quality SELECT id, 'loops/a' || n, 50, 'epoch' FROM users, generate_series(1, 5) n;
"""
SEED_LEARNER = """
    INSERT INTO exercise_best SELECT %(learner)s, 'loops/e' || n, 50 FROM generate_series(1, %(count)s) n;
    INSERT INTO quiz_firsts SELECT %(learner)s, 'loops/q' || n, true, now() FROM generate_series(1, %(count)s) n;
    INSERT INTO program_quality SELECT %(learner)s, 'loops/e' || n, 50, 'epoch' FROM generate_series(1, %(count)s) n;
    UPDATE progress SET exercises = %(count)s, score_sum = 50 * %(count)s, answers = %(count)s,
                        right_answers = %(count)s, programs = %(count)s, quality_sum = 50 * %(count)s
        WHERE learner_id = %(learner)s AND topic IN ('', 'loops');
"""
READ = """
    SELECT sum(seq_scan)::int, sum(idx_scan)::int, sum(coalesce(idx_tup_fetch, 0))::int
    FROM pg_stat_xact_user_tables
"""


@pytest.fixture(scope="module")
def seeded(new_database):
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        for statement in filter(str.strip, SEED.split(";")):
            db.execute(statement)
        for learner, count in (("many", MANY), ("few", FEW)):
            for statement in filter(str.strip, SEED_LEARNER.split(";")):
                db.execute(statement, {"learner": learner, "count": count})
        db.execute("VACUUM ANALYZE")
        yield db


@pytest.mark.parametrize(
    "payload",
    [
        asked(),
        ran(),
        recorded(),
        helped("loops/e3"),
        graded("loops/e3", 60),
        graded("loops/new", 60),
        answered("loops/q3", correct=False),
        answered("loops/new"),
        reviewed(90, "loops/e3"),
        reviewed(90, "loops/new"),
    ],
    ids=lambda payload: (
        f"{payload.TYPE}-{getattr(payload, 'exercise_id', None) or getattr(payload, 'question_id', '')}"
    ),
)
def test_an_event_reads_as_many_rows_of_who_did_much_as_of_who_did_little(seeded, payload):
    seq_scans, *by_index = rows_read(seeded, payload, "few")

    assert seq_scans == 0
    assert sum(by_index) < 60, "single rows by their keys, and the days of a month"
    assert rows_read(seeded, payload, "many") == (0, *by_index)


def rows_read(db, payload, learner):
    event = decode(*wire(payload, learner=learner), {payload.TYPE: type(payload)})
    with db.transaction(force_rollback=True):
        before = db.execute(READ).fetchone()
        assert take_in(event, db, None, now=lambda: NOON) is not None
        return tuple(map(sub, db.execute(READ).fetchone(), before))


LEARNER = {"learner": "many"}
SINGLE = {
    "hold learner": (queries.HOLD_LEARNER, {**LEARNER, "at": NOON}),
    "mark day": (queries.MARK_DAY, {**LEARNER, "day": NOON.date()}),
    **{f"kept {kind.__name__}": (query, {**LEARNER, "id": "loops/e77"}) for kind, query in queries.ITEM.items()},
    "rows": (queries.SOME_ROWS, {**LEARNER, "topics": ["", "loops"]}),
    "active days": (queries.ACTIVE_DAYS, {**LEARNER, "day": NOON.date(), "window": 30}),
}
MOST_ROWS = {"rows": 2, "active days": 30}
MOST_BLOCKS = 20  # of 8 KB: the way down an index or two, to a row or two


@pytest.mark.parametrize("name", SINGLE)
def test_a_statement_of_an_event_finds_its_rows_by_their_key(seeded, name):
    query, values = SINGLE[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", values).fetchone()

    scans = [node for node in nodes(plan[0]["Plan"]) if "Relation Name" in node and "Scan" in node["Node Type"]]
    assert "Seq Scan" not in {node["Node Type"] for node in scans}, json.dumps(plan)
    assert all(node["Actual Rows"] <= MOST_ROWS.get(name, 1) for node in scans), json.dumps(plan)
    assert plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"] <= MOST_BLOCKS, json.dumps(plan)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
