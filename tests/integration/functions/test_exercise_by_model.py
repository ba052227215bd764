"""Exercise has a model write what is missing, and hands nothing of it out that the sandbox did not show to be one."""

import json

import pytest
from by_model_stage import CHECK, in_a_course, printing, ran
from exercise_stage import SUM, ask, hand_in, kept, tried
from prometheus_client import REGISTRY

from functions.curriculum.reading import exercises
from functions.exercise.proving import trivial_answer
from functions.shared.events import DebuggingRequested, ExplanationRequested
from functions.shared.helping import ErrorExplained
from functions.shared.practising import ExerciseGenerated, ExerciseGraded
from functions.shared.running import GradingRequested, Ran
from functions.shared.testing import arriving, deliver
from tests.made_exercise import CASES, SOLUTION, STARTER, made, said
from tests.model_stand_in import fails, says

GENERATED, GRADED = ExerciseGenerated.TYPE, ExerciseGraded.TYPE
WISH = "Give me a medium exercise on loops about sunshine"


def saying(**fields):
    return says(json.dumps(said(**fields)))


@pytest.fixture
def exercise(function, stand_in):
    """Exercise, which asks a model that writes a good one."""
    stand_in.manner = saying()
    return function("exercise")


def gave(*values):
    return tuple(Ran(outcome="ok", value={"kind": "int", "value": value}) for value in values)


RIGHT = gave(*(int(expected) for _, expected, _ in CASES))
SOLVED = RIGHT * 2
FAILED = gave(*[-1] * len(CASES), *[2] * len(CASES))


def wished(exercise, event_id="e1", *, first=SOLVED, then=FAILED, question=WISH, **asked):
    """Wish for an exercise, tell what the sandbox showed of it, and return the answer."""
    check = ask(exercise, question, event_id, **asked)
    assert check.event["type"] == CHECK
    learner = asked.get("learner", "ada")
    second = ran(exercise, check, *first, event_id=f"{event_id}-c1", learner=learner)
    if second.event["type"] != CHECK:
        return second
    return ran(exercise, second, *then, event_id=f"{event_id}-c2", learner=learner)


def published(db):
    return db.execute("SELECT learner_id, id, body ->> 'made_by' FROM made_exercises").fetchall()


def made_of(outcome):
    return REGISTRY.get_sample_value("learnflow_exercises_made_total", {"outcome": outcome}) or 0.0


def test_what_none_has_is_written_by_a_model_and_handed_out_once_the_sandbox_has_shown_it(exercise, stand_in, db):
    first = ask(exercise, WISH)
    second = ran(exercise, first, *SOLVED, event_id="c1")
    answer = ran(exercise, second, *FAILED, event_id="c2")

    assert (first.event["requester"], first.data["code"]) == ("exercise", STARTER)
    assert [trial["code"] for trial in first.data["trials"]] == [SOLUTION] * 10
    assert [trial["code"] for trial in second.data["trials"]] == [STARTER] * 5 + [trivial_answer(made())] * 5
    assert answer.event["type"] == GENERATED
    assert answer.data["exercise_id"].startswith("loops/made-")
    assert (answer.data["title"], answer.data["answered_by"]) == ("The sunniest days", "stand-in")
    assert (len(answer.data["tests"]), answer.data["hidden_tests"]) == (2, 3)
    assert "longest = max" not in answer.body.decode()
    assert published(db) == [("ada", answer.data["exercise_id"], "stand-in")]
    assert db.execute("SELECT exercise_id FROM exercises_given").fetchall() == [(answer.data["exercise_id"],)]
    assert db.execute("SELECT count(*) FROM drafts").fetchone() == (0,)
    assert "sunshine" in stand_in.asked[0].body["messages"][1]["content"]


def test_it_is_handed_in_and_graded_like_any_other_and_its_solution_is_shown_to_who_has_passed(exercise, db):
    name = wished(exercise).data["exercise_id"]

    grading = hand_in(exercise, "def longest_streak(days):\n    return 2\n", exercise_id=name)
    wrong = tried(exercise, gave(2, 2, 2, 2, 2))
    hand_in(exercise, SOLUTION, "s2", exercise_id=name)
    right = tried(exercise, RIGHT, "s2", "g2")

    assert grading.event["type"] == GradingRequested.TYPE
    assert (wrong.event["type"], wrong.data["score"], wrong.data["topic"]) == (GRADED, 20, "loops")
    assert "longest = max" not in wrong.body.decode()
    assert (right.data["score"], right.data["passed"], right.data["solution"]) == (100, True, SOLUTION)
    assert kept(db, "id, exercise_id, passed") == [("s1", name, False), ("s2", name, True)]


def test_it_is_nobody_elses(exercise):
    name = wished(exercise).data["exercise_id"]

    theirs = hand_in(exercise, SOLUTION, "s9", "bob", name)

    assert theirs.event["type"] == GRADED
    assert "I know no exercise called" in theirs.data["feedback"]


def test_what_was_made_is_given_before_anything_else_is_made(exercise, stand_in):
    name = wished(exercise).data["exercise_id"]

    again = ask(exercise, "An exercise on loops about sun", "e2")

    assert (again.data["exercise_id"], again.data["answered_by"]) == (name, "stand-in, kept")
    assert len(stand_in.asked) == 1


def test_who_has_passed_whatever_fits_gets_a_new_one_and_others_do_not(exercise, stand_in, db):
    easy = [each for each in exercises("loops") if each.difficulty == "easy"]
    ask(exercise, "An easy exercise on loops", "e1")
    for number, each in enumerate(easy):
        hand_in(exercise, "print()", f"s{number}", exercise_id=f"loops/{each.id}")
    assert stand_in.asked == []
    db.execute("UPDATE submissions SET passed = true, score = 100, status = 'graded'")

    check = ask(exercise, "An easy exercise on loops", "e2")

    assert check.event["type"] == CHECK
    assert SUM.title in stand_in.asked[0].body["messages"][1]["content"]
    assert ask(exercise, "loops", "e3").event["type"] == GENERATED


@pytest.mark.parametrize(
    ("first", "then", "outcome"),
    [
        ((*RIGHT[:4], *gave(8)) * 2, FAILED, "solution"),
        ((*RIGHT, *RIGHT[:4], *gave(8)), FAILED, "not_deterministic"),
        (SOLVED, (*RIGHT, *FAILED[5:]), "starter"),
        (SOLVED, (*FAILED[:5], *RIGHT), "trivial"),
        ((), (), "not_tried"),
        (SOLVED, (), "not_tried"),
    ],
    ids=["solution", "deterministic", "starter", "trivial", "no sandbox", "no sandbox then"],
)
def test_what_the_sandbox_does_not_show_is_never_handed_out_and_there_is_one_all_the_same(
    exercise, db, first, then, outcome
):
    before = made_of(outcome)

    answer = wished(exercise, first=first, then=then)

    assert (answer.event["type"], answer.data["answered_by"]) == (GENERATED, "built-in")
    assert answer.data["exercise_id"] in {f"loops/{each.id}" for each in exercises("loops")}
    assert published(db) == []
    assert made_of(outcome) == before + 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"solution": SUM.solution, "starter": SUM.starter}, "much the same as an exercise that there is"),
        ({"solution": f"import random\n{SOLUTION}"}, "imports random"),
        ({"description": f"Write this:\n\n```python\n{SOLUTION}```"}, "gives away the program"),
        ({"title": SUM.title}, "There is an exercise called"),
        ({"description": "Kill yourself, `longest_streak`, you worthless idiot."}, "not fit for learners"),
    ],
    ids=["near copy", "chance", "told", "title", "unsafe"],
)
def test_what_reading_speaks_against_is_mended_once_else_there_is_a_built_in_one(exercise, stand_in, fields, why):
    stand_in.script.append(saying(**fields))
    mended = ask(exercise, WISH)
    stand_in.manner = saying(**fields)
    built_in = ask(exercise, WISH, "e2")

    assert mended.event["type"] == CHECK
    assert why in stand_in.asked[1].body["messages"][-1]["content"]
    assert (built_in.event["type"], built_in.data["answered_by"]) == (GENERATED, "built-in")
    assert len(stand_in.asked) == 4


@pytest.mark.parametrize("said", [fails(401), says("no JSON"), says("", refusal="No.")], ids=["401", "text", "refused"])
def test_without_an_answer_of_the_model_there_is_a_built_in_exercise(exercise, stand_in, said):
    stand_in.manner = said

    answer = ask(exercise, WISH)

    assert (answer.event["type"], answer.data["answered_by"]) == (GENERATED, "built-in")


def test_a_model_that_is_nowhere_costs_no_exercise(function, stand_in, monkeypatch):
    monkeypatch.setenv("MODEL_SECONDS", "1")
    stand_in.__exit__()

    assert ask(function("exercise"), WISH).data["answered_by"] == "built-in"


@pytest.mark.parametrize("columns", [{"model": False}, {"allowed_topics": ["lists"]}], ids=["no model", "closed"])
def test_what_a_course_does_not_let_is_not_made(exercise, stand_in, db, columns):
    in_a_course(db, **columns)

    answer = ask(exercise, WISH)

    assert (answer.event["type"], answer.data["answered_by"], stand_in.asked) == (GENERATED, "built-in", [])


def test_a_topic_that_closes_meanwhile_has_no_new_exercise(exercise, db):
    check = ask(exercise, WISH)
    in_a_course(db, allowed_topics=["lists"])

    answer = ran(exercise, check, *SOLVED)

    assert (answer.data["exercise_id"], published(db)) == (None, [])


def test_an_event_that_comes_again_makes_nothing_again(exercise, stand_in, db):
    checks = [ask(exercise, WISH) for _ in range(2)]
    seconds = [ran(exercise, checks[0], *SOLVED, event_id="c1") for _ in range(2)]
    answers = [ran(exercise, seconds[0], *FAILED, event_id="c2") for _ in range(2)]
    late = ran(exercise, seconds[0], *RIGHT, *RIGHT, event_id="c3")

    assert checks[0] == checks[1]
    assert seconds[0] == seconds[1]
    assert answers[0] == answers[1]
    assert (late.status, late.body) == (204, b"")
    assert len(stand_in.asked) == len(published(db)) == 1


def test_what_anybody_else_tells_of_a_run_is_refused(exercise, db):
    check = ask(exercise, WISH)

    assert ran(exercise, check, *SOLVED, source="/somebody").status == 422
    assert ran(exercise, check, *SOLVED, learner="bob", event_id="c2").status == 204
    assert published(db) == []


def test_what_a_learner_may_read_of_all_this_does_not_hold_the_solution(exercise, stand_in, db):
    stand_in.script.append(saying(title=SUM.title))
    check = ask(exercise, WISH)
    logged = db.execute("SELECT sent::text, received FROM model_calls").fetchall()

    assert "longest = max" not in check.data["code"]
    assert len(logged) == 2
    assert "longest = max" not in str(logged)
    assert "(an exercise with its solution" in logged[0][1]


def test_an_answer_to_a_question_is_held_against_the_solution_of_what_was_made(exercise, function, stand_in, db):
    wished(exercise)
    words = f"Here you are:\n\n```python\n{SOLUTION}```"
    stand_in.manner = says(
        json.dumps({"is_about_python": True, "title": "So", "explanation": words, "examples": [], "diagram": None})
    )
    asked = ExplanationRequested(question="How do I find the longest streak in a loop?")

    answer = deliver(function("concepts"), *arriving(asked, source="/learnflow/triage", id="q1", hops="1"))

    assert answer.data["answered_by"] == "built-in"
    assert "longest = max" not in answer.body.decode()


def test_what_would_tell_the_solution_of_another_exercise_by_now_is_not_handed_out(exercise, stand_in, db):
    stand_in.manner = saying(description=f"Unlike this, for weather:\n\n```python\n{SUM.solution}```")
    check = ask(exercise, WISH)
    ask(exercise, "loops", "e2")
    second = ran(exercise, check, *SOLVED)

    answer = ran(exercise, second, *FAILED, event_id="c2")

    assert (answer.data["answered_by"], published(db)) == ("built-in", [])
    assert "total += number" not in answer.body.decode()
    assert answer.data["exercise_id"] is not None


def test_no_correction_of_a_program_for_what_was_made_is_its_solution(exercise, function, stand_in):
    name = wished(exercise).data["exercise_id"]
    stand_in.manner = fails(401)
    asked = DebuggingRequested(code=SOLUTION.replace("for shone in days:", "for shone in days"), exercise_id=name)

    answer = deliver(function("debug"), *arriving(asked, source="/learnflow/triage", id="d1", hops="1"))
    while answer.event["type"] == CHECK:
        trials = [printing("")] * len(answer.data["trials"])
        answer = ran(function("debug"), answer, *trials, event_id=f"{answer.event['id']}-c")

    assert answer.event["type"] == ErrorExplained.TYPE
    assert "return longest" not in answer.body.decode()


def test_a_grade_that_would_tell_a_solution_tells_a_smaller_step_and_keeps_its_score(exercise, db):
    ask(exercise, "loops")
    hand_in(exercise, "def sum_of_evens(numbers):\n    return decoded\n")
    text = Ran(outcome="ok", value={"kind": "str", "value": SUM.solution})

    answer = tried(exercise, (text,) * len(SUM.tests))

    assert "Here is a smaller step" in answer.data["feedback"]
    assert (answer.data["score"], answer.data["tests"], answer.data["solution"]) == (0, [], None)
    assert kept(db, "id, score") == [("s1", 0)]


@pytest.mark.parametrize(
    ("description", "why"),
    [
        ("Read <b>this</b> first.", "Put it in backticks."),
        ("Read [this](https://elsewhere.net/answers) first.", "a link to another site"),
    ],
    ids=["a tag", "a link"],
)
def test_what_leads_elsewhere_or_is_no_markdown_is_objected_to_and_then_not_heard(exercise, stand_in, description, why):
    stand_in.manner = saying(description=description)

    answer = ask(exercise, WISH)

    assert (answer.event["type"], answer.data["answered_by"], len(stand_in.asked)) == (GENERATED, "built-in", 2)
    assert why in stand_in.asked[1].body["messages"][-1]["content"]
    assert description not in answer.data["description"]
