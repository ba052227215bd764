"""Every manifest in wrong-manifests is refused by the layers that it names, and for the reason it names.

Each is laid over knative/base: over the document of its kind and name, as a merge patch (RFC 7396) except that
`containers` are merged one by one; a document that base has not is added.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from knative.check import layers, schemas
from knative.check.manifests import Manifest, Manifests, documents, read
from knative.check.policies import POLICIES

FOLDER = Path(__file__).parent / "wrong-manifests"
WRONG = sorted(FOLDER.glob("*/*.yaml"))
HEADER = re.compile(r"# found by: (\w+(?:, \w+)*) · (.+)")
BASE = read([Path("knative/base")])


@dataclass(frozen=True)
class Wrong:
    """Everything that is applied, the wrong documents among it alone, and who must say what about them."""

    laid_over_base: Manifests
    alone: list[Manifest]
    layers: list[str]
    reason: str


def wrong(file):
    found_by, reason = HEADER.fullmatch(file.read_text().splitlines()[0]).groups()
    everything, alone = list(BASE.all), []
    for patch in documents(file):
        known = BASE.find(patch["kind"], patch["metadata"]["name"] if "metadata" in patch else "")
        kin = known or next(iter(BASE.of(patch["kind"])), BASE.all[0])
        changed = Manifest(kin.file, merged(known.document if known else {}, patch))
        everything = [*(each for each in everything if each is not known), changed]
        alone.append(changed)
    return Wrong(Manifests(tuple(everything), BASE.topics), alone, found_by.split(", "), reason)


def merged(old, patch):
    if not isinstance(patch, dict):
        return patch
    old = old if isinstance(old, dict) else {}
    new = {key: value for key, value in old.items() if key not in patch}
    for key, value in patch.items():
        if key == "containers" and key in old:
            new[key] = [merged(*pair) for pair in zip(old[key], value, strict=True)]
        elif value is not None:
            new[key] = merged(old.get(key), value)
    return new


def found_by(file, tmp_path, without_go):
    """What each layer finds, as far as this machine has it."""
    it = wrong(file)
    (tmp_path / "alone.yaml").write_text(yaml.safe_dump_all(each.document for each in it.alone))
    results = [
        layers.policies(it.laid_over_base),
        layers.crd(it.laid_over_base, without_go),
        layers.types(read([tmp_path]), without_go),
    ]
    return {result.layer: result.findings for result in results if result.findings}


def crds_missing_for(kinds, without_go):
    """Why it cannot be told here what all of these kinds must be; empty where it can."""
    in_modules = kinds <= {"Service", "DomainMapping", "Broker", "Trigger", "EventType"}
    if not in_modules and not schemas.KAFKAS.is_dir():
        return "Kafka's CRDs are not here"
    return "" if kinds <= {"KafkaSource", "KafkaSink"} else without_go


@pytest.mark.timeout(900)
@pytest.mark.parametrize("file", WRONG, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_wrong_manifest_is_refused_for_its_own_reason_only(file, tmp_path, without_go):
    it = wrong(file)
    here = {"policies"} | ({"types"} if not without_go else set())
    missing = crds_missing_for({each.kind for each in it.alone}, without_go)
    here |= {"crd"} if not missing else set()
    if it.layers[0] not in here:
        pytest.skip(missing or without_go)

    findings = found_by(file, tmp_path, without_go)

    assert it.layers[0] == file.parent.name
    assert set(findings) == set(it.layers) & here
    for finding in (finding for found in findings.values() for finding in found):
        assert it.reason in f"{finding.path}: {finding.sentence}"


def test_every_policy_refuses_a_wrong_manifest():
    idle = set(POLICIES)
    for file in WRONG:
        it = wrong(file)
        idle -= {policy for policy in idle if list(policy(it.laid_over_base))}

    assert {policy.__name__ for policy in idle} == set()
