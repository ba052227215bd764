"""Figures as numbers with units, and how they are shown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spread:
    """Percentiles of a sample of times, in milliseconds."""

    p50: float
    p95: float
    p99: float
    n: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """Return the percentiles of times in seconds: of a single one, all are that one."""
        cuts = statistics.quantiles(seconds if len(seconds) > 1 else [*seconds] * 2, n=100, method="inclusive")
        p50, p95, p99 = (round(cuts[at - 1] * 1000, 2) for at in (50, 95, 99))
        return cls(p50, p95, p99, len(seconds))

    def __format__(self, spec: str) -> str:
        """Return the percentiles, each by the same format."""
        p50, p95, p99 = (f"{format(value, spec):>8}" for value in (self.p50, self.p95, self.p99))
        return f"p50 {p50}   p95 {p95}   p99 {p99} ms   (n={self.n})"


@dataclass(frozen=True)
class Tutor:
    """What the built-in tutor costs a function: what it reads once, in milliseconds, and each question."""

    curriculum_ms: float
    finder_ms: float
    weights_ms: float
    routed: Spread
    found: Spread


@dataclass
class Report:
    """Everything measured in one run."""

    answer: Spread
    floor: Spread
    accepted: Spread
    calm: Spread
    calm_accepted: Spread
    crowd_accepted: Spread
    published: Spread
    crowd: Spread
    crowd_errors: int
    crowd_per_second: float
    cold_hello_ms: float
    tutor: Tutor
    cold_ms: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)

    def ratios(self) -> dict[str, float]:
        """Return what does not depend on the machine: our figure over its peer's, from the same run."""
        slowest = max(self.cold_ms.values())
        return {
            "question → answer over the Kafka floor of its hops (p50)": round(self.answer.p50 / self.floor.p50, 2),
            "question → answer over the Kafka floor of its hops (p95)": round(self.answer.p95 / self.floor.p95, 2),
            "slowest cold start over a bare hello": round(slowest / self.cold_hello_ms, 2),
        }

    def lines(self) -> list[str]:
        """Return the report as a person reads it."""
        cold = ", ".join(f"{name} {ms:.0f}" for name, ms in self.cold_ms.items())
        memory = ", ".join(f"{name} {mb:.0f}" for name, mb in self.memory_mb.items())
        return [
            f"question → answer, warm          {self.answer:.1f}",
            f"  Kafka floor, the same 3 hops   {self.floor:.1f}",
            f"gateway accepts (202)            {self.accepted:.1f}",
            f"publish → function called        {self.published:.1f}",
            f"100 learners, 20 questions a second: answered {self.calm:.1f}",
            f"                                     accepted {self.calm_accepted:.1f}",
            f"100 learners all at once, again and again: answered {self.crowd:.1f}",
            f"                                           accepted {self.crowd_accepted:.1f}",
            f"  answers/s {self.crowd_per_second:.0f}; errors in all {self.crowd_errors}",
            f"cold start, ms: bare functions-framework hello {self.cold_hello_ms:.0f}; {cold}",
            f"read once a process: curriculum {self.tutor.curriculum_ms:.1f}, finder {self.tutor.finder_ms:.1f}, "
            f"classifier {self.tutor.weights_ms:.1f} ms",
            f"a question routed                {self.tutor.routed:.2f}",
            f"a topic found                    {self.tutor.found:.2f}",
            f"memory at rest, MB: {memory}, in all {sum(self.memory_mb.values()):.0f}",
            *(f"{name}: {ratio}" for name, ratio in self.ratios().items()),
        ]
