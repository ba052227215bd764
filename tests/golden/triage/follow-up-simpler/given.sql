INSERT INTO users (id) VALUES ('ada');
INSERT INTO conversations (user_id, id, title) VALUES ('ada', 'monday', 'Loops');
INSERT INTO messages (id, learner_id, request_id, type, body) VALUES
    ('m1', 'ada', 'r1', 'org.learnflow.concept.explained.v1', '{"topic": "loops", "title": "Loops", "level": "intermediate"}');
INSERT INTO requests (id, user_id, kind, status, routed_to, answer_message_id, body, body_hash, created_at, conversation_id)
VALUES
    ('r1', 'ada', 'question', 'answered', 'concepts', 'm1', '{"question": "How do loops work in detail?"}', '',
     '2026-11-21T08:00Z', 'monday'),
    ('r3', 'ada', 'question', 'pending', NULL, NULL, '{"question": "What is a list?"}', '', '2026-11-21T09:01Z', 'monday');
