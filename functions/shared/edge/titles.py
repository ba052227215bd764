"""Titles: what a conversation is called, after the first thing that was asked in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LONGEST_TITLE = 60
"""Characters; one more where the end was cut off."""
_READ = 2_000
_UNTITLED = {
    "question": "A question",
    "explanation": "An explanation",
    "debugging": "Debugging",
    "review": "Code review",
    "execution": "Running code",
    "exercise": "An exercise",
    "submission": "Exercise",
    "quiz": "Quiz",
    "quiz_answer": "Quiz",
}

_FENCED = re.compile(r"(```|~~~).*?(?:\1|\Z)", re.DOTALL)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):.*?(?=\n\S*(?:Error|Exception)\b|\Z)", re.DOTALL)
_CODE_LINE = re.compile(
    r"^(?:(?: {4}|\t).*|\s*(?:>>>|\.\.\.|def |class |import |from \w+ import |@|return\b|print\().*"
    r"|\s*(?:for|while|if|elif|else|try|except|with)\b.*:\s*|\s*[\w.\[\]]+ ?[-+*/]?= ?\S.*|\s*[\w.]+\(.*\)\s*)$",
    re.MULTILINE,
)
_IMAGE_OR_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\s]{0,500}\)")
_LEADING_MARK = re.compile(r"^\s*(?:#{1,6}\s|>|[-*+]\s|\d{1,2}[.)]\s)\s*", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__|~~|`+)(\S(?:.{0,200}?\S)?)\1")
_SENTENCE_END = re.compile(r"(?<=\w\w[.?!…])\s+|(?<=\w[?!…])\s+")
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|dear|thanks|thank you)\b", re.IGNORECASE
)
_LONGEST_GREETING = 3
_ERROR = re.compile(r"\b[A-Z]\w{0,40}(?:Error|Exception|Warning|Interrupt|Iteration)\b")
_DEFINED = re.compile(r"^(?:async )?(?:def|class) +(\w{1,40})", re.MULTILINE)


def title_of(kind: str, body: Mapping[str, Any]) -> str:
    """Return a title of at most about 60 characters for what a request of some kind asks.

    It is the first sentence of the question, without Markdown and code; where there is none, what it is about.
    """
    question = _text(body, "question")
    if said := _first_sentence(question):
        return shortened(said)
    what = _UNTITLED.get(kind, "A conversation")
    if error := _ERROR.findall(_text(body, "error_message") or question):
        what = "Debugging"
        about = error[-1]
    else:
        about = _subject(body)
    return shortened(f"{what}: {about}" if about else what)


def shortened(text: str) -> str:
    """Return a line that is not too long for a title, cut where a word ends."""
    if len(text) <= LONGEST_TITLE:
        return text
    cut = text[: LONGEST_TITLE + 1]
    at_word = cut.rpartition(" ")[0].rstrip(" ,;:-")
    return f"{at_word if len(at_word) > LONGEST_TITLE // 2 else text[:LONGEST_TITLE]}…"


def _first_sentence(question: str) -> str:
    """Return the first sentence of the prose, "" where there is nothing but code."""
    prose = _CODE_LINE.sub("", _TRACEBACK.sub("", _FENCED.sub("\n", question)))
    prose = _EMPHASIS.sub(r"\2", _IMAGE_OR_LINK.sub(r"\1", _LEADING_MARK.sub("", prose)))
    sentences = [said for line in prose.split("\n") for said in _SENTENCE_END.split(_one_line(line))]
    telling = [said for said in sentences if re.search(r"[^\W_]", said) and not _tells_an_error(said)]
    first = next((said for said in telling if not _only_greets(said)), next(iter(telling), ""))
    return first.removesuffix(".")


def _tells_an_error(said: str) -> bool:
    return bool(re.match(rf"{_ERROR.pattern}\s*:", said))


def _only_greets(said: str) -> bool:
    return bool(_GREETING.match(said)) and len(said.split()) <= _LONGEST_GREETING


def _subject(body: Mapping[str, Any]) -> str:
    if topic := _text(body, "topic"):
        return topic.replace("-", " ")
    if exercise := _text(body, "exercise_id"):
        return exercise.rpartition("/")[2].replace("-", " ")
    defined = _DEFINED.search(_text(body, "code"))
    return defined[1] if defined else ""


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value[:_READ] if isinstance(value, str) else ""


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
