"""What comes back of a call of the SDK, good or bad, in our own terms; the SDK itself may not be imported yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.shared.model.asking import Reason, Usage
from functions.shared.model.backoff import retry_after_seconds

PASSING = {408, 409}
"""Beside all from 500 on: what may be different when asked again."""
REFUSED = {400, 422}
"""What a request is answered with that a server does not understand."""


@dataclass(frozen=True)
class Heard:
    """What a model said. `refusal` is why that is no answer, if it is none; `why` is the same in the server's terms."""

    text: str
    model: str
    usage: Usage
    refusal: Reason | None = None
    why: str = ""


class Trouble(Exception):
    """A call brought nothing. The message names the kind of error and never what the server said, which may repeat a
    prompt or a key."""

    def __init__(self, what: str, reason: Reason = "failed", *, status: int = 0) -> None:
        super().__init__(what)
        self.reason: Reason = reason
        self.status = status
        self.again_after: float | None = None
        """Seconds for which the server wants to be left alone, if it says so."""
        self.refused: str | None = None
        """The parameter that it does not understand, if it says so."""
        self.is_final = False
        """Whether it is known to be the same, however it is asked."""

    @property
    def may_pass(self) -> bool:
        """Whether the same request may be answered in a moment."""
        return self.reason == "failed" and (self.status in PASSING or self.status >= 500 or self.status == 0)

    @property
    def is_ours(self) -> bool:
        """Whether the server is well and the request is not."""
        return self.status in REFUSED

    @property
    def may_be_dialect(self) -> bool:
        """Whether another way to ask may be understood."""
        return self.status in REFUSED and not self.is_final


def heard(completion: Any) -> Heard:
    """Return what a completion says. Raises ValueError for one that is none: the SDK does not look."""
    try:
        choice = completion.choices[0]
        message, model = choice.message, completion.model
        text, refused = message.content or "", getattr(message, "refusal", None)
        used = completion.usage
        usage = Usage(int(used.prompt_tokens or 0), int(used.completion_tokens or 0)) if used else Usage()
    except (AttributeError, IndexError, TypeError):
        raise ValueError("no completion") from None
    if refused:
        return Heard(str(refused), str(model), usage, "refused", "refusal")
    if choice.finish_reason == "content_filter":
        return Heard(text, str(model), usage, "refused", "content_filter")
    if choice.finish_reason == "length":
        return Heard(text, str(model), usage, "malformed", "length")
    return Heard(text, str(model), usage)


def trouble(error: Exception, now: datetime) -> Trouble:
    """Return what an error of the SDK comes to."""
    kind, status = type(error).__name__, int(getattr(error, "status_code", 0) or 0)
    if kind == "APITimeoutError":
        return Trouble(kind, status=408)
    found = Trouble(f"{kind} {status}" if status else kind, "busy" if status == 429 else "failed", status=status)
    if status:
        found.again_after = retry_after_seconds(getattr(error, "response").headers, now)  # noqa: B009
    found.refused = getattr(error, "param", None)
    found.is_final = getattr(error, "code", None) == "context_length_exceeded"
    return found
