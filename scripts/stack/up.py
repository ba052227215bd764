"""`scripts/up`: everything, in order, from an empty checkout to a real answer."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from dataclasses import replace

from scripts.stack import cli, parts, starting
from scripts.stack.demo import learner_of
from scripts.stack.demo_making import ensure_demo_accounts
from scripts.stack.doctor import Options, Plan, make_plan, without_kafka
from scripts.stack.errors import NotHereError
from scripts.stack.farewell import OPEN_TO_ALL, farewell
from scripts.stack.first_question import ask_first_question
from scripts.stack.locking import one_at_a_time
from scripts.stack.login import log_in
from scripts.stack.model import model_of, stand_in, without_stand_in
from scripts.stack.places import Places, here
from scripts.stack.progress import Progress
from scripts.stack.together import together
from scripts.stack.watching import watch


def main() -> int:
    options = read_options(sys.argv[1:])
    places = here()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    up = False
    try:
        with one_at_a_time(places):
            bring_up(options, places)
            up = True
        if options.foreground:
            print("\nCtrl-C stops what this started.")
            watch(places)
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt):
            print("\n… stopping what this started", flush=True)
        parts.stop_what_we_started(places)
        if isinstance(problem, KeyboardInterrupt):
            return 0 if up else cli.INTERRUPTED
        raise
    return 0


def bring_up(options: Options, places: Places, progress: Progress | None = None) -> None:
    """Start what does not run yet, ask a question, say where everything is. Raises StackError."""
    progress = progress or Progress()
    plan, model = make_plan(options, places), model_of()
    if plan.warning:
        progress.warn(plan.warning)
    if not options.login:
        progress.warn(OPEN_TO_ALL)
    plan = start_stores(plan, places, progress)
    database_url = starting.database_of(plan, places)
    if options.model_stand_in is not None:
        model = stand_in(places, progress, seconds=options.model_stand_in)
    starting.runtime(plan, places, progress, model)
    if options.model_stand_in is None:
        without_stand_in(places)  # now that nothing asks it any more
    with progress.step("Demo accounts") as say:
        accounts = ensure_demo_accounts(places, database_url)
        say(", ".join(account.username for account in accounts))
    gateway = f"http://127.0.0.1:{options.gateway_port}"
    ask_first_question(gateway, log_in(places, gateway, learner_of(accounts)), progress)
    progress.line(farewell(plan, database_url, accounts, model=model.shown))


def start_stores(plan: Plan, places: Places, progress: Progress) -> Plan:
    """Kafka with its topics beside PostgreSQL with its tables. The plan, with what turned out otherwise."""
    outcome = [plan]

    def kafka() -> None:
        try:
            starting.kafka(plan, places, progress)
        except NotHereError as why:
            outcome.append(replace(plan, bootstrap=None, java=None))
            progress.warn(without_kafka(why))

    def postgres() -> None:
        starting.postgres(plan, places, progress)

    together(kafka, postgres)
    return outcome[-1]


DEFAULT_PORT, DEFAULT_GATEWAY, DEFAULT_REALTIME, DEFAULT_KAFKA = 8090, 8180, 8108, 9092


def read_options(arguments: list[str]) -> Options:
    """What the command line and, for ports, the environment say."""
    parser = argparse.ArgumentParser(prog="scripts/up", add_help=False, allow_abbrev=False)
    parser.add_argument("--foreground", action="store_true")
    parser.add_argument("--no-kafka", action="store_true")
    parser.add_argument("--no-login", action="store_true")
    parser.add_argument("--model-stand-in", type=float, nargs="?", const=0.0)
    for option, name, default in (
        ("--port", "LEARNFLOW_PORT", DEFAULT_PORT),
        ("--gateway-port", "LEARNFLOW_GATEWAY_PORT", DEFAULT_GATEWAY),
        ("--realtime-port", "LEARNFLOW_REALTIME_PORT", DEFAULT_REALTIME),
        ("--kafka-port", "LEARNFLOW_KAFKA_PORT", DEFAULT_KAFKA),
    ):
        parser.add_argument(option, type=int, default=os.environ.get(name, default))
    found = parser.parse_args(arguments)
    return Options(
        foreground=found.foreground,
        kafka=not found.no_kafka,
        port=found.port,
        gateway_port=found.gateway_port,
        kafka_port=found.kafka_port,
        login=not found.no_login,
        realtime_port=found.realtime_port,
        model_stand_in=found.model_stand_in,
    )


if __name__ == "__main__":
    cli.run(main)
