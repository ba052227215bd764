"""Measure everything over the running system and print it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from functions.shared.events import CONTRACTS
from scripts.stack import cli, processes
from scripts.stack.addresses import broker_url, gateway_url, runtime
from scripts.stack.config import auth_keys, database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here
from scripts.stack.service import Service
from tests.bench import by_model, cluster, lesson, load, realtime, sandbox
from tests.bench.coldstart import cold_starts
from tests.bench.figures import Report, Spread
from tests.bench.floor import kafka_floor
from tests.bench.memory import memory_at_rest
from tests.bench.tutor import built_in_tutor

SUBJECTS = {
    "sandbox": sandbox.main,
    "realtime": realtime.main,
    "model": by_model.main,
    "class": lesson.main,
    "cluster": cluster.main,
}


def main() -> int:
    """Measure, print, and fail only where a question went unanswered, or the sandbox cannot run."""
    subject = SUBJECTS.get(next(iter(sys.argv[1:]), ""))
    if subject:
        return subject(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="scripts/bench", add_help=False, allow_abbrev=False)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    report = _measure(options.rounds)
    print(json.dumps({**asdict(report), "ratios": report.ratios()}) if options.json else "\n".join(report.lines()))
    return 1 if report.crowd_errors else 0


def _measure(rounds: int) -> Report:
    places, database = here(), database_url(here())
    service = Service("bench", auth_keys(places))
    kafka = processes.find(places.run, "kafka")
    postgres = processes.find(places.run, "postgres")
    if kafka is None:
        raise StackError("The bench compares with Kafka, and LearnFlow runs without. Start it with 'scripts/up'.")
    _say("memory at rest")
    load.answers_one_by_one(gateway_url(), service, 2)  # so that all that an answer takes is awake
    memory = memory_at_rest(runtime().pid, kafka.pid, postgres.pid if postgres else None)
    _say("question → answer")
    answer = load.answers_one_by_one(gateway_url(), service, rounds)
    _say("the Kafka floor")
    floor = kafka_floor(kafka.address, rounds)
    _say("gateway accepts")
    accepted = load.accepted_one_by_one(gateway_url(), service, rounds)
    _say("publish → function")
    published = load.publish_to_function(broker_url(), database, rounds)
    _say("100 learners")
    calm = load.crowd(gateway_url(), service, wait=True, pace_seconds=load.PACE_SECONDS)
    calm_accepted = load.crowd(gateway_url(), service, wait=False, pace_seconds=load.PACE_SECONDS)
    _say("100 learners all at once")
    crowd = load.crowd(gateway_url(), service, wait=True)
    hurried = load.crowd(gateway_url(), service, wait=False)
    load.answers_one_by_one(gateway_url(), service, 2)  # what the hurried left behind is worked off
    _say("cold starts")
    functions = [name for name, contract in CONTRACTS.items() if contract.accepts]
    told = {"DATABASE_URL": database, "BROKER_URL": broker_url(), "AUTH_KEYS": auth_keys(places)}
    hello, cold = cold_starts([*functions, "gateway", "realtime"], told)
    return Report(
        answer=answer,
        floor=floor,
        accepted=accepted,
        calm=Spread.of(calm.seconds),
        calm_accepted=Spread.of(calm_accepted.seconds),
        crowd_accepted=Spread.of(hurried.seconds),
        published=published,
        crowd=Spread.of(crowd.seconds),
        crowd_errors=sum(part.errors for part in (calm, calm_accepted, crowd, hurried)),
        crowd_per_second=len(crowd.seconds) / crowd.took_seconds,
        cold_hello_ms=hello,
        tutor=built_in_tutor(),
        cold_ms=cold,
        memory_mb=memory,
    )


def _say(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    cli.run(main)
