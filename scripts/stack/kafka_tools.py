"""`scripts/kafka`: Kafka's own console tools, against the Kafka that LearnFlow uses."""

from __future__ import annotations

import os
import sys

from scripts.stack import cli, processes
from scripts.stack.errors import StackError
from scripts.stack.java import fetch_jars, java
from scripts.stack.kafka_server import SHORT_LIVED, java_command
from scripts.stack.places import here

TOOLS = {
    "acls": "kafka.admin.AclCommand",
    "cluster": "org.apache.kafka.tools.ClusterTool",
    "configs": "kafka.admin.ConfigCommand",
    "console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "console-producer": "org.apache.kafka.tools.ConsoleProducer",
    "consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "consumer-perf-test": "org.apache.kafka.tools.ConsumerPerformance",
    "delete-records": "org.apache.kafka.tools.DeleteRecordsCommand",
    "get-offsets": "org.apache.kafka.tools.GetOffsetShell",
    "log-dirs": "org.apache.kafka.tools.LogDirsCommand",
    "producer-perf-test": "org.apache.kafka.tools.ProducerPerformance",
    "topics": "org.apache.kafka.tools.TopicCommand",
}


def main() -> int:
    if len(sys.argv) < 2:
        raise StackError(f"Which tool? One of: {', '.join(TOOLS)}.")
    name, arguments = sys.argv[1].removeprefix("kafka-").removesuffix(".sh"), sys.argv[2:]
    if name not in TOOLS:
        raise StackError(f"There is no tool '{name}' here. One of: {', '.join(TOOLS)}.")
    if "--bootstrap-server" not in arguments:
        arguments = ["--bootstrap-server", bootstrap(), *arguments]
    libs = here().kafka_libs
    fetch_jars(libs)
    command = java_command(java(), libs, [TOOLS[name], *arguments], log="tools-log4j2", options=SHORT_LIVED)
    # It becomes the tool, whose input, output and exit code are the script's.
    os.execv(command[0], command)  # noqa: S606


def bootstrap() -> str:
    """The address of the Kafka in use. Raises StackError if there is none."""
    if theirs := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        return theirs
    if part := processes.find(here().run, "kafka"):
        return part.address
    runtime = processes.find(here().run, "knative")
    if runtime and (theirs := runtime.facts.get("kafka")):
        return theirs
    raise StackError("No Kafka runs here. Start it with 'scripts/up', or set KAFKA_BOOTSTRAP_SERVERS.")


if __name__ == "__main__":
    cli.run(main)
