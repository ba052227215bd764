"""What is kept of a learner does not depend on the order of events, nor on how often each arrives."""

from datetime import date

from histories import histories, items, retold
from hypothesis import given
from hypothesis import strategies as st

from functions.progress.items import merge
from functions.progress.tally import Everything, Tally, topics_of
from functions.shared.standing.reckoning import standing
from functions.shared.standing.sums import Sums

AS_OF = st.dates(date(2026, 2, 25), date(2026, 4, 20))


def of(history):
    everything = Everything()
    for seen, day in history:
        everything.see(seen, day)
    return everything


def one_by_one(history):
    """What the handler does: each event changes what it found."""
    rows, kept, days = {}, {}, set()
    for seen, day in history:
        is_new_day = day not in days
        days.add(day)
        if seen is None and not is_new_day:
            continue
        key = (type(seen), seen.id) if seen else None
        found = {topic: rows[topic] for topic in topics_of(seen) if topic in rows}
        tally = Tally(found, kept.get(key)).with_seen(seen, day)
        rows.update(tally.rows)
        if key:
            kept[key] = tally.item
    return rows, kept, days


@given(retold(), AS_OF)
def test_any_order_with_repetitions_gives_the_same_state_and_the_same_numbers(histories, as_of):
    first, second = map(of, histories)

    assert (first.items, first.days, first.rows) == (second.items, second.days, second.rows)
    assert standing(first.rows, first.days, as_of, {}) == standing(second.rows, second.days, as_of, {})


@given(retold())
def test_events_one_by_one_come_to_what_all_of_them_together_do(histories):
    history, again = histories

    everything = of(history)

    assert one_by_one(again) == (everything.rows, everything.items, everything.days)


@given(histories)
def test_the_sums_of_everything_are_those_of_the_topics_and_of_what_has_none(history):
    everything = of(history)
    rows = everything.rows

    without = [item for item in everything.items.values() if topics_of(item) == ("",)]
    together = sum((item.sums for item in without), Sums()) if rows else None
    for topic in rows.keys() - {""}:
        together += rows[topic].sums

    assert together == (rows[""].sums if rows else None)


@given(items, items, items)
def test_merging_is_associative_commutative_and_idempotent(one, two, three):
    two, three = (alike(one, other) for other in (two, three))

    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == one


def alike(one, other):
    """Something seen of the same item, if it can be."""
    if type(one) is not type(other):
        return one
    (key, *_) = vars(one)
    return type(one)(**{**vars(other), key: one.id})
