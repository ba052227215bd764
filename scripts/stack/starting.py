"""How each part comes up: found running, or started, waited for and made ready for use."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import Any

import httpx

from scripts.stack import processes
from scripts.stack.config import NAMESPACE, write_config
from scripts.stack.doctor import Plan
from scripts.stack.errors import StackError
from scripts.stack.java import fetch_jars, jars_are_there
from scripts.stack.kafka_server import START_SECONDS as KAFKA_SECONDS
from scripts.stack.kafka_server import KafkaServer
from scripts.stack.migrations import migrate
from scripts.stack.model import Model
from scripts.stack.parts import PARTS, stop
from scripts.stack.places import Places, shown
from scripts.stack.ports import LOOPBACK, free_port
from scripts.stack.postgres import START_SECONDS as POSTGRES_SECONDS
from scripts.stack.postgres import PostgresServer, ensure_database
from scripts.stack.progress import Progress
from scripts.stack.topics import ensure_topics, read_topics

DATABASE = "learnflow"
RUNTIME_SECONDS = 60
HOPELESS_FAILURES = 3


def kafka(plan: Plan, places: Places, progress: Progress) -> None:
    """Kafka and its topics, unless events are kept in memory. Raises NotHereError if its jars cannot be had."""
    if plan.bootstrap is None:
        return
    if plan.java is not None:
        if not jars_are_there(places.kafka_libs):
            with progress.step("Kafka's jars") as say:
                fetch_jars(places.kafka_libs)
                say(shown(places.kafka_libs))
        _start_kafka(plan, plan.java, places, progress)
    with progress.step("Topics") as say:
        wanted = read_topics(places.topics)
        done, differs = ensure_topics(plan.bootstrap, wanted)
        say(", ".join(done) or f"{len(wanted)}, all there")
    for difference in differs:
        progress.warn(f"{difference}. It is left as it is.")


def _start_kafka(plan: Plan, java: str, places: Places, progress: Progress) -> None:
    port = plan.options.kafka_port
    with progress.step("Kafka") as say:
        if running := processes.find(places.run, "kafka"):
            if running.address == plan.bootstrap:
                return say(f"{running.address}, already running")
            stop(places, "knative")  # it would lose its Kafka
            stop(places, "kafka")
        server = KafkaServer(places.kafka, places.kafka_libs, java, port, free_port())
        server.prepare()
        part = processes.start(
            places.run, "kafka", server.command(), address=server.bootstrap, facts={"ports": str(port)}
        )
        processes.wait_ready(part, server.is_ready, what="Kafka", timeout_seconds=KAFKA_SECONDS)
        return say(server.bootstrap)


def postgres(plan: Plan, places: Places, progress: Progress) -> None:
    """PostgreSQL, ours or theirs, with today's tables."""
    if plan.database_url is None:
        with progress.step("PostgreSQL") as say:
            server = _postgres_of(places)
            if processes.find(places.run, "postgres"):
                say("already running")
            else:
                server.prepare()
                part = processes.start(
                    places.run, "postgres", server.command(), address=server.url(DATABASE), user=server.user
                )
                processes.wait_ready(part, server.is_ready, what="PostgreSQL", timeout_seconds=POSTGRES_SECONDS)
                say(shown(places.postgres))
            ensure_database(server.url(), DATABASE)
    with progress.step("Tables") as say:
        steps = migrate(database_of(plan, places), root=places.root)
        say(f"{len(steps)} migration{'' if len(steps) == 1 else 's'} run" if steps else "up to date")


def _postgres_of(places: Places) -> PostgresServer:
    return PostgresServer(places.postgres.resolve(), {})


def database_of(plan: Plan, places: Places) -> str:
    return plan.database_url or _postgres_of(places).url(DATABASE)


def runtime(plan: Plan, places: Places, progress: Progress, model: Model) -> None:
    """`knative.local` over our manifests. One that runs with other settings or manifests is replaced."""
    options = plan.options
    with progress.step(PARTS["knative"].title) as say:
        write_config(
            places,
            port=options.port,
            database_url=database_of(plan, places),
            login=options.login,
            settings=model.settings,
            model_key=model.key,
        )
        env = os.environ | ({"KAFKA_BOOTSTRAP_SERVERS": plan.bootstrap} if plan.bootstrap else {})
        command = _runtime_command(plan, places)
        settings = _fingerprint([*command, plan.bootstrap or ""], places)
        address = f"http://{LOOPBACK}:{options.port}"
        running = processes.find(places.run, "knative")
        if running and running.facts.get("settings") == settings and is_ready(address):
            return say(f"{address}, already running")
        replaced = stop(places, "knative")
        ports = f"{options.port} {options.gateway_port} {options.realtime_port}"
        facts = {"ports": ports, "settings": settings, **own_servers(plan)}
        part = processes.start(places.run, "knative", command, address=address, env=env, cwd=places.root, facts=facts)
        processes.wait_ready(
            part, lambda: is_ready(address), what=PARTS["knative"].title, timeout_seconds=RUNTIME_SECONDS
        )
        return say(address + (", started anew" if replaced else ""))


def own_servers(plan: Plan) -> dict[str, str]:
    """What the runtime uses that `up` did not start, for scripts that come later; and what kind of log it has."""
    kafka = {"kafka": plan.bootstrap} if plan.bootstrap and not plan.java else {}
    database = {"postgres": "in .local/config"} if plan.database_url else {}  # it may hold a password
    return {"log": plan.log, **kafka, **database}


def _runtime_command(plan: Plan, places: Places) -> list[str]:
    options = plan.options
    return [
        sys.executable, "-m", "knative.local",
        "--manifests", str(places.manifests), "--config", str(places.config), "--state", str(places.run),
        "--port", str(options.port), "--publish", f"{options.gateway_port}:gateway",
        "--publish", f"{options.realtime_port}:realtime",
        "--log", plan.log, "--namespace", NAMESPACE, "--no-table",
    ]  # fmt: skip


def _fingerprint(command: list[str], places: Places) -> str:
    """What the runtime was started with: its command and every manifest it reads."""
    seen = hashlib.sha256("\0".join(command).encode())
    for path in sorted([*places.manifests.rglob("*.yaml"), *places.config.glob("*.yaml")]):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def status_of(address: str, *, timeout_seconds: float = 2) -> dict[str, Any] | None:
    """What the runtime at `address` says of itself; None if it does not answer."""
    try:
        answer = httpx.get(f"{address}/-/status", timeout=timeout_seconds, trust_env=False)
        return dict(answer.json()) if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError):
        return None


def is_ready(address: str) -> bool:
    """Whether the runtime and every function that must always run are. Raises StackError if one never will."""
    status = status_of(address)
    if status is None:
        return False
    broken = [name for name, service in status["services"].items() if service["failures"] >= HOPELESS_FAILURES]
    if broken and not status["ready"]:
        raise StackError(f"{' and '.join(broken)} cannot start")
    return bool(status["ready"])
