"""Doubt: what an answer says when it was unsure what the question was after."""

from __future__ import annotations

from functions.shared.payload import Intent

_OTHERWISE: dict[Intent, str] = {
    "concepts": "If you wanted to have something about Python explained instead, ask for that topic by name.",
    "debug": "If you meant help with an error instead, ask again with your code and its error message.",
    "exercise": "If you were looking for something to practise on instead, ask for an exercise.",
    "code_review": "If you wanted an opinion on your code instead, ask for a review and send the code along.",
    "quiz": "If you wanted to test what you know instead, ask for a quiz.",
    "progress": "If you wanted to see how far you have come instead, ask how you are doing.",
}


def with_doubt(answer: str, second_guess: Intent | None) -> str:
    """Return the answer; where there was a doubt, it says so, and how to get what may have been meant instead."""
    otherwise = _OTHERWISE.get(second_guess) if second_guess else None
    return f"{answer}\n\nI was not sure that this is what you were after. {otherwise}" if otherwise else answer
