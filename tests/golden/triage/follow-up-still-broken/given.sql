INSERT INTO users (id) VALUES ('ada');
INSERT INTO conversations (user_id, id, title) VALUES ('ada', 'monday', 'Loops');
INSERT INTO messages (id, learner_id, request_id, type, body) VALUES
    ('m1', 'ada', 'r1', 'org.learnflow.concept.explained.v1', '{"topic": "loops", "title": "Loops", "level": "intermediate"}'),
    ('m2', 'ada', 'r2', 'org.learnflow.error.explained.v1', '{"topic": "variables", "error": {"type": "NameError"}}');
INSERT INTO requests (id, user_id, kind, status, routed_to, answer_message_id, body, body_hash, created_at, conversation_id)
VALUES
    ('r1', 'ada', 'question', 'answered', 'concepts', 'm1', '{"question": "How do loops work in detail?"}', '',
     '2026-11-21T08:00Z', 'monday'),
    ('r2', 'ada', 'debugging', 'answered', NULL, 'm2',
     '{"question": "", "code": "total = 5\nprint(totl)", "error_message": "NameError: name ''totl'' is not defined"}', '',
     '2026-11-21T08:30Z', 'monday');
