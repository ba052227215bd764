"""What tests of courses need: a course that learners are in, changed by its teacher, and left."""

COURSE = """
    INSERT INTO courses (id, teacher_id, title, code, allowed_topics, hint_policy, solution_policy, model)
    VALUES (%(id)s, 'grace', 'Python', %(id)s, %(topics)s, %(hints)s, %(solutions)s, %(model)s)
    ON CONFLICT (id) DO UPDATE SET allowed_topics = excluded.allowed_topics, hint_policy = excluded.hint_policy,
        solution_policy = excluded.solution_policy, model = excluded.model
"""


def course(db, topics=None, hints="all", solutions="after_passing", *, model=True, id="c1", learner="ada"):
    """Make it so that a learner is in a course that lets the tutor do this."""
    db.execute("INSERT INTO users (id) VALUES (%s), ('grace') ON CONFLICT DO NOTHING", [learner])
    values = {"id": id, "topics": topics, "hints": hints, "solutions": solutions, "model": model}
    db.execute(COURSE, values)
    db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", [id, learner])


def leave(db, id="c1", learner="ada"):
    """Take a learner out of a course."""
    db.execute("DELETE FROM enrolments WHERE course_id = %s AND learner_id = %s", [id, learner])
