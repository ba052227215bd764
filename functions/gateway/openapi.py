"""What /docs says of the API."""

TITLE = "LearnFlow"
DESCRIPTION = """
The tutor for people who learn Python.

* **Ask** with `POST /api/v1/query`.
* **Get help** with `POST /api/v1/debug`, and an opinion with `POST /api/v1/review`.
* **Run** a program with `POST /api/v1/execute`.
* **Practise** with `GET /api/v1/exercises` and `POST /api/v1/exercises/submit`.
* **Be asked** with `POST /api/v1/quizzes/next`, and answer with `POST /api/v1/quizzes/{id}/answers`.
* **See how far you are** with `GET /api/v1/progress/{user_id}`.
* **See what you are told** with `GET /api/v1/notifications/{user_id}`.
* **Look** with `GET /api/v1/requests/{id}`.
* **Wait** with the header `Prefer: wait=10`: the answer to a command is 202 and a place to look, or, if it comes in
  time, the answer itself.
* **Repeat safely** with the header `Idempotency-Key`.

Whatever goes wrong is told as an RFC 9457 problem (`application/problem+json`) that names the field.
"""
TAGS = [
    {"name": "learning", "description": "Questions and their answers, and how far they have brought you."},
    {"name": "helping", "description": "Code that does not work, and code that could be better."},
    {"name": "practising", "description": "Running code, exercises, handing them in, and quizzes."},
    {"name": "notifications", "description": "What people are told, and what they want to be told of."},
    {"name": "operations", "description": "For whoever runs it."},
]
