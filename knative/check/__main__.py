"""Says what is wrong with folders of manifests, without a cluster.

Three layers: our own policies; the schemas of the CRDs, most of which come with Knative's Go modules, while those of
KafkaSource and KafkaSink are looked for in $KAFKA_CRDS or in shared/crds beside the checkout; and Knative's own Go
types, which decode, default and validate as its admission webhooks do. What is missing is skipped, and said to be.
Folders are taken together, as they are written; an overlay is rendered by kustomize, and taken alone. Ends with 0 if
nothing was found, else with 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knative.check import go
from knative.check.layers import all_layers
from knative.check.manifests import Manifests, UnreadableError, read

BASE = Path(__file__).parents[1] / "base"
OVERLAYS = BASE.parent / "overlays"


def main() -> int:
    """Print a line for each finding and one for each layer. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m knative.check", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = "default: knative/base and every overlay"
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", help=what)
    named = parser.parse_args().folders or [BASE, *overlays()]
    written = [folder for folder in named if not is_overlay(folder)]
    try:
        found = _tell(read(written)) if written else False
        for overlay in filter(is_overlay, named):
            found |= _tell_rendered(overlay)
    except (UnreadableError, go.TypesError) as why:
        print(f"✗ {why}", file=sys.stderr)
        return 1
    return 1 if found else 0


def overlays() -> list[Path]:
    """Every overlay of ours."""
    return sorted(filter(is_overlay, OVERLAYS.iterdir()))


def is_overlay(folder: Path) -> bool:
    """Whether a folder's manifests are made by kustomize out of others'."""
    return folder.resolve().parent.name == OVERLAYS.name and (folder / "kustomization.yaml").is_file()


def _tell_rendered(overlay: Path) -> bool:
    """Render an overlay and print what is wrong with it. Returns whether anything is."""
    try:
        go.build(sys.stderr, go.KUSTOMIZE)
    except go.NotHereError as why:
        print(f"- {overlay.name}: skipped: {why}", flush=True)
        return False
    print(f"{overlay.name}:", flush=True)
    return _tell(read([go.rendered(overlay).parent]))


def _tell(manifests: Manifests) -> bool:
    found = False
    for result in all_layers(manifests, say=sys.stderr):
        print(*result.findings, result, sep="\n", flush=True)
        found |= bool(result.findings)
    return found


if __name__ == "__main__":
    sys.exit(main())
