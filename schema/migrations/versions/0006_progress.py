"""How far learners have come, as sums to which events may be added in any order; and learners' time zones.

with the deploy: functions from before it read `progress.mastery`, which nothing wrote; they fail, and are called again,
until the new ones are there.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

TIME_ZONES = """
ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC'
    CHECK (timestamptz 'epoch' AT TIME ZONE time_zone IS NOT NULL);
"""

TABLES = """
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
"""

# Whole numbers up to the one division, so that rounding half up is exact; functions/shared/standing/mastery.py says the
# same.
VIEW = """
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
"""

BEFORE = """
-- How well a learner knows each topic, 0 to 100.
CREATE TABLE progress (
    learner_id text NOT NULL REFERENCES users ON DELETE CASCADE,
    topic text NOT NULL,
    mastery smallint NOT NULL CHECK (mastery BETWEEN 0 AND 100),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, topic) INCLUDE (mastery)
);
"""


def upgrade() -> None:
    """Make the tables anew; scripts/rebuild-progress fills them from the audit log."""
    op.execute("DROP TABLE progress")
    op.execute(TIME_ZONES)
    op.execute(TABLES)
    op.execute(VIEW)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP VIEW mastery")
    op.execute("DROP TABLE progress, exercise_best, quiz_firsts, program_quality, activity_days")
    op.execute("ALTER TABLE users DROP COLUMN time_zone")
    op.execute(BEFORE)
