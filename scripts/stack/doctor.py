"""Looking at the machine before anything is started: what there is, and what that lets us do."""

from __future__ import annotations

import os
from dataclasses import dataclass

from scripts.stack import disk, java, ports, processes
from scripts.stack.errors import NotHereError, StackError
from scripts.stack.kafka_server import answers
from scripts.stack.places import Places
from scripts.stack.postgres import reachable

ROOM_WHEN_SET_UP_BYTES = 200_000_000
KAFKA_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Options:
    """What the person asked of `up`."""

    foreground: bool
    kafka: bool
    port: int
    gateway_port: int
    kafka_port: int
    login: bool = True
    realtime_port: int = 8108
    model_stand_in: float | None = None  # how long it thinks, in seconds


@dataclass(frozen=True)
class Plan:
    """What will be started here. `bootstrap` is None when events are kept in memory."""

    options: Options
    bootstrap: str | None
    java: str | None  # the command, when Kafka is ours to start
    database_url: str | None  # None when PostgreSQL is ours to start
    warning: str | None = None

    @property
    def log(self) -> str:
        return "kafka" if self.bootstrap else "memory"


def make_plan(options: Options, places: Places) -> Plan:
    """Look at the machine and decide. Raises StackError if something stands in the way."""
    disk.require(places.root, ROOM_WHEN_SET_UP_BYTES if java.jars_are_there(places.kafka_libs) else None)
    theirs = os.environ.get("DATABASE_URL")
    if theirs and (why := reachable(theirs)) is not None:
        raise StackError(
            f"The database of DATABASE_URL does not answer: {why}. Correct it, or unset it to get a PostgreSQL "
            "of LearnFlow's own."
        )
    bootstrap, command, warning = _kafka(options, places)
    _require_ports(options, places, kafka_is_ours=command is not None)
    return Plan(options, bootstrap, command, theirs, warning)


def _kafka(options: Options, places: Places) -> tuple[str | None, str | None, str | None]:
    """Its address, the Java that is to run it, and a warning; the last two only where they apply."""
    if not options.kafka:
        return None, None, "Without Kafka, as asked: events are kept in memory and lost when the runtime stops."
    if theirs := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        if not answers(theirs, timeout_seconds=KAFKA_PATIENCE_SECONDS):
            raise StackError(
                f"No Kafka answers at {theirs} (KAFKA_BOOTSTRAP_SERVERS). Correct it, unset it to get a Kafka of "
                "LearnFlow's own, or use --no-kafka."
            )
        return theirs, None, None
    try:
        command = java.java()
        java.maven_unless(places.kafka_libs)
    except NotHereError as why:
        return None, None, without_kafka(why)
    return f"{ports.LOOPBACK}:{options.kafka_port}", command, None


def without_kafka(why: NotHereError) -> str:
    """The plain warning, with the ways out."""
    return (
        f"{why}\n  Going on without Kafka: events are kept in memory and lost when the runtime stops. "
        "To use a Kafka that you have, set KAFKA_BOOTSTRAP_SERVERS."
    )


def _require_ports(options: Options, places: Places, *, kafka_is_ours: bool) -> None:
    if len({options.port, options.gateway_port, options.realtime_port, options.kafka_port}) < 4:
        raise StackError(
            "Each part needs a port of its own: --port, --gateway-port, --realtime-port and --kafka-port must differ."
        )
    if kafka_is_ours and not _holds(places, "kafka", options.kafka_port):
        ports.require_free(
            options.kafka_port,
            what="Kafka",
            way_out="choose another with --kafka-port (or LEARNFLOW_KAFKA_PORT); if it is a Kafka that you want "
            f"used, set KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:{options.kafka_port}",
        )
    for port, what, option, name in (
        (options.port, "the Knative runtime", "--port", "LEARNFLOW_PORT"),
        (options.gateway_port, "the gateway", "--gateway-port", "LEARNFLOW_GATEWAY_PORT"),
        (options.realtime_port, "the live channel", "--realtime-port", "LEARNFLOW_REALTIME_PORT"),
    ):
        if not _holds(places, "knative", port):
            ports.require_free(port, what=what, way_out=f"choose another with {option} (or {name})")


def _holds(places: Places, name: str, port: int) -> bool:
    """Whether our own running part has that port already."""
    part = processes.find(places.run, name)
    return part is not None and str(port) in part.facts.get("ports", "").split()
