"""What is known of a learner: mastery by topic, and the errors they met.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
-- How well a learner knows each topic, 0 to 100.
CREATE TABLE progress (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    topic text NOT NULL,
    mastery smallint NOT NULL CHECK (mastery BETWEEN 0 AND 100),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, topic) INCLUDE (mastery)
);

-- Every error that a learner met, once. The id is made of what it is, so that two functions that see one error agree.
CREATE TABLE error_occurrences (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    error_type text NOT NULL,
    line integer,
    code_hash text NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX error_occurrences_learner ON error_occurrences (learner_id, occurred_at) INCLUDE (error_type);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE error_occurrences, progress")
