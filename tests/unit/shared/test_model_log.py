"""What a model is sent is kept within bounds: short messages whole, long ones cut and said to be."""

import pytest

from functions.shared.model_log import MOST_MESSAGES, MOST_SENT, bounded


def messages(*sizes):
    return [{"role": "user", "content": "x" * size} for size in sizes]


def lengths(kept):
    return [len(message["content"].partition("…")[0]) for message in kept]


def test_what_is_short_is_kept_as_it_was():
    sent = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Was ist eine Schleife? ♥"}]

    assert bounded(sent) == sent
    assert bounded([]) == []


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ((MOST_SENT,), [MOST_SENT]),
        ((MOST_SENT + 1,), [MOST_SENT]),
        ((10, 10 * MOST_SENT), [10, MOST_SENT - 10]),
        ((10 * MOST_SENT, 10), [MOST_SENT - 10, 10]),
        ((MOST_SENT, MOST_SENT), [MOST_SENT // 2, MOST_SENT // 2]),
        ((0, 100, MOST_SENT, MOST_SENT), [0, 100, MOST_SENT // 2 - 50, MOST_SENT // 2 - 50]),
    ],
)
def test_long_messages_share_what_the_short_ones_leave(sizes, kept):
    assert lengths(bounded(messages(*sizes))) == kept


def test_what_is_cut_says_how_much_is_missing():
    (message,) = bounded(messages(MOST_SENT + 7))

    assert message["content"].endswith("x… (7 characters more)")


def test_of_very_many_messages_the_latest_are_kept():
    kept = bounded([{"role": "user", "content": f"{number}"} for number in range(MOST_MESSAGES + 5)])

    assert (kept[0]["content"], len(kept)) == ("5", MOST_MESSAGES)


def test_what_cannot_be_stored_is_replaced():
    assert bounded([{"role": "user", "content": "a\x00b\ud800"}]) == [{"role": "user", "content": "a�b�"}]
