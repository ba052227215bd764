"""Exercises that a language model wrote for a learner, once the sandbox has shown that they are some.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the table."""
    op.execute("""
        CREATE TABLE made_exercises (
            learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
            id text NOT NULL,
            body jsonb NOT NULL,
            made_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (learner_id, id)
        );
    """)


def downgrade() -> None:
    """Take it away, with what is in it."""
    op.execute("DROP TABLE made_exercises;")
