"""What a Service's process is started with: command, folder, files, and an environment made only of its manifest."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knative.local.manifests import Key, Manifests
from knative.local.schema import Service, Source, Template

BOX = "spec.template.spec.containers.0"


@dataclass(frozen=True)
class Launch:
    """How to start one replica. `$PORT` is added to `env` when the port is known."""

    name: str
    namespace: str
    template: Template
    command: tuple[str, ...]
    folder: Path
    env: Mapping[str, str]


def launch_of(key: Key, manifests: Manifests, *, root: Path, state: Path, rewrites: Mapping[str, str]) -> Launch:
    """Resolve a Service's manifest and write its mounted files below `state`. Raises ManifestError.

    `rewrites` are beginnings of values that mean something else on one machine, such as the broker's address.
    """
    _, namespace, name = key
    template = manifests.of(Service)[key].spec["template"]
    container = template.spec.containers[0]
    rewrites = {**rewrites, **_mounts(key, template, manifests, state / "volumes" / f"{name}.{namespace}")}
    env = {variable: _rewritten(value, rewrites) for variable, value in _env(key, template, manifests).items()}
    env |= {"K_SERVICE": name, "K_CONFIGURATION": name, "K_REVISION": f"{name}-00001"}
    env["PATH"] = os.environ.get("PATH", os.defpath)
    command = [*container.command, *container.args]
    if command[0] in {"python", "python3"}:
        command[0] = sys.executable
    # A module lies in the root, or in a folder named after a package of its own (sandbox-runner).
    package = command[2].partition(".")[0] if command[1:2] == ["-m"] and len(command) > 2 else "."
    apart = root / package.replace("_", "-")
    folder = apart if (apart / package).is_dir() and not (root / package).exists() else root
    return Launch(name, namespace, template, tuple(command), folder, env)


def _env(key: Key, template: Template, manifests: Manifests) -> dict[str, str]:
    container = template.spec.containers[0]
    env: dict[str, str] = {}
    for number, source in enumerate(container.env_from):
        for kind, ref in (("ConfigMap", source.config_map_ref), ("Secret", source.secret_ref)):
            data = _data(key, manifests, kind, ref, f"{BOX}.envFrom.{number}")
            env.update({source.prefix + name: value for name, value in data.items()})
    for number, variable in enumerate(container.env):
        value: str | None = variable.value
        for field, ref in variable.value_from.items():
            kind, path = "Secret" if field == "secretKeyRef" else "ConfigMap", f"{BOX}.env.{number}.valueFrom.{field}"
            value = _data(key, manifests, kind, ref, path).get(ref.key)
            if value is None and not ref.optional:
                raise manifests.error(key, f"{path}.key", f"{kind} {ref.name} has no key {ref.key!r}")
        if value is not None:
            env[variable.name] = value
    return env


def _data(key: Key, manifests: Manifests, kind: str, ref: Source | None, path: str) -> Mapping[str, str]:
    data = manifests.data.get((kind, key[1], ref.name)) if ref else {}
    if data is None and ref and not ref.optional:
        raise manifests.error(key, path, f"there is no {kind} {ref.name}; the folder of --config may hold it")
    return data or {}


def _mounts(key: Key, template: Template, manifests: Manifests, folder: Path) -> dict[str, str]:
    """Write the volumes' files, readable by their owner only, and return {mount path: path here}."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, volume in enumerate(template.spec.volumes):
        (folder / volume.name).mkdir(parents=True, mode=0o700)
        for kind, ref in (("ConfigMap", volume.config_map), ("Secret", volume.secret)):
            data = _data(key, manifests, kind, ref, f"spec.template.spec.volumes.{number}")
            for file, value in ((folder / volume.name / name, value) for name, value in data.items()):
                file.touch(mode=0o600)
                file.write_text(value)
    mounts = template.spec.containers[0].volume_mounts
    for number, mount in enumerate(mounts):
        if mount["name"] not in {volume.name for volume in template.spec.volumes}:
            raise manifests.error(key, f"{BOX}.volumeMounts.{number}.name", f"there is no volume {mount['name']}")
    return {mount["mountPath"].rstrip("/"): str(folder / mount["name"]) for mount in mounts}


def _rewritten(value: str, beginnings: Mapping[str, str]) -> str:
    for beginning, here in beginnings.items():
        if value == beginning or value.startswith(beginning + "/"):
            return here + value[len(beginning) :]
    return value
