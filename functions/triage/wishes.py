"""Wishes: what a question asks for that makes sense only after what was said before, by its wording. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Wish = Literal[
    "leave",
    "hint",
    "broken",
    "quiz",
    "exercise",
    "example",
    "simpler",
    "deeper",
    "lost",
    "again",
    "another",
    "why",
    "better",
]
"""What is asked for: to talk of something else, a hint, that what is broken works, …, whether new code is better."""

LONGEST = 400
"""Characters; who says more says what it is about."""
SHORT = 4
"""Words."""

_LEAD = "and|but|or|now|then|what about|how about|what of|what if|also|same|the same|it|that|this"
_FRAGMENT = re.compile(
    rf"(?:{_LEAD})\b(?: (?:{_LEAD}|thing|one|again|if it (?:was|were)|do (?:it|that|the same)))*"
    r"(?: (?:with|for|on|in|about|using|of|to|via|by|without|inside))?(?: (?:a|an|the|some|my|nested))?"
    r"(?: [\w*@+]+){1,4}?(?: (?:instead|too|as well|then|next|now))?"
    r"|(?:[\w*@+]+ ){1,3}(?:instead|too|as well|then|next|now)"
)


def plain(said: str) -> str:
    """Return prose in lower case without apostrophes, punctuation and courtesies."""
    bare = re.sub(r"['’´`]", "", said.lower())
    bare = " ".join(re.sub(r"[^\w\s⟨⟩*@+/-]", " ", bare).split())
    return " ".join(_shape("courtesies").sub(" ", bare).split())


def wish_in(text: str) -> Wish | None:
    """Return what plain text wishes for; None if that is nothing known, or nothing that needs what was said before."""
    if len(text) > LONGEST:
        return None
    return next((wish for wish, wording in _wishes() if wording.search(text)), None)


def without_everyday(text: str) -> str:
    """Return plain text without the words in it that only seem to name a topic: "*set* me a task"."""
    return " ".join(_shape("everyday").sub(" ", text).split())


def is_short(text: str) -> bool:
    """Return whether plain text has so few words that it can hardly have a subject of its own."""
    return len(text.split()) <= SHORT


def points_back(text: str) -> bool:
    """Return whether plain text speaks of something that was said before: "when would I use *that*"."""
    return bool(_shape("pointing").search(text))


def names_its_own(text: str) -> bool:
    """Return whether plain text asks for something by name, known or not: "what is a monad"."""
    return bool(_naming().search(text))


def is_fragment(text: str) -> bool:
    """Return whether plain text only says what is different now: "and with a while loop"."""
    return bool(_FRAGMENT.fullmatch(text)) and not _shape("verbs").search(text)


@cache
def _wordings() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wishes.toml").read_text(encoding="utf-8"))


@cache
def _wishes() -> tuple[tuple[Wish, re.Pattern[str]], ...]:
    table = _wordings()

    def whole(wording: str) -> str:
        for name, part in table["parts"].items():
            wording = wording.replace(f"{{{name}}}", f"(?:{'|'.join(part)})")
        return wording

    return tuple((wish, re.compile("|".join(map(whole, wordings)))) for wish, wordings in table["wishes"].items())


@cache
def _shape(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_wordings()[name]['words'])})\b")


@cache
def _naming() -> re.Pattern[str]:
    not_named = _wordings()["no_subject"]
    what, explain = (rf"(?!(?:{'|'.join(not_named[after])})\b)" for after in ("after_what", "after_explain"))
    return re.compile(
        rf"\b(?:what|who)(?: is|s| are|re) (?:an? |the )?+{what}[a-z0-9]+"
        rf"|\b(?:explain|describe|define|about|understand|learn|teach me|into)(?: me| us)?+ "
        rf"(?:(?:what|how|why|to|the|an?) )*+{explain}[a-z]{{3,}}"
    )
