"""`scripts/status`: what runs, where, since when; and what the functions did."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass

from knative.local.table import render
from scripts.stack import cli, processes
from scripts.stack.config import database_url, login_required
from scripts.stack.farewell import OPEN_TO_ALL
from scripts.stack.kafka_server import answers
from scripts.stack.model import stands_in
from scripts.stack.parts import PARTS, is_wanted
from scripts.stack.places import Places, here
from scripts.stack.postgres import reachable
from scripts.stack.starting import status_of


@dataclass(frozen=True)
class Line:
    """One part, as it is shown. `fine` is false where something that should run does not."""

    part: str
    state: str
    fine: bool
    pid: int | None = None
    address: str = ""
    uptime_seconds: float | None = None


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/status", add_help=False, allow_abbrev=False)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    places = here()
    knative = processes.find(places.run, "knative")
    services = status_of(knative.address) if knative else None
    lines = look(places, knative.facts if knative else {})
    if as_json:
        parts = [vars(line) for line in lines]
        print(json.dumps({"parts": parts, "login_required": login_required(places), "runtime": services}, indent=2))
    else:
        print("\n".join(map(shown, lines)))
        if services and not login_required(places):
            print(f"! {OPEN_TO_ALL}")
        print("\n".join(render(services) if services else ["", "The functions run when the Knative runtime does."]))
    return 0 if services and services["ready"] and all(line.fine for line in lines) else 1


def look(places: Places, facts: dict[str, str]) -> list[Line]:
    """A line for each part: ours, one's own, or none where events are kept in memory. `facts` are the runtime's."""
    own = {"kafka": facts.get("kafka"), "postgres": database_url(places) if "postgres" in facts else None}
    lines = []
    for name in PARTS:
        part = processes.find(places.run, name)
        if part is not None:
            fine = part_answers(name, part.address)
            state = "running" if fine else "not answering"
            lines.append(Line(name, state, fine, part.pid, part.address, part.uptime_seconds()))
        elif name == "kafka" and facts.get("log") == "memory":
            lines.append(Line(name, "not used: events are in memory", fine=True))
        elif not is_wanted(places, name):
            continue
        elif address := own.get(name):
            fine = part_answers(name, address)
            lines.append(Line(name, "your own" if fine else "your own, not answering", fine))
        else:
            died = processes.recorded(places.run, name) is not None
            lines.append(Line(name, "died" if died else "stopped", fine=False))
    return lines


def part_answers(name: str, address: str) -> bool:
    """Whether the part does what it is there for."""
    if name == "kafka":
        return answers(address, timeout_seconds=2)
    if name == "postgres":
        return reachable(address) is None
    if name == "model":
        return stands_in(address)
    return status_of(address) is not None


def shown(line: Line) -> str:
    pid = f"process {line.pid}" if line.pid else ""
    up = duration(line.uptime_seconds) if line.uptime_seconds is not None else ""
    mark = "✓" if line.fine else "✗"
    return f"{mark} {PARTS[line.part].title:<16} {line.state:<14} {pid:<15} {up:<10} {line.address}".rstrip()


def duration(seconds: float) -> str:
    """`42 s`, `3 min`, `2 h 5 min`, `4 d 1 h`."""
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if not minutes:
        return f"{int(seconds)} s"
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if not days else f"{days} d {hours % 24} h"


if __name__ == "__main__":
    cli.run(main)
