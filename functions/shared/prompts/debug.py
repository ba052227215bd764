"""Debug: hints on a learner's mistake by a model, from what analysis and a run have found out already. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, Self

from pydantic import ConfigDict, Field, model_validator

from functions.shared.conversing import Turn
from functions.shared.helping import ErrorExplained, ErrorFound
from functions.shared.model.asking import Prompt, Said
from functions.shared.payload import Level
from functions.shared.prompts.checking import python_said, readable
from functions.shared.prompts.fencing import LONGEST_QUESTION, Data, error, listed, one_line, program, text
from functions.shared.prompts.files import PromptFile
from functions.shared.prompts.inputs import ExerciseFacts, Input, earlier, exercise
from functions.shared.running import Outcome

LastStep = Literal["solution", "analogous"]
"""What the third hint may be: what to change, or the same mistake and its remedy in another program."""

LONGEST_TITLE, LONGEST_EXPLANATION, LONGEST_HINT, LONGEST_TIP = 120, 1_500, 1_200, 300
"""Characters that an answer may have."""
MOST_TIPS = 3
_SYNTAX = frozenset({"SyntaxError", "IndentationError", "TabError"})
_PLACEHOLDERS = (
    "level", "start", "last_step", "exercise", "facts", "corrected", "earlier", "program", "error", "question",
)  # fmt: skip
FILE = PromptFile("debug", 1, frozenset(_PLACEHOLDERS))


class MistakeFacts(Input):
    """What was found out without a model. All of it is true; what was not found out is None."""

    error: ErrorFound | None = None
    cause: str | None = Field(default=None, description="Its id, e.g. `misspelt_name`.")
    title: str | None = None
    line: int | None = Field(
        default=None, description="Where the mistake is, which is not always where Python stopped."
    )
    explanation: str | None = Field(default=None, description="As the built-in tutor tells it, Markdown.")
    hints: tuple[str, ...] = Field(default=(), description="The built-in tutor's.")
    outcome: Outcome | None = Field(default=None, description="How a run of ours ended; None: there was none.")
    printed: str | None = Field(default=None, description="What that run printed.")


class DebugInput(Input):
    """A program that does not work, and what is known of it."""

    question: str = ""
    code: str = ""
    error_message: str | None = None
    facts: MistakeFacts = MistakeFacts()
    corrected_code: str | None = Field(
        default=None, description="A correction that was run and works; never for an exercise."
    )
    exercise: ExerciseFacts | None = None
    last_step: LastStep
    level: Level
    turns: tuple[Turn, ...] = ()

    @model_validator(mode="after")
    def _gives_nothing_away(self) -> Self:
        if self.last_step == "analogous" and self.corrected_code is not None:
            raise ValueError("what must not be told does not go into a prompt: no correction with `analogous`")
        return self

    @property
    def shown(self) -> Data | None:
        """The program as it stands in the prompt."""
        found = self.facts.error.line if self.facts.error else None
        return program("program", self.code, around=self.facts.line or found)

    @property
    def wants_correction(self) -> bool:
        """Whether the model is to write the whole corrected program: none is known, it may tell, and it sees all."""
        shown = self.shown
        return self.last_step == "solution" and self.corrected_code is None and shown is not None and shown.whole


class HintsSaid(Said):
    """A mistake explained in steps."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    line: int | None = Field(description="The line where the mistake is; null if there is none to name.")
    title: str = Field(description="The mistake, at most eight words.")
    explanation: str = Field(description="What happened and why, two to four sentences, without the correction.")
    hint_1: str = Field(description="The kind of mistake, and a question to think about.")
    hint_2: str = Field(description="Where to look, and what to compare. Not what to write.")
    hint_3: str = Field(description="The last step, as the request allows it.")
    corrected_code: str | None = Field(
        description="The whole program with the fewest changes, without line numbers; null unless the request wants it."
    )
    tips: list[str] = Field(description="One or two habits that help to find or avoid this mistake.")


class Told(NamedTuple):
    """An answer, and the corrected program that has to be run and to work before it may be shown."""

    answer: ErrorExplained
    to_try: str | None


def mistake_facts(found: ErrorExplained, outcome: Outcome | None = None, printed: str | None = None) -> MistakeFacts:
    """Return what the built-in answer and a run of ours tell. An answer that found no mistake has no hints to give."""
    known: dict[str, object] = {"error": found.error, "outcome": outcome, "printed": printed}
    if found.cause is not None:
        known |= {name: getattr(found, name) for name in ("cause", "title", "line", "explanation", "hints")}
    return MistakeFacts.model_validate(known)


def debug_prompt(given: DebugInput) -> Prompt[HintsSaid]:
    """Return the prompt for hints."""
    kind = given.facts.error.type if given.facts.error else ""
    corrected = program("corrected", given.corrected_code)
    return FILE.filled(
        HintsSaid,
        said={
            "level": given.level,
            "start": "concrete" if kind in _SYNTAX else "open",
            "last_step": f"{given.last_step}, {'with' if given.wants_correction else 'without'} corrected_code",
        },
        data={
            "exercise": exercise(given.exercise),
            "facts": listed("facts", _facts(given.facts)),
            "corrected": corrected if corrected and corrected.whole else None,
            "earlier": earlier(given.turns),
            "program": given.shown,
            "error": error("error", given.error_message),
            "question": text("question", given.question, LONGEST_QUESTION),
        },
    )


def explained_by(said: HintsSaid, found: ErrorExplained, given: DebugInput, answered_by: str) -> Told:
    """Return the built-in answer in the model's words. What was found out stays: the error, the cause, the line.

    A corrected program is taken only where one was wanted. Raises ValueError, with a sentence for the model, where it
    can be no answer.
    """
    hints = [readable(f"hint_{number}", hint, LONGEST_HINT) for number, hint in enumerate(_hints(said), 1)]
    if len({" ".join(hint.casefold().split()) for hint in hints}) < len(hints):
        raise ValueError("Two hints say the same. Let each tell more than the one before.")
    lines = given.code.count("\n") + 1
    in_program = said.line if said.line is not None and 1 <= said.line <= lines and given.code else None
    answer = found.model_copy(
        update={
            "title": readable("title", said.title, LONGEST_TITLE),
            "explanation": readable("explanation", said.explanation, LONGEST_EXPLANATION),
            "line": found.line if found.cause is not None else in_program,
            "hints": tuple(hints),
            "tips": _tips(said) or found.tips,
            "answered_by": answered_by,
        }
    )
    return Told(answer, _to_try(said, given))


def _hints(said: HintsSaid) -> tuple[str, str, str]:
    return said.hint_1, said.hint_2, said.hint_3


def _tips(said: HintsSaid) -> tuple[str, ...]:
    return tuple(readable("tip", tip, LONGEST_TIP) for tip in said.tips[:MOST_TIPS] if tip.strip())


def _to_try(said: HintsSaid, given: DebugInput) -> str | None:
    if said.corrected_code is None or not given.wants_correction:
        return None
    code = python_said("corrected_code", said.corrected_code)
    return None if code.strip() == given.code.strip() else code


def _facts(facts: MistakeFacts) -> Iterator[tuple[str, object]]:
    found = facts.error
    if found:
        yield "error", one_line(f"{found.type}: {found.message}" if found.message else found.type)
        yield "Python stopped in line", found.line
        yield "of the file", found.file and one_line(found.file)
        yield "at", found.expression and one_line(found.expression)
    yield "cause", facts.cause
    yield "in short", facts.title
    yield "the mistake is in line", facts.line
    yield "explained", facts.explanation
    for number, hint in enumerate(facts.hints, 1):
        yield f"hint {number} of ours", hint
    yield "a run of it ended with", facts.outcome
    yield "and printed", facts.printed
