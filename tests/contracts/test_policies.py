"""What policies say of small sets of manifests that wrong-manifests, which only adds and changes, cannot show."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.shared.events import CONTRACTS, PAYLOADS, Contract
from functions.shared.payload import Payload
from knative.check.manifests import Manifest, Manifests, read
from knative.check.policies import POLICIES, capacity, flow, folder, matching, reach, references, security

BASE = read([Path("knative/base")])


class Ping(Payload):
    """There."""

    TYPE = "ping"


class Pong(Payload):
    """And back."""

    TYPE = "pong"


class Done(Payload):
    """Out."""

    TYPE = "done"


def without(kind, name):
    found = BASE.find(kind, name)
    assert found
    return replace(BASE, all=tuple(each for each in BASE.all if each is not found))


def manifest(kind, name, spec, api_version="example.org/v1"):
    return Manifest(Path("a.yaml"), {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, "spec": spec})


def trigger(name, *, to, filters, kind="Service"):
    return manifest("Trigger", name, {"filters": filters, "subscriber": {"ref": {"kind": kind, "name": to}}})


def service(name="one", **container):
    return manifest("Service", name, {"template": {"spec": {"containers": [container]}}}, "serving.knative.dev/v1")


def said(findings):
    return [finding.sentence for finding in findings]


@pytest.mark.parametrize(
    ("answers_of_b", "ends"),
    [
        ((Ping,), False),
        ((Ping, Done), True),
        ((Pong, Ping, Done), False),  # it would answer itself
        ((Done,), True),
    ],
)
def test_a_circle_of_functions_needs_one_that_may_leave_it(monkeypatch, answers_of_b, ends):
    monkeypatch.setattr(flow, "CONTRACTS", {"a": Contract((Ping,), (Pong,)), "b": Contract((Pong,), answers_of_b)})
    monkeypatch.setattr(matching, "PAYLOADS", {payload.TYPE: payload for payload in (Ping, Pong, Done)})
    there = trigger("there", to="a", filters=[{"exact": {"type": "ping"}}])
    back = trigger("back", to="b", filters=[{"exact": {"type": "pong"}}])

    assert (list(flow.nothing_goes_round(Manifests((there, back)))) == []) is ends


@pytest.mark.parametrize(
    ("guard", "ends"),
    [
        ([], False),
        ([{"not": {"exact": {"ingress": "answers"}}}], True),
        ([{"not": {"exact": {"ingress": "another"}}}], False),
    ],
)
def test_what_came_in_by_a_topic_may_not_leave_by_it(guard, ends):
    answer = next(iter(PAYLOADS))
    sink = manifest("KafkaSink", "out", {"topic": "answers"})
    into = {"ref": {"kind": "Broker", "name": "default"}}
    override = {"extensions": {"ingress": "answers"}}
    source = manifest("KafkaSource", "in", {"topics": ["answers"], "sink": into, "ceOverrides": override})
    out = trigger("out", to="out", kind="KafkaSink", filters=[{"exact": {"type": answer}}, *guard])

    assert (said(flow.nothing_goes_round(Manifests((sink, source, out)))) == []) is ends


def test_two_topics_may_not_pass_an_event_to_each_other():
    answer = next(iter(PAYLOADS))
    found = []
    for topic in ("one", "two"):
        into, override = {"ref": {"kind": "Broker", "name": "default"}}, {"extensions": {"ingress": topic}}
        found += [
            manifest("KafkaSink", topic, {"topic": topic}),
            manifest("KafkaSource", topic, {"topics": [topic], "sink": into, "ceOverrides": override}),
            trigger(
                topic,
                to=topic,
                kind="KafkaSink",
                filters=[{"exact": {"type": answer}}, {"not": {"exact": {"ingress": topic}}}],
            ),
        ]

    assert len(said(flow.nothing_goes_round(Manifests(tuple(found))))) == 1


def test_a_function_without_a_service_is_missed():
    found = list(references.every_function_is_a_service(without("Service", "triage")))

    assert [(each.kind, each.name) for each in found] == [("Service", "triage")]


def test_a_service_without_a_contract_is_found():
    assert said(references.every_function_is_a_service(replace(BASE, all=(*BASE.all, service("jokes"))))) == [
        "has no contract in functions/shared/events.py"
    ]


def test_a_sandbox_without_a_network_policy_is_found():
    assert said(security.who_runs_foreign_code_reaches_nobody(without("NetworkPolicy", "sandbox-runner"))) == [
        "has no NetworkPolicy of its name"
    ]


def test_a_subscriber_that_is_gone_is_missed():
    triggers = [each for each in BASE.of("Trigger") if each.refers_to("spec.subscriber.ref") == ("Service", "triage")]

    found = list(references.what_is_referred_to_exists(without("Service", "triage")))

    assert triggers
    assert [each.name for each in found] == [each.name for each in triggers]


def test_a_payload_without_an_event_type_is_missed():
    name = next(iter(PAYLOADS))

    assert [each.name for each in folder.event_types_are_those_of_the_payloads(without("EventType", name))] == [name]


def test_a_topic_that_nobody_reads_or_writes_is_found():
    found = list(references.topics_lead_in_or_out(replace(BASE, topics=BASE.topics | {"forgotten"})))

    assert [each.name for each in found] == ["forgotten"]


def test_plain_records_that_nobody_takes_are_missed():
    found = list(reach.plain_records_come_once(without("Trigger", "triage-plain-record")))

    assert [each.name for each in found] == ["learning.requests"]


def test_answers_that_do_not_leave_are_missed():
    found = said(reach.what_people_are_told_leaves(without("Trigger", "learning-responses")))

    assert len(found) == len(CONTRACTS["delivery"].accepts)
    assert found[0].startswith("0 Triggers bring it")


def test_a_service_without_the_database_takes_no_connections():
    annotations = {"autoscaling.knative.dev/max-scale": "1000"}
    many = manifest("Service", "one", {"template": {"metadata": {"annotations": annotations}, "spec": {}}})

    assert capacity.max_scale(many) == 1000
    assert capacity.most_connections(many) == 0


@pytest.mark.parametrize(
    ("image", "is_pinned"),
    [
        ("learnflow/one:0.1.0", True),
        ("images.example:5000/learnflow/one:0.1.0", True),
        ("learnflow/one@sha256:" + "0" * 64, True),
        ("learnflow/one", False),
        ("images.example:5000/learnflow/one", False),
        ("learnflow/one:latest", False),
    ],
)
def test_an_image_is_pinned_by_a_tag_or_a_digest(image, is_pinned):
    assert (said(security.images_are_pinned(Manifests((service(image=image),)))) == []) is is_pinned


def test_kubernetes_own_services_are_not_ours_to_judge():
    postgres = manifest("Service", "postgres", {"ports": [{"port": 5432}]}, api_version="v1")
    everything = replace(BASE, all=(*BASE.all, postgres))

    assert said(security.containers_may_do_little(everything)) == []
    assert said(references.every_function_is_a_service(everything)) == []


def test_a_list_may_name_a_folder(tmp_path):
    listed = {"kind": "Kustomization", "resources": ["all"]}
    inside = replace(service(), file=tmp_path / "all" / "service.yaml")
    outside = replace(service(), file=tmp_path / "service.yaml")
    kustomization = Manifest(tmp_path / "kustomization.yaml", listed)

    found = folder.the_kustomization_lists_every_file(Manifests((kustomization, inside, outside)))

    assert said(found) == ["service.yaml is there, and not listed"]


@pytest.mark.parametrize("spec", [None, [], "text", {"template": []}, {"template": {"spec": {"containers": "text"}}}])
@pytest.mark.parametrize("kind", ["Service", "Trigger", "Broker", "KafkaSource", "KafkaSink", "EventType"])
def test_a_misshapen_manifest_stops_no_policy(kind, spec):
    everything = replace(BASE, all=(*BASE.all, manifest(kind, "misshapen", spec, "serving.knative.dev/v1")))

    assert [finding for policy in POLICIES for finding in policy(everything)] != []
