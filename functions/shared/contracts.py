"""Generate what follows from events.py, or check that it has not drifted: JSON Schemas and EventType manifests.

python -m functions.shared.contracts --write
python -m functions.shared.contracts --check
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from functions.shared.envelope import schema_uri
from functions.shared.events import CONTRACTS, PAYLOADS
from functions.shared.payload import Payload

ROOT = Path(__file__).parents[2]
SCHEMAS = Path("schema/events")
EVENT_TYPES = Path("knative/base/event-types.yaml")
MADE = "made by `python -m functions.shared.contracts --write`; change functions/shared/events.py instead"


def generated() -> dict[Path, str]:
    """Return what every generated file must hold, by its path within the repository."""
    schemas = {SCHEMAS / schema_file(payload): _schema(payload) for payload in PAYLOADS.values()}
    manifests = yaml.safe_dump_all(map(_event_type, PAYLOADS.values()), sort_keys=False, width=110)
    return {**schemas, EVENT_TYPES: f"# {MADE}\n{manifests}"}


def drifted(root: Path = ROOT) -> list[str]:
    """Return one sentence per file that is not as generated, or is there without a type of event."""
    wanted = generated()
    stale = [f"{path} is out of date" for path, text in wanted.items() if _text(root / path) != text]
    present = {path.relative_to(root) for path in (root / SCHEMAS).glob("*.schema.json")}
    return stale + [f"{path} belongs to no type of event" for path in sorted(present - set(wanted))]


def write(root: Path = ROOT) -> None:
    """Write every generated file and remove schemas of types that are gone."""
    for path in (root / SCHEMAS).glob("*.schema.json"):
        path.unlink()
    for relative, text in generated().items():
        (root / relative).parent.mkdir(parents=True, exist_ok=True)
        (root / relative).write_text(text)


def schema_file(payload: type[Payload]) -> str:
    """Return the name of a type's schema file, with which its `dataschema` ends."""
    return schema_uri(payload.TYPE).rpartition(":")[2]


def _schema(payload: type[Payload]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_uri(payload.TYPE),
        "$comment": MADE,
        **payload.model_json_schema(mode="serialization"),
        "title": payload.TYPE,
        "x-producers": _functions(payload, "answers"),
        "x-consumers": _functions(payload, "accepts"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _event_type(payload: type[Payload]) -> dict[str, Any]:
    return {
        "apiVersion": "eventing.knative.dev/v1beta3",
        "kind": "EventType",
        "metadata": {"name": payload.TYPE},
        "spec": {
            "reference": {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "default"},
            "description": (inspect.getdoc(payload) or "").replace("\n", " "),
            "attributes": [
                {"name": "specversion", "required": True, "value": "1.0"},
                {"name": "id", "required": True},
                {"name": "type", "required": True, "value": payload.TYPE},
                {"name": "source", "required": True, "value": "/learnflow/{function}"},
                {"name": "subject", "required": True, "value": "{learner}"},
                {"name": "dataschema", "required": False, "value": schema_uri(payload.TYPE)},
            ],
        },
    }


def _functions(payload: type[Payload], side: str) -> list[str]:
    return sorted(name for name, contract in CONTRACTS.items() if payload in getattr(contract, side))


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def main() -> int:
    """Run the command line; exit 1 where --check finds something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write the files")
    what.add_argument("--check", action="store_true", help="say what has drifted, and fail if anything has")
    if parser.parse_args().write:
        write()
        return 0
    problems = drifted()
    print("\n".join(problems) or f"{len(PAYLOADS)} schemas and EventTypes agree with events.py")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
