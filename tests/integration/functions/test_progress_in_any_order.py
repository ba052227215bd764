"""In the database as in theory: whatever the order of events, and from the audit log too, progress is the same."""

from datetime import timedelta
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from progress_stage import answered, asked, graded, helped, progress_on, ran, recorded, reviewed, wire

from functions.audit.handler import HANDLERS as AUDIT
from functions.progress.rebuilding import keep, kept, logged, unlogged
from functions.shared.database import PostgreSQL
from functions.shared.serving import Function
from functions.shared.standing.mastery import mastery
from functions.shared.standing.sums import Sums
from functions.shared.testing import NOON, deliver

names = st.sampled_from(["loops/a", "loops/b", "lists/a"])
scores = st.integers(0, 100)
payloads = st.one_of(
    st.builds(graded, names, scores | st.none(), passed=st.booleans()),
    st.builds(answered, names, st.booleans(), st.booleans()),
    st.builds(reviewed, scores, names | st.none(), st.sampled_from(["f00", "ba5"])),
    st.builds(helped, names),
    st.sampled_from([ran(), asked(), recorded()]),
)
days_ago = st.integers(-2, 400).map(lambda sixths: sixths / 6)
histories = st.lists(st.tuples(payloads, days_ago), min_size=1, max_size=12)

learners = (f"learner-{number}" for number in count())


@pytest.fixture(scope="module")
def stage(new_database):
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        database = PostgreSQL(url)
        yield db, progress_on(database, NOON), Function("audit", AUDIT, db=database, remembers=False)
        database.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_order_with_repetitions_gives_the_same_and_so_does_the_audit_log(stage, data):
    db, progress, audit = stage
    history = [(f"e{number}", *what) for number, what in enumerate(data.draw(histories))]
    again = data.draw(st.lists(st.sampled_from(history), max_size=4))
    first, second = next(learners), next(learners)

    for learner, told in ((first, history), (second, data.draw(st.permutations(history + again)))):
        for event_id, payload, ago in told:
            event = wire(payload, f"{learner}-{event_id}", ago, learner=learner)
            assert deliver(progress, *event).status in {200, 204}
            assert deliver(audit, *event).status == 204

    db.execute("UPDATE events SET recorded_at = %s", [NOON])
    assert kept(db, first) == kept(db, second)
    with db.transaction():
        assert logged(db, second) == kept(db, second)
    assert unlogged(db, second) == 0


def test_the_log_counts_what_progress_does_and_nothing_else(stage):
    db, progress, audit = stage
    refused = [
        (graded(score=100), {"source": "/elsewhere"}),
        (graded(score=100), {"ingress": "progress.events"}),
        (graded(score=100), {"hops": "17"}),
        (recorded(), {"time": "2024-01-01T00:00:00Z"}),
        (asked(), {"time": "9999-12-31T23:59:59-12:00"}),
        (asked(), {"time": "0001-01-01T00:00:00+12:00"}),
    ]
    for number, (payload, attributes) in enumerate(refused):
        headers, body = wire(payload, f"refused-{number}", learner="eve", **attributes)
        headers |= {f"ce-{name}": value for name, value in attributes.items()}
        deliver(progress, headers, body)
        deliver(audit, headers, body)
    db.execute("UPDATE events SET recorded_at = %s", [NOON])

    assert db.execute("SELECT count(*) FROM events WHERE learner_id = 'eve'").fetchone() == (len(refused),)
    with db.transaction():
        assert logged(db, "eve") == kept(db, "eve")
    assert not kept(db, "eve").days


def test_an_event_without_a_time_happened_when_audit_saw_it(stage):
    db, _, audit = stage
    headers, body = wire(graded(), "timeless", learner="tim")
    del headers["ce-time"]
    assert deliver(audit, headers, body).status == 204
    db.execute("UPDATE events SET time = %s WHERE learner_id = 'tim'", [NOON])

    with db.transaction():
        anew = logged(db, "tim")
    assert anew.days == {NOON.date()}
    assert [item.passed_at for item in anew.items] == [NOON]


def test_what_is_kept_anew_is_what_was_read(stage):
    db, progress, _ = stage
    for number, payload in enumerate((graded(), answered(), reviewed(), helped("lists/a"), ran())):
        deliver(progress, *wire(payload, f"kept-{number}", number, learner="ida"))
    before = kept(db, "ida")
    db.execute("UPDATE progress SET score_sum = 1 WHERE learner_id = 'ida'")
    db.execute("INSERT INTO quiz_firsts VALUES ('ida', 'loops/never', true, now())")

    keep(db, "ida", before)

    assert kept(db, "ida") == before


def test_the_view_and_the_function_agree_on_mastery(stage):
    """Also where a half is to be rounded, and in whatever time zone it is today."""
    db, *_ = stage
    counts = st.integers(0, 40)
    sums = st.tuples(counts, counts, counts).flatmap(
        lambda n: st.builds(
            Sums,
            exercises=st.just(n[0]), score_sum=st.integers(0, 100 * n[0]),
            answers=st.just(n[1]), right_answers=st.integers(0, n[1]),
            programs=st.just(n[2]), quality_sum=st.integers(0, 100 * n[2]),
        )
    )  # fmt: skip
    zones = st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
    days = st.sets(st.integers(-2, 32))
    halves = [Sums(exercises=12, score_sum=5), Sums(exercises=4, score_sum=5), Sums(programs=2, quality_sum=5)]

    @settings(max_examples=100, deadline=None, database=None)
    @given(sums | st.sampled_from(halves), days, zones)
    def agree(sums, days, zone):
        learner = next(learners)
        db.execute("INSERT INTO users (id, time_zone) VALUES (%s, %s)", [learner, zone])
        (today,) = db.execute("SELECT (now() AT TIME ZONE %s)::date", [zone]).fetchone()
        for ago in days:
            db.execute("INSERT INTO activity_days VALUES (%s, %s)", [learner, today - timedelta(days=ago)])
        columns = [learner, "loops", *vars(sums).values(), None]
        db.execute("INSERT INTO progress VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", columns)

        seen = db.execute("SELECT topic, mastery FROM mastery WHERE learner_id = %s", [learner]).fetchall()

        assert seen == [("loops", mastery(sums, len(days & set(range(30)))))]

    agree()
