"""Quizzes: what was asked of whom, and what they answered.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
-- What learners were asked. The id is that of the request it came with. `option_order` says for each option as it was
-- shown which one of the curriculum's it is; `edition`, whether the curriculum still asks the same.
CREATE TABLE quizzes (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    topic text NOT NULL,
    question_id text NOT NULL,
    edition text NOT NULL,
    option_order smallint[] NOT NULL,
    posed_at timestamptz NOT NULL
);
CREATE INDEX quizzes_learner ON quizzes (learner_id, posed_at) INCLUDE (question_id);

-- What learners answered, by question: the first answer, which counts, and the latest, which tells what to ask next.
CREATE TABLE quiz_answers (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    question_id text NOT NULL,
    times integer NOT NULL DEFAULT 1,
    first_right boolean NOT NULL,
    last_right boolean NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, question_id) INCLUDE (first_right, last_right, answered_at)
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE quiz_answers, quizzes")
