-- LearnFlow's database as it is today, whole. The migrations are the road to it; a test proves that both agree.

-- Everybody who learns or teaches. A learner known only from Kafka has an id and nothing else.
CREATE TABLE users (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    role text NOT NULL DEFAULT 'learner' CHECK (role IN ('learner', 'teacher', 'admin', 'service')),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- What each function has handled and what it answered, so that an event that arrives again changes nothing.
CREATE TABLE inbox (
    function text NOT NULL,
    source text NOT NULL,
    id text NOT NULL,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    reply json,
    handled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (function, source, id)
);
CREATE INDEX inbox_learner ON inbox (learner_id);
CREATE INDEX inbox_handled_at ON inbox (handled_at);

-- What people asked for through the gateway. `body` is kept to post the question again if it got lost on the way.
CREATE TABLE requests (
    id text PRIMARY KEY,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'answered', 'declined', 'failed')),
    routed_to text,
    confidence real,
    answer_message_id text,
    body jsonb NOT NULL,
    body_hash text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    routed_at timestamptz,
    posted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX requests_user ON requests (user_id, created_at);

-- Everything that was said to a learner, in the order in which it was stored.
CREATE TABLE messages (
    id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    request_id text NOT NULL,
    type text NOT NULL,
    body json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX messages_learner ON messages (learner_id, seq);

-- The explanations that were made, kept until the tutor that made them changes.
CREATE TABLE explanations (
    topic text NOT NULL,
    level text NOT NULL,
    tutor_version text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, level, tutor_version)
);

-- The audit log: every event that crossed the broker, as it was received.
CREATE TABLE events (
    source text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    learner_id text REFERENCES users ON DELETE CASCADE,
    correlation_id text NOT NULL,
    time timestamptz NOT NULL,
    event jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, id)
);
CREATE INDEX events_learner ON events (learner_id, time);
CREATE INDEX events_correlation ON events (correlation_id);

-- Events that a function gave up on. `times` counts the first failure and every failed replay.
CREATE TABLE dead_letters (
    source text NOT NULL,
    id text NOT NULL,
    destination text NOT NULL,
    function text NOT NULL,
    type text NOT NULL,
    learner_id text REFERENCES users ON DELETE CASCADE,
    correlation_id text NOT NULL,
    event jsonb NOT NULL,
    error_code integer,
    error_data text,
    first_seen timestamptz NOT NULL DEFAULT now(),
    last_seen timestamptz NOT NULL DEFAULT now(),
    times integer NOT NULL DEFAULT 1,
    replayed_at timestamptz,
    PRIMARY KEY (source, id, destination)
);
CREATE INDEX dead_letters_last_seen ON dead_letters (last_seen);
CREATE INDEX dead_letters_learner ON dead_letters (learner_id);

-- How well a learner knows each topic, 0 to 100.
CREATE TABLE progress (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    topic text NOT NULL,
    mastery smallint NOT NULL CHECK (mastery BETWEEN 0 AND 100),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, topic) INCLUDE (mastery)
);

-- Every error of a learner's that a function saw. Two functions may see the same one: of a program's error at a line
-- counts what the one that saw it oftenest has seen.
CREATE TABLE error_occurrences (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    error_type text NOT NULL,
    line integer,
    code_hash text NOT NULL,
    occurred_at timestamptz NOT NULL,
    seen_by text NOT NULL DEFAULT 'debug'
);
CREATE INDEX error_occurrences_learner ON error_occurrences (learner_id, occurred_at)
    INCLUDE (error_type, line, code_hash, seen_by);

-- When a learner was last handed an exercise, so that the next one is another.
CREATE TABLE exercises_given (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    exercise_id text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, exercise_id) INCLUDE (given_at)
);

-- What learners handed in. The id is that of the request it came with; `ungraded` could not be tried.
CREATE TABLE submissions (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    exercise_id text NOT NULL,
    attempt integer NOT NULL CHECK (attempt >= 1),
    code text NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'graded', 'ungraded')),
    score smallint CHECK (score BETWEEN 0 AND 100),
    passed boolean NOT NULL DEFAULT false,
    submitted_at timestamptz NOT NULL,
    graded_at timestamptz,
    UNIQUE (learner_id, exercise_id, attempt) INCLUDE (score, passed)
);

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
