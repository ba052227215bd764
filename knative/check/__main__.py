"""Says what is wrong with folders of manifests, without a cluster.

Three layers: our own policies; the schemas of the CRDs, most of which come with Knative's Go modules, while those of
KafkaSource and KafkaSink are looked for in $KAFKA_CRDS or in shared/crds beside the checkout; and Knative's own Go
types, which decode, default and validate as its admission webhooks do. What is missing is skipped, and said to be.
Nothing is rendered: the folders are taken together and hold every manifest in full. Ends with 0 if nothing was found,
else with 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knative.check.go import TypesError
from knative.check.layers import all_layers
from knative.check.manifests import UnreadableError, read

BASE = Path(__file__).parents[1] / "base"


def main() -> int:
    """Print a line for each finding and one for each layer. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m knative.check", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", help="default: knative/base")
    folders = parser.parse_args().folders or [BASE]
    found = False
    try:
        for result in all_layers(read(folders), say=sys.stderr):
            print(*result.findings, result, sep="\n", flush=True)
            found |= bool(result.findings)
    except (UnreadableError, TypesError) as why:
        print(f"✗ {why}", file=sys.stderr)
        return 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
