"""Which events reach whom, told by the very filters that the local runtime delivers by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from functions.shared.events import PAYLOADS
from knative.check.manifests import Manifest, Manifests
from knative.local.filters import Matcher, compile_filters
from knative.local.schema import FilterSpec

PLAIN = "dev.knative.kafka.event"
"""The type of a record that is no CloudEvent."""


class Route:
    """A Trigger, where it leads and what it lets through. One whose filter cannot be read lets nothing through."""

    def __init__(self, trigger: Manifest) -> None:
        self.trigger = trigger
        self.kind, self.name = trigger.refers_to("spec.subscriber.ref")
        self.unreadable = ""
        try:
            self.wants = _matcher(trigger)
        except ValidationError as why:
            self.wants = lambda _: False
            self.unreadable = str(why.errors()[0]["msg"])

    @property
    def takes_all(self) -> bool:
        return not self.trigger.mapping("spec.filter.attributes") and not self.trigger.items("spec.filters")


def routes(manifests: Manifests) -> list[Route]:
    return [Route(trigger) for trigger in manifests.of("Trigger")]


def arrivals(manifests: Manifests) -> Iterator[tuple[str, str]]:
    """Every type of event, with every `ingress` it may have: empty, or that of a source that leads to the broker."""
    sources = [s for s in manifests.of("KafkaSource") if s.refers_to("spec.sink.ref")[0] == "Broker"]
    overrides = {str(source.at("spec.ceOverrides.extensions.ingress") or "") for source in sources}
    return ((name, ingress) for name in PAYLOADS for ingress in sorted({"", *overrides}))


def plain_record(topic: str) -> Mapping[str, str]:
    """The attributes that a KafkaSource gives a record that is no CloudEvent."""
    return {"type": PLAIN, "source": f"/apis/v1/namespaces/learnflow/kafkasources/any#{topic}", "ingress": topic}


def _matcher(trigger: Manifest) -> Matcher:
    attributes = {str(name): str(value) for name, value in trigger.mapping("spec.filter.attributes").items()}
    return compile_filters(attributes, [FilterSpec.model_validate(one) for one in trigger.items("spec.filters")])
