"""The pictures and tables of functions/ARCHITECTURE.md, from events.py, the manifests, the topics and schema.sql."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from functions.shared.events import CONTRACTS, PAYLOADS
from functions.shared.mermaid import Edge, Graph, Node, Shape, flowchart
from functions.shared.payload import Payload
from knative.check.manifests import Manifest, Manifests, read
from scripts.stack.pages.regions import table
from scripts.stack.places import ROOT
from scripts.stack.topics import read_topics

PAGE = Path("functions/ARCHITECTURE.md")
WAYS = {
    "question": "gateway realtime triage concepts delivery: question.asked explanation.requested concept.explained"
    " question.declined",
    "help": "gateway triage debug sandbox-runner delivery: question.asked debugging.requested check.requested"
    " check.executed error.explained",
    "submission": "gateway exercise sandbox-runner review progress struggle notification delivery: exercise.submitted"
    " grading.requested grading.executed exercise.graded code.reviewed struggle.detected progress.updated alert.raised",
}
"""Ways through the system worth a picture each: the functions on it, and the events that lead from one to the next."""

_TABLE = re.compile(r"((?:^--[^\n]*\n)*)^CREATE (?:UNLOGGED )?TABLE (\w+) \((.*?)^\)", re.S | re.M)
_REFERENCE = re.compile(r"REFERENCES (\w+)")
_WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE(?! SET)|DELETE FROM)\s+(?:ONLY\s+)?([a-z_]+)\b")


def parts() -> dict[str, str]:
    """Return every generated part of the page."""
    manifests = read([ROOT / "knative" / "base"])
    drawn = {f"way-of-{name}": _mermaid(way(functions, events)) for name, functions, events in ways()}
    return {
        "topics": _mermaid(topics(manifests)),
        **drawn,
        "functions": functions_table(manifests),
        "references": _mermaid(references()),
        "tables": tables_table(),
    }


def way(functions: Collection[str], events: Collection[str]) -> Graph:
    """Draw which function tells which, by the contracts, of these events alone."""
    edges = [
        Edge(source=source, target=target, label=short(payload))
        for payload in PAYLOADS.values()
        if short(payload) in events
        for source in functions
        for target in functions
        if payload in CONTRACTS[source].answers and payload in CONTRACTS[target].accepts
    ]
    nodes = [_node(name, "stadium" if name in {"gateway", "realtime", "delivery"} else "box") for name in functions]
    return Graph(direction="LR", nodes=tuple(nodes), edges=tuple(edges))


def topics(manifests: Manifests) -> Graph:
    """Draw which topics lead in, and which out."""
    nodes, edges = [_node("broker", "decision")], []
    for topic in read_topics(ROOT / "kafka" / "topics"):
        nodes.append(Node(id=topic.name, label=topic.name, shape="round"))
        for source in manifests.of("KafkaSource"):
            if topic.name in source.items("spec.topics"):
                target = source.refers_to("spec.sink.ref")[1]
                edges.append(Edge(source=topic.name, target="broker" if target == "default" else target))
        for sink in manifests.of("KafkaSink"):
            if sink.at("spec.topic") == topic.name:
                edges.append(Edge(source="broker", target=topic.name, label=_into(sink, manifests)))
    nodes += [_node(name) for name in dict.fromkeys(e.target for e in edges) if name not in {n.id for n in nodes}]
    return Graph(direction="LR", nodes=tuple(nodes), edges=tuple(edges))


def _into(sink: Manifest, manifests: Manifests) -> str:
    """What a sink gets: the events that its Triggers let through, or what failed."""
    taken = [t for t in manifests.of("Trigger") if t.refers_to("spec.subscriber.ref") == ("KafkaSink", sink.name)]
    names = sorted({name for trigger in taken for name in _events(trigger)})
    return (", ".join(names) if len(names) < 4 else f"{len(names)} types of events") if taken else "what failed"


def functions_table(manifests: Manifests) -> str:
    """Return what is said of every function in its Service and its Triggers."""
    rows = [("Function", "Comes by Triggers", "At once", "Replicas", "Time limit", "Tried again")]
    for service in sorted(manifests.of("Service"), key=lambda each: each.name):
        triggers = [
            each for each in manifests.of("Trigger") if each.refers_to("spec.subscriber.ref")[1] == service.name
        ]
        events = sorted({name for trigger in triggers for name in _events(trigger)})
        notes = service.mapping("spec.template.metadata.annotations")
        scale = "–".join(str(notes.get(f"autoscaling.knative.dev/{end}-scale", "")) for end in ("min", "max"))
        retries = sorted({f"{t.at('spec.delivery.retry')} × from {_seconds(t)} s on" for t in triggers})
        rows.append(
            (
                f"`{service.name}`",
                ", ".join(events) or "none: called by its address",
                str(service.at("spec.template.spec.containerConcurrency")),
                scale,
                f"{service.at('spec.template.spec.timeoutSeconds')} s",
                "; ".join(retries),
            )
        )
    return table(*rows)


def references() -> Graph:
    """Draw which table's rows belong to which other's. That nearly all belong to `users` is left out."""
    edges = [
        Edge(source=name, target=target)
        for name, _, columns in _tables()
        for target in dict.fromkeys(_REFERENCE.findall(columns))
        if target != "users"
    ]
    names = dict.fromkeys(end for edge in edges for end in (edge.source, edge.target))
    return Graph(direction="LR", nodes=tuple(map(_node, names)), edges=tuple(edges))


def tables_table() -> str:
    """Return what every table holds, by the comment above it, and whose code writes to it."""
    writers = _writers()
    rows = [("Table", "Holds", "Written by")]
    for name, comment, _ in sorted(_tables()):
        sentence = re.split(r"(?<=[.;]) ", " ".join(comment.replace("--", " ").split()))[0].rstrip(".;")
        rows.append((f"`{name}`", sentence, ", ".join(f"`{each}`" for each in sorted(writers.get(name, ())))))
    return table(*rows)


def _writers() -> dict[str, set[str]]:
    """By table, the functions and scripts in whose code a statement writes to it."""
    found: dict[str, set[str]] = {}
    for file in sorted([*ROOT.glob("functions/**/*.py"), *ROOT.glob("scripts/stack/*.py")]):
        part = file.relative_to(ROOT).parts
        writer = part[1].replace("_", "-") if part[0] == "functions" else f"scripts/{file.stem.replace('_', '-')}"
        for name in _WRITES.findall(file.read_text()):
            found.setdefault(name, set()).add(writer)
    return found


def _tables() -> Iterator[tuple[str, str, str]]:
    text = (ROOT / "schema" / "schema.sql").read_text()
    for found in _TABLE.finditer(text):
        yield found[2], found[1], found[3]


def _events(trigger: Manifest) -> list[str]:
    """The types that a Trigger's filters name, written short; `every event` where it has none."""
    filters = trigger.at("spec.filter") or trigger.at("spec.filters")
    if not filters:
        return ["every event"]
    return ["a plain record" if t == "dev.knative.kafka.event" else _shortened(t) for t in _types(filters)]


def _types(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "type" and isinstance(inner, str):
                yield inner
            elif key != "not":
                yield from _types(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _types(inner)


def _seconds(trigger: Manifest) -> str:
    return str(trigger.at("spec.delivery.backoffDelay")).removeprefix("PT").removesuffix("S")


def ways() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield every way by its name, its functions and its events."""
    for name, said in WAYS.items():
        functions, _, events = said.partition(":")
        yield name, functions.split(), events.split()


def short(payload: type[Payload]) -> str:
    """Return a type as pages write it: question.asked."""
    return _shortened(payload.TYPE)


def _shortened(type_: str) -> str:
    return type_.removeprefix("org.learnflow.").removesuffix(".v1")


def _node(name: str, shape: Shape = "box") -> Node:
    return Node(id=name, label=name, shape=shape)


def _mermaid(graph: Graph) -> str:
    return f"```mermaid\n{flowchart(graph)}```\n"
