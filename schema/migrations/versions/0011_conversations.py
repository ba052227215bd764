"""Conversations, which requests belong to them, and which were deleted with them.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLES = """
-- What learners and the tutor talked about, by the name that the client gave it; without a title until something is
-- asked. `last_at` is when something was asked last.
CREATE TABLE conversations (
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    id text NOT NULL,
    title text,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, id)
);
CREATE INDEX conversations_last_at ON conversations (user_id, last_at, id);

ALTER TABLE requests
    ADD COLUMN conversation_id text,
    ADD CONSTRAINT requests_conversation FOREIGN KEY (user_id, conversation_id)
        REFERENCES conversations ON DELETE CASCADE;
CREATE INDEX requests_conversation ON requests (user_id, conversation_id, created_at)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX messages_request ON messages (request_id);

-- Requests that were deleted with their conversation: what is still said about them is not kept.
CREATE TABLE discarded_requests (
    request_id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    discarded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX discarded_requests_learner ON discarded_requests (learner_id);
CREATE INDEX discarded_requests_discarded_at ON discarded_requests (discarded_at);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
        DROP TABLE discarded_requests;
        DROP INDEX messages_request;
        ALTER TABLE requests DROP COLUMN conversation_id;
        DROP TABLE conversations;
    """)
