"""Memory at rest: what each part holds that it shares with nobody, plus its share of the rest (PSS)."""

from __future__ import annotations

from collections import defaultdict

import psutil


def memory_at_rest(runtime_pid: int, kafka_pid: int | None, postgres_pid: int | None) -> dict[str, float]:
    """Return megabytes by part: every function, the runtime, Kafka, PostgreSQL."""
    megabytes: dict[str, float] = defaultdict(float)
    runtime = psutil.Process(runtime_pid)
    megabytes["runtime"] = _pss(runtime)
    for child in runtime.children(recursive=True):
        megabytes[_function(child)] += _pss(child)
    for name, pid in (("kafka", kafka_pid), ("postgres", postgres_pid)):
        if pid is not None:
            server = psutil.Process(pid)
            megabytes[name] = sum(map(_pss, [server, *server.children(recursive=True)]))
    return {name: round(value, 1) for name, value in sorted(megabytes.items())}


def _function(process: psutil.Process) -> str:
    named = [part for part in process.cmdline() if part.startswith("functions.")]
    return named[0].removeprefix("functions.").replace("_", "-") if named else "runtime"


def _pss(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except (psutil.NoSuchProcess, AttributeError):
        return 0.0
