"""How a server wants to be asked: what one understands another refuses, so what is refused is left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from functions.shared.model.asking import Prompt, Said
from functions.shared.model.limits import TASKS
from functions.shared.model.schema import in_words, strict_schema


@dataclass(frozen=True)
class Dialect:
    """What a server understands of the parameters that differ between them."""

    schema: bool = True
    """Whether it makes the model keep to a JSON Schema; else to JSON, and the schema is told in words."""
    temperature: bool = True
    """Whether it may be told; models that reason first have one of their own."""
    most_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """Which name the limit of the answer has: the older, which most servers know, or OpenAI's newer one."""

    def options(self, prompt: Prompt[Any]) -> dict[str, Any]:
        """Return what of the request depends on it: messages, format and limits."""
        limits = TASKS[prompt.task]
        options: dict[str, Any] = {
            "messages": [dict(message) for message in prompt.messages],
            "response_format": {"type": "json_object"},
            self.most_tokens: limits.answer_tokens,
        }
        if self.temperature:
            options["temperature"] = limits.temperature
        if self.schema:
            options["response_format"] = {"type": "json_schema", "json_schema": _named_schema(prompt.answer)}
        else:
            options["messages"].insert(1, {"role": "system", "content": in_words(prompt.answer)})
        return options

    def simpler(self, refused: str | None) -> Dialect | None:
        """Return how to ask a server that refused a request, for the parameter it names if it does; None if there is
        no other way."""
        if refused == "temperature" and self.temperature:
            return replace(self, temperature=False)
        if refused == "max_tokens" and self.most_tokens == "max_tokens":
            return replace(self, most_tokens="max_completion_tokens")
        return replace(self, schema=False) if self.schema else None


def _named_schema(answer: type[Said]) -> Mapping[str, Any]:
    return {"name": answer.__name__, "schema": strict_schema(answer), "strict": True}
