"""Every manifest in wrong-manifests is refused by the layers that it names, and for the reason it names.

Each is laid over knative/base, or over the overlay it names: over the document of its kind and name, as a merge patch
(RFC 7396) except that `containers` are merged one by one; a document that is not there is added, and one whose `$patch`
is `delete` goes.
"""

import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from knative.check import go, layers, schemas
from knative.check.manifests import Manifest, Manifests, documents, read
from knative.check.policies import POLICIES

FOLDER = Path(__file__).parent / "wrong-manifests"
WRONG = sorted(FOLDER.glob("*/*.yaml"))
HEADER = re.compile(r"# found by: (\w+(?:, \w+)*) · (.+)")
OVER = re.compile(r"# over: (\w+)")
BASE = Path("knative/base")


@cache
def laid_under(file):
    """What a wrong manifest is laid over; skips where it is an overlay that cannot be rendered here."""
    named = OVER.fullmatch(file.read_text().splitlines()[1])
    if named is None:
        return read([BASE])
    return rendered(named[1])


@cache
def rendered(overlay):
    try:
        go.build(sys.stderr, go.KUSTOMIZE)
    except go.NotHereError as why:
        pytest.skip(str(why))
    return read([go.rendered(BASE.parent / "overlays" / overlay).parent])


@dataclass(frozen=True)
class Wrong:
    """Everything that is applied, the wrong documents among it alone, and who must say what about them."""

    everything: Manifests
    alone: list[Manifest]
    layers: list[str]
    reason: str


def wrong(file):
    found_by, reason = HEADER.fullmatch(file.read_text().splitlines()[0]).groups()
    under = laid_under(file)
    everything, alone = list(under.all), []
    for patch in documents(file):
        known = under.find(patch["kind"], patch["metadata"]["name"] if "metadata" in patch else "")
        kin = known or next(iter(under.of(patch["kind"])), under.all[0])
        if patch.get("$patch") == "delete":
            assert known
            everything = [each for each in everything if each is not known]
            continue
        changed = Manifest(kin.file, merged(known.document if known else {}, patch))
        everything = [*(each for each in everything if each is not known), changed]
        alone.append(changed)
    return Wrong(Manifests(tuple(everything), under.topics), alone, found_by.split(", "), reason)


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
        layers.policies(it.everything),
        layers.crd(it.everything, without_go),
        layers.types(read([tmp_path]) if it.alone else Manifests(()), without_go),
    ]
    return {result.layer: result.findings for result in results if result.findings}


def crds_missing_for(kinds, without_go):
    """Why it cannot be told here what all of these kinds must be; empty where it can."""
    in_modules = kinds <= {"Service", "DomainMapping", "Broker", "Trigger", "EventType", "PodMonitor"}
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
        idle -= {policy for policy in idle if list(policy(it.everything))}

    assert {policy.__name__ for policy in idle} == set()
