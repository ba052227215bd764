"""Policy: what the courses of a learner let the tutor do. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

HintPolicy = Literal["staged", "all"]
SolutionPolicy = Literal["after_passing", "never"]


@dataclass(frozen=True)
class CoursePolicy:
    """What a course lets the tutor do, or all the courses of a learner together; without any, everything."""

    allowed_topics: frozenset[str] | None = None
    """Ids of the topics that are open; None: all there are."""
    hint_policy: HintPolicy = "all"
    """`staged`: one hint more each time the learner asks about the same mistake."""
    solution_policy: SolutionPolicy = "after_passing"
    """`never`: no program of ours that solves an exercise is shown."""
    model: bool = True
    """Whether a language model may answer."""

    def opens(self, topic_id: str) -> bool:
        """Whether a topic may be explained, practised and asked about."""
        return self.allowed_topics is None or topic_id in self.allowed_topics

    @property
    def stages_hints(self) -> bool:
        """Whether hints come one at a time."""
        return self.hint_policy == "staged"

    @property
    def shows_solutions(self) -> bool:
        """Whether whoever has passed an exercise is shown how it can be done."""
        return self.solution_policy == "after_passing"


def combined(policies: Iterable[CoursePolicy]) -> CoursePolicy:
    """Return what holds for a learner who is in all these courses, in whatever order they joined them.

    A topic is open if any course opens it, since each needs its own. In all else the strictest course decides: what one
    of them withholds, another must not give away.
    """
    each = tuple(policies)
    opened = [policy.allowed_topics for policy in each if policy.allowed_topics is not None]
    return CoursePolicy(
        allowed_topics=frozenset().union(*opened) if each and len(opened) == len(each) else None,
        hint_policy="staged" if any(policy.stages_hints for policy in each) else "all",
        solution_policy="after_passing" if all(policy.shows_solutions for policy in each) else "never",
        model=all(policy.model for policy in each),
    )
