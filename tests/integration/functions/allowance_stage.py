"""What tests of the meter need: a function in front of a model that counts, courses, and what is counted of whom."""

from collections import Counter
from threading import Lock

from functions.shared.allowance import Refused, Taken
from functions.shared.allowance_meter import Limits, metered
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.events import ExplanationRequested
from functions.shared.explaining import ConceptExplained
from functions.shared.serving import Function, Handler
from functions.shared.testing import NOON, arriving, deliver

WISH = ExplanationRequested(question="what is a loop?", confidence=0.9)
BUILT_IN = ConceptExplained(
    topic="loops", title="Loops", level="beginner", explanation="A loop repeats.", answered_by="built-in"
)


class Model:
    """A language model that counts how often it is asked; `fails` holds what goes wrong next."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.fails: list[Exception] = []
        self._lock = Lock()

    def explain(self, event) -> ConceptExplained:
        """Explain, in its own words."""
        with self._lock:
            self.asked[event.learner] += 1
            failure = self.fails.pop(0) if self.fails else None
        if failure is not None:
            raise failure
        return BUILT_IN.model_copy(update={"answered_by": "a-model"})


class Stage:
    """A function whose answers come from a language model where there is one left, else are built in."""

    def __init__(self, database: PostgreSQL, limit: int) -> None:
        self.model, self.limit, self.now = Model(), limit, NOON
        self.database = database
        self.broken = 0
        """How many times what comes after the model breaks."""
        self.function = Function(
            "concepts", {ExplanationRequested: Handler(self.handle, before=self.before)}, db=database
        )

    def before(self, event, database):
        """Ask the model, if there is an answer left."""
        return metered(
            lambda _: self.model.explain(event),
            event,
            database,
            function="concepts",
            limits=Limits(self.limit),
            now=self.now,
        )

    def handle(self, _event, _db, found):
        """Answer with what the model said, or with what is built in and why."""
        if self.broken:
            self.broken -= 1
            raise TryAgainLater
        if isinstance(found, Refused):
            return BUILT_IN.model_copy(update={"explanation": str(found)})
        return found

    def ask(self, id, learner="ada"):
        """Deliver an event; return who answered, or the status of a failure."""
        answer = deliver(self.function, *arriving(WISH, learner=learner, id=id))
        return answer.data["answered_by"] if answer.status == 200 else answer.status


def given_course(db, course, *learners, limit=None, model=True):
    """Make a course that learners are in."""
    for user in ("tess", *learners):
        db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [user])
    db.execute(
        "INSERT INTO courses (id, teacher_id, title, code, model, daily_model_answers)"
        " VALUES (%s, 'tess', %s, %s, %s, %s)",
        [course, course, course, model, limit],
    )
    for learner in learners:
        db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES (%s, %s)", [course, learner])


def used(db):
    """Return how many answers everybody and every course had."""
    rows = db.execute("""
        SELECT learner_id, model_answers FROM learner_quotas WHERE model_answers > 0
        UNION ALL SELECT course_id, model_answers FROM course_quotas WHERE model_answers > 0""").fetchall()
    return dict(rows)


RESERVE = Taken(500)


def taking(stage, tokens, cost=0, *, limits=None, reserve=RESERVE):
    """Have each answer of the stage's model take so much, of which `reserve` is counted before."""

    def before(event, database):
        def ask(meter):
            meter.add(tokens, cost)
            return stage.model.explain(event)

        return metered(
            ask, event, database, function="concepts", limits=stage.limits, reserve=stage.reserve, now=stage.now
        )

    stage.limits, stage.reserve = limits or Limits(stage.limit, tokens=1000), reserve
    stage.function = Function(
        "concepts", {ExplanationRequested: Handler(stage.handle, before=before)}, db=stage.database
    )
    return stage


def taken(db):
    """Return tokens and cost of everybody and every course."""
    rows = db.execute("""
        SELECT learner_id, tokens, cost FROM learner_quotas
        UNION ALL SELECT course_id, tokens, cost FROM course_quotas""").fetchall()
    return {who: (int(tokens), int(cost)) for who, tokens, cost in rows if tokens or cost}


def months(db):
    """Return what the answers of each month cost."""
    return [cost for (cost,) in db.execute("SELECT cost FROM model_months ORDER BY month").fetchall()]
