"""What a deployment comes to, decided from what an overlay renders to: pure functions over manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Manifest = Mapping[str, Any]

FIRST = ("Namespace", "ConfigMap", "NetworkPolicy")
"""What everything else refers to."""
DOCKERFILES = {
    "sandbox-runner": ("sandbox-runner", "sandbox-runner/Dockerfile"),
    "migrations": ("schema", "schema/Dockerfile"),
    "postgres": ("knative/overlays/test-cluster/postgres", "knative/overlays/test-cluster/postgres/Dockerfile"),
}
"""By the name of what runs it, an image with a Dockerfile of its own: its context and its Dockerfile."""
PROGRAMS = {"tidy": "scripts.stack.tidy"}
"""By the name of what runs it, what `python -m` is told, where it is no function."""


@dataclass(frozen=True)
class Build:
    """An image to be built: its full name, and the words for `docker build`."""

    name: str
    image: str
    words: tuple[str, ...]


def builds(manifests: Iterable[Manifest], base_image: str, only: Sequence[str] = ()) -> list[Build]:
    """Return what is to be built for manifests, by whatever runs it; for those of `only` alone, if any is named."""
    found = {name: image for name, image in _images(manifests) if not only or name in only}
    return [Build(name, image, _words(name, image, base_image)) for name, image in sorted(found.items())]


def in_order(manifests: Sequence[Manifest]) -> tuple[list[Manifest], list[Manifest], list[Manifest]]:
    """Return what is applied first, what runs to its end next (the database, its migrations), and all the rest."""
    first = [each for each in manifests if each["kind"] in FIRST]
    running = [each for each in manifests if each["kind"] in {"Job", "Deployment"} or _is_core_service(each)]
    return first, running, [each for each in manifests if each not in first and each not in running]


def secrets_of(manifests: Iterable[Manifest]) -> set[str]:
    """Return the names of the Secrets that manifests refer to, wherever they do, and that have to be there."""
    return {name for manifest in manifests for name in _secrets_in(manifest)}


def namespace_of(manifests: Iterable[Manifest]) -> str:
    """Return the namespace that an overlay is for. Raises ValueError if it is not one."""
    names = {manifest["metadata"]["namespace"] for manifest in manifests if "namespace" in manifest["metadata"]}
    if len(names) != 1:
        raise ValueError(f"one namespace was to be expected, not {', '.join(sorted(names)) or 'none'}")
    return str(names.pop())


def services_of(manifests: Iterable[Manifest], only: Sequence[str] = ()) -> list[str]:
    """Return the names of the Knative Services; of `only` those, if any is named."""
    names = [str(each["metadata"]["name"]) for each in manifests if _is_knative_service(each)]
    return [name for name in names if not only or name in only]


def _images(manifests: Iterable[Manifest]) -> Iterator[tuple[str, str]]:
    for manifest in manifests:
        if _is_knative_service(manifest) or manifest["kind"] in {"Job", "Deployment", "CronJob"}:
            spec = manifest["spec"]["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else manifest["spec"]
            for container in spec["template"]["spec"]["containers"]:
                yield manifest["metadata"]["name"], container["image"]


def _words(name: str, image: str, base_image: str) -> tuple[str, ...]:
    folder, file = DOCKERFILES.get(name, (".", "functions/Dockerfile"))
    base = "DEBIAN_IMAGE" if name == "postgres" else "PYTHON_IMAGE"
    program = PROGRAMS.get(name, f"functions.{name.replace('-', '_')}")
    told = () if name in DOCKERFILES else ("--build-arg", f"PROGRAM={program}")
    return ("--build-arg", f"{base}={base_image}", *told, "--file", file, "--tag", image, folder)


def _is_knative_service(manifest: Manifest) -> bool:
    return manifest["kind"] == "Service" and str(manifest["apiVersion"]).startswith("serving.knative.dev/")


def _is_core_service(manifest: Manifest) -> bool:
    return (manifest["kind"], manifest["apiVersion"]) == ("Service", "v1")


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "secretName" and isinstance(inner, str):
                yield from () if value.get("optional") else (inner,)
            elif key in {"secretKeyRef", "secretRef"} and isinstance(inner, Mapping):
                yield str(inner["name"])
            else:
                yield from _secrets_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets_in(inner)
