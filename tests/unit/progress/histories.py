"""Random histories of a learner, small enough that the same things come up again and again."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from functions.progress.items import ExerciseBest, ProgramQuality, QuizFirst

START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = ("loops/a", "loops/b", "lists/a", "nowhere")

times = st.integers(0, 40).map(lambda hours: START + timedelta(hours=7 * hours))
names = st.sampled_from(NAMES)
scores = st.integers(0, 100)

helps = st.builds(ExerciseBest, names, helped_at=times)
passes = st.builds(ExerciseBest, names, scores, times)
tries = st.builds(ExerciseBest, names, scores)
items = (
    helps
    | passes
    | tries
    | st.builds(QuizFirst, names, st.booleans(), times)
    | st.builds(ProgramQuality, names, scores, times)
)
days = times.map(datetime.date)
histories = st.lists(st.tuples(st.none() | items, days), max_size=25)


@st.composite
def retold(draw):
    """A history, and the same in another order with some of it told twice."""
    history = draw(histories)
    again = draw(st.lists(st.sampled_from(history), max_size=10)) if history else []
    return history, draw(st.permutations(history + again))
