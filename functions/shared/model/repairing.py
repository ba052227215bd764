"""Repairing: an answer that is objected to is asked for once more, with the objections. Pure but for the asking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from functions.shared.model.asking import Answer, Answered, NoAnswer, Prompt

SHORTEST_SECONDS = 1.0
"""Of what is left, for asking again: less is no time for any model."""

Guard = Callable[[Answer], Sequence[str]]
"""What is wrong with an answer, in sentences for the model; nothing for a good one."""


def unobjectionable(
    prompt: Prompt[Answer],
    guard: Guard[Answer],
    ask: Callable[[Prompt[Answer]], Answered[Answer]],
    seconds_left: Callable[[], float],
) -> Answered[Answer]:
    """Return an answer that nothing speaks against, the first or the second that `ask` brings. Raises NoAnswer."""
    answered = ask(prompt)
    objections = guard(answered.answer)
    if objections and seconds_left() >= SHORTEST_SECONDS:
        try:
            answered = ask(prompt.going_on(answered.text, "\n".join(objections)))
        except NoAnswer as none:
            raise NoAnswer("blocked", f"and then {none.reason}", text=none.text) from None
        objections = guard(answered.answer)
    if objections:
        raise NoAnswer("blocked", text=answered.text)
    return answered
