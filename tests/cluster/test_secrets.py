"""What the Secrets hold stands nowhere but in them: no object, no environment, no command line and no log has it."""

import base64

import pytest

from tests.cluster.kube import FUNCTION, is_ready, name_of

SECRETS = ("learnflow-database", "learnflow-auth", "learnflow-postgres")
"""The overlay of tests makes its own PostgreSQL, whose password is the last; elsewhere there is none."""
PROCESSES = "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; env"
KINDS = "pods,ksvc,configurations,revisions,routes,deployments,replicasets,jobs,configmaps,triggers,brokers,events"
LEAST = 12
"""Characters of what is taken for a secret: `test`, the name of a key, is none."""


@pytest.fixture(scope="module")
def kept(kube):
    """Every secret value, whole and by its parts: a password, a key."""
    found = set()
    for secret in kube.listed("secrets"):
        if name_of(secret) in SECRETS:
            for value in secret["data"].values():
                text = base64.b64decode(value).decode()
                parts = text.replace("@", ":").replace(",", ":").split(":")
                found |= {part for part in (text, value, *parts) if len(part) >= LEAST and "postgres" not in part}
                found |= {text, value}
    assert len(found) >= 4
    return found


def holds(text, kept):
    return any(secret in text for secret in kept)


def test_no_object_but_the_secrets_holds_one(kube, kept):
    told = kube.told("get", KINDS, "--output=yaml")

    assert "learnflow-database" in told
    leaks = holds(told, kept)  # not in the assertion, which would print them
    assert not leaks


def test_nobody_is_told_one_who_has_everything_described(kube, kept):
    told = kube.told("describe", "pods,ksvc,deployments,jobs")

    assert "/etc/learnflow/auth" in told
    leaks = holds(told, kept)  # not in the assertion, which would print them
    assert not leaks


def test_no_environment_and_no_command_line_holds_one(kube, kept, warm):
    for function in kube.services():
        warm(function)
    for pod in filter(is_ready, kube.pods()):
        told = kube.inside(name_of(pod), "sh", "-c", PROCESSES)
        assert "K_SERVICE=" in told
        leaks = holds(told, kept)
        assert not leaks, name_of(pod)


def test_no_log_holds_one(system, kube, kept):
    assert system.ask("What is a loop?").status_code == 200

    for pod in kube.listed("pods"):
        for before in ("--previous=false", "--previous"):
            told = kube.ask("logs", name_of(pod), "--all-containers", before)
            leaks = holds(told.stdout, kept)
            assert not leaks, name_of(pod)
    assert "event.handled" in kube.told("logs", "--selector=serving.knative.dev/service=triage", f"-c={FUNCTION}")


def test_a_secret_would_be_found_where_it_stands(kube, kept, warm):
    pod = warm("gateway")

    told = kube.inside(pod, "cat", "/etc/learnflow/auth/AUTH_KEYS", "/etc/learnflow/database/DATABASE_URL")

    found = holds(told, kept)
    assert found
