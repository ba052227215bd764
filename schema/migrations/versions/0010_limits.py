"""How often people may ask, and how many answers of a language model they had.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = """
-- When each of those who send requests, by key, has used up nothing any more. Worthless after a crash, so unlogged.
CREATE UNLOGGED TABLE rates (
    key text PRIMARY KEY,
    free_at timestamptz NOT NULL
);
CREATE INDEX rates_free_at ON rates (free_at);

-- How many answers of a language model each learner had on each day (UTC).
CREATE TABLE learner_quotas (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    model_answers integer NOT NULL CHECK (model_answers >= 0),
    PRIMARY KEY (learner_id, day) INCLUDE (model_answers)
);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
DROP TABLE learner_quotas;
        DROP TABLE rates;
    """)
