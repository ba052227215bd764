"""What is said: to teachers what was seen and on what it rests, to learners something kind and one thing to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.shared.alerting import AlertRequested, Signal, StruggleDetected
from functions.shared.progressing import MasteryLevel, ProgressUpdated

LONGEST_TITLE = 200
LONGEST_MESSAGE = 4000
_LEVELS: tuple[MasteryLevel, ...] = ("red", "yellow", "green", "blue")


@dataclass(frozen=True)
class Words:
    """What one person reads. A title is one line of printable characters, so that it can be an e-mail's subject."""

    title: str
    message: str


@dataclass(frozen=True)
class Change:
    """A level that changed; `topic` None: overall. `mastery` is 0 to 100, where it is known."""

    topic: str | None
    before: MasteryLevel
    after: MasteryLevel
    mastery: int | None

    @property
    def is_up(self) -> bool:
        """Whether it is for the better."""
        return _LEVELS.index(self.after) > _LEVELS.index(self.before)

    @property
    def where(self) -> str:
        """What the level is of."""
        return f"in {_spoken(self.topic)}" if self.topic else "overall"

    @property
    def measured(self) -> str:
        """The mastery behind the level."""
        return "" if self.mastery is None else f" ({self.mastery} of 100)"


_SEEN: dict[Signal, str] = {
    "same_error": "the same error again and again",
    "error_quotient": "run after run ends with an error",
    "failing_exercise": "an exercise does not work out",
    "no_success": "no success on a topic for a while",
}
_KIND_TITLES: dict[Signal, str] = {
    "same_error": "One error keeps coming back, and it can be beaten",
    "error_quotient": "A smaller step may help",
    "failing_exercise": "Another way into this exercise",
    "no_success": "A good moment for a step back",
}


def struggle_for_teacher(learner: str, sign: StruggleDetected) -> Words:
    """Return the reason and the evidence as a teacher reads them."""
    evidence = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in sign.evidence.items())
    paragraphs = (
        sign.reason,
        f"What this rests on: {evidence}." if evidence else "",
        "A word from you may help. If there is no need, dismiss this: the same sign is then not raised for a while.",
    )
    return _words(f"{learner}: {_SEEN[sign.signal]}", "\n\n".join(filter(None, paragraphs)))


def struggle_for_learner(sign: StruggleDetected) -> Words:
    """Return something encouraging and one concrete next step; never what the learner cannot do."""
    return _words(_KIND_TITLES[sign.signal], f"{_encouragement(sign)} {_next_step(sign)}")


def changes(update: ProgressUpdated) -> list[Change]:
    """Return which levels changed, the overall one first. What had no level before has not changed."""
    found = []
    if update.previous_level not in {None, update.level}:
        assert update.previous_level is not None
        found.append(Change(None, update.previous_level, update.level, update.mastery))
    before, after = update.previous_topic_level, update.topic_level
    if update.topic and before and after and before != after:
        found.append(Change(update.topic, before, after, update.topic_mastery))
    return found


def progress_for_learner(changed: Sequence[Change]) -> Words:
    """Return a congratulation, or kind words, on levels that changed. The first change sets the tone."""
    first = changed[0]
    said = [
        f"You have come from {each.before} to {each.after} {each.where}{each.measured}."
        if each.is_up
        else f"You are at {each.after} {each.where} now{each.measured}; it was {each.before}."
        for each in changed
    ]
    about = f" on {_spoken(first.topic)}" if first.topic else ""
    if first.is_up:
        title = f"Congratulations: {first.after} {first.where}!"
        return _words(title, f"{' '.join(said)} Well done! To go on, try an exercise{about} that is one step harder.")
    return _words(
        f"A good moment to practise{about}",
        f"{' '.join(said)} Levels move with the latest work and come back with it. One short exercise{about} is a good "
        "way to start.",
    )


def progress_for_teacher(learner: str, changed: Sequence[Change]) -> Words:
    """Return which levels changed, plainly."""
    said = [f"From {each.before} to {each.after} {each.where}{each.measured}." for each in changed]
    return _words(f"{learner}: {changed[0].after} {changed[0].where}", " ".join(said))


def message(asked: AlertRequested) -> Words:
    """Return what somebody wants said, in their words."""
    return _words(asked.title, asked.message)


def _encouragement(sign: StruggleDetected) -> str:
    if sign.signal == "same_error":
        error = sign.evidence.get("error_type")
        return f"{error or 'The same error'} has come up a few times now. Everybody who programs knows that."
    return {
        "error_quotient": "Errors are how programs talk back, and you keep the conversation going.",
        "failing_exercise": "You have stayed with this exercise, and that is how things get learned.",
        "no_success": "You have put real work into this, and it will pay off.",
    }[sign.signal]


def _next_step(sign: StruggleDetected) -> str:
    topic = _spoken(sign.topic) if sign.topic else "this topic"
    return {
        "same_error": "Next step: send me your code with the whole error message, and take only the first hint.",
        "error_quotient": "Next step: run only the first two lines of your program, then add one line at a time.",
        "failing_exercise": "Next step: take only the first of its tests and make that one work, by hand if need be.",
        "no_success": f"Next step: ask me to explain {topic} once more, then try an easy exercise on it.",
    }[sign.signal]


def _spoken(topic: str) -> str:
    return topic.replace("-", " ").replace("_", " ")


def _words(title: str, text: str) -> Words:
    printable = "".join(character if character.isprintable() else " " for character in title)
    return Words(_cut(" ".join(printable.split()) or "A message", LONGEST_TITLE), _cut(text, LONGEST_MESSAGE))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
