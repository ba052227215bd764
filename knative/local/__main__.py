"""Runs a folder of Knative manifests on this machine, for development.

The ingress of brokers is http://127.0.0.1:PORT/<namespace>/<broker>; Services answer to the Host
<service>.<namespace>.localhost:PORT; GET /-/status tells what runs. KAFKA_BOOTSTRAP_SERVERS (host:port) names the
Kafka. Ends with 0 after SIGTERM or SIGINT, with 1 if a manifest cannot be run here or the log does not answer.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from knative.local.log import LogError
from knative.local.manifests import ManifestError
from knative.local.runtime import Runtime
from knative.local.table import Table


def main() -> int:
    """Run until told to end. Returns the exit code."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stdout)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what matters of it is said by kafka_log
    try:
        asyncio.run(_run(options))
    except (ManifestError, LogError, OSError) as why:
        sys.stderr.write(f"knative.local: {why}\n")
        return 1
    return 0


async def _run(options: argparse.Namespace) -> None:
    running = asyncio.current_task()
    assert running
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    runtime = Runtime.from_folder(
        options.manifests,
        config=options.config,
        namespace=options.namespace,
        log=options.log,
        bootstrap_servers=os.environ.get("KAFKA_BOOTSTRAP_SERVERS", ""),
        state=options.state,
        port=options.port,
        publish=dict(options.publish),
    )
    with suppress(asyncio.CancelledError):
        async with runtime:
            logging.info("knative.local runs at %s over %s", runtime.url, runtime.log.kind)
            if runtime.log.kind == "memory":
                logging.warning("the log is in memory: events are lost when this process ends")
            if options.table:
                logging.getLogger().handlers = [table := Table(runtime.status)]
                await table.keep_fresh()
            await asyncio.get_running_loop().create_future()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m knative.local", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--manifests", type=Path, required=True, help="folder of manifests, as a cluster gets them")
    parser.add_argument("--config", type=Path, help="folder of ConfigMaps and Secrets whose keys replace theirs")
    parser.add_argument("--state", type=Path, help="folder for logs and mounted files (default: a temporary one)")
    parser.add_argument("--port", type=int, default=8090, help="port of 127.0.0.1 (default: 8090)")
    parser.add_argument(
        "--publish", type=_published, action="append", default=[], metavar="PORT:SERVICE", help="a Service's own port"
    )
    parser.add_argument("--log", choices=("kafka", "memory"), default="kafka", help="where events live")
    parser.add_argument("--namespace", default="default", help="of manifests that name none")
    parser.add_argument(
        "--table", action=argparse.BooleanOptionalAction, default=sys.stdout.isatty(), help="show what runs, live"
    )
    return parser.parse_args()


def _published(text: str) -> tuple[str, int]:
    port, _, service = text.partition(":")
    if not service:
        raise argparse.ArgumentTypeError(f"{text!r} is not PORT:SERVICE")
    return service, int(port)


if __name__ == "__main__":
    sys.exit(main())
