"""Who can log in, and how their log-ins are prolonged.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
-- Those who can log in. A name is somebody's whatever its case.
CREATE TABLE accounts (
    user_id text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    username text NOT NULL,
    name text,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz
);
CREATE UNIQUE INDEX accounts_username ON accounts (lower(username));

-- Log-ins that failed in a row, by a hash of the name that was tried, whether or not it is anybody's.
CREATE TABLE login_failures (
    name_hash bytea PRIMARY KEY,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL DEFAULT now(),
    locked_until timestamptz
);
CREATE INDEX login_failures_last_at ON login_failures (last_at);

-- What a log-in is prolonged with, by its hash. Each is used once and replaced by the next of its family; one that is
-- used again was stolen, from whoever holds it now or held it before, and ends the family.
CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    family text NOT NULL,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_revoked ON refresh_tokens (family) WHERE revoked_at IS NOT NULL;
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
DROP TABLE refresh_tokens;
        DROP TABLE login_failures;
        DROP TABLE accounts;
    """)
