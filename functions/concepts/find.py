"""Find: which topic a question is about, from its words, the code in it and the error that came of it.

Every topic brings its vocabulary, planned topics too: a question about *generator functions* must not get the lesson
on functions. In the text the longest name wins (`for loop` before `for`), what is asked about counts more than
what is merely mentioned, and code and errors decide only where the words do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from functions.concepts.clauses import Clause, clauses
from functions.concepts.in_code import prominence
from functions.concepts.vocabulary import MISSPELT, NAMED, Sign, Vocabulary
from functions.concepts.words import Words, words
from functions.curriculum.models import Curriculum, Subject
from functions.shared.pasted import parted

ASKED_ABOUT = 1.5
"""Factor for the first subject of a clause that asks, and for a long name wherever it stands."""
LONG = 3
"""Words from which a name is long: nobody says "at the same time" by the way."""
TOOL = 0.3
"""Added for a topic in the place of a tool: "… with a for loop"."""
MENTIONED = 0.3
"""Factor in a clause that only tells what the learner knows already, or does not mean."""
AGREEING = 0.2
"""Added for each further sign of the same subject, three at most."""
AGREEING_IN_CODE = 0.05
"""Added for each further construct of the same subject, three at most."""
BESIDE_CODE = 0.4
"""Factor for words that only hint at a subject, where there is code or an error to look at."""
BESIDE_NAMES = 0.3
"""Factor for what code or an error shows, where the words name something else."""
IN_ERROR = 0.9
"""Factor for what an error message names."""
ENOUGH = 0.25
"""Below this, nothing was found."""
READ_CHARACTERS = 10_000
"""Of the question, the code and the error, each: who has not named a topic by then names none."""


class Match(NamedTuple):
    """A subject that a question may be about, how strongly, and by which names."""

    subject: Subject
    score: float
    names: tuple[Words, ...] = ()


class Finder:
    """Finds subjects of one curriculum; making it costs a few milliseconds, so make it once."""

    def __init__(self, curriculum: Curriculum) -> None:
        subjects = (*curriculum.topics, *curriculum.planned)
        self._taught = frozenset(topic.id for topic in curriculum.topics)
        self._subjects = {subject.id: subject for subject in subjects}
        self._vocabulary = Vocabulary(curriculum)
        self._constructs: dict[str, list[tuple[str, float]]] = {}
        for subject in subjects:
            for construct, weight in subject.constructs.items():
                self._constructs.setdefault(construct, []).append((subject.id, weight))

    def find(self, question: str, code: str | None = None, error_message: str | None = None) -> tuple[Match, ...]:
        """Return what the question is about, the likeliest first; nothing if it names nothing known."""
        prose, pasted = parted(question[:READ_CHARACTERS])
        parts = clauses(prose)
        said = [sign for clause in parts for sign in self._said(clause)]
        known = {sign.subject_id for clause in parts if clause.mentions for sign in self._said(clause)}
        shown = self._shown_by_code(pasted, (code or "")[:READ_CHARACTERS]) + self._shown_by_error(error_message or "")
        shown = [_scaled(sign, MENTIONED) if sign.subject_id in known else sign for sign in shown]
        if any(sign.weight >= NAMED * MISSPELT for sign in said):  # it is named, so the rest can only confirm it
            named = {sign.subject_id for sign in said}
            shown = [sign if sign.subject_id in named else _scaled(sign, BESIDE_NAMES) for sign in shown]
        elif shown:
            said = [_scaled(sign, BESIDE_CODE) for sign in said]
        return self._ranked(said + shown)

    def _said(self, clause: Clause) -> list[Sign]:
        said = []
        for place, (sign, as_tool) in enumerate(self._vocabulary.named_in(clause.words)):
            is_asked_about = clause.asks and (place == 0 or len(sign.name) >= LONG)
            weight = sign.weight * (ASKED_ABOUT if is_asked_about else 1)
            weight += TOOL if as_tool and sign.subject_id in self._taught else 0
            said.append(sign._replace(weight=weight * (MENTIONED if clause.mentions else 1)))
        return said

    def _shown_by_code(self, *programs: str) -> list[Sign]:
        """Return one sign for each subject with constructs in the code, as strong as its most telling construct."""
        telling: dict[str, list[float]] = {}
        for program in programs:
            for construct, prominent in prominence(program).items():
                for subject_id, weight in self._constructs.get(construct, ()):
                    telling.setdefault(subject_id, []).append(weight * prominent)
        return [
            Sign(subject_id, max(weights) + AGREEING_IN_CODE * min(3, len(weights) - 1))
            for subject_id, weights in telling.items()
        ]

    def _shown_by_error(self, message: str) -> list[Sign]:
        """Return what the last line names: the lines above it say where, not what."""
        last = message[-READ_CHARACTERS:].strip().rpartition("\n")[2]
        return [_scaled(sign, IN_ERROR) for sign, _ in self._vocabulary.named_in(words(last))]

    def _ranked(self, signs: Iterable[Sign]) -> tuple[Match, ...]:
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


def _scaled(sign: Sign, factor: float) -> Sign:
    return sign._replace(weight=sign.weight * factor)
