"""What a language model may cost a course a day and everybody a month, and a model's hints, kept for who asks again.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns and the table."""
    op.execute("""
        ALTER TABLE courses ADD COLUMN daily_model_cost bigint CHECK (daily_model_cost >= 0);
        ALTER TABLE model_grants ADD COLUMN reserved_cost bigint NOT NULL DEFAULT 0 CHECK (reserved_cost >= 0);
        ALTER TABLE hints_asked ADD COLUMN written jsonb;
        CREATE TABLE model_months (
            month date PRIMARY KEY,
            cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0)
        );
    """)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
        DROP TABLE model_months;
        ALTER TABLE hints_asked DROP COLUMN written;
        ALTER TABLE model_grants DROP COLUMN reserved_cost;
        ALTER TABLE courses DROP COLUMN daily_model_cost;
    """)
