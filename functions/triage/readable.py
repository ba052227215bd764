"""What triage declines before anybody tries to understand it: nothing, too much, or no text at all."""

from __future__ import annotations

import json

from functions.shared.declining import decline
from functions.shared.events import QuestionAsked, QuestionDeclined
from functions.shared.text import REPLACEMENT

LONGEST_QUESTION = 8_000
"""Characters; about three pages. Code and error text have their own, larger, room."""
LARGEST_ATTACHMENT = 64 * 1024
"""Bytes of code or of error text as JSON: what is routed fits into an event then. The sandbox takes no more either."""
_STRANGE_SHARE = 0.1


def decline_unreadable(question: QuestionAsked) -> QuestionDeclined | None:
    """Return a kind refusal of a question that is empty, enormous or not text; None if it can be read."""
    text = question.question.strip()
    attached = [part for part in (question.code, question.error_message) if part]
    if not text and not any(part.strip() for part in attached):
        return decline("empty", "I did not get a question yet. Ask me anything about Python.")
    if len(text) > LONGEST_QUESTION:
        return decline(
            "too_long",
            f"That is a lot at once: {len(text):,} characters, and I read up to {LONGEST_QUESTION:,}. "
            "Send me the part you are stuck on, with your code as an attachment.",
        )
    if any(_encoded_bytes(part) > LARGEST_ATTACHMENT for part in attached):
        return decline(
            "too_long",
            f"The code or error text is more than the {LARGEST_ATTACHMENT // 1024} KB I read. "
            "Send me the function or the lines it is about.",
        )
    if any(_is_binary(part) for part in (text, *attached)):
        return decline(
            "unreadable",
            "That does not look like text to me, perhaps a file came along. Paste the text itself.",
        )
    return None


def _encoded_bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())


def _is_binary(text: str) -> bool:
    strange = sum(1 for c in text if c == REPLACEMENT or (not c.isprintable() and c not in "\n\r\t\x1b\xa0"))
    return strange > _STRANGE_SHARE * max(len(text), 1)
