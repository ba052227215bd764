"""Inside the sandbox: run the learner's program in this process and say what happened.

Everything a program needs is imported before the zygote forks. What is said here is the program's word: it runs in
the same interpreter and may change any of this.
"""

from __future__ import annotations

import ast
import atexit
import builtins
import gc
import io
import linecache
import os
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

from sandbox_runner.policy import PROGRAM, Blocked, first_blocked, guarded_builtins
from sandbox_runner.result import BlockedInfo
from sandbox_runner.tracebacks import told
from sandbox_runner.values import encode, to_json

globals()["__builtins__"] = dict(vars(builtins))  # the functions below keep theirs, whatever a program does to its own

Job = dict[str, Any]
"""`source`, `before`, `call`, `value_bytes` and `error_bytes`: see Program."""

Report = dict[str, Any]
"""`outcome`, and with it `error`, `blocked` or `value`."""


def prepare() -> None:
    """In the zygote: make what a program expects to find, and do once what every run does.

    What is done here a child does not do, and the memory it takes is ready and shared.
    """
    _make_main()
    for source in ("print(input())", "x = {1: [y for y in range(3)]}\nimport math"):
        tree = ast.parse(source, PROGRAM)
        first_blocked(tree)
        compile(tree, PROGRAM, "exec")
    _show_lines("")
    try:
        raise ValueError("rehearsed")
    except ValueError as problem:
        to_json({"outcome": "error", "error": told(problem, 8192), "value": encode({"a": (1.5, None, {2})}, 8192)})


def play(job: Job, report_fd: int) -> int:
    """Run the job, write one report to the descriptor, and return the exit code."""
    write, exit_now = os.write, os._exit
    module = sys.modules["__main__"]
    code = 0
    try:
        report, code = _attempt(lambda: _run(job, module), job, module)
        late, late_code = _attempt(_finish, job, module)
        if late_code:
            report, code = late, late_code
    except MemoryError:
        report, code = {"outcome": "out_of_memory"}, 1
    _flush()
    text = to_json(report).encode("ascii")
    while text:
        text = text[write(report_fd, text) :]
    exit_now(code)
    return code  # only where a program has replaced os._exit, which we no longer use


def _run(job: Job, module: ModuleType) -> Report:
    """Compile, check and run the program, then what the test adds."""
    source = job["source"]
    _show_lines(source)
    try:
        tree = ast.parse(source, PROGRAM)
        blocked = first_blocked(tree)
        code = compile(tree, PROGRAM, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return {"outcome": "syntax_error", "error": told(_as_syntax_error(problem), job["error_bytes"])}
    del tree
    if blocked:
        return _blocked(blocked)
    names = vars(module)
    exec(code, names)  # noqa: S102 - this is what we are for
    if job["before"]:
        exec(compile(job["before"], "<before>", "exec"), names)  # noqa: S102
    if job["call"] is None:
        return {"outcome": "ok"}
    value = eval(compile(job["call"].strip(), "<call>", "eval"), names)  # noqa: S307
    return {"outcome": "ok", "value": encode(value, job["value_bytes"])}


def _attempt(action: Callable[[], Report], job: Job, module: ModuleType) -> tuple[Report, int]:
    """Return what an action reports, or what the exception it ends with means; and the exit code."""
    try:
        report = action()
        return report, 0 if report["outcome"] == "ok" else 1
    except SystemExit as leaving:
        return _left(leaving)
    except Blocked as stop:
        line = told(stop, job["error_bytes"])["line"]
        assert line is None or isinstance(line, int)
        return _blocked(BlockedInfo(stop.what, stop.advice.why, stop.advice.instead, line)), 1
    except MemoryError as problem:
        vars(module).clear()  # what it holds is what there is no room for
        gc.collect()
        return {"outcome": "out_of_memory", "error": told(problem, job["error_bytes"])}, 1
    except BaseException as problem:
        return {"outcome": "error", "error": told(problem, job["error_bytes"])}, 1


def _left(leaving: SystemExit) -> tuple[Report, int]:
    """What `sys.exit(code)` means; as Python has it, a code that is no number is a last word on stderr."""
    if leaving.code is None or leaving.code == 0:
        return {"outcome": "ok"}, 0
    code = leaving.code & 0xFF if isinstance(leaving.code, int) else 1
    if not isinstance(leaving.code, int):
        print(leaving.code, file=sys.stderr)
    message = f"the program ended itself with exit code {code}"
    if code == 0:  # a multiple of 256
        return {"outcome": "ok"}, 0
    error = {"type": "SystemExit", "message": message, "line": None, "traceback": f"SystemExit: {message}\n"}
    return {"outcome": "error", "error": error}, code


def _blocked(info: BlockedInfo) -> Report:
    return {
        "outcome": "blocked",
        "blocked": {"what": info.what, "why": info.why, "instead": info.instead, "line": info.line},
    }


def _as_syntax_error(problem: BaseException) -> SyntaxError:
    """What else the compiler refuses: nesting too deep for it, characters that are none."""
    if isinstance(problem, SyntaxError):
        return problem
    deep = isinstance(problem, RecursionError | MemoryError)
    reason = "the program is nested too deeply" if deep else f"the program cannot be read: {problem}"
    return SyntaxError(reason, (PROGRAM, 1, 1, "", 1, 1))


def _make_main() -> None:
    """Make the module that the program runs as, and its streams, on descriptors that will be the child's."""
    module = ModuleType("__main__")
    vars(module).update(__builtins__=guarded_builtins(), __file__=PROGRAM, __annotations__={})
    sys.modules["__main__"] = module
    sys.argv = [PROGRAM]
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)), encoding="utf-8", errors="replace")
    sys.stdout, sys.stderr = _stream(1), _stream(2)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    threading.excepthook = _tell_of_thread


def _stream(fd: int) -> io.TextIOWrapper:
    """A stream that passes on every whole line, so that a program killed later has shown it."""
    buffer = io.BufferedWriter(io.FileIO(fd, "w"))
    return io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _show_lines(source: str) -> None:
    """Let tracebacks quote the program, which is in no file."""
    linecache.cache[PROGRAM] = (len(source), None, source.splitlines(keepends=True), PROGRAM)


def _tell_of_thread(happened: threading.ExceptHookArgs) -> None:
    if happened.exc_value is not None and happened.exc_type is not SystemExit:
        print(told(happened.exc_value, 8192)["traceback"], end="", file=sys.stderr)


def _finish() -> Report:
    """What Python does at the end of a program: wait for its threads, call what it left with atexit."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    return {"outcome": "ok"}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: S112 - closed, replaced or full: there is nobody to tell
            continue
