"""Markdown: how what a learner wrote is shown within what is said, whatever it holds."""

from __future__ import annotations

import re

LONGEST_SHOWN = 300
"""Characters of a value, a text or a message that a learner is shown."""


def code(text: str, language: str = "text") -> str:
    """Return text as Markdown code, whatever it holds: within the line or, where it has several, as a block."""
    text = text.strip("\n")
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    if "\n" in text:
        fence = max(fence, "```", key=len)
        return f"\n\n{fence}{language}\n{text}\n{fence}\n\n"
    padding = " " if not text.strip() or "`" in text else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cut(text: str, most: int = LONGEST_SHOWN) -> str:
    """Return text that is not too long to be shown: `most` characters, and a mark where there were more."""
    return text if len(text) <= most else f"{text[:most]}…"


def listed(parts: tuple[str, ...]) -> str:
    """Return the parts as one enumerates them: a, b and c."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
