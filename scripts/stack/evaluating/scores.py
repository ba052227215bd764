"""How good guesses are: pure arithmetic over what was right, what was guessed, and how sure the guess was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Guess:
    """One question: the right intent, the one that was guessed, and the confidence, 0 to 1."""

    right: str
    guessed: str
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the guess was the right one."""
        return self.right == self.guessed


@dataclass(frozen=True)
class Bin:
    """Guesses of like confidence: how sure they were on average, and how many of them were right."""

    count: int
    confidence: float
    accuracy: float


def accuracy(guesses: Sequence[Guess]) -> float:
    """Return the share that is right, 0 to 1; 0 of nothing."""
    return sum(guess.is_right for guess in guesses) / len(guesses) if guesses else 0.0


def confusion(guesses: Sequence[Guess]) -> Counter[tuple[str, str]]:
    """Return how often each right intent was guessed as each other."""
    return Counter((guess.right, guess.guessed) for guess in guesses)


def precision(guesses: Sequence[Guess], intent: str) -> float:
    """Return the share of guesses of this intent that are right; 0 of none."""
    return accuracy([guess for guess in guesses if guess.guessed == intent])


def recall(guesses: Sequence[Guess], intent: str) -> float:
    """Return the share of questions of this intent that were found; 0 of none."""
    return accuracy([guess for guess in guesses if guess.right == intent])


def reliability(guesses: Sequence[Guess]) -> list[Bin]:
    """Return ten bins of equal width by confidence, without the empty ones."""
    held: dict[int, list[Guess]] = {}
    for guess in guesses:
        held.setdefault(min(int(guess.confidence * BINS), BINS - 1), []).append(guess)
    return [
        Bin(len(one), sum(guess.confidence for guess in one) / len(one), accuracy(one))
        for _, one in sorted(held.items())
    ]


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Return the expected calibration error (Naeini et al. 2015): how far confidence and accuracy are apart, by bin."""
    return sum(each.count * abs(each.confidence - each.accuracy) for each in reliability(guesses)) / len(guesses)


def tables(guesses: Sequence[Guess], intents: Sequence[str]) -> list[str]:
    """Return the confusion table with precision and recall, and the reliability table, as lines of Markdown."""
    counted = confusion(guesses)
    lines = ["| right ↓ guessed → | " + " | ".join(intents) + " | recall | precision |"]
    lines.append("|---|" + "--:|" * (len(intents) + 2))
    for right in intents:
        cells = " | ".join(str(counted[right, guessed] or "·") for guessed in intents)
        lines.append(f"| {right} | {cells} | {recall(guesses, right):.1%} | {precision(guesses, right):.1%} |")
    lines += ["", "| confidence | accuracy | questions |", "|--:|--:|--:|"]
    lines += [f"| {each.confidence:.1%} | {each.accuracy:.1%} | {each.count} |" for each in reliability(guesses)]
    return [*lines, "", f"Expected calibration error: {calibration_error(guesses):.1%}"]
