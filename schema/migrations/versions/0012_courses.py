"""Courses, who is in them and teaches whom, and how many answers of a language model they had.

pre-deploy: it only adds.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = """
-- What a teacher lets learners do who joined by its code. `allowed_topics` null: all there are; `daily_model_answers`
-- is for all its learners together, null: as many as they have themselves.
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
    created_at timestamptz NOT NULL DEFAULT now()
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

-- How many answers of a language model the learners of each course had on each day (UTC).
CREATE TABLE course_quotas (
    course_id text NOT NULL REFERENCES courses ON DELETE CASCADE,
    day date NOT NULL,
    model_answers integer NOT NULL CHECK (model_answers >= 0),
    PRIMARY KEY (course_id, day) INCLUDE (model_answers)
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

CREATE INDEX users_staff ON users (id) WHERE role IN ('admin', 'service');
CREATE INDEX alerts_open ON alerts (user_id, about) WHERE kind = 'struggle' AND dismissed_at IS NULL;
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
        DROP INDEX alerts_open;
        DROP INDEX users_staff;
        DROP VIEW overall_mastery;
        DROP VIEW teaching;
        DROP TABLE course_quotas;
        DROP TABLE enrolments;
        DROP TABLE courses;
    """)
