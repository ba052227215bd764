"""Reading: what of an answer is code, and what is said about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

Kind = Literal["prose", "code", "broken", "output", "diagram", "plain"]
"""Markdown · a program · one that need not be right · what a program prints · Mermaid · a name or a word."""

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("code", "starter", "solution", "corrected_code", "right", "after"), "code"),
    **dict.fromkeys(("wrong", "before", "expression", "call", "stdin"), "broken"),
    **dict.fromkeys(("output", "stdout", "stderr", "got", "expected"), "output"),
    **dict.fromkeys(("answered_by", "code_hash", "exercise_id", "submission_id", "topic", "level", "status"), "plain"),
    "diagram": "diagram",
}
"""What the fields of answers hold, by their names, where that is not prose."""

_FENCE = re.compile(r"[ \t>]{0,12}(?:[-*+] |\d{1,3}[.)] )?[ \t]{0,8}(`{3,}|~{3,})[ \t]*([\w+#.-]{0,20})[^`\n]*$")
_SURE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`\n]*)$")
_SURE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)([^\n]+?)(?<!`)\1(?!`)")
"""What is code by the specification of CommonMark too (0.31, 4.5 and 6.1), and not by our kinder reading alone."""
_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)([^\n]{1,400}?)(?<!`)\1(?!`)")
DEEPEST = 20
"""How deep an answer may be nested."""


class Text(NamedTuple):
    """A text of an answer and what kind of text it is."""

    text: str
    kind: Kind = "prose"


class Block(NamedTuple):
    """A fenced block: the language that it says it is in, in lower case, and what is in it."""

    language: str
    code: str


def texts_of(answer: Any) -> tuple[Text, ...]:
    """Return every text of an answer that is not empty: a pydantic model, or plain data."""
    return tuple(_texts(answer, "prose", DEEPEST))


def _texts(value: Any, kind: Kind, deepest: int) -> Iterator[Text]:
    if isinstance(value, str):
        if value.strip():
            yield Text(value, kind)
    elif not deepest:
        return
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), _KINDS.get(name, kind), deepest - 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(str(name), kind, deepest - 1)
            yield from _texts(item, _KINDS.get(str(name), kind), deepest - 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _texts(item, kind, deepest - 1)


def blocks(markdown: str) -> tuple[Block, ...]:
    """Return the fenced blocks of a text; one that is never closed goes on to the end."""
    if "```" not in markdown and "~~~" not in markdown:
        return ()
    return tuple(_blocks(markdown.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    fence, language, held = "", "", list[str]()
    for line in lines:
        found = _FENCE.match(line)
        if fence and found and found[1].startswith(fence) and not found[2]:
            yield Block(language, "\n".join(held))
            fence, held = "", []
        elif fence:
            held.append(line)
        elif found:
            fence, language = found[1], found[2].lower()
    if fence:
        yield Block(language, "\n".join(held))


def spans(markdown: str) -> tuple[str, ...]:
    """Return what stands between backticks within lines."""
    return tuple(found[1].strip() for found in _SPAN.findall(without_blocks(markdown)))


def outside_code(markdown: str) -> str:
    """Return a text without what every page shows as code."""
    return _SURE_SPAN.sub("``", without_blocks(markdown, _SURE_FENCE))


def without_blocks(markdown: str, fences: re.Pattern[str] = _FENCE) -> str:
    """Return a text without its fenced blocks, as `fences` begin and end them."""
    if "```" not in markdown and "~~~" not in markdown:
        return markdown
    kept, fence = list[str](), ""
    for line in markdown.split("\n"):
        found = fences.match(line)
        if fence:
            fence = "" if found and found[1].startswith(fence) and not found[2] else fence
        elif found:
            fence = found[1]
        else:
            kept.append(line)
    return "\n".join(kept)
