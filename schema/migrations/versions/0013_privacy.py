"""Who is gone, and what a language model was sent.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = """
-- Those who are gone, by a salted hash of their id, so that nothing of theirs that comes late is kept.
CREATE TABLE erased (
    id_hash bytea PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT now()
);

-- One row: what ids are hashed with.
CREATE TABLE erasure_salt (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    salt text NOT NULL DEFAULT gen_random_uuid()::text || gen_random_uuid()::text
);
INSERT INTO erasure_salt DEFAULT VALUES;

CREATE FUNCTION erasure_hash(id text) RETURNS bytea LANGUAGE sql STABLE
    RETURN (SELECT sha256(convert_to(salt || id, 'UTF8')) FROM erasure_salt);

-- Everything a person owns refers to their row, so what belongs to one who is gone cannot be stored.
CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM erased WHERE id_hash = erasure_hash(NEW.id)) THEN
        RAISE EXCEPTION 'this person has been deleted' USING ERRCODE = 'LF410';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_erased AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse_erased();

-- What was sent to a language model for whom, so that they can see it.
CREATE TABLE model_calls (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    called_at timestamptz NOT NULL,
    function text NOT NULL,
    model text NOT NULL,
    sent json NOT NULL,
    received text,
    prompt_tokens integer,
    answer_tokens integer
);
CREATE INDEX model_calls_learner ON model_calls (learner_id, called_at);
CREATE INDEX model_calls_called_at ON model_calls (called_at);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
DROP TABLE model_calls;
        DROP TRIGGER refuse_erased ON users;
        DROP FUNCTION refuse_erased, erasure_hash;
        DROP TABLE erasure_salt;
        DROP TABLE erased;
    """)
