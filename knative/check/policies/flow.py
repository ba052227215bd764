"""Where events go from where they come in: the Kafka broker counts no hops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from functions.shared.events import CONTRACTS
from knative.check.manifests import Finding, Manifest, Manifests
from knative.check.policies.matching import Route, arrivals, routes

Event = tuple[str, str]  # type and ingress
BROKER = "Broker"


@dataclass(frozen=True)
class Step:
    """From one event to the next: by a function that may answer it, or by a topic it leaves and comes in by."""

    trigger: Manifest
    path: str
    by: str
    after: Event
    is_function: bool


def nothing_goes_round(manifests: Manifests) -> Iterator[Finding]:
    """A circle has a way out: a function on it may answer otherwise. What only topics carry round never ends.

    An egress Trigger breaks its circle by a filter for what has not the topic's own `ingress`.
    """
    steps = _steps(manifests)
    reached = {event: _reachable(steps, event) for event in steps}
    circles = {
        frozenset(e for e in reached[event] if event in reached[e]) for event in steps if event in reached[event]
    }
    for circle in sorted(circles, key=sorted):
        inside = [step for event in sorted(circle) for step in steps[event] if step.after in circle]
        if not _has_exit(circle, inside, steps):
            worst = min(inside, key=lambda step: step.is_function)
            names = ", ".join(sorted({name for name, _ in circle}))
            yield worst.trigger.finding(worst.path, f"{names} goes round for ever by {worst.by}")


def _has_exit(circle: frozenset[Event], inside: list[Step], steps: Mapping[Event, list[Step]]) -> bool:
    """Whether a function may leave the circle, and none answers what it is then sent itself."""
    functions = {step.by for step in inside if step.is_function}
    answers_itself = any(
        step.is_function and step.by == following.by for step in inside for following in steps[step.after]
    )
    leaves = any(step.by in functions and step.after not in circle for event in circle for step in steps[event])
    return leaves and not answers_itself


def _steps(manifests: Manifests) -> dict[Event, list[Step]]:
    known = routes(manifests)
    return {
        event: [
            step
            for route in known
            if route.wants({"type": event[0], "ingress": event[1]})
            for step in _from(route, event, manifests)
        ]
        for event in arrivals(manifests)
    }


def _from(route: Route, event: Event, manifests: Manifests) -> Iterator[Step]:
    """Answers come in anew, without an ingress; what leaves by a topic comes in by every source that reads it."""
    if route.kind == "Service" and route.name in CONTRACTS:
        for answer in CONTRACTS[route.name].answers:
            yield Step(route.trigger, "spec.subscriber", route.name, (answer.TYPE, ""), is_function=True)
    for path in ("spec.subscriber.ref", "spec.delivery.deadLetterSink.ref"):
        sink = manifests.find(*route.trigger.refers_to(path))
        if sink is None or sink.kind != "KafkaSink":
            continue
        topic = str(sink.at("spec.topic"))
        for source in manifests.of("KafkaSource"):
            if topic in source.items("spec.topics") and source.refers_to("spec.sink.ref")[0] == BROKER:
                ingress = str(source.at("spec.ceOverrides.extensions.ingress") or event[1])
                yield Step(route.trigger, path, topic, (event[0], ingress), is_function=False)


def _reachable(steps: Mapping[Event, list[Step]], start: Event) -> set[Event]:
    found: set[Event] = set()
    waiting = [start]
    while waiting:
        for step in steps[waiting.pop()]:
            if step.after not in found:
                found.add(step.after)
                waiting.append(step.after)
    return found


def sources_say_where_events_come_from(manifests: Manifests) -> Iterator[Finding]:
    """By its ingress an event is kept from leaving where it came in; a dead letter keeps the one it had."""
    for source in manifests.of("KafkaSource"):
        topics = source.items("spec.topics")
        ingress = source.at("spec.ceOverrides.extensions.ingress")
        wanted = topics[:1] if source.refers_to("spec.sink.ref")[0] == BROKER else [None]
        if len(topics) != 1:
            yield source.finding("spec.topics", "are not exactly one")
        elif [ingress] != wanted:
            yield source.finding("spec.ceOverrides.extensions.ingress", f"is {ingress}, not {wanted[0]}")
        if source.at("spec.initialOffset") != "earliest":
            yield source.finding("spec.initialOffset", "is not earliest: what came before the source is lost")
