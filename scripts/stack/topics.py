"""The topics of `kafka/topics/*.yaml`: read, and made on a Kafka that lacks them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.stack.errors import StackError

HOUR_MS = 3_600_000
UNITS_MS = {"h": HOUR_MS, "d": 24 * HOUR_MS}
FIELDS = {
    "description", "direction", "carries", "plain_records", "producers", "consumers", "key", "partitions", "retention",
}  # fmt: skip


@dataclass(frozen=True)
class Topic:
    """What one file of kafka/topics says; its name is the topic's."""

    name: str
    description: str
    direction: tuple[str, ...]  # in, out
    carries: tuple[str, ...]  # types of events; "*" for any
    plain_records: bool
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    key: str
    partitions: int
    retention_ms: int


def read_topics(folder: Path) -> list[Topic]:
    """Every topic, by name. Raises StackError naming the file and the field that is wrong."""
    return [_read(path) for path in sorted(folder.glob("*.yaml"))]


def _read(path: Path) -> Topic:
    fields: dict[str, Any] = yaml.safe_load(path.read_text())
    if wrong := sorted(FIELDS ^ set(fields)):
        raise StackError(f"{path}: {', '.join(wrong)} must be there and nothing else ({', '.join(sorted(FIELDS))}).")
    lists = {name: tuple(fields[name]) for name in ("direction", "carries", "producers", "consumers")}
    return Topic(
        name=path.stem,
        description=fields["description"],
        plain_records=bool(fields["plain_records"]),
        key=fields["key"],
        partitions=int(fields["partitions"]),
        retention_ms=milliseconds(str(fields["retention"])),
        **lists,
    )


def milliseconds(period: str) -> int:
    """604,800,000 of "7d"."""
    match = re.fullmatch(r"(\d+)([hd])", period)
    if match is None:
        raise StackError(f"'{period}' is no retention: write hours or days, like 12h or 7d.")
    return int(match.group(1)) * UNITS_MS[match.group(2)]


def ensure_topics(bootstrap: str, topics: list[Topic], *, patience_seconds: float = 10) -> tuple[list[str], list[str]]:
    """Make the topics that are missing and add partitions where there are too few: never fewer, nothing removed.

    Returns what was done and what differs from the files, each as sentences. Raises StackError if Kafka
    refuses, or does not answer in time.
    """
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=int(patience_seconds * 1000)
        )
        try:
            return _ensure(admin, topics)
        finally:
            admin.close()
    except KafkaError as error:
        raise StackError(f"The topics could not be made on {bootstrap}: {error}") from error


def _ensure(admin: Any, topics: list[Topic]) -> tuple[list[str], list[str]]:
    there = set(admin.list_topics())
    new = [topic for topic in topics if topic.name not in there]
    if new:
        admin.create_topics(
            {
                topic.name: {
                    "num_partitions": topic.partitions,
                    "configs": {"retention.ms": str(topic.retention_ms)},
                }
                for topic in new
            },
            wait_for_metadata=True,
        )
    done = [f"{topic.name} made" for topic in new]
    old = [topic for topic in topics if topic.name in there]
    differs = []
    for topic, partitions, retention_ms in zip(old, *_facts(admin, old), strict=True):
        if partitions < topic.partitions:
            admin.create_partitions({topic.name: topic.partitions})
            done.append(f"{topic.name} grown from {partitions} to {topic.partitions} partitions")
        elif partitions > topic.partitions:
            differs.append(f"{topic.name} has {partitions} partitions, its file says {topic.partitions}")
        if retention_ms != topic.retention_ms:
            there_h, file_h = retention_ms / HOUR_MS, topic.retention_ms / HOUR_MS
            differs.append(f"{topic.name} keeps records {there_h:g} h, its file says {file_h:g} h")
    return done, differs


def _facts(admin: Any, topics: list[Topic]) -> tuple[list[int], list[int]]:
    """Partitions and retention in milliseconds of topics that are there."""
    from kafka.admin import ConfigFilterType, ConfigResource, ConfigResourceType

    if not topics:
        return [], []
    names = [topic.name for topic in topics]
    described = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(names)}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": ""}) for name in names]
    configs = admin.describe_configs(asked, config_filter=ConfigFilterType.ALL)
    by_name = next(iter(configs.values()))
    return [described[name] for name in names], [int(by_name[name]["retention.ms"]["value"]) for name in names]
