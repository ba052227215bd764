"""Every event reaches whom it is for, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from functions.shared.alerting import AlertRaised
from functions.shared.events import CONTRACTS, FOR_PEOPLE, PAYLOADS, PLAIN_RECORDS
from functions.shared.payload import Anything
from functions.shared.running import Check, CheckExecuted
from knative.check.manifests import Finding, Manifests
from knative.check.policies.matching import PLAIN, Route, arrivals, plain_record, routes

RESPONSES = ("KafkaSink", "learning-responses")
_OF_PEOPLE = {AlertRaised.TYPE: {"alertkind": "message"}}
"""What tells answers of a type from those that are for others than whoever asked."""


def filters_name_known_types(manifests: Manifests) -> Iterator[Finding]:
    """A filter for a type that nobody sends is silent for ever."""
    for route in routes(manifests):
        if route.unreadable:
            yield route.trigger.finding("spec.filters", f"cannot be read: {route.unreadable}")
        conditions = {"exact": route.trigger.at("spec.filter.attributes")}, route.trigger.at("spec.filters")
        for dialect, name in _types(list(conditions)):
            if dialect != "exact":
                yield route.trigger.finding("spec.filters", f"{dialect} of a type, {name}; types are named in full")
            elif name not in PAYLOADS and name != PLAIN:
                yield route.trigger.finding("spec.filters", f"{name} is not a type of event")


def _types(condition: Any) -> Iterator[tuple[str, str]]:
    """The dialect and the value of every condition on `type`, at any depth."""
    if isinstance(condition, list):
        for part in condition:
            yield from _types(part)
    elif isinstance(condition, dict):
        for dialect, inner in condition.items():
            if isinstance(inner, dict) and isinstance(inner.get("type"), str):
                yield dialect, inner["type"]
            yield from _types(inner)


def only_who_takes_anything_goes_unfiltered(manifests: Manifests) -> Iterator[Finding]:
    """A function that is sent what it does not accept dead-letters it."""
    for route in routes(manifests):
        if route.takes_all and not (route.kind == "Service" and _takes_anything(route.name)):
            yield route.trigger.finding("spec.filters", f"are missing, and {route.name} does not accept every type")


def an_accepted_type_comes_once(manifests: Manifests) -> Iterator[Finding]:
    """One Trigger brings a function each type it accepts, whichever way the event came in; two would double it."""
    fed_otherwise = {source.refers_to("spec.sink.ref")[1] for source in manifests.of("KafkaSource")}
    fed_otherwise |= {trigger.refers_to("spec.delivery.deadLetterSink.ref")[1] for trigger in manifests.of("Trigger")}
    all_routes = routes(manifests)
    for function, contract in CONTRACTS.items():
        taken = [route for route in all_routes if (route.kind, route.name) == ("Service", function)]
        accepted = {payload.TYPE for payload in contract.accepts}
        if Anything in contract.accepts:
            accepted = set() if function in fed_otherwise else set(PAYLOADS)
        for name, ingress in arrivals(manifests):
            yield from _brought(function, taken, name, ingress, accepts=name in accepted)


def _brought(function: str, taken: list[Route], name: str, ingress: str, *, accepts: bool) -> Iterator[Finding]:
    told_apart = _asked_by(function, name) | _OF_PEOPLE.get(name, {})
    bring = [route for route in taken if route.wants({"type": name, "ingress": ingress, **told_apart})]
    what = f"{name} from {ingress}" if ingress else name
    if accepts and not bring:
        yield Finding("Service", function, "", f"accepts {what}, and no Trigger brings it")
    elif accepts:
        for route in bring[1:]:
            yield route.trigger.finding("spec.filters", f"bring {function} {what} a second time")
    else:
        for route in bring:
            if not route.takes_all:
                yield route.trigger.finding("spec.filters", f"bring {function} {what}, which it does not accept")


def _asked_by(function: str, name: str) -> dict[str, str]:
    """What tells a function's own checks from those of others."""
    return {"requester": function} if issubclass(PAYLOADS[name], Check) else {}


def checks_return_to_whoever_asked(manifests: Manifests) -> Iterator[Finding]:
    """A function that is told of another's draft dead-letters it."""
    for route in routes(manifests):
        others = route.wants({"type": CheckExecuted.TYPE, "ingress": "", "requester": f"not-{route.name}"})
        chooses = route.kind == "Service" and not route.takes_all and not _takes_anything(route.name)
        if others and chooses:
            yield route.trigger.finding(
                "spec.filter.attributes.requester", f"is not {route.name}, whose checks these are"
            )


def plain_records_come_once(manifests: Manifests) -> Iterator[Finding]:
    """A record that is no CloudEvent goes to a function that accepts what it means in its topic."""
    choosing = [route for route in routes(manifests) if not route.takes_all and not _takes_anything(route.name)]
    for topic, payload in PLAIN_RECORDS.items():
        bring = [route for route in choosing if route.wants(plain_record(topic))]
        names = [route.name for route in bring]
        for function, contract in CONTRACTS.items():
            if payload in contract.accepts and function not in names:
                yield Finding("topic", topic, "", f"no Trigger brings {function} its plain records")
        for number, route in enumerate(bring):
            known = CONTRACTS.get(route.name)
            if known is None or payload not in known.accepts:
                yield route.trigger.finding("spec.filters", f"bring {route.name} the plain records of {topic}")
            elif route.name in names[:number]:
                yield route.trigger.finding(
                    "spec.filters", f"bring {route.name} the plain records of {topic} a second time"
                )


def what_people_are_told_leaves(manifests: Manifests) -> Iterator[Finding]:
    """Any Kafka client can read every answer, once, and nothing but answers."""
    leading_out = [route for route in routes(manifests) if (route.kind, route.name) == RESPONSES]
    told = {payload.TYPE for payload in FOR_PEOPLE}
    for name in PAYLOADS if manifests.on_kafka else ():
        bring = [route for route in leading_out if route.wants({"type": name, **_OF_PEOPLE.get(name, {})})]
        if name in told and len(bring) != 1:
            yield Finding(*RESPONSES, "", f"{len(bring)} Triggers bring it {name}, not one")
        elif name not in told and bring and not bring[0].takes_all:
            yield bring[0].trigger.finding("spec.filters", f"let {name} out, which is not for people")


def _takes_anything(function: str) -> bool:
    return function in CONTRACTS and Anything in CONTRACTS[function].accepts
