"""How often a learner asked about a mistake whose hints come one at a time.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
-- How often a learner in a course that stages hints asked about a mistake, so that each time brings one hint more.
-- `mistake` is a hash of the program, the error and its line; the same request again is no further time.
CREATE TABLE hints_asked (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    mistake text NOT NULL,
    times integer NOT NULL DEFAULT 1 CHECK (times >= 1),
    request_id text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, mistake)
);
CREATE INDEX hints_asked_asked_at ON hints_asked (asked_at);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take it away, with what is in it."""
    op.execute("DROP TABLE hints_asked")
