"""The CRDs of other operators' kinds: from their Go modules, and Strimzi's from its Java classes. Fetched once."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from knative.check import go

MODULES = Path(__file__).parent / "operators"
POM = Path(__file__).parent / "strimzi" / "pom.xml"
CLASSES = {"Kafka": "kafka.", "KafkaNodePool": "nodepool.", "KafkaTopic": "topic.", "KafkaUser": "user."}
"""Strimzi's kinds, and the package each class lies in."""
MAVEN_SECONDS = 300
JAVA_SECONDS = 120


def of_module(module: str, folder: str) -> Path:
    """Return a folder of CRDs in a Go module, fetched if it is not here. Raises go.NotHereError."""
    return go.fetched(module, MODULES) / folder


def of_strimzi() -> Path:
    """Return a folder with the CRDs of CLASSES, made by Strimzi's own generator. Raises go.NotHereError."""
    home = go.HOME / "strimzi"
    home.mkdir(parents=True, exist_ok=True)
    crds, stamp, checksum = home / "crds", home / "pom.sha256", hashlib.sha256(POM.read_bytes()).hexdigest()
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != checksum:
            jars = home / "jars"
            shutil.rmtree(jars, ignore_errors=True)
            words = ("--quiet", "--batch-mode", "--file", str(POM), "dependency:copy-dependencies")
            _run("mvn", *words, f"-DoutputDirectory={jars}", seconds=MAVEN_SECONDS)
            crds.mkdir(exist_ok=True)
            made = [f"io.strimzi.api.kafka.model.{at}{kind}={crds / kind}.yaml" for kind, at in CLASSES.items()]
            told = ("--yaml", "--target-kube", "1.27+", "--crd-api-version", "v1", *made)
            _run("java", "-cp", f"{jars}/*", "io.strimzi.crdgenerator.CrdGenerator", *told, seconds=JAVA_SECONDS)
            stamp.write_text(checksum)
    return crds


CRDS: Mapping[str, Callable[[], Path]] = {
    "postgresql.cnpg.io": partial(of_module, "github.com/cloudnative-pg/cloudnative-pg", "config/crd/bases"),
    "monitoring.coreos.com": partial(
        of_module, "github.com/prometheus-operator/prometheus-operator", "example/prometheus-operator-crd"
    ),
    "kafka.strimzi.io": of_strimzi,
}
"""By the group of an API, where the CRDs of its kinds are."""


def _run(*words: str, seconds: int) -> None:
    if shutil.which(words[0]) is None:
        raise go.NotHereError(f"{words[0]} is not here")
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=seconds)
    if done.returncode != 0:
        raise go.NotHereError(f"{words[0]}: {(done.stdout + done.stderr).strip()[:500]}")
