"""Courses, who is in them, and how many answers of a language model they had.

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
CREATE INDEX courses_teacher ON courses (teacher_id, created_at);

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
"""


def upgrade() -> None:
    """Make them."""
    op.execute(TABLES)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("""
DROP TABLE course_quotas;
        DROP TABLE enrolments;
        DROP TABLE courses;
    """)
