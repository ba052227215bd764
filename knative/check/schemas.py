"""The CRDs' schemas: most lie in Knative's Go modules, Kafka's in a folder of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator, ValidationError

from knative.check.manifests import LOADER, Finding, Manifest

Schema = Mapping[str, Any]
Schemas = Mapping[tuple[str, str], Schema]  # apiVersion and kind

KAFKAS = Path(os.environ.get("KAFKA_CRDS", Path(__file__).parents[3] / "shared" / "crds"))
"""The CRDs of eventing-kafka-broker, which is no Go module to be had: beside the checkout, or where KAFKA_CRDS says."""
IN_MODULES = {"knative.dev/serving": "config/core/300-resources", "knative.dev/eventing": "config/core/resources"}
"""The folders of CRDs in the modules."""
GROUPS = frozenset({"serving.knative.dev", "eventing.knative.dev", "sources.knative.dev"})
"""The groups all kinds of which have a schema in one of these."""

OBJECT: Schema = {"apiVersion": {}, "kind": {}, "metadata": {}}
"""What every manifest has; the API server itself validates it."""


def of_folder(folder: Path, kinds: Iterable[str]) -> Schemas:
    """The schemas of all versions of these kinds among a folder's CRDs."""
    needed = set(kinds)
    found: dict[tuple[str, str], Schema] = {}
    for file in sorted(folder.glob("*.yaml")):
        text = file.read_text()
        if any(f"kind: {kind}" in text for kind in needed):  # some are large
            for crd in yaml.load_all(text, Loader=LOADER):
                found.update(_versions(crd["spec"]))
    return {(version, kind): schema for (version, kind), schema in found.items() if kind in needed}


def check(manifests: Iterable[Manifest], schemas: Schemas) -> Iterator[Finding]:
    """What the schemas refuse. A manifest that none of them is about is refused too."""
    for manifest in manifests:
        schema = schemas.get((manifest.api_version, manifest.kind))
        if schema is not None:
            for error in Draft4Validator(schema).iter_errors(manifest.document):
                yield manifest.finding(_path(error), _sentence(error))
        elif others := [version for version, kind in schemas if kind == manifest.kind]:
            yield manifest.finding("apiVersion", f"{manifest.api_version} is not {' or '.join(others)}")
        else:
            yield manifest.finding("kind", f"{manifest.api_version} has no such kind")


def _versions(crd: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Schema]]:
    for version in crd["versions"]:
        closed = _closed(version["schema"]["openAPIV3Schema"])
        closed["properties"] = {**closed["properties"], **OBJECT}
        yield (f"{crd['group']}/{version['name']}", crd["names"]["kind"]), closed


def _closed(schema: Schema) -> dict[str, Any]:
    """A structural schema as JSON Schema: what it does not list is refused where the API server would drop it."""
    closed: dict[str, Any] = {**schema}
    if "properties" in schema:
        closed["properties"] = {name: _closed(part) for name, part in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            closed.setdefault("additionalProperties", False)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), Mapping):
            closed[inner] = _closed(schema[inner])
    if schema.get("x-kubernetes-int-or-string"):
        closed["type"] = ["integer", "string"]
    elif schema.get("nullable") and "type" in schema:
        closed["type"] = [schema["type"], "null"]
    return closed


def _path(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.absolute_path)


def _sentence(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        known = error.schema["properties"]  # type: ignore[index]
        strange = sorted(set(error.instance) - set(known))  # type: ignore[arg-type]
        return f"there is no field {', '.join(strange)}; there are {', '.join(sorted(known))}"
    return error.message
