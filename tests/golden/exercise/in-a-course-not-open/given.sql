-- Ada is in a course.
INSERT INTO users (id, role) VALUES ('ada', 'learner'), ('grace', 'teacher');
INSERT INTO courses (id, teacher_id, title, code, allowed_topics, hint_policy, solution_policy)
VALUES ('c1', 'grace', 'Python for all', 'CODE-1', ARRAY['variables', 'conditionals', 'loops'], 'all', 'after_passing');
INSERT INTO enrolments (course_id, learner_id) VALUES ('c1', 'ada');
