"""What a language model's answers cost, and how many tokens a course may take a day.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns."""
    op.execute("""
        ALTER TABLE learner_quotas
            ADD COLUMN tokens bigint NOT NULL DEFAULT 0 CHECK (tokens >= 0),
            ADD COLUMN cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0);
        ALTER TABLE course_quotas
            ADD COLUMN tokens bigint NOT NULL DEFAULT 0 CHECK (tokens >= 0),
            ADD COLUMN cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0);
        ALTER TABLE courses ADD COLUMN daily_model_tokens integer CHECK (daily_model_tokens >= 0);
        ALTER TABLE model_grants ADD COLUMN reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0);
        ALTER TABLE model_calls ADD COLUMN cost bigint;
    """)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
        ALTER TABLE model_calls DROP COLUMN cost;
        ALTER TABLE model_grants DROP COLUMN reserved;
        ALTER TABLE courses DROP COLUMN daily_model_tokens;
        ALTER TABLE course_quotas DROP COLUMN cost, DROP COLUMN tokens;
        ALTER TABLE learner_quotas DROP COLUMN cost, DROP COLUMN tokens;
    """)
