"""What a folder of manifests holds."""

from __future__ import annotations

import os
from collections.abc import Iterator

from functions.shared.envelope import schema_uri
from functions.shared.events import PAYLOADS
from knative.check.manifests import Finding, Manifests


def the_kustomization_lists_every_file(manifests: Manifests) -> Iterator[Finding]:
    """What it does not list is never applied."""
    for kustomization in manifests.of("Kustomization"):
        root = kustomization.file.parent
        listed = [os.path.normpath(str(name)) for name in kustomization.items("resources")]
        files = {manifest.file for manifest in manifests.all if manifest.file != kustomization.file}
        held = {os.path.relpath(file, root) for file in files}
        for name in sorted({name for name in listed if listed.count(name) > 1}):
            yield kustomization.finding("resources", f"{name} is listed twice")
        for name in sorted(set(listed) - held):
            if not any(file.startswith(name + os.sep) for file in held):  # not a folder either
                yield kustomization.finding("resources", f"{name} is listed, and there is no such file")
        below = {file for file in held if not file.startswith(os.pardir)}
        for name in sorted(below - set(listed)):
            if not any(name.startswith(folder + os.sep) for folder in listed):
                yield kustomization.finding("resources", f"{name} is there, and not listed")


def a_manifest_is_given_once(manifests: Manifests) -> Iterator[Finding]:
    """Of two with one name the last that is applied wins."""
    seen = set()
    for manifest in manifests.all:
        key = (manifest.group, manifest.kind, manifest.mapping("metadata").get("namespace"), manifest.name)
        if manifest.kind != "Kustomization" and key in seen:
            yield manifest.finding("metadata.name", "another manifest of this kind has this name")
        seen.add(key)


def no_secret_is_kept(manifests: Manifests) -> Iterator[Finding]:
    """Secrets are made by whoever deploys."""
    for manifest in manifests.all:
        if manifest.kind == "Secret":
            yield manifest.finding("kind", "a Secret is not kept with the manifests")
        elif "postgresql://" in str(manifest.document):
            yield manifest.finding("", "holds a database's address; it belongs in the Secret learnflow-database")


def event_types_are_those_of_the_payloads(manifests: Manifests) -> Iterator[Finding]:
    """The cluster's catalogue says what functions/shared/events.py says."""
    missing = set(PAYLOADS)
    for event_type in manifests.of("EventType"):
        missing.discard(event_type.name)
        if event_type.name not in PAYLOADS:
            yield event_type.finding("metadata.name", "is not among the payloads of functions/shared/events.py")
            continue
        attributes = {part.get("name"): part for part in event_type.items("spec.attributes")}
        for name, value in (("type", event_type.name), ("dataschema", schema_uri(event_type.name))):
            if (given := attributes.get(name, {}).get("value")) != value:
                yield event_type.finding("spec.attributes", f"{name} is {given}, not {value}")
    for name in sorted(missing):
        yield Finding("EventType", name, "", "is missing; python -m functions.shared.contracts --write")
