"""Prompt files: what a model is told, in Markdown, read when it is first needed.

A file is named after what it is for, which most often is its task, and its version. A line `---` parts what the model
is told always, to the letter, from the request. The request is made of paragraphs; one whose `$placeholders` are all
empty this time is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template
from typing import NamedTuple

from functions.shared.model.asking import Answer, Prompt, Task
from functions.shared.prompts.fencing import Data, fenced

HOME = Path(__file__).parent
_PARTING = "\n\n---\n\n"
_EXAMPLE = re.compile(r"```json\n.*?\n```", re.DOTALL)


class PromptUnusable(Exception):
    """A prompt file does not have the form that README.md describes."""


class Parts(NamedTuple):
    """A prompt file, read."""

    system: str
    request: tuple[Template, ...]


@dataclass(frozen=True)
class PromptFile:
    """The prompt file of a task that is in use, and what its request is filled with."""

    task: Task
    number: int
    """Its version; a new text is a new version."""
    placeholders: frozenset[str]
    called: str = ""
    """Its name, where a task has another prompt beside its own."""

    @property
    def name(self) -> str:
        """What it is for, e.g. `debug`."""
        return self.called or self.task

    @property
    def version(self) -> str:
        """How it is called wherever a call is recorded, e.g. `debug.v1`."""
        return f"{self.name}.v{self.number}"

    @property
    def path(self) -> Path:
        """The file."""
        return HOME / f"{self.version}.md"

    @cached_property
    def parts(self) -> Parts:
        """The file, read once. Raises PromptUnusable."""
        return parsed(self.path.read_text("utf-8"), self.placeholders, name=self.path.name)

    @cached_property
    def rules(self) -> str:
        """What a model is told always, without the example of a good answer: saying the like of that gives nothing
        away. For the output guard, by which a leak is known."""
        return _EXAMPLE.sub("", self.parts.system)

    def filled(
        self, answer: type[Answer], *, said: Mapping[str, object], data: Mapping[str, Data | None]
    ) -> Prompt[Answer]:
        """Return the prompt: `said` is ours, from a closed set of words or a number; all else is `data`, and is fenced.

        Raises ValueError where these are not exactly the file's placeholders.
        """
        values = {name: None if value is None else str(value) for name, value in said.items()} | fenced(data)
        if values.keys() != self.placeholders or said.keys() & data.keys():
            raise ValueError(f"{self.version} takes {sorted(self.placeholders)}, not {sorted(values)}")
        paragraphs = [each.substitute(_shown(values)) for each in self.parts.request if _has_its_place(each, values)]
        messages = (
            {"role": "system", "content": self.parts.system},
            {"role": "user", "content": "\n\n".join(paragraphs)},
        )
        return Prompt(self.task, self.version, messages, answer)


def parsed(text: str, placeholders: Collection[str], *, name: str) -> Parts:
    """Return what a prompt file holds; `name` is how errors call it. Raises PromptUnusable."""
    system, parting, rest = text.strip().partition(_PARTING)
    if not parting:
        raise PromptUnusable(f"{name}: no line --- between what is always said and the request")
    if _names(system, name):
        raise PromptUnusable(f"{name}: a placeholder in what is always said")
    found = _names(rest, name)
    unknown, missing = sorted(found - set(placeholders)), sorted(set(placeholders) - found)
    if unknown or missing:
        raise PromptUnusable(f"{name}: unknown placeholders {unknown}, missing ones {missing}")
    return Parts(Template(system).substitute(), tuple(map(Template, filter(None, rest.split("\n\n")))))


def _names(text: str, name: str) -> set[str]:
    template = Template(text)
    if not template.is_valid():
        raise PromptUnusable(f"{name}: a $ that begins no placeholder; write $$ for the sign")
    return set(template.get_identifiers())


def _has_its_place(paragraph: Template, values: Mapping[str, str | None]) -> bool:
    names = paragraph.get_identifiers()
    return not names or any(values[name] for name in names)


def _shown(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value or "" for name, value in values.items()}
