-- LearnFlow's database as it is today, whole. The migrations are the road to it; a test proves that both agree.

-- Everybody who learns or teaches. A learner known only from Kafka has an id and nothing else.
CREATE TABLE users (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    role text NOT NULL DEFAULT 'learner' CHECK (role IN ('learner', 'teacher', 'admin', 'service')),
    created_at timestamptz NOT NULL DEFAULT now(),
    time_zone text NOT NULL DEFAULT 'UTC' CHECK (timestamptz 'epoch' AT TIME ZONE time_zone IS NOT NULL)
);
CREATE INDEX users_staff ON users (id) WHERE role IN ('admin', 'service');

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
    posted_at timestamptz NOT NULL DEFAULT now(),
    conversation_id text,
    CONSTRAINT requests_conversation FOREIGN KEY (user_id, conversation_id) REFERENCES conversations ON DELETE CASCADE
);
CREATE INDEX requests_user ON requests (user_id, created_at);
CREATE INDEX requests_conversation ON requests (user_id, conversation_id, created_at)
    WHERE conversation_id IS NOT NULL;

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
CREATE INDEX messages_request ON messages (request_id);

-- Requests that were deleted with their conversation: what is still said about them is not kept.
CREATE TABLE discarded_requests (
    request_id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    discarded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX discarded_requests_learner ON discarded_requests (learner_id);
CREATE INDEX discarded_requests_discarded_at ON discarded_requests (discarded_at);

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

-- What learners have shown of each topic, and under '' of all there is. Sums alone, to which events may be added in any
-- order; how well something is known follows from them when it is read.
CREATE TABLE progress (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    topic text NOT NULL,
    exercises integer NOT NULL DEFAULT 0,
    score_sum integer NOT NULL DEFAULT 0 CHECK (score_sum BETWEEN 0 AND 100 * exercises),
    answers integer NOT NULL DEFAULT 0,
    right_answers integer NOT NULL DEFAULT 0 CHECK (right_answers BETWEEN 0 AND answers),
    programs integer NOT NULL DEFAULT 0,
    quality_sum integer NOT NULL DEFAULT 0 CHECK (quality_sum BETWEEN 0 AND 100 * programs),
    passed_alone integer NOT NULL DEFAULT 0,
    passed_helped integer NOT NULL DEFAULT 0,
    last_day date,
    PRIMARY KEY (learner_id, topic)
        INCLUDE (exercises, score_sum, answers, right_answers, programs, quality_sum)
);

-- The best that a learner did with an exercise, since when it is passed, and since when they had help with it.
CREATE TABLE exercise_best (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    exercise_id text NOT NULL,
    best_score smallint CHECK (best_score BETWEEN 0 AND 100),
    passed_at timestamptz,
    helped_at timestamptz,
    PRIMARY KEY (learner_id, exercise_id)
);

-- The first answer that a learner ever gave to a quiz question.
CREATE TABLE quiz_firsts (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    question_id text NOT NULL,
    correct boolean NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, question_id)
);

-- What the latest review said of a learner's program: of the one for an exercise, else of the one with that hash.
CREATE TABLE program_quality (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    program text NOT NULL,
    quality smallint NOT NULL CHECK (quality BETWEEN 0 AND 100),
    reviewed_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, program)
);

-- The days on which learners did something, in their own time zones.
CREATE TABLE activity_days (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    PRIMARY KEY (learner_id, day)
);

-- How well each learner knows each topic today, 0 to 100: 40 % exercises, 30 % quizzes, 20 % code quality, 10 % active
-- days of the last 30; rounded half up.
CREATE VIEW mastery AS
SELECT progress.learner_id, topic,
       div(24 * score_sum * a * p + 1800 * right_answers * e * p + 12 * quality_sum * e * a
               + (20 * active_days + 30) * e * a * p,
           60 * e * a * p)::smallint AS mastery
FROM users
CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE time_zone)::date AS today) AS calendar
CROSS JOIN LATERAL (
    SELECT count(*) AS active_days FROM activity_days
    WHERE activity_days.learner_id = users.id AND day > today - 30 AND day <= today
) AS consistency
JOIN progress ON progress.learner_id = users.id
CROSS JOIN LATERAL (
    SELECT greatest(exercises, 1)::numeric AS e, greatest(answers, 1)::numeric AS a, greatest(programs, 1)::numeric AS p
) AS counts
WHERE topic <> '';

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

-- How often a learner in a course that stages hints asked about a mistake, so that each time brings one hint more.
-- `mistake` is a hash of the program, the error and its line; the same request again is no further time. `written` is what
-- a language model wrote of it, all hints at once, from which those come that are asked for later.
CREATE TABLE hints_asked (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    mistake text NOT NULL,
    times integer NOT NULL DEFAULT 1 CHECK (times >= 1),
    request_id text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    written jsonb,
    PRIMARY KEY (learner_id, mistake)
);
CREATE INDEX hints_asked_asked_at ON hints_asked (asked_at);

-- When a learner was last handed an exercise, so that the next one is another.
CREATE TABLE exercises_given (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    exercise_id text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, exercise_id) INCLUDE (given_at)
);

-- Exercises that a language model wrote for a learner, whose wish went into them, once the sandbox has shown that they
-- are some: the topic, by whom, and the exercise in the curriculum's form.
CREATE TABLE made_exercises (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    id text NOT NULL,
    body jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, id)
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
-- The latest graded submissions of a learner on a topic, whose exercises are called `<topic>/<exercise>`.
CREATE INDEX submissions_topic ON submissions (learner_id, split_part(exercise_id, '/', 1), submitted_at, attempt)
    INCLUDE (exercise_id, passed, score) WHERE score IS NOT NULL;

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

-- How each run of a learner's program ended; no error type: well.
CREATE TABLE struggle_runs (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    ran_at timestamptz NOT NULL,
    error_type text
);
CREATE INDEX struggle_runs_learner ON struggle_runs (learner_id, ran_at, id) INCLUDE (error_type);

-- Signs that a learner is stuck, and what each rests on; about which error, exercise or topic it is. One that somebody
-- dismissed is followed by a day of quiet about the same.
CREATE TABLE struggle_signals (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    signal text NOT NULL,
    about text NOT NULL,
    evidence jsonb NOT NULL,
    raised_at timestamptz NOT NULL,
    dismissed_at timestamptz
);
CREATE INDEX struggle_signals_learner ON struggle_signals (learner_id, signal, about, raised_at)
    INCLUDE (dismissed_at);

-- What people are told, each in their own words, in the order in which it was stored. `about` is the learner it is
-- about, of a message who sent it; `signal_id` names the sign that a learner is stuck.
CREATE TABLE alerts (
    id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    about text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('struggle', 'progress', 'message')),
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'urgent')),
    title text NOT NULL,
    message text NOT NULL,
    evidence jsonb NOT NULL DEFAULT '{}',
    signal_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    dismissed_at timestamptz
);
CREATE INDEX alerts_user ON alerts (user_id, seq);
CREATE INDEX alerts_unread ON alerts (user_id, seq) WHERE read_at IS NULL;
CREATE INDEX alerts_about ON alerts (about);
CREATE INDEX alerts_open ON alerts (user_id, about) WHERE kind = 'struggle' AND dismissed_at IS NULL;

-- Who wants to be told of what about whom (`learner_id` null: about everybody), where to send copies, and when not to.
CREATE TABLE subscriptions (
    id text PRIMARY KEY,
    subscriber_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    learner_id text REFERENCES users ON DELETE CASCADE,
    kinds text[] NOT NULL CHECK (kinds <@ ARRAY['struggle', 'progress', 'message']),
    channels text[] NOT NULL CHECK (channels <@ ARRAY['in_app', 'webhook', 'email']),
    webhook_url text CHECK ((webhook_url IS NOT NULL) = ('webhook' = ANY (channels))),
    webhook_secret text CHECK ((webhook_secret IS NOT NULL) = (webhook_url IS NOT NULL)),
    email text CHECK ((email IS NOT NULL) = ('email' = ANY (channels))),
    quiet_from time,
    quiet_to time CHECK ((quiet_to IS NULL) = (quiet_from IS NULL) AND quiet_to <> quiet_from),
    time_zone text NOT NULL DEFAULT 'UTC',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (subscriber_id, learner_id)
);
CREATE INDEX subscriptions_learner ON subscriptions (learner_id, created_at);

-- Each way by which an alert goes to its reader. `due_at` is when to send what is pending, and when to give up waiting
-- for whoever is sending; `unsure` is what may or may not have arrived.
CREATE TABLE deliveries (
    alert_id text NOT NULL REFERENCES alerts ON DELETE CASCADE,
    channel text NOT NULL CHECK (channel IN ('in_app', 'webhook', 'email')),
    subscription_id text REFERENCES subscriptions ON DELETE SET NULL,
    target text,
    status text NOT NULL CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'unsure', 'skipped')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    due_at timestamptz NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (alert_id, channel)
);
CREATE INDEX deliveries_open ON deliveries (due_at) WHERE status IN ('pending', 'sending');
CREATE INDEX deliveries_subscription ON deliveries (subscription_id);

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

-- When each of those who send requests, by key, has used up nothing any more. Worthless after a crash, so unlogged;
-- every request changes a row or two in place, so there is room on its page and no index on what changes.
CREATE UNLOGGED TABLE rates (
    key text PRIMARY KEY,
    free_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- How many answers of a language model each learner had on each day (UTC), and what they took: tokens, and millionths of
-- the prices' currency.
CREATE TABLE learner_quotas (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    model_answers integer NOT NULL CHECK (model_answers >= 0),
    tokens bigint NOT NULL DEFAULT 0 CHECK (tokens >= 0),
    cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),
    PRIMARY KEY (learner_id, day) INCLUDE (model_answers)
);

-- Which events an answer of a language model was counted for, when, and in which courses, so that one that comes again
-- counts once, and one that brought no answer can be given back. `reserved` are the tokens that are counted for it until
-- it is known how many it took, `reserved_cost` the money.
CREATE TABLE model_grants (
    function text NOT NULL,
    source text NOT NULL,
    id text NOT NULL,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    day date NOT NULL,
    course_ids text[] NOT NULL,
    reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    reserved_cost bigint NOT NULL DEFAULT 0 CHECK (reserved_cost >= 0),
    PRIMARY KEY (function, source, id)
);
CREATE INDEX model_grants_learner ON model_grants (learner_id);
CREATE INDEX model_grants_day ON model_grants (day);

-- What a teacher lets learners do who joined by its code. `allowed_topics` null: all there are; `daily_model_answers`,
-- `daily_model_tokens` and `daily_model_cost`, in millionths of the prices' currency, are for all its learners together,
-- null: as much as they have themselves.
CREATE TABLE courses (
    id text PRIMARY KEY,
    teacher_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    title text NOT NULL,
    code text NOT NULL UNIQUE,
    allowed_topics text[],
    hint_policy text NOT NULL DEFAULT 'all' CHECK (hint_policy IN ('staged', 'all')),
    solution_policy text NOT NULL DEFAULT 'after_passing' CHECK (solution_policy IN ('after_passing', 'never')),
    model boolean NOT NULL DEFAULT true,
    daily_model_answers integer CHECK (daily_model_answers >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    daily_model_tokens integer CHECK (daily_model_tokens >= 0),
    daily_model_cost bigint CHECK (daily_model_cost >= 0)
);
CREATE INDEX courses_teacher ON courses (teacher_id, created_at, id);

-- Who is in which course.
CREATE TABLE enrolments (
    course_id text NOT NULL REFERENCES courses ON DELETE CASCADE,
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    joined_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (course_id, learner_id)
);
CREATE INDEX enrolments_learner ON enrolments (learner_id, course_id);

-- How many answers of a language model the learners of each course had on each day (UTC), and what they took.
CREATE TABLE course_quotas (
    course_id text NOT NULL REFERENCES courses ON DELETE CASCADE,
    day date NOT NULL,
    model_answers integer NOT NULL CHECK (model_answers >= 0),
    tokens bigint NOT NULL DEFAULT 0 CHECK (tokens >= 0),
    cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),
    PRIMARY KEY (course_id, day) INCLUDE (model_answers)
);

-- What everybody's answers of a language model cost in each month (UTC), in millionths of the prices' currency.
CREATE TABLE model_months (
    month date PRIMARY KEY,
    cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0)
);

-- Who teaches whom: whoever is a teacher, and has a course that the learner is in.
CREATE VIEW teaching AS
SELECT teacher_id, learner_id, course_id
FROM enrolments JOIN courses ON courses.id = course_id JOIN users ON users.id = teacher_id
WHERE role IN ('teacher', 'admin');

-- How well each learner knows all there is taken together, reckoned as `mastery` is, as of their today; of
-- those too of whom nothing is known but days.
CREATE VIEW overall_mastery AS
SELECT users.id AS learner_id,
       div(24 * coalesce(score_sum, 0) * a * p + 1800 * coalesce(right_answers, 0) * e * p
               + 12 * coalesce(quality_sum, 0) * e * a + (20 * active_days + 30) * e * a * p,
           60 * e * a * p)::smallint AS mastery,
       today
FROM users
CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE time_zone)::date AS today) AS calendar
CROSS JOIN LATERAL (
    SELECT count(*) AS active_days FROM activity_days
    WHERE activity_days.learner_id = users.id AND day > today - 30 AND day <= today
) AS consistency
LEFT JOIN progress ON progress.learner_id = users.id AND topic = ''
CROSS JOIN LATERAL (
    SELECT greatest(exercises, 1)::numeric AS e, greatest(answers, 1)::numeric AS a, greatest(programs, 1)::numeric AS p
) AS counts;

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
    answer_tokens integer,
    cost bigint
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
