"""How often people may ask, and how many answers of a language model they had.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = """
-- When each of those who send requests, by key, has used up nothing any more. Worthless after a crash, so unlogged;
-- every request changes a row or two in place, so there is room on its page and no index on what changes.
CREATE UNLOGGED TABLE rates (
    key text PRIMARY KEY,
    free_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- How many answers of a language model each learner had on each day (UTC).
CREATE TABLE learner_quotas (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    model_answers integer NOT NULL CHECK (model_answers >= 0),
    PRIMARY KEY (learner_id, day) INCLUDE (model_answers)
);

-- Which events an answer of a language model was counted for, when, and in which courses, so that one that comes again
-- counts once, and one that brought no answer can be given back.
CREATE TABLE model_grants (
    function text NOT NULL,
    source text NOT NULL,
    id text NOT NULL,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    course_ids text[] NOT NULL,
    PRIMARY KEY (function, source, id)
);
CREATE INDEX model_grants_learner ON model_grants (learner_id);
CREATE INDEX model_grants_day ON model_grants (day);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
DROP TABLE model_grants;
        DROP TABLE learner_quotas;
        DROP TABLE rates;
    """)
