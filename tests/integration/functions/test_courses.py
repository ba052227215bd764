"""What a learner's course has closed is neither explained, practised nor asked about, by whatever way they ask."""

import pytest
from course_stage import course, leave
from exercise_stage import SUM, SUM_ID, WRONG, ask, hand_in, kept, tried

from functions.curriculum.reading import curriculum
from functions.shared.courses.policy import CoursePolicy
from functions.shared.courses.queries import policy_of
from functions.shared.events import ExplanationRequested, LearnerContext, ProgressRequested, QuizRequested
from functions.shared.quizzing import QuizAnswered
from functions.shared.testing import KNOWS, arriving, deliver

BEGUN = ["variables", "conditionals", "loops"]
NOT_OPEN = "will have to wait: that topic is not open in your course at the moment"


@pytest.fixture
def exercise(function):
    return function("exercise")


@pytest.fixture
def explain(function):
    concepts = function("concepts")

    def explain(question="", event_id="e1", learner="ada", **attached):
        asked = ExplanationRequested(question=question, **attached)
        return deliver(concepts, *arriving(asked, learner=learner, id=event_id)).data

    return explain


@pytest.fixture
def quiz(function):
    quiz = function("quiz")

    def quizzed(question="", event_id="q1", learner="ada", **attached):
        asked = QuizRequested(question=question, **attached)
        return deliver(quiz, *arriving(asked, learner=learner, id=event_id, correlationid=event_id)).data

    return quizzed


def test_of_several_courses_each_opens_topics_and_the_strictest_decides_the_rest(db):
    course(db, ["loops"], "staged")
    course(db, ["lists"], solutions="never", model=False, id="c2")
    course(db, None, id="c3", learner="bob")

    assert policy_of(db, "ada") == CoursePolicy(frozenset({"loops", "lists"}), "staged", "never", model=False)
    assert policy_of(db, "bob") == policy_of(db, "nobody") == CoursePolicy()


def test_a_topic_that_is_open_is_explained_and_leads_only_to_others_that_are(explain, db):
    anywhere = explain("What is a for loop?", "e0", learner="bob")
    course(db, ["loops", "functions"])
    in_course = explain("What is a for loop?")

    assert {near["topic"] for near in anywhere["near_topics"]} > {"functions"}
    assert [near["topic"] for near in in_course["near_topics"]] == ["functions"]
    assert in_course["explanation"] == anywhere["explanation"]


def test_what_is_kept_of_an_explanation_to_a_learner_in_a_course_is_whole(explain, db):
    course(db, ["loops"])
    explain("What is a for loop?")

    assert len(explain("What is a for loop?", "e2", learner="bob")["near_topics"]) > 1


@pytest.mark.parametrize("asked", [{"question": "How do decorators work?"}, {"topic": "decorators"}])
def test_a_topic_that_is_closed_is_not_explained_and_those_that_are_open_are_named(explain, db, asked):
    course(db, BEGUN)
    answer = explain(**asked)

    assert answer["topic"] is None
    assert answer["title"] == "No lesson on decorators in your course yet"
    assert answer["explanation"].startswith(f"**Decorators** {NOT_OPEN}.")
    assert answer["explanation"].endswith("- Explain loops in Python.")
    assert {near["topic"] for near in answer["near_topics"]} == set(BEGUN)
    assert answer["examples"] == []
    assert db.execute("SELECT count(*) FROM explanations").fetchone() == (0,)


@pytest.mark.parametrize("question", ["Explain regular expressions", "What is the meaning of it all?"])
def test_where_there_is_no_lesson_only_what_is_open_is_offered(explain, db, question):
    course(db, ["classes", "variables"])
    answer = explain(question)

    assert {near["topic"] for near in answer["near_topics"]} == {"classes", "variables"}
    assert "- Explain classes in Python." in answer["explanation"]


def test_where_nothing_is_open_everything_says_so_and_nothing_breaks(explain, exercise, quiz, function, db):
    course(db, [])
    said = [
        explain("What is a loop?")["explanation"],
        explain("What is the meaning of it all?", "e2")["explanation"],
        ask(exercise, "anything").data["description"],
        quiz("anything")["question"],
    ]
    report = deliver(function("progress"), *arriving(ProgressRequested())).data["summary"]

    assert all("Your course has no topic open at the moment." in text for text in said)
    assert "Next:" not in report


def test_an_exercise_is_picked_from_what_is_open_however_weak_the_learner_is_elsewhere(exercise, db):
    course(db, ["loops", "lists"])
    for topic, mastery in (("async", 10), ("loops", 60), ("lists", 50)):
        db.execute(KNOWS, {"learner": "ada", "topic": topic, "mastery": mastery})

    assert ask(exercise, "anything").data["topic"] == "lists"
    context = LearnerContext(mastery={"loops": 5, "classes": 0})
    assert ask(exercise, "anything", "e2", context=context).data["topic"] == "loops"


@pytest.mark.parametrize("asked", [{"question": "an exercise on dictionaries"}, {"topic": "dictionaries"}])
def test_no_exercise_is_handed_out_on_a_topic_that_is_closed(exercise, db, asked):
    course(db, BEGUN)
    answer = ask(exercise, **asked).data

    assert (answer["exercise_id"], answer["topic"]) == (None, None)
    assert answer["description"].startswith(f"**Dictionaries** {NOT_OPEN}.")
    assert answer["description"].count("Give me an exercise on") == len(BEGUN)
    assert db.execute("SELECT count(*) FROM exercises_given").fetchone() == (0,)


def test_an_exercise_that_was_handed_out_may_be_handed_in_after_its_topic_was_closed(exercise, db):
    given = ask(exercise, "loops").data["exercise_id"]
    course(db, ["lists"])
    hand_in(exercise, exercise_id=given)

    assert tried(exercise).data["passed"] is True


def test_who_has_handed_an_exercise_in_before_its_topic_was_closed_may_try_again(exercise, db):
    hand_in(exercise, event_id="s1")
    tried(exercise, WRONG)
    course(db, ["lists"])
    hand_in(exercise, event_id="s2")

    assert tried(exercise, submission="s2", event_id="g2").data["attempt"] == 2


def test_an_exercise_on_a_closed_topic_that_the_learner_never_had_is_no_attempt(exercise, db):
    course(db, ["lists"])
    answer = hand_in(exercise)

    assert (answer.data["score"], answer.data["passed"], answer.data["attempt"]) == (None, False, 0)
    assert answer.data["feedback"].startswith(f"**Loops** {NOT_OPEN}.")
    assert kept(db) == []


def test_a_course_without_solutions_shows_none_to_who_has_passed_and_all_else_stays(exercise, db):
    hand_in(exercise, learner="bob", event_id="s0")
    elsewhere = tried(exercise, learner="bob", submission="s0", event_id="g0").data
    course(db, solutions="never")
    hand_in(exercise)
    answer = tried(exercise).data

    assert elsewhere["solution"] == SUM.solution
    assert (answer["passed"], answer["score"], answer["solution"]) == (True, 100, None)
    assert answer["feedback"] == "All 6 tests pass. Well done!"
    assert answer["tests"] == elsewhere["tests"]


@pytest.mark.parametrize("asked", [{"question": "quiz me on lists"}, {"topic": "lists"}])
def test_no_question_is_posed_on_a_topic_that_is_closed(quiz, db, asked):
    course(db, BEGUN)
    answer = quiz(**asked)

    assert (answer["quiz_id"], answer["topic"], answer["options"]) == (None, None, [])
    assert answer["question"].startswith(f"**Lists** {NOT_OPEN}.")
    assert db.execute("SELECT count(*) FROM quizzes").fetchone() == (0,)


def test_a_question_is_chosen_from_what_is_open_and_one_that_was_posed_may_be_answered(quiz, function, db):
    course(db, ["lists"])
    posed = quiz("anything")
    course(db, ["loops"])
    answer = QuizAnswered(quiz_id=posed["quiz_id"], choice=0)

    assert posed["topic"] == "lists"
    assert deliver(function("quiz"), *arriving(answer, id="a1")).data["correct"] in {True, False}
    assert quiz("anything", "q2")["topic"] == "loops"


def test_the_report_leads_on_to_what_is_open(function, db):
    course(db, ["classes"])
    db.execute(KNOWS, {"learner": "ada", "topic": "loops", "mastery": 10})
    answer = deliver(function("progress"), *arriving(ProgressRequested())).data

    assert "**Next:** begin with **Classes" in answer["summary"]
    assert [topic["topic"] for topic in answer["standing"]["topics"]] == ["loops"]


def test_what_a_teacher_changes_counts_from_the_next_question_on_and_leaving_lifts_it(explain, exercise, quiz, db):
    def open_to_ada(number):
        return (
            explain(topic="loops", event_id=f"e{number}")["topic"] == "loops",
            ask(exercise, topic="loops", event_id=f"x{number}").data["topic"] == "loops",
            quiz(topic="loops", event_id=f"q{number}")["topic"] == "loops",
        )

    before = open_to_ada(1)
    course(db, ["lists"])
    closed = open_to_ada(2)
    course(db, ["lists", "loops"])
    opened = open_to_ada(3)
    course(db, ["lists"])
    again = open_to_ada(4)
    leave(db)

    assert (before, closed, opened, again) == ((True,) * 3, (False,) * 3, (True,) * 3, (False,) * 3)
    assert open_to_ada(5) == (True,) * 3


def test_what_was_said_while_a_topic_was_open_is_said_again_to_whoever_delivers_it_again(explain, db):
    first = explain("What is a for loop?")
    course(db, ["lists"])

    assert explain("What is a for loop?") == first


def test_a_course_names_topics_that_are_no_longer_taught_without_harm(explain, db):
    course(db, ["knitting", "loops"])
    answer = explain(topic="lists")

    assert [near["topic"] for near in answer["near_topics"]] == ["loops"]
    assert curriculum().topic("knitting") is None


def test_one_learners_course_binds_nobody_else(explain, exercise, db):
    course(db, ["lists"])

    assert explain(topic="loops", learner="bob")["topic"] == "loops"
    assert ask(exercise, "loops", learner="bob").data["exercise_id"] == SUM_ID
