"""An answer that may miss the question says so, and what to ask instead."""

from __future__ import annotations

from typing import get_args

import pytest

from functions.shared.doubt import with_doubt
from functions.shared.payload import Intent


@pytest.mark.parametrize("guess", sorted(set(get_args(Intent)) - {"off_topic"}))
def test_a_doubt_is_said_with_how_to_get_the_second_guess(guess: Intent) -> None:
    said = with_doubt("The answer.", guess)

    assert said.startswith("The answer.\n\nI was not sure that this is what you were after. If you ")
    assert "ask" in said
    assert said.endswith(".")


@pytest.mark.parametrize("guess", [None, "off_topic"])
def test_without_a_doubt_the_answer_stays_as_it_is(guess: Intent | None) -> None:
    assert with_doubt("The answer.", guess) == "The answer."
