"""The three layers that manifests go through, each on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from knative.check import go, operators, schemas
from knative.check.manifests import Finding, Manifests
from knative.check.policies import POLICIES

TYPED = ("Service", "DomainMapping", "Broker", "Trigger", "EventType")
"""The kinds that the program in types/ knows."""


@dataclass(frozen=True)
class Result:
    """What a layer found in how many manifests, and what it left out and why."""

    layer: str
    checked: int
    findings: tuple[Finding, ...]
    skipped: str = ""

    def __str__(self) -> str:
        if self.skipped and not self.checked:
            return f"- {self.layer:<9}skipped: {self.skipped}"
        found = f"{len(self.findings)} found" if self.findings else "nothing found"
        counted = f"{self.layer:<9}{self.checked:>3} manifests, {found}"
        return f"{'✗' if self.findings else '✓'} {counted}" + (f"; skipped: {self.skipped}" if self.skipped else "")


def all_layers(manifests: Manifests, say: TextIO) -> Iterator[Result]:
    """Each layer's result, the quick ones first. Raises go.TypesError."""
    yield policies(manifests)
    try:
        go.build(say)
        missing = ""
    except go.NotHereError as why:
        missing = str(why)
    yield crd(manifests, missing)
    yield types(manifests, missing)


def policies(manifests: Manifests) -> Result:
    found = (finding for policy in POLICIES for finding in policy(manifests))
    return Result("policies", len(manifests.all), tuple(found))


def crd(manifests: Manifests, missing: str = "") -> Result:
    """Check against the schemas that are here: Kafka's, unless Go is missing those of the modules, other operators'."""
    ours = [manifest for manifest in manifests.all if manifest.group in schemas.GROUPS | operators.CRDS.keys()]
    kinds = {manifest.kind for manifest in ours}
    folders, reasons = [], []
    if schemas.KAFKAS.is_dir():
        folders.append(schemas.KAFKAS)
    else:
        reasons.append("Kafka's CRDs are not here")
    if missing:
        reasons.append(missing)
    else:
        folders += [go.folder_of(module) / folder for module, folder in schemas.IN_MODULES.items()]
    for group in sorted({manifest.group for manifest in ours} & operators.CRDS.keys()):
        try:
            folders.append(operators.CRDS[group]())
        except go.NotHereError as why:
            reasons.append(str(why))
    known = {key: schema for folder in folders for key, schema in schemas.of_folder(folder, kinds).items()}
    left = kinds - {kind for _, kind in known} if reasons else set()
    held = [manifest for manifest in ours if manifest.kind not in left]
    skipped = f"{', '.join(sorted(left))} ({'; '.join(reasons)})" if left else ""
    return Result("crd", len(held), tuple(schemas.check(held, known)), skipped)


def types(manifests: Manifests, missing: str = "") -> Result:
    if missing:
        return Result("types", 0, (), f"all ({missing})")
    held = [manifest for manifest in manifests.all if manifest.group in schemas.GROUPS and manifest.kind in TYPED]
    return Result("types", len(held), tuple(go.check(sorted({manifest.file for manifest in held}))))
