"""What a learner's courses let the tutor do comes to the same in whatever order they are looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.courses.policy import CoursePolicy, combined

TOPICS = st.none() | st.frozensets(st.sampled_from(["loops", "lists", "classes", "async"]))
POLICIES = st.builds(
    CoursePolicy,
    TOPICS,
    st.sampled_from(["staged", "all"]),
    st.sampled_from(["after_passing", "never"]),
    st.booleans(),
)
COURSES = st.lists(POLICIES, min_size=1, max_size=5)


def test_without_a_course_everything_is_allowed():
    policy = combined([])

    assert policy == CoursePolicy(None, "all", "after_passing", model=True)
    assert policy.opens("async")
    assert policy.shows_solutions
    assert not policy.stages_hints


@given(POLICIES)
def test_one_course_alone_decides_everything(policy):
    assert combined([policy]) == policy


@given(COURSES, st.randoms(use_true_random=False))
def test_the_order_of_the_courses_does_not_matter(courses, chance):
    mixed = chance.sample(courses, len(courses))

    assert combined(mixed) == combined(courses)


@given(COURSES)
def test_a_course_that_is_counted_twice_changes_nothing(courses):
    assert combined([*courses, *courses]) == combined(courses)


@given(COURSES, COURSES)
def test_it_does_not_matter_which_courses_are_taken_together_first(some, others):
    assert combined([combined(some), combined(others)]) == combined([*some, *others])


@given(COURSES, st.sampled_from(["loops", "lists", "classes", "async", "variables"]))
def test_a_topic_is_open_exactly_if_one_of_the_courses_opens_it(courses, topic):
    assert combined(courses).opens(topic) == any(course.opens(topic) for course in courses)


@given(COURSES)
def test_what_one_course_withholds_none_gives_away(courses):
    policy = combined(courses)

    assert policy.stages_hints == any(course.stages_hints for course in courses)
    assert policy.shows_solutions == all(course.shows_solutions for course in courses)
    assert policy.model == all(course.model for course in courses)


@pytest.mark.parametrize(("topics", "opens"), [(None, True), (frozenset(), False), (frozenset({"loops"}), True)])
def test_no_list_of_topics_opens_all_and_an_empty_one_none(topics, opens):
    assert CoursePolicy(topics).opens("loops") is opens
