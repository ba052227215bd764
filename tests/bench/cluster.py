"""Cold starts on a cluster: from a request, with a function's pods at zero, to its answer; and a question by them all.

Every function is told to go to zero soon (as new revisions), and told again what it was when all is measured. Needs the
cluster's own addresses to be reached from here, and a log-in as a service, whose key it reads from the cluster.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from scripts.stack.errors import StackError
from tests.cluster.kube import Kube, is_ready
from tests.journeys.on_a_cluster import on_a_cluster

ROUNDS = 3
PATIENCE_SECONDS = 60
SCALING = "autoscaling.knative.dev/"
SOON = {"window": "6s", "scale-to-zero-pod-retention-period": "0s", "min-scale": "0"}
"""The shortest window that Knative allows; the half minute for which its proxy stands in is the cluster's to set."""
QUESTION = "Can you explain how Python loops work?"
A_QUESTION = "a question by triage, concepts and delivery"


def main(words: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench cluster", add_help=False, allow_abbrev=False)
    parser.add_argument("namespace")
    parser.add_argument("ingress")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(words)
    os.environ.update(TEST_CLUSTER=options.namespace, TEST_INGRESS=options.ingress)
    kube = Kube(options.namespace)
    with _soon_at_zero(kube) as functions:
        seconds = _measured(kube, functions, options.rounds)
    medians = {name: round(statistics.median(each) * 1000) for name, each in seconds.items()}
    print(json.dumps({"cold_ms": medians, "rounds": options.rounds}) if options.json else "\n".join(_lines(seconds)))
    return 0


def _measured(kube: Kube, functions: list[str], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of every round by function, and of a question."""
    system = on_a_cluster()
    seconds: dict[str, list[float]] = {name: [] for name in [*functions, A_QUESTION]}
    try:
        for turn in range(rounds):
            _say(f"round {turn + 1}: waiting until nothing runs")
            _wait_for_zero(kube)
            for name in functions:
                seconds[name].append(_cold_start(kube, name))
            _wait_for_zero(kube)
            _cold_start(kube, "gateway")  # of it one replica always runs
            started = time.perf_counter()
            answer = system.ask(QUESTION, wait=PATIENCE_SECONDS)
            seconds[A_QUESTION].append(time.perf_counter() - started)
            if answer.status_code != 200:
                raise StackError(f"a question with all at zero brought {answer.status_code}: {answer.text[:200]}")
    finally:
        system.stop()
    return seconds


def _cold_start(kube: Kube, function: str) -> float:
    address, header = kube.inner_ingress(function), kube.to(function)
    started = time.perf_counter()
    answer = httpx.get(f"http://{address}/ready", headers=header, timeout=PATIENCE_SECONDS)
    if answer.status_code != 200:
        raise StackError(f"{function} answered {answer.status_code}: {answer.text[:200]}")
    return time.perf_counter() - started


@contextmanager
def _soon_at_zero(kube: Kube) -> Iterator[list[str]]:
    """Have every function go to zero a moment after its last request, until the block is left; yield their names."""
    before = {name: _scaling(service) for name, service in kube.services().items()}
    try:
        for name in before:  # one by one: a small cluster has no room for two revisions of everything
            _say(f"{name} is told to go to zero soon")
            _annotate(kube, name, SOON)
        yield sorted(before)
    finally:
        for name, scaling in before.items():
            _say(f"{name} is told what it was")
            _annotate(kube, name, scaling)


def _annotate(kube: Kube, function: str, scaling: Mapping[str, str]) -> None:
    """Have a new revision scale so, and wait until it serves; what it is not told, it forgets."""
    kube.annotate(function, {SCALING + what: scaling.get(what) for what in SOON})
    kube.until(lambda: is_ready(kube.services()[function]), f"{function} is ready")


def _scaling(service: dict[str, Any]) -> dict[str, str]:
    annotations = service["spec"]["template"]["metadata"].get("annotations", {})
    return {name.removeprefix(SCALING): value for name, value in annotations.items() if name.startswith(SCALING)}


def _wait_for_zero(kube: Kube) -> None:
    label = "--selector=serving.knative.dev/service"
    kube.until(lambda: not kube.listed("pods", label), "no function runs")


def _lines(seconds: dict[str, list[float]]) -> list[str]:
    return [
        f"{name:<46} {statistics.median(each):5.2f} s   ({min(each):.2f} to {max(each):.2f})"
        for name, each in seconds.items()
    ]


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)
