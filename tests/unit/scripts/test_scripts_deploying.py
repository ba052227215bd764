"""What a deployment builds, asks for and applies first, by what its overlay renders to."""

import pytest

from scripts.stack.deploying import builds, in_order, namespace_of, secrets_of, services_of

TRIAGE = {
    "apiVersion": "serving.knative.dev/v1",
    "kind": "Service",
    "metadata": {"name": "triage", "namespace": "school"},
    "spec": {
        "template": {
            "spec": {
                "containers": [
                    {"image": "r.example/triage:1", "env": [{"valueFrom": {"secretKeyRef": {"name": "smtp"}}}]}
                ],
                "volumes": [
                    {"secret": {"secretName": "learnflow-database"}},
                    {"secret": {"secretName": "learnflow-mail", "optional": True}},
                ],
            }
        }
    },
}
DEAD_LETTER = {
    **TRIAGE,
    "metadata": {"name": "dead-letter", "namespace": "school"},
    "spec": {"template": {"spec": {"containers": [{"image": "r.example/dead-letter:1"}]}}},
}
JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "migrations", "namespace": "school"},
    "spec": {"template": {"spec": {"containers": [{"image": "r.example/migrations:1"}]}}},
}
TIDY = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "tidy", "namespace": "school"},
    "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "r.example/tidy:1"}]}}}}},
}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "learnflow-config", "namespace": "school"}}
SPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "school"}}
SOURCE = {
    "apiVersion": "sources.knative.dev/v1",
    "kind": "KafkaSource",
    "metadata": {"name": "questions", "namespace": "school"},
    "spec": {"net": {"sasl": {"user": {"secretKeyRef": {"name": "learnflow-kafka", "key": "user"}}}}},
}
ALL = [TRIAGE, DEAD_LETTER, SOURCE, JOB, TIDY, CONFIG, SPACE]


def test_every_image_is_built_from_its_own_file():
    found = {build.name: build for build in builds(ALL, "base:1")}

    assert sorted(found) == ["dead-letter", "migrations", "tidy", "triage"]
    assert found["triage"].image == "r.example/triage:1"
    assert "PROGRAM=functions.dead_letter" in found["dead-letter"].words
    assert "PROGRAM=scripts.stack.tidy" in found["tidy"].words
    assert found["migrations"].words[-1] == "schema"
    assert all("PYTHON_IMAGE=base:1" in build.words for build in found.values())


def test_of_one_function_one_image_is_built():
    assert [build.name for build in builds(ALL, "base:1", ["triage"])] == ["triage"]


def test_the_migrations_come_before_the_functions_and_after_what_they_refer_to():
    first, running, rest = in_order(ALL)

    assert [each["kind"] for each in first] == ["ConfigMap", "Namespace"]
    assert running == [JOB]
    assert rest == [TRIAGE, DEAD_LETTER, SOURCE, TIDY]


def test_every_secret_that_has_to_be_there_is_named():
    assert secrets_of(ALL) == {"learnflow-database", "learnflow-kafka", "smtp"}


def test_an_overlay_is_for_one_namespace():
    assert namespace_of(ALL) == "school"
    with pytest.raises(ValueError, match="not none"):
        namespace_of([SPACE])
    with pytest.raises(ValueError, match="not other, school"):
        namespace_of([TRIAGE, {**CONFIG, "metadata": {"name": "x", "namespace": "other"}}])


def test_knatives_services_are_told_from_kubernetes_own():
    assert services_of([*ALL, {**TRIAGE, "apiVersion": "v1"}]) == ["triage", "dead-letter"]
    assert services_of(ALL, ["triage", "nobody"]) == ["triage"]
