"""Manifests as they are written, and what is found wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TOPICS = Path(__file__).parents[2] / "kafka" / "topics"


class UnreadableError(Exception):
    """A folder is not there, or a file holds no manifests."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a manifest, at a field's dotted path, in one sentence."""

    kind: str
    name: str
    path: str
    sentence: str
    file: Path | None = None

    def __str__(self) -> str:
        file = os.path.relpath(self.file) if self.file else ""
        about = f"{self.kind} {self.name}".strip()
        return ": ".join(part for part in (file, about, self.path, self.sentence) if part)


@dataclass(frozen=True)
class Manifest:
    """One document, however misshapen."""

    file: Path
    document: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.document.get("kind", ""))

    @property
    def api_version(self) -> str:
        return str(self.document.get("apiVersion", ""))

    @property
    def group(self) -> str:
        """The API's group; empty for Kubernetes' core."""
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    @property
    def name(self) -> str:
        return str(self.at("metadata.name") or "")

    def at(self, path: str) -> Any:
        """The value at a dotted path, a number standing for a place in a list; None if there is none."""
        value: Any = self.document
        for part in path.split("."):
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            elif isinstance(value, Mapping):
                value = value.get(part)
            else:
                return None
        return value

    def mapping(self, path: str) -> Mapping[str, Any]:
        """The mapping at a dotted path; an empty one if there is none."""
        value = self.at(path)
        return value if isinstance(value, Mapping) else {}

    def items(self, path: str) -> list[Any]:
        """The list at a dotted path; an empty one if there is none."""
        value = self.at(path)
        return value if isinstance(value, list) else []

    def refers_to(self, path: str) -> tuple[str, str]:
        """Kind and name of the reference at a dotted path."""
        ref = self.mapping(path)
        return str(ref.get("kind", "")), str(ref.get("name", ""))

    def finding(self, path: str, sentence: str) -> Finding:
        return Finding(self.kind, self.name, path, sentence, self.file)


@dataclass(frozen=True)
class Manifests:
    """All that is applied together, and the topics there are."""

    all: tuple[Manifest, ...]
    topics: frozenset[str] = frozenset()

    @property
    def on_kafka(self) -> bool:
        """Whether Kafka is there; a cluster that only tests run on does without."""
        return any(manifest.kind in {"KafkaSource", "KafkaSink"} for manifest in self.all)

    def of(self, kind: str) -> list[Manifest]:
        """All of a kind; of Service, Knative's and not Kubernetes' own."""
        return [each for each in self.all if each.kind == kind and (kind, each.api_version) != ("Service", "v1")]

    def find(self, kind: str, name: str) -> Manifest | None:
        return next((manifest for manifest in self.of(kind) if manifest.name == name), None)


def read(folders: Iterable[Path], topics: Path = TOPICS) -> Manifests:
    """Read all YAML below the folders. Raises UnreadableError."""
    found = (Manifest(file, document) for folder in folders for file in files(folder) for document in documents(file))
    return Manifests(tuple(found), frozenset(path.stem for path in topics.glob("*.yaml")))


def files(folder: Path) -> list[Path]:
    """All YAML below a folder. Raises UnreadableError if there is none."""
    found = sorted(folder.rglob("*.yaml"))
    if not found:
        raise UnreadableError(f"{folder}: no such folder, or no manifest in it")
    return found


def documents(file: Path) -> Iterator[Mapping[str, Any]]:
    """The documents of a file, empty ones left out. Raises UnreadableError."""
    try:
        for document in yaml.load_all(file.read_bytes(), Loader=LOADER):
            if isinstance(document, dict):
                yield document
            elif document is not None:
                raise UnreadableError(f"{file}: a manifest is a mapping")
    except yaml.YAMLError as why:
        raise UnreadableError(f"{file}: not YAML: {why}") from None
