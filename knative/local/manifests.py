"""Reads a folder of manifests into typed objects, and refuses what a cluster would do and this runtime would not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from knative.local.schema import KINDS, ConfigMap, Manifest, Secret

M = TypeVar("M", bound=Manifest)
Key = tuple[str, str, str]  # kind, namespace, name

LIST = "kustomization.yaml"
LIST_FIELDS = {"apiVersion", "kind", "resources", "namespace", "labels", "images", "configurations"}


class ManifestError(Exception):
    """A manifest cannot be run here. The message names the file, the field's path and what would do."""

    def __init__(self, file: Path, path: str, why: str) -> None:
        super().__init__(f"{file}: {path}: {why}" if path else f"{file}: {why}")


@dataclass
class Manifests:
    """What a folder says. `data` holds the keys of ConfigMaps and Secrets, those of one machine put over them."""

    objects: dict[Key, Manifest] = field(default_factory=dict)
    data: dict[Key, dict[str, str]] = field(default_factory=dict)
    files: dict[Key, Path] = field(default_factory=dict)

    def of(self, kind: type[M]) -> dict[Key, M]:
        """Return all manifests of a kind."""
        return {key: manifest for key, manifest in self.objects.items() if isinstance(manifest, kind)}

    def error(self, key: Key, path: str, why: str) -> ManifestError:
        """Return the error about a field of a manifest that was read."""
        return ManifestError(self.files[key], path, why)


def load(folder: Path, config: Path | None = None, *, namespace: str = "default") -> Manifests:
    """Read `folder`, then the ConfigMaps and Secrets in `config` over it. Raises ManifestError.

    `namespace` is that of manifests which name none, unless the folder's kustomization sets one.
    """
    found = Manifests()
    if (folder / LIST).is_file():
        namespace = next(_documents(folder / LIST)).get("namespace", namespace)
    for key, manifest, file in _read(folder, namespace):
        if key in found.objects:
            raise ManifestError(file, "metadata.name", f"{key[0]} {key[2]} is also in {found.files[key]}")
        found.objects[key], found.files[key], found.data[key] = manifest, file, _data(manifest)
    for key, manifest, file in _read(config, namespace) if config and config.is_dir() else ():
        if not isinstance(manifest, ConfigMap | Secret):
            raise ManifestError(file, "kind", "only ConfigMap and Secret have a place here")
        found.data.setdefault(key, {}).update(_data(manifest))
    return found


def _read(folder: Path, namespace: str) -> Iterator[tuple[Key, Manifest, Path]]:
    for file in _files(folder):
        for document in _documents(file):
            manifest = _manifest(file, document)
            yield (manifest.kind, manifest.metadata.namespace or namespace, manifest.metadata.name), manifest, file


def _files(folder: Path) -> Iterator[Path]:
    """Yield what the folder's kustomization lists, or all YAML below it."""
    if not folder.is_dir():
        raise ManifestError(folder, "", "there is no such folder")
    if not (folder / LIST).is_file():
        yield from sorted(folder.rglob("*.yaml"))
        return
    for document in _documents(folder / LIST):
        if strange := set(document) - LIST_FIELDS:
            raise ManifestError(folder / LIST, min(strange), "not supported here; give every manifest in full")
        for path in (folder / name for name in document.get("resources", [])):
            if not path.exists():
                raise ManifestError(folder / LIST, "resources", f"there is no {path}")
            yield from _files(path) if path.is_dir() else [path]


def _documents(file: Path) -> Iterator[dict[str, Any]]:
    try:
        for document in yaml.load_all(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(document, dict):
                yield document
            elif document is not None:
                raise ManifestError(file, "", "a manifest is a mapping")
    except yaml.YAMLError as why:
        raise ManifestError(file, "", f"not YAML: {why}") from None


def _manifest(file: Path, document: dict[str, Any]) -> Manifest:
    version, kind = str(document.get("apiVersion")), str(document.get("kind"))
    if (version, kind) not in KINDS:
        supported = ", ".join(f"{kind} ({version})" for version, kind in KINDS)
        raise ManifestError(file, "kind", f"{kind} ({version}) is not supported here; supported are {supported}")
    try:
        return KINDS[version, kind].model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        path, context, why = [str(part) for part in first["loc"]], first.get("ctx", {}), first["msg"]
        if "[key]" in path:
            why = f"not supported here; supported are {context['expected']}"
        path = [part for part in (*path, context.get("field")) if part and part != "[key]"]
        raise ManifestError(file, ".".join(path), why) from None


def _data(manifest: Manifest) -> dict[str, str]:
    if isinstance(manifest, ConfigMap):
        return dict(manifest.data)
    return {**manifest.data, **manifest.string_data} if isinstance(manifest, Secret) else {}
