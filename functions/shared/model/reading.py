"""Reading what a model said: JSON that fits, or what to tell it is wrong. Pure."""

from __future__ import annotations

import json
import re

from pydantic import ValidationError

from functions.shared.model.asking import Answer

MOST_TOLD = 5
"""Mistakes that a model is told of at once."""
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)


class Unreadable(Exception):
    """What a model said is not what it was to say; the message tells the model so."""


def read(text: str, answer: type[Answer]) -> Answer:
    """Return what was said. Thoughts said aloud, a fence around the JSON, or words before and after it do no harm.

    Raises Unreadable.
    """
    bare = _THOUGHTS.sub("", text)
    begin, end = bare.find("{"), bare.rfind("}")
    try:
        return answer.model_validate(json.loads(bare[begin : end + 1] if begin < end else bare))
    except ValidationError as wrong:
        told = [f"- {'.'.join(map(str, each['loc'])) or 'the object'}: {each['msg']}" for each in wrong.errors()]
        raise Unreadable("\n".join(["That does not fit the schema:", *told[:MOST_TOLD], _AGAIN])) from None
    except (ValueError, RecursionError) as wrong:
        where = f" ({wrong})" if isinstance(wrong, json.JSONDecodeError) else ""
        raise Unreadable(f"That is not JSON{where}. {_AGAIN}") from None


_AGAIN = "Say all of it again, as one JSON object that fits, and nothing else."
