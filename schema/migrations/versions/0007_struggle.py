"""Struggle: how runs ended, and the signs that a learner is stuck; graded submissions by topic.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
-- How each run of a learner's program ended; no error type: well.
CREATE TABLE struggle_runs (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    ran_at timestamptz NOT NULL,
    error_type text
);
CREATE INDEX struggle_runs_learner ON struggle_runs (learner_id, ran_at, id) INCLUDE (error_type);

-- Signs that a learner is stuck, and what each rests on; about which error, exercise or topic it is. One that somebody
-- dismissed is followed by a day of quiet about the same.
CREATE TABLE struggle_signals (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    signal text NOT NULL,
    about text NOT NULL,
    evidence jsonb NOT NULL,
    raised_at timestamptz NOT NULL,
    dismissed_at timestamptz
);
CREATE INDEX struggle_signals_learner ON struggle_signals (learner_id, signal, about, raised_at)
    INCLUDE (dismissed_at);

-- The latest graded submissions of a learner on a topic, whose exercises are called `<topic>/<exercise>`.
CREATE INDEX submissions_topic ON submissions (learner_id, split_part(exercise_id, '/', 1), submitted_at, attempt)
    INCLUDE (exercise_id, passed, score) WHERE score IS NOT NULL;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP INDEX submissions_topic")
    op.execute("DROP TABLE struggle_signals, struggle_runs")
