"""Drafts that wait for the sandbox, and reviews.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
-- Answers that wait for a program of theirs to be run before they go out; gone when they do.
CREATE TABLE drafts (
    id text PRIMARY KEY,
    requester text NOT NULL,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX drafts_learner ON drafts (learner_id);
CREATE INDEX drafts_created_at ON drafts (created_at);

-- What was said of a program, once for each time it was reviewed.
CREATE TABLE reviews (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    submission_id text REFERENCES submissions ON DELETE CASCADE,
    topic text,
    code_hash text NOT NULL,
    quality smallint NOT NULL CHECK (quality BETWEEN 0 AND 100),
    reviewed_at timestamptz NOT NULL
);
CREATE INDEX reviews_learner ON reviews (learner_id, reviewed_at) INCLUDE (topic, quality);
CREATE INDEX reviews_submission ON reviews (submission_id);
"""

# A run shows a mistake, and so does the learner who then asks about it: who saw what tells the two apart.
SEEN_BY = """
ALTER TABLE error_occurrences ADD COLUMN seen_by text NOT NULL DEFAULT 'debug';
DROP INDEX error_occurrences_learner;
CREATE INDEX error_occurrences_learner ON error_occurrences (learner_id, occurred_at)
    INCLUDE (error_type, line, code_hash, seen_by);
"""
UNSEEN = """
DROP INDEX error_occurrences_learner;
ALTER TABLE error_occurrences DROP COLUMN seen_by;
CREATE INDEX error_occurrences_learner ON error_occurrences (learner_id, occurred_at) INCLUDE (error_type);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)
    op.execute(SEEN_BY)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE reviews, drafts")
    op.execute(UNSEEN)
