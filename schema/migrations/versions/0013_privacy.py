"""Who is gone, how long what is kept, and what a language model was sent.

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

-- Everything a person owns refers to their row, so what belongs to one who is gone cannot be stored. Whoever erases
-- waits for all who are making such a row, or are writing what `hide_erased` is about, and whoever comes later sees who
-- is gone (functions/gateway/erasing.py).
CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(5721037);
    IF EXISTS (SELECT FROM erased WHERE id_hash = erasure_hash(NEW.id)) THEN
        RAISE EXCEPTION 'this person has been deleted' USING ERRCODE = 'LF410';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_erased AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse_erased();

-- Those who are told of something, as a list of ids or of objects with a user_id, with `(deleted)`, which is nobody's
-- id, in the place of each who is gone.
CREATE FUNCTION without_erased(told jsonb) RETURNS jsonb LANGUAGE sql STABLE
    RETURN (
        SELECT coalesce(jsonb_agg(
            CASE
                WHEN NOT EXISTS (
                    SELECT FROM erased WHERE id_hash = erasure_hash(coalesce(one ->> 'user_id', one #>> '{}'))
                ) THEN one
                WHEN jsonb_typeof(one) = 'object' THEN '{"user_id": "(deleted)", "alert_id": "(deleted)"}'
                ELSE '"(deleted)"'
            END ORDER BY place), '[]')
        FROM jsonb_array_elements(told) WITH ORDINALITY AS each (one, place)
    );

-- What people tell each other names those who are told, in rows that are the teller's.
CREATE FUNCTION hide_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(5721037);
    CASE TG_TABLE_NAME
        WHEN 'inbox' THEN
            NEW.reply := jsonb_set(NEW.reply::jsonb, '{data,recipients}',
                                   without_erased(NEW.reply::jsonb #> '{data,recipients}'));
        WHEN 'messages' THEN
            NEW.body := jsonb_set(NEW.body::jsonb, '{recipients}', without_erased(NEW.body::jsonb #> '{recipients}'));
        WHEN 'requests' THEN
            NEW.body := jsonb_set(NEW.body, '{recipients}', without_erased(NEW.body #> '{recipients}'));
        ELSE
            NEW.event := jsonb_set(NEW.event, '{data,recipients}', without_erased(NEW.event #> '{data,recipients}'));
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER hide_erased BEFORE INSERT ON events FOR EACH ROW
    WHEN (jsonb_typeof(NEW.event #> '{data,recipients}') = 'array') EXECUTE FUNCTION hide_erased();
CREATE TRIGGER hide_erased BEFORE INSERT ON dead_letters FOR EACH ROW
    WHEN (jsonb_typeof(NEW.event #> '{data,recipients}') = 'array') EXECUTE FUNCTION hide_erased();
CREATE TRIGGER hide_erased BEFORE UPDATE OF reply ON inbox FOR EACH ROW
    WHEN (NEW.function = 'notification' AND jsonb_typeof(NEW.reply::jsonb #> '{data,recipients}') = 'array')
    EXECUTE FUNCTION hide_erased();
CREATE TRIGGER hide_erased BEFORE INSERT ON messages FOR EACH ROW
    WHEN (NEW.type = 'org.learnflow.alert.raised.v1' AND jsonb_typeof(NEW.body::jsonb #> '{recipients}') = 'array')
    EXECUTE FUNCTION hide_erased();
CREATE TRIGGER hide_erased BEFORE INSERT ON requests FOR EACH ROW
    WHEN (NEW.kind = 'alert' AND jsonb_typeof(NEW.body #> '{recipients}') = 'array') EXECUTE FUNCTION hide_erased();

-- By these whoever erases finds the same rows, and what belongs to nobody.
CREATE INDEX events_told ON events USING gin ((event #> '{data,recipients}') jsonb_path_ops)
    WHERE jsonb_typeof(event #> '{data,recipients}') = 'array';
CREATE INDEX dead_letters_told ON dead_letters USING gin ((event #> '{data,recipients}') jsonb_path_ops)
    WHERE jsonb_typeof(event #> '{data,recipients}') = 'array';
CREATE INDEX inbox_told ON inbox USING gin ((reply::jsonb #> '{data,recipients}') jsonb_path_ops)
    WHERE function = 'notification';
CREATE INDEX messages_told ON messages USING gin ((body::jsonb #> '{recipients}') jsonb_path_ops)
    WHERE type = 'org.learnflow.alert.raised.v1';
CREATE INDEX requests_told ON requests USING gin ((body #> '{recipients}') jsonb_path_ops) WHERE kind = 'alert';
CREATE INDEX events_nobodys ON events (recorded_at) WHERE learner_id IS NULL AND source <> '/learnflow/erased';

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
CREATE INDEX model_calls_learner ON model_calls (learner_id, called_at, id);
CREATE INDEX model_calls_called_at ON model_calls (called_at);

-- Up to when what was kept is forgotten by now (schema/retention.toml).
CREATE TABLE forgotten (
    what text PRIMARY KEY,
    before timestamptz NOT NULL
);

-- By these what is old is found.
CREATE INDEX events_recorded_at ON events (recorded_at);
CREATE INDEX conversations_age ON conversations (last_at);
CREATE INDEX requests_created_at ON requests (created_at);
CREATE INDEX messages_created_at ON messages (created_at);
CREATE INDEX error_occurrences_occurred_at ON error_occurrences (occurred_at);
CREATE INDEX reviews_reviewed_at ON reviews (reviewed_at);
CREATE INDEX quizzes_posed_at ON quizzes (posed_at);
CREATE INDEX struggle_runs_ran_at ON struggle_runs (ran_at);
CREATE INDEX struggle_signals_raised_at ON struggle_signals (raised_at);
CREATE INDEX alerts_created_at ON alerts (created_at);
CREATE INDEX deliveries_ended ON deliveries (due_at) WHERE status NOT IN ('pending', 'sending');
CREATE INDEX learner_quotas_day ON learner_quotas (day);
CREATE INDEX course_quotas_day ON course_quotas (day);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
        DROP INDEX course_quotas_day, learner_quotas_day, deliveries_ended, alerts_created_at,
            struggle_signals_raised_at, struggle_runs_ran_at, quizzes_posed_at, reviews_reviewed_at,
            error_occurrences_occurred_at, messages_created_at, requests_created_at, conversations_age,
            events_recorded_at;
        DROP TABLE forgotten;
        DROP TABLE model_calls;
        DROP INDEX events_nobodys, requests_told, messages_told, inbox_told, dead_letters_told, events_told;
        DROP TRIGGER hide_erased ON requests;
        DROP TRIGGER hide_erased ON messages;
        DROP TRIGGER hide_erased ON inbox;
        DROP TRIGGER hide_erased ON dead_letters;
        DROP TRIGGER hide_erased ON events;
        DROP FUNCTION hide_erased;
        DROP FUNCTION without_erased;
        DROP TRIGGER refuse_erased ON users;
        DROP FUNCTION refuse_erased;
        DROP FUNCTION erasure_hash;
        DROP TABLE erasure_salt;
        DROP TABLE erased;
    """)
