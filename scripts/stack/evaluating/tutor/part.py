"""A part: something that a tutor does, what it is tried with, and how that is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Generic, TypeVar

from scripts.stack.evaluating.tutor.asking import Asker, One
from scripts.stack.evaluating.tutor.figures import Figure
from scripts.stack.evaluating.tutor.floor import FLOOR

Item = TypeVar("Item")
Judged = TypeVar("Judged")


@dataclass(frozen=True)
class Part(Generic[Item, Judged]):
    """`judge` tries a tutor with an item: the built-in one, and the model that is asked by what it is given, if any.
    `figures` sums up what came of all of them, more of it for a tutor with a model. Nothing of it knows a database."""

    name: str
    items: Sequence[Item]
    judge: Callable[[Item, One | None], Judged]
    figures: Callable[[Sequence[Judged], bool], dict[str, Figure]]

    def judge_all(
        self,
        asker: Asker | None,
        into: list[Judged],
        *,
        workers: int,
        tell: Callable[[str], None],
    ) -> None:
        """Judge every item, so many at once; what came of each is added `into` a list as it comes.

        Whatever ends it early, what is under way is waited for, and nothing more is begun.
        """
        pool = ThreadPoolExecutor(workers)
        try:
            futures = [pool.submit(self._judged, item, One(asker) if asker else None) for item in self.items]
            for done, future in enumerate(as_completed(futures), 1):
                into.append(future.result())
                tell(f"{done} of {len(futures)}")
        except BaseException:
            if asker:
                asker.stopped.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _judged(self, item: Item, one: One | None) -> Judged:
        with FLOOR.taken():
            return self.judge(item, one)
