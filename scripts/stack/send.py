"""`scripts/send`: one of the example events to the broker, straight to a function, or to a Kafka topic."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from scripts.stack import addresses, cli
from scripts.stack.errors import StackError
from scripts.stack.kafka_tools import bootstrap
from scripts.stack.places import ROOT, here

EXAMPLES = ROOT / "schema" / "events" / "examples"
STRUCTURED = "application/cloudevents+json"
PATIENCE_SECONDS = 60


def main() -> int:
    options = _options()
    if options.list or options.example is None:
        print("\n".join(example_names()))
        return 0
    event = fresh(json.loads(example_file(options.example).read_text()), learner=options.learner)
    target: str = options.to
    if target == "broker":
        return _to_broker(event)
    if (here().topics / f"{target}.yaml").exists():
        return _to_topic(event, target)
    return _to_function(event, target)


def example_names() -> list[str]:
    """`type/situation` of every example."""
    return sorted(str(path.relative_to(EXAMPLES).with_suffix("")) for path in EXAMPLES.glob("*/*.json"))


def example_file(name: str) -> Path:
    """The one example that ends in `name` or is a file of that name. Raises StackError if none or several are."""
    if Path(name).is_file():
        return Path(name)
    wanted = name.removesuffix(".json")
    fitting = [found for found in example_names() if found == wanted or _matches(found, wanted)]
    if len(fitting) == 1:
        return EXAMPLES / f"{fitting[0]}.json"
    if fitting:
        raise StackError(f"'{name}' may be any of these: {', '.join(fitting)}.")
    raise StackError(f"There is no example '{name}'. 'scripts/send --list' names all.")


def _matches(found: str, wanted: str) -> bool:
    """`question.asked/loops` and `loops` are enough for `question.asked.v1/loops`."""
    kind, _, situation = found.partition("/")
    return wanted in {situation, f"{kind.rpartition('.v')[0]}/{situation}"}


def fresh(event: dict[str, Any], *, learner: str | None) -> dict[str, Any]:
    """The event as if it had happened now: a new id, so that nobody takes it for one handled before."""
    identity = str(uuid.uuid4())
    event |= {"id": identity, "time": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    if "correlationid" in event:
        event["correlationid"] = identity
    if learner is not None:
        event |= {"subject": learner, "partitionkey": learner}
    return event


def _to_broker(event: dict[str, Any]) -> int:
    answer = _post(addresses.broker_url(), event)
    print(f"{event['type']} {event['id']} → broker: {answer.status_code} {answer.reason_phrase}")
    return 0 if answer.is_success else 1


def _to_function(event: dict[str, Any], function: str) -> int:
    """The reply itself goes to standard output, for a pipe; the rest to standard error."""
    answer = _post(addresses.runtime().address, event, host=addresses.function_host(function))
    note = f"{event['type']} {event['id']} → {function}: {answer.status_code} {answer.reason_phrase}"
    print(note, file=sys.stderr)
    reply = {name[3:]: value for name, value in answer.headers.items() if name.startswith("ce-")}
    if answer.content:
        body = _json_or_text(answer)
        print(json.dumps(reply | {"data": body} if reply else body, indent=2, ensure_ascii=False))
    return 0 if answer.is_success else 1


def _json_or_text(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _post(url: str, event: dict[str, Any], *, host: str | None = None) -> httpx.Response:
    headers = {"content-type": STRUCTURED} | ({"host": host} if host else {})
    body = json.dumps(event, ensure_ascii=False).encode()
    try:
        return httpx.post(url, content=body, headers=headers, timeout=PATIENCE_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise StackError(f"{url} does not answer: {error}") from error


def _to_topic(event: dict[str, Any], topic: str) -> int:
    from kafka import KafkaProducer

    servers = bootstrap()
    producer = KafkaProducer(bootstrap_servers=servers.split(","))
    key = event.get("partitionkey") or event.get("subject")
    try:
        stored = producer.send(
            topic,
            key=key.encode() if key else None,
            value=json.dumps(event, ensure_ascii=False).encode(),
            headers=[("content-type", STRUCTURED.encode())],
        ).get(timeout=PATIENCE_SECONDS)
    finally:
        producer.close()
    print(f"{event['type']} {event['id']} → {topic}, partition {stored.partition}, offset {stored.offset}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/send", add_help=False, allow_abbrev=False)
    parser.add_argument("example", nargs="?")
    parser.add_argument("--learner")
    parser.add_argument("--to", default="broker")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
