"""Exercises: which were handed out to whom, what was handed in, and its grade.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
-- When a learner was last handed an exercise, so that the next one is another.
CREATE TABLE exercises_given (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    exercise_id text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, exercise_id) INCLUDE (given_at)
);

-- What learners handed in. The id is that of the request it came with; `ungraded` could not be tried.
CREATE TABLE submissions (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    exercise_id text NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 1),
    code text NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'graded', 'ungraded')),
    score smallint CHECK (score BETWEEN 0 AND 100),
    passed boolean NOT NULL DEFAULT false,
    submitted_at timestamptz NOT NULL,
    graded_at timestamptz,
    UNIQUE (learner_id, exercise_id, attempt) INCLUDE (score, passed)
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE submissions, exercises_given")
