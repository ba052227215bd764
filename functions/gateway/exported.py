"""What an export holds: of each table what is somebody's own, and why the rest is not in it.

A test has it that no table and no column is forgotten. What is of others stays out: their ids, and what is said about
them. What they said to somebody is in it, without who said it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OWNERS = ("learner_id", "user_id", "teacher_id", "subscriber_id")
"""Columns that hold the person's own id in every row: it is said once."""


@dataclass(frozen=True)
class Part:
    """What an export holds of a table. `whose` is the condition of a row; `made` are columns that are not exported as
    they are, `withheld` those that are not, and why."""

    table: str
    what: str
    whose: str
    columns: str
    order: str
    made: Mapping[str, str] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    """As what it is in the export, if that is not the table's name."""

    @property
    def member(self) -> str:
        """What it is called in the export."""
        return self.name or self.table

    @property
    def query(self) -> str:
        """What reads its rows, each as the text of a JSON object."""
        selected = ", ".join([*self.columns.split(), *(f"{made} AS {name}" for name, made in self.made.items())])
        return (
            f"SELECT to_json(one)::text FROM (SELECT {selected} FROM {self.table} WHERE {self.whose}"  # noqa: S608
            f" ORDER BY {self.order}) AS one"
        )

    @property
    def description(self) -> str:
        """What a reader is told of it."""
        return " ".join([self.what, *(f"Without `{name}`: {why}." for name, why in self.withheld.items())])


_LEARNER, _USER = "learner_id = %(person)s", "user_id = %(person)s"
# Who else was told, and what hidden tests call.
_OWN_EVENT = "event #- '{data,recipients}' #- '{data,trials}' #- '{data,results}'"
_ABOUT_ME = "about = %(person)s"
_SAID_TO_ME = f"{_ABOUT_ME} OR kind = 'message'"

PARTS = (
    Part("users", "You.", "id = %(person)s", "id role time_zone created_at", "id"),
    Part(
        "accounts", "What you log in as.", _USER, "username name created_at last_login_at", "username",
        withheld={"password_hash": "whoever has it can try passwords"},
    ),
    Part(
        "refresh_tokens", "Your log-ins: tokens of one family prolong the same one.", _USER,
        "family issued_at expires_at used_at revoked_at", "issued_at",
        withheld={"token_hash": "it is what a log-in is known by"},
    ),
    Part("conversations", "Your conversations.", _USER, "id title created_at last_at", "created_at, id"),
    Part(
        "requests", "What you asked for, in `body` as you sent it, but for the others whom you wrote to.", _USER,
        "id kind status routed_to confidence answer_message_id created_at routed_at posted_at conversation_id",
        "created_at, id",
        made={"body": "CASE WHEN kind = 'alert' THEN body - 'recipients' ELSE body END"},
        withheld={"body_hash": "it is made from `body`"},
    ),
    Part("discarded_requests", "Requests that you deleted: what is still said about them is not kept.", _LEARNER,
         "request_id discarded_at", "discarded_at"),
    Part(
        "messages", "What you were answered.", _LEARNER, "id seq request_id type created_at", "seq",
        made={"body": "CASE WHEN type = 'org.learnflow.alert.raised.v1' THEN (body::jsonb - 'recipients')::json "
                      "ELSE body END"},
    ),
    Part(
        "inbox", "Which function has handled what of yours.", _LEARNER, "function source id handled_at", "handled_at",
        withheld={"reply": "it is under `events`"},
    ),
    Part(
        "events", "The audit log: everything that happened because of you, without who else was told and without "
        "hidden tests.", _LEARNER, "source id type correlation_id time recorded_at", "time, id",
        made={"event": _OWN_EVENT},
    ),
    Part(
        "dead_letters", "What could not be done for you.", _LEARNER,
        "source id function type correlation_id error_code first_seen last_seen times replayed_at", "first_seen, id",
        made={"event": _OWN_EVENT},
        withheld={"destination": "an address in our network", "error_data": "our words on what broke there"},
    ),
    Part(
        "progress", "What you have shown of each topic, and under '' of all; your mastery follows from these sums.",
        _LEARNER, "topic exercises score_sum answers right_answers programs quality_sum passed_alone passed_helped "
        "last_day", "topic",
    ),
    Part("exercise_best", "The best you did with each exercise.", _LEARNER,
         "exercise_id best_score passed_at helped_at", "exercise_id"),
    Part("quiz_firsts", "Your first answer to each question.", _LEARNER, "question_id correct answered_at",
         "question_id"),
    Part("program_quality", "How well each of your programs is written.", _LEARNER, "program quality reviewed_at",
         "program"),
    Part("activity_days", "The days on which you did something.", _LEARNER, "day", "day"),
    Part("error_occurrences", "The errors that you met.", _LEARNER,
         "id error_type line code_hash occurred_at seen_by", "occurred_at, id"),
    Part("hints_asked", "How often you asked about each mistake, known by a hash, where hints come one at a time.",
         _LEARNER, "mistake times request_id asked_at", "asked_at",
         withheld={"written": "the hints that you had are under `messages`; the others are still to come"}),
    Part("exercises_given", "The exercises that you were handed.", _LEARNER, "exercise_id given_at", "given_at"),
    Part(
        "made_exercises", "The exercises that a language model wrote for you, without what would solve them.", _LEARNER,
        "id made_at", "made_at, id",
        made={"body": "body #- '{exercise,solution}' #- '{exercise,tests}' #- '{exercise,hints}'"},
    ),
    Part("submissions", "The solutions that you handed in.", _LEARNER,
         "id exercise_id attempt code status score passed submitted_at graded_at", "submitted_at, id"),
    Part(
        "drafts", "Answers to you that wait for a program to be run.", _LEARNER, "id requester created_at",
        "created_at",
        withheld={"body": "it is unfinished; what you sent is under `requests`"},
    ),
    Part("reviews", "What was said of your programs.", _LEARNER,
         "id submission_id topic code_hash quality reviewed_at", "reviewed_at, id"),
    Part(
        "quizzes", "The questions that you were asked.", _LEARNER, "id topic question_id edition posed_at",
        "posed_at, id",
        withheld={"option_order": "it would tell which option is right"},
    ),
    Part("quiz_answers", "How you answered each question, first and last.", _LEARNER,
         "question_id times first_right last_right answered_at", "question_id"),
    Part("struggle_runs", "How your programs ended.", _LEARNER, "id ran_at error_type", "ran_at, id"),
    Part("struggle_signals", "Signs that you were stuck, and what they rest on.", _LEARNER,
         "id signal about evidence raised_at dismissed_at", "raised_at, id"),
    Part(
        "alerts", "What you were told. Of what is about others only that you were told; of what others wrote to you, "
        "not who.", _USER, "id seq kind severity created_at read_at dismissed_at", "seq",
        made={
            "about": f"CASE WHEN {_ABOUT_ME} THEN about END",
            "signal_id": f"CASE WHEN {_ABOUT_ME} THEN signal_id END",
            **{column: f"CASE WHEN {_SAID_TO_ME} THEN {column} END" for column in ("title", "message", "evidence")},
        },
    ),
    Part(
        "alerts", "What others were told about you, or by you.", f"{_ABOUT_ME} AND user_id <> %(person)s",
        "kind severity title message evidence signal_id created_at", "seq",
        withheld={
            "id": "the alert is somebody else's",
            "seq": "the same",
            "about": "you",
            "read_at": "what they did with it is theirs",
            "dismissed_at": "the same",
        },
        name="alerts_about_you",
    ),
    Part(
        "deliveries", "Where what you were told was sent.",
        "alert_id IN (SELECT id FROM alerts WHERE user_id = %(person)s)",
        "alert_id channel subscription_id target status attempts due_at sent_at", "due_at",
        withheld={"last_error": "our words on what broke there"},
    ),
    Part(
        "subscriptions", "What you want to be told of.", "subscriber_id = %(person)s",
        "id kinds channels webhook_url email quiet_from quiet_to time_zone created_at", "created_at",
        made={"learner_id": "CASE learner_id WHEN %(person)s THEN 'you' ELSE "
                            "CASE WHEN learner_id IS NULL THEN 'everybody' ELSE 'somebody else' END END"},
        withheld={"webhook_secret": "whoever has it can pass for us"},
    ),
    Part(
        "subscriptions", "Who wants to be told of you, without who.", f"{_LEARNER} AND subscriber_id <> %(person)s",
        "kinds created_at", "created_at",
        withheld=dict.fromkeys(
            ("id", "channels", "webhook_url", "webhook_secret", "email", "quiet_from", "quiet_to", "time_zone"),
            "theirs",
        ),
        name="subscriptions_to_you",
    ),
    Part("learner_quotas", "How many answers of a language model you had, and what they took.", _LEARNER,
         "day model_answers tokens cost", "day"),
    Part("model_grants", "What those were counted for.", _LEARNER, "function source id day course_ids reserved "
         "reserved_cost", "day, id"),
    Part("model_calls", "What a language model was sent for you, and what it answered.", _LEARNER,
         "id called_at function model sent received prompt_tokens answer_tokens cost", "called_at, id"),
    Part(
        "courses", "The courses that you teach.", "teacher_id = %(person)s",
        "id title code allowed_topics hint_policy solution_policy model daily_model_answers daily_model_tokens "
        "daily_model_cost created_at", "created_at",
    ),
    Part("enrolments", "The courses that you are in.", _LEARNER, "course_id joined_at", "joined_at"),
)  # fmt: skip

NOT_IN_IT = {
    "explanations": "the same for everybody, and made from nobody's question",
    "login_failures": "counted by what was typed as a name, whether or not it is anybody's",
    "rates": "digests that are worth nothing after a minute",
    "course_quotas": "sums over all who are in a course",
    "model_months": "sums over everybody",
    "erased": "hashes of those who are gone",
    "erasure_salt": "what those are hashed with",
    "forgotten": "up to when what is forgotten; of nobody",
    "alembic_version": "the schema's, of nobody",
}
"""Tables of which an export holds nothing, and why."""

ABOUT = (
    "Everything that LearnFlow's database keeps of you, as it was at one moment: a list of rows for each table. "
    "Times are in UTC. What is of other people is left out: who they are, and what was said about them. "
    "schema/PRIVACY.md says how long what is kept, and what else there is in Kafka and in log files."
)
