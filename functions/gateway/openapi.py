"""What /docs says of the API."""

TITLE = "LearnFlow"
DESCRIPTION = """
The tutor for people who learn Python.

* **Register** with `POST /api/v1/auth/register`, **log in** with `POST /api/v1/auth/login`, and send the
  `access_token` with everything else: `Authorization: Bearer …`.
* **Ask** with `POST /api/v1/query`.
* **Get help** with `POST /api/v1/debug`, and an opinion with `POST /api/v1/review`.
* **Run** a program with `POST /api/v1/execute`.
* **Practise** with `GET /api/v1/exercises` and `POST /api/v1/exercises/submit`.
* **Be asked** with `POST /api/v1/quizzes/next`, and answer with `POST /api/v1/quizzes/{id}/answers`.
* **See how far you are** with `GET /api/v1/progress/{user_id}`.
* **Join a course** with `POST /api/v1/enrolments`; **teach one** with `POST /api/v1/courses`, and see how its learners
  are with `GET /api/v1/courses/{id}/learners`.
* **See what you are told** with `GET /api/v1/notifications/{user_id}`.
* **See what you may**, and what is left of it, with `GET /api/v1/me/limits`.
* **See what is kept of you** with `GET /api/v1/me/export`, and what a language model was sent with
  `GET /api/v1/me/model-calls`; **be forgotten** with `DELETE /api/v1/me`.
* **Go on** where you were: send a `session_id`, and see your conversations with `GET /api/v1/conversations`.
* **Look** with `GET /api/v1/requests/{id}`.
* **Wait** with the header `Prefer: wait=10`: the answer to a command is 202 and a place to look, or, if it comes in
  time, the answer itself.
* **Repeat safely** with the header `Idempotency-Key`.

Whatever goes wrong is told as an RFC 9457 problem (`application/problem+json`) that names the field.
"""
TAGS = [
    {"name": "identity", "description": "Registering, logging in, and who people are."},
    {"name": "learning", "description": "Questions and their answers, and how far they have brought you."},
    {"name": "helping", "description": "Code that does not work, and code that could be better."},
    {"name": "practising", "description": "Running code, exercises, handing them in, and quizzes."},
    {"name": "teaching", "description": "Courses: joining one, what it lets learners do, and how its learners are."},
    {"name": "conversations", "description": "What you asked and were told, kept together."},
    {"name": "notifications", "description": "What people are told, and what they want to be told of."},
    {"name": "privacy", "description": "What is kept of you, what leaves, and being forgotten."},
    {"name": "operations", "description": "For whoever runs it."},
]
