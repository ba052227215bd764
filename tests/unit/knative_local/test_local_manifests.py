"""What stops the start: fields, kinds, values and references that a cluster would act on and the runtime would not."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from knative.local.manifests import ManifestError, load
from knative.local.runtime import Runtime
from knative.local.schema import Broker
from tests.integration.knative_local.stage import (
    Manifest,
    broker,
    config_map,
    delivery,
    manifest,
    ref,
    secret,
    service,
    sink,
    source,
    trigger,
)

SERVICE = service("app", annotations={"min-scale": "0"}, readinessProbe={"httpGet": {"path": "/ready"}})
TRIGGER = trigger("all", ref("Service", "app"), delivery=delivery(1), filters=[{"exact": {"type": "t"}}])
SOURCE = source("in", "topic", ref("Service", "app"))
BOX = "spec.template.spec.containers.0"


def write(folder: Path, *documents: Manifest, name: str = "all.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(yaml.safe_dump_all(documents))
    return folder


def refusal(folder: Path, *documents: Manifest) -> str:
    """Return why these are not run."""

    async def start() -> None:
        async with Runtime.from_folder(write(folder, *documents), state=folder / "state"):
            pass

    with pytest.raises(ManifestError) as error:
        asyncio.run(start())
    return str(error.value)


def changed(document: Manifest, path: str, value: Any) -> Manifest:
    """Return a copy with one field set, made on the way if need be. The name of an annotation has dots in it."""
    copy = deepcopy(document)
    path, _, annotation = path.partition("annotations.")
    parts = [*path.rstrip(".").split("."), "annotations", annotation] if annotation else path.split(".")
    at: Any = copy
    for part in parts[:-1]:
        at = at[int(part)] if part.isdigit() else at.setdefault(part, {})
    at[parts[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("document", "path", "value"),
    [
        (SERVICE, "spec.traffic", [{"percent": 100}]),
        (SERVICE, "spec.template.spec.initContainers", []),
        (SERVICE, "spec.template.spec.hostNetwork", True),
        (SERVICE, "spec.template.spec.idleTimeoutSeconds", 3),
        (SERVICE, f"{BOX}.lifecycle", {}),
        (SERVICE, f"{BOX}.workingDir", "/"),
        (SERVICE, f"{BOX}.startupProbe", {}),
        (SERVICE, f"{BOX}.readinessProbe.exec", {"command": ["true"]}),
        (SERVICE, f"{BOX}.readinessProbe.httpGet.scheme", "HTTPS"),
        (SERVICE, f"{BOX}.volumeMounts", [{"name": "v", "mountPath": "/v", "subPath": "x"}]),
        (SERVICE, "spec.template.spec.volumes", [{"name": "v", "projected": {}}]),
        (SERVICE, "metadata.generateName", "app-"),
        (SERVICE, "spec.template.metadata.annotations.autoscaling.knative.dev/activation-scale", "2"),
        (SERVICE, "metadata.annotations.serving.knative.dev/rollout-duration", "1m"),
        (TRIGGER, "spec.filters", [{"cesql": "type = 'x'"}]),
        (TRIGGER, "spec.subscriber.CACerts", ""),
        (TRIGGER, "spec.delivery.retryAfterMax", "PT1S"),
        (TRIGGER, "metadata.annotations.kafka.eventing.knative.dev/priority", "high"),
        (SOURCE, "spec.net", {}),
        (SOURCE, "spec.delivery.format", "json"),
        (sink("out", "t"), "spec.auth", {}),
        (broker(), "spec.channelTemplate", {}),
    ],
)
def test_an_unknown_field_stops_the_start_with_its_file_its_path_and_what_is_supported(
    tmp_path: Path, document: Manifest, path: str, value: Any
) -> None:
    why = refusal(tmp_path, changed(document, path, value))
    unknown = path if not isinstance(value, list) or not value or path.endswith("traffic") else f"{path}.0"
    assert f"{tmp_path / 'all.yaml'}: {unknown}" in why
    assert "supported" in why


@pytest.mark.parametrize(
    ("document", "path", "value"),
    [
        (SERVICE, f"{BOX}.command", []),
        (SERVICE, "spec.template.spec.containerConcurrency", -1),
        (SERVICE, "spec.template.spec.timeoutSeconds", "soon"),
        (SERVICE, f"{BOX}.env", [{"name": "A", "value": "$(B)"}]),
        (TRIGGER, "spec.delivery.backoffDelay", "1s"),
        (TRIGGER, "spec.delivery.backoffPolicy", "random"),
        (TRIGGER, "spec.filters", [{"exact": {"a": "b"}, "prefix": {"a": "b"}}]),
        (SOURCE, "spec.initialOffset", "middle"),
        (sink("out", "t"), "spec.contentMode", "batched"),
        (TRIGGER, "metadata.name", ""),
    ],
)
def test_a_wrong_value_is_named_with_its_file_and_path(
    tmp_path: Path, document: Manifest, path: str, value: Any
) -> None:
    assert f"{tmp_path / 'all.yaml'}: {path}" in refusal(tmp_path, changed(document, path, value))


@pytest.mark.parametrize("value", ["ordered", "Ordered"])
def test_ordered_delivery_is_refused(tmp_path: Path, value: str) -> None:
    annotation = "metadata.annotations.kafka.eventing.knative.dev/delivery.order"
    why = refusal(tmp_path, broker(), SERVICE, changed(TRIGGER, annotation, value))
    assert "metadata.annotations.kafka.eventing.knative.dev/delivery.order" in why
    assert "unordered" in why


@pytest.mark.parametrize("ordering", ["ordered", None])
def test_a_source_that_is_ordered_or_says_nothing_is_refused(tmp_path: Path, ordering: str | None) -> None:
    document = deepcopy(SOURCE)
    document["spec"]["ordering"] = ordering
    if ordering is None:
        del document["spec"]["ordering"]
    assert "all.yaml: spec.ordering" in refusal(tmp_path, SERVICE, document)


def test_another_class_of_broker_is_refused(tmp_path: Path) -> None:
    document = deepcopy(broker())
    document["metadata"]["annotations"] = {"eventing.knative.dev/broker.class": "MTChannelBasedBroker"}
    assert "broker.class" in refusal(tmp_path, document)


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [("apps/v1", "Deployment"), ("v1", "Service"), ("sources.knative.dev/v1", "PingSource"), ("batch/v1", "Job")],
)
def test_an_unknown_kind_is_refused(tmp_path: Path, api_version: str, kind: str) -> None:
    why = refusal(tmp_path, manifest(api_version, kind, "x", {}))
    assert f"{kind} ({api_version})" in why
    assert "KafkaSource (" in why


@pytest.mark.parametrize(
    ("documents", "path", "missing"),
    [
        ([SERVICE, TRIGGER], "spec.broker", "default"),
        ([broker(), TRIGGER], "spec.subscriber.ref.name", "app"),
        ([broker(), SERVICE, trigger("x", ref("KafkaSink", "out"))], "spec.subscriber.ref.name", "out"),
        (
            [broker(), SERVICE, trigger("x", ref("Service", "app"), delivery=delivery(1, ref("Service", "no")))],
            "spec.delivery.deadLetterSink.ref.name",
            "no",
        ),
        ([source("in", "t", ref("Service", "no"))], "spec.sink.ref.name", "no"),
        ([broker(config={"apiVersion": "v1", "kind": "ConfigMap", "name": "no"})], "spec.config.name", "ConfigMap"),
        ([service("a", envFrom=[{"secretRef": {"name": "no"}}])], f"{BOX}.envFrom.0", "no"),
        (
            [service("a", spec={"volumes": [{"name": "v", "secret": {"secretName": "no"}}]})],
            "spec.template.spec.volumes.0",
            "no",
        ),
        ([service("a", volumeMounts=[{"name": "no", "mountPath": "/x"}])], f"{BOX}.volumeMounts.0.name", "no"),
    ],
)
def test_a_reference_to_nothing_is_refused(tmp_path: Path, documents: list[Manifest], path: str, missing: str) -> None:
    why = refusal(tmp_path, *documents)
    assert f"all.yaml: {path}" in why
    assert missing in why


def test_a_key_that_a_secret_lacks_is_refused_unless_optional(tmp_path: Path) -> None:
    app = service("app")
    box = app["spec"]["template"]["spec"]["containers"][0]
    box["env"] = [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "no"}}}]
    assert f"{BOX}.env.0.valueFrom.secretKeyRef.key" in refusal(tmp_path, secret("s", yes="1"), app)


def test_a_reference_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    to = {"ref": {"apiVersion": "v1", "kind": "Service", "name": "app"}}
    assert "spec.subscriber.ref" in refusal(tmp_path, broker(), SERVICE, trigger("x", to))


def test_a_broker_config_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    config = config_map("c", **{"default.topic.partitions": "3", "auth.secret.ref.name": "s"})
    document = broker(config={"apiVersion": "v1", "kind": "ConfigMap", "name": "c"})
    assert "auth.secret.ref.name" in refusal(tmp_path, config, document)


def test_what_is_written_twice_and_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert "metadata.name" in refusal(tmp_path / "twice", broker(), broker())
    (tmp_path / "bad.yaml").write_text("a: [")
    with pytest.raises(ManifestError, match=r"bad\.yaml: not YAML"):
        load(tmp_path)


def test_harmless_fields_and_kinds_pass(tmp_path: Path) -> None:
    app = service(
        "app",
        imagePullPolicy="Always",
        resources={"limits": {"cpu": "1"}},
        securityContext={"readOnlyRootFilesystem": True},
        ports=[{"containerPort": 8080}],
        spec={"serviceAccountName": "x", "automountServiceAccountToken": False, "enableServiceLinks": False},
    )
    app["metadata"] |= {
        "labels": {"networking.knative.dev/visibility": "cluster-local"},
        "annotations": {"me/own": "x"},
    }
    names = manifest("v1", "Namespace", "shop")
    event_type = manifest("eventing.knative.dev/v1beta3", "EventType", "t", {"reference": {}, "attributes": []})
    found = load(write(tmp_path, app, names, event_type))
    assert ("Service", "default", "app") in found.objects


def test_a_kustomization_gives_the_list_and_the_namespace_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "sub", broker("two"))
    write(tmp_path, broker("one"), name="one.yaml")
    write(tmp_path, broker("three"), name="not-listed.yaml")
    kustomization = {"kind": "Kustomization", "namespace": "shop", "resources": ["one.yaml", "sub"]}
    write(tmp_path, kustomization, name="kustomization.yaml")
    assert set(load(tmp_path).of(Broker)) == {("Broker", "shop", "one"), ("Broker", "shop", "two")}
    write(tmp_path, {**kustomization, "namePrefix": "x-"}, name="kustomization.yaml")
    with pytest.raises(ManifestError, match="namePrefix"):
        load(tmp_path)
    write(tmp_path, {"resources": ["gone.yaml"]}, name="kustomization.yaml")
    with pytest.raises(ManifestError, match=r"gone\.yaml"):
        load(tmp_path)


def test_only_config_maps_and_secrets_have_a_place_in_this_machines_config(tmp_path: Path) -> None:
    own = write(tmp_path / "own", broker("other"))
    with pytest.raises(ManifestError, match="only ConfigMap and Secret"):
        load(write(tmp_path / "base", broker()), own)
