"""Steps side by side."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


def together(*steps: Callable[[], object]) -> None:
    """Run all steps at once and wait for them; the first problem is raised as soon as it shows.

    The threads are daemons: nobody waits for the others after a problem or Ctrl-C, so the caller must end the
    processes they started.
    """
    ended: queue.Queue[BaseException | None] = queue.Queue()

    def run(step: Callable[[], object]) -> None:
        try:
            step()
        except BaseException as problem:
            ended.put(problem)
        else:
            ended.put(None)

    for step in steps:
        threading.Thread(target=run, args=(step,), daemon=True).start()
    for _ in steps:
        problem = ended.get()
        if problem is not None:
            raise problem
