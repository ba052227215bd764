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
        """Return the percentiles of at least two times in seconds."""
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        p50, p95, p99 = (round(cuts[at - 1] * 1000, 2) for at in (50, 95, 99))
        return cls(p50, p95, p99, len(seconds))

    def __str__(self) -> str:
        return f"p50 {self.p50:8.1f}   p95 {self.p95:8.1f}   p99 {self.p99:8.1f} ms   (n={self.n})"


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
    curriculum_ms: float
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
            f"question → answer, warm          {self.answer}",
            f"  Kafka floor, the same 3 hops   {self.floor}",
            f"gateway accepts (202)            {self.accepted}",
            f"publish → function called        {self.published}",
            f"100 learners, 20 questions a second: answered {self.calm}",
            f"                                     accepted {self.calm_accepted}",
            f"100 learners all at once, again and again: answered {self.crowd}",
            f"                                           accepted {self.crowd_accepted}",
            f"  answers/s {self.crowd_per_second:.0f}; errors in all {self.crowd_errors}",
            f"cold start, ms: bare functions-framework hello {self.cold_hello_ms:.0f}; {cold}",
            f"reading the curriculum, once a process: {self.curriculum_ms:.1f} ms",
            f"memory at rest, MB: {memory}, in all {sum(self.memory_mb.values()):.0f}",
            *(f"{name}: {ratio}" for name, ratio in self.ratios().items()),
        ]
