"""Review: an opinion on a program that works by a model, from what rules have found and measured already. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from pydantic import ConfigDict, Field

from functions.shared.helping import FunctionMeasured, Suggested
from functions.shared.model.asking import Prompt, Said
from functions.shared.payload import Level
from functions.shared.prompts.checking import not_python, readable
from functions.shared.prompts.fencing import LONGEST_QUESTION, listed, one_line, program, text
from functions.shared.prompts.files import PromptFile
from functions.shared.prompts.inputs import ExerciseFacts, Input, exercise

Category = Literal["time", "naming", "structure", "docstrings", "dead_code", "style", "bug_risk", "readability"]
BY_MODEL = "model"
"""The rule of a suggestion that no rule of ours made."""
LONGEST_PRAISE, LONGEST_SUMMARY, LONGEST_REASON = 600, 1_200, 600
"""Characters that an answer may have."""
MOST, MOST_OF_ITS_OWN = 5, 2
MOST_FUNCTIONS = 5
FILE = PromptFile("review", 1, frozenset({"level", "quality", "exercise", "findings", "facts", "program", "question"}))


class ReviewInput(Input):
    """A program that Python can read, and what is known of it."""

    question: str = ""
    code: str
    quality: int = Field(description="Its mark, 0 to 100.")
    praise: str = Field(default="", description="What is good, as the built-in tutor says it.")
    findings: tuple[Suggested, ...] = Field(default=(), description="What rules suggest, the most useful first.")
    complexity: tuple[FunctionMeasured, ...] = ()
    level: Level
    exercise: ExerciseFacts | None = None


class SuggestionSaid(Said):
    """One thing that could be better."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    finding: int | None = Field(description="The number of the finding it explains; null for one of your own.")
    line: int = Field(description="The first line it is about.")
    last_line: int = Field(description="The last line it is about; often the same.")
    category: Category
    reason: str = Field(description="Why, in one or two sentences that name something of the program.")
    after: str | None = Field(
        description="These lines as they could be, with their indentation and without line numbers; null for a finding,"
        " and where only words help."
    )


class ReviewSaid(Said):
    """A review."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    praise: str = Field(description="One sentence on what is good in this very program.")
    summary: str = Field(description="Two or three sentences: how good it is, and what to do next.")
    suggestions: list[SuggestionSaid] = Field(description="At most five, the most useful first; none if it is good.")


class Offered(NamedTuple):
    """A suggestion, and the whole program with it, which has to do what the program does; None: nothing to try."""

    suggested: Suggested
    rewritten: str | None


def review_prompt(given: ReviewInput) -> Prompt[ReviewSaid]:
    """Return the prompt for a review."""
    return FILE.filled(
        ReviewSaid,
        said={"level": given.level, "quality": given.quality},
        data={
            "exercise": exercise(given.exercise),
            "findings": listed("findings", _findings(given.findings), each=LONGEST_REASON),
            "facts": listed("facts", _facts(given)),
            "program": program("program", given.code),
            "question": text("question", given.question, LONGEST_QUESTION),
        },
    )


def offered_by(said: ReviewSaid, given: ReviewInput) -> tuple[Offered, ...]:
    """Return the suggestions, five at most and two of its own among them.

    One that explains a finding keeps the finding's lines and correction, and has only new words. What is about lines
    that the program has not, about a finding that is not there, or about one twice is left out; a correction that
    Python could not read is none. Raises ValueError, with a sentence for the model, where nothing is left.
    """
    chosen: list[Offered] = []
    own, known = 0, set[int]()
    for each in said.suggestions:
        offered = _of_finding(each, given) if each.finding is not None else _of_its_own(each, given.code)
        twice = each.finding in known or (each.finding is None and own == MOST_OF_ITS_OWN)
        if offered and not twice and len(chosen) < MOST:
            chosen.append(offered)
            own += each.finding is None
            known |= {each.finding} if each.finding is not None else set()
    if said.suggestions and not chosen:
        raise ValueError(
            f"No suggestion is about the program, whose lines are 1 to {len(_lines(given.code))}, or a finding, whose "
            f"numbers are 1 to {len(given.findings)}. Write them again."
        )
    return tuple(chosen)


def words_of(said: ReviewSaid) -> tuple[str, str]:
    """Return praise and summary. Raises ValueError, with a sentence for the model."""
    return readable("praise", said.praise, LONGEST_PRAISE), readable("summary", said.summary, LONGEST_SUMMARY)


def _of_finding(said: SuggestionSaid, given: ReviewInput) -> Offered | None:
    if said.finding is None or not 1 <= said.finding <= len(given.findings):
        return None
    reason = readable("reason", said.reason, LONGEST_REASON)
    return Offered(given.findings[said.finding - 1].model_copy(update={"reason": reason}), None)


def _of_its_own(said: SuggestionSaid, code: str) -> Offered | None:
    lines = _lines(code)
    if not 1 <= said.line <= said.last_line <= len(lines):
        return None
    before = "".join(lines[said.line - 1 : said.last_line])
    after = said.after.strip("\r\n") if said.after and said.after.strip() else None
    rewritten = _put_in(lines, said.line, said.last_line, after) if after is not None else None
    if rewritten is None or rewritten == code or not_python(rewritten):
        after = rewritten = None
    suggested = Suggested(
        rule=BY_MODEL,
        category=said.category,
        line=said.line,
        reason=readable("reason", said.reason, LONGEST_REASON),
        before=before.rstrip("\r\n"),
        after=after,
    )
    return Offered(suggested, rewritten)


def _lines(code: str) -> list[str]:
    """Return the lines with their ends, as Python counts them: a form feed ends none."""
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ended = [f"{line}\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def _put_in(lines: list[str], first: int, last: int, after: str) -> str:
    end = "\n" if lines[last - 1].endswith("\n") else ""
    return "".join((*lines[: first - 1], after, end, *lines[last:]))


def _findings(findings: tuple[Suggested, ...]) -> Iterator[tuple[str, object]]:
    for number, each in enumerate(findings, 1):
        yield f"finding {number}", f"line {each.line}, {each.category}: {one_line(each.reason, LONGEST_REASON)}"
        yield "    could be", each.after


def _facts(given: ReviewInput) -> Iterator[tuple[str, object]]:
    yield "good", given.praise
    for each in given.complexity[:MOST_FUNCTIONS]:
        yield f"ways through {one_line(each.name, 80)}", f"{each.complexity} (rank {each.rank}), from line {each.line}"
