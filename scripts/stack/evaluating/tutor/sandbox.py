"""The sandbox: programs run as learners' do, each only once however many tutors wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from functions.curriculum.practice import Exercise
from functions.exercise.grading import grade, trials
from functions.shared.running import Ran, takes
from sandbox_runner.backends import Backend, SandboxUnavailable, make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program
from scripts.stack.errors import StackError
from scripts.stack.evaluating.tutor.floor import FLOOR

Run = Callable[[Program], Ran]


class Sandbox:
    """Runs programs and remembers what came of them. For many threads."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._seen: dict[Program, Ran] = {}

    def run(self, program: Program) -> Ran:
        """Return how a program ran. Raises StackError where none can be run."""
        if program not in self._seen:
            try:
                with FLOOR.given_up():
                    ran = self._backend.run(program)
                self._seen[program] = Ran.model_validate(ran.as_dict())
            except SandboxUnavailable as why:
                raise StackError(f"Programs cannot be run here: {why}") from None
        return self._seen[program]

    def reads(self, code: str, stdin: str = "") -> Ran:
        """Return how a program ran with what it reads."""
        return self.run(Program(code, stdin))

    def solves(self, exercise: Exercise, code: str) -> bool:
        """Tell whether a program passes the tests of an exercise."""
        if not takes(code):
            return False
        ran = [self.run(Program(code, each.stdin, each.before, each.call)) for each in trials(exercise)]
        return grade(exercise, code, ran).passed


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox to its end."""
    with make_backend("pod", load_limits()) as backend:
        yield Sandbox(backend)
