"""What becomes of an event that cannot be delivered at once."""

from __future__ import annotations

from collections.abc import Iterator

from knative.check.manifests import Finding, Manifest, Manifests

STATED = ("retry", "backoffPolicy", "backoffDelay", "timeout")
DEAD_LETTERS = {True: ("KafkaSink", "dead-letters"), False: ("Service", "dead-letter")}
"""Where they go: into a topic, which survives the database; where there is no Kafka, to the function at once."""
ORDER = "kafka.eventing.knative.dev/delivery.order"


def triggers_state_their_whole_delivery(manifests: Manifests) -> Iterator[Finding]:
    """A Trigger's delivery replaces the Broker's: nothing that it leaves out comes from there."""
    wanted = DEAD_LETTERS[manifests.on_kafka]
    for manifest in (*manifests.of("Broker"), *manifests.of("Trigger")):
        yield from _unstated(manifest)
        if (sink := manifest.refers_to("spec.delivery.deadLetterSink.ref")) != wanted:
            said = " ".join(sink).strip() or "missing: what cannot be delivered is lost"
            yield manifest.finding("spec.delivery.deadLetterSink", f"{said}, not {' '.join(wanted)}")


def sources_state_their_delivery(manifests: Manifests) -> Iterator[Finding]:
    """A source's defaults are not a Trigger's, and nobody remembers them."""
    for source in manifests.of("KafkaSource"):
        yield from _unstated(source)


def _unstated(manifest: Manifest) -> Iterator[Finding]:
    stated = manifest.mapping("spec.delivery")
    for name in STATED:
        if not stated.get(name):
            yield manifest.finding(f"spec.delivery.{name}", "is not stated")


def nothing_is_ordered(manifests: Manifests) -> Iterator[Finding]:
    """Ordered delivery costs 200 ms a hop, and one failing event holds up all behind it."""
    for trigger in manifests.of("Trigger"):
        if trigger.mapping("metadata.annotations").get(ORDER, "unordered") != "unordered":
            yield trigger.finding(f"metadata.annotations.{ORDER}", "events are never waited for in order")
    for source in manifests.of("KafkaSource"):
        if source.at("spec.ordering") != "unordered":
            yield source.finding("spec.ordering", "is not unordered; a source that says nothing is ordered")
