"""Find: which topic a question is about, from its words and from the code in it.

Every topic brings its vocabulary, planned topics too: a question about *generator functions* must not get the lesson
on functions. In the text the longest name wins (`for loop` before `for`), what is asked about counts more than
what is merely mentioned, and code decides only where the words do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from functions.concepts.words import SHORTEST_MISSPELT, Words, respelt, words
from functions.curriculum.models import Curriculum, Subject

NAMED = 1.0
HINTED = 0.4
ONE_MORE_WORD = 0.3
"""Added for each further word of a name: `string method` says more than `method`."""
ASKED_ABOUT = 1.5
"""Factor for the first subject of a clause that asks."""
TOOL = 0.3
"""Added for a topic in the place of a tool: "… with a for loop"."""
MENTIONED = 0.3
"""Factor in a clause that only tells what the learner knows already, or does not mean."""
MISSPELT = 0.9
AGREEING = 0.2
"""Added for each further sign of the same subject, three at most."""
IN_CODE = 0.5
ENOUGH = 0.25
"""Below this, nothing was found."""
READ_CHARACTERS = 10_000
"""Of the question and of the code, from the start: who has not named a topic by then names none."""

_CLAUSE = re.compile(r"[.?!;:,\n]+(?=\s|$)|\b(?:but|however|although|though)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(what|whats|how|why|when|which|explain|define|describe|understand|learn|teach|tell|show|about|mean|means"
    r"|difference|confused|help)\b",
    re.IGNORECASE,
)
_MENTIONS = re.compile(
    r"\bi(?: already| now| do| kind of| think i)? (?:know|understand|learn(?:ed|t)|finished|did|understood|studied)\b"
    r"|\bi(?:['’]ve| have)(?: already| just)? (?:done|learn(?:ed|t)|finished|understood|seen|read|studied)\b"
    r"|\b(?:comfortable|familiar|good|fine|okay|ok) with\b|\bnot (?:about|asking|talking)\b|\bdo ?n['’]?o?t mean\b"
    r"|\bother than\b|\bapart from\b|\bunlike\b|\binstead of\b|\byesterday\b|\blast (?:week|lesson|time)\b",
    re.IGNORECASE,
)
_BEFORE_A_TOOL = frozenset({"with", "using", "in", "inside", "via", "by", "use"})
_KINDS = frozenset({("function",), ("method",)})
_GENERAL = frozenset({"the", "python", "following", "first", "second", "last", "same", "whole", "main", "new", "given"})
_ARTICLES = frozenset({"a", "an", "the", "this", "my", "python"})
# Words of the vocabulary in everyday dress.
_EVERYDAY = frozenset(
    {
        *map(words, ("for instance", "self taught", "self study", "in return", "return to", "object to", "in class")),
        *map(words, ("in my class", "in our class", "my coding class", "my programming class", "class today")),
        *map(words, ("class to take", "class at", "method to", "return policy")),
    }
)

_FENCE = re.compile(r"```[^\n`]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_TICKS = re.compile(r"`([^`\n]+)`")
_CODE_LINE = re.compile(
    r"^(?: {4,}|\t)\S.*$|^[ \t]*(?:>>> .*|(?:async )?(?:def \w+\(.*|for .{1,80} in .{1,200}:.*)"
    r"|class \w+[ ]?(?:\(.*\))?:.*|while .{1,200}:[ \t]*$|@\w[\w.]*(?:\(.*\))?[ \t]*$|return\b[^?\n]*$"
    r"|(?:el)?if .{0,200}[=<>()].{0,200}:[ \t]*$|else:[ \t]*$|try:[ \t]*$|except\b.{0,200}:[ \t]*$"
    r"|import [\w.]+[ \t]*$|from [\w.]+ import .+|print\(.*|\w[\w.\[\]]* [-+*/]?= .+)$",
    re.MULTILINE,
)
_CODE_IN_LINE = re.compile(
    r"\bfor \w+(?:, ?\w+)* in [\w.]+\s?[(:\[]|\bdef \w+\(|\bclass \w+[(:]|\basync (?:def|for|with)\b"
)
_NOT_CODE = re.compile(r"#[^\n]*|'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|\"[^\"\n]*\"", re.DOTALL)


class Match(NamedTuple):
    """A subject that a question may be about, how strongly, and by which names."""

    subject: Subject
    score: float
    names: tuple[Words, ...] = ()


class _Sign(NamedTuple):
    subject_id: str
    weight: float
    name: Words


class Finder:
    """Finds subjects of one curriculum; making it costs about a millisecond, so make it once."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._taught = frozenset(topic.id for topic in curriculum.topics)
        subjects = (*curriculum.topics, *curriculum.planned)
        self._subjects = {subject.id: subject for subject in subjects}
        self._names: dict[Words, _Sign | None] = dict.fromkeys(_EVERYDAY)
        for subject in subjects:
            for weight, phrases in ((HINTED, subject.keywords), (NAMED, subject.names)):
                for name in map(words, phrases):
                    self._names[name] = _Sign(subject.id, weight + ONE_MORE_WORD * (len(name) - 1), name)
        self._longest = max(map(len, self._names))
        self._misspelt = frozenset(
            name[0]
            for name, sign in self._names.items()
            if sign and len(name) == 1 and sign.weight == NAMED and self._is_worth_respelling(name[0], sign)
        )
        self._constructs = [
            (_construct(construct), subject.id, IN_CODE + 0.1 * curriculum.depth(subject.id))
            for subject in subjects
            for construct in subject.constructs
        ]

    def find(self, question: str, code: str | None = None) -> tuple[Match, ...]:
        """Return what the question is about, the likeliest first; nothing if it names nothing known."""
        prose, pasted = parted(question[:READ_CHARACTERS])
        nothing_asked = not _ASKS.search(prose)  # "loops, please": then every clause may be the question
        signs = [
            sign
            for clause in _CLAUSE.split(prose)
            for sign in self._weighed(clause, nothing_asked or bool(_ASKS.search(clause)))
        ]
        in_code = self._signs_in_code("\n".join((pasted, (code or "")[:READ_CHARACTERS])))
        if any(sign.weight >= NAMED * MISSPELT for sign in signs):  # it is named, so code can only confirm it
            said = {sign.subject_id for sign in signs}
            in_code = [sign for sign in in_code if sign.subject_id in said]
        return self._ranked(signs + in_code)

    def _is_worth_respelling(self, word: str, sign: _Sign) -> bool:
        """Short words resemble too many others; a chance is taken only for topics that can then be explained."""
        return word.isalpha() and len(word) >= (SHORTEST_MISSPELT if sign.subject_id in self._taught else 6)

    def _weighed(self, clause: str, asks: bool) -> list[_Sign]:
        mentions = bool(_MENTIONS.search(clause))
        weighed = []
        for place, (sign, is_tool) in enumerate(self._signs(words(clause))):
            weight = sign.weight * (ASKED_ABOUT if asks and not place else 1)
            weight += TOOL if is_tool and sign.subject_id in self._taught else 0
            weighed.append(sign._replace(weight=weight * (MENTIONED if mentions else 1)))
        return weighed

    def _signs(self, said: Words) -> Iterator[tuple[_Sign, bool]]:
        """Yield the names in a clause, the longest that fits at each place, and whether a tool stands there."""
        spelt = tuple(word if (word,) in self._names else respelt(word, self._misspelt) for word in said)
        place = 0
        while place < len(spelt):
            rest = spelt[place : place + self._longest]
            length = next((n for n in range(len(rest), 0, -1) if rest[:n] in self._names), 0)
            sign = self._names[rest[:length]] if length else None
            if sign and not (rest[:length] in _KINDS and _names_another(said[:place])):
                as_said = rest[:length] == said[place : place + length]
                before = [word for word in said[max(0, place - 3) : place] if word not in _ARTICLES]
                is_tool = bool(before) and before[-1] in _BEFORE_A_TOOL
                yield sign if as_said else sign._replace(weight=sign.weight * MISSPELT), is_tool
            place += length or 1

    def _signs_in_code(self, code: str) -> list[_Sign]:
        bare = _NOT_CODE.sub(" ", code)
        return [_Sign(subject_id, weight, ()) for looks, subject_id, weight in self._constructs if looks.search(bare)]

    def _ranked(self, signs: list[_Sign]) -> tuple[Match, ...]:
        by_subject: dict[str, dict[Words, float]] = {}  # in the order of the text, which decides between equals
        for sign in signs:
            weights = by_subject.setdefault(sign.subject_id, {})
            weights[sign.name] = max(sign.weight, weights.get(sign.name, 0))
        matches = [
            Match(
                self._subjects[subject_id],
                round(max(weights.values()) + AGREEING * min(3, len(weights) - 1), 3),
                tuple(filter(None, weights)),
            )
            for subject_id, weights in by_subject.items()
        ]
        return tuple(sorted((m for m in matches if m.score >= ENOUGH), key=lambda match: -match.score))


def _names_another(before: Words) -> bool:
    """Tell whether "the split method" was said, which is not about methods, rather than "the following method"."""
    return len(before) > 1 and before[-2] == "the" and before[-1] not in _GENERAL


def parted(question: str) -> tuple[str, str]:
    """Return the question's prose and the code in it. What stands between single backticks counts as both."""
    code: list[str] = []

    def take(found: re.Match[str]) -> str:
        code.append(found[1] if found.re.groups else found[0])
        return "\n"

    prose = _CODE_LINE.sub(take, _FENCE.sub(take, question))
    code += _TICKS.findall(prose) + _CODE_IN_LINE.findall(prose)
    return prose.replace("`", " "), "\n".join(code)


def _construct(construct: str) -> re.Pattern[str]:
    if construct[0].isalpha():
        return re.compile(rf"\b{re.escape(construct)}\b")
    return re.compile(rf"^[ \t]*{re.escape(construct)}(?=[\w.(\s]|$)", re.MULTILINE)
