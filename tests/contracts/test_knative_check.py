"""`python -m knative.check` and the layers below it."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from knative.check import go, schemas
from knative.check.manifests import Manifest, UnreadableError, read

BASE = Path("knative/base")
OVERLAYS = ["local", "production", "staging", "test-cluster"]
SMALL = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Print(%s) }\n'


def run(*words, go_is_here=False):
    path = os.environ["PATH"] if go_is_here else ""
    return subprocess.run(
        [sys.executable, "-m", "knative.check", *map(str, words)],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_without_go_it_says_what_it_skipped_and_passes():
    done = run()

    assert done.returncode == 0
    policies, crd, types, *overlays = done.stdout.splitlines()
    assert "nothing found" in policies
    assert "Broker, EventType" in crd
    assert crd.endswith("Go is not here)")
    assert types.endswith("skipped: all (Go is not here)")
    assert overlays == [f"- {name}: skipped: Go is not here" for name in OVERLAYS]


@pytest.mark.timeout(900)
def test_with_go_it_checks_everything(without_go):
    if without_go:
        pytest.skip(without_go)

    done = run(go_is_here=True)

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3 + 4 * len(OVERLAYS)
    assert ("skipped" in done.stdout) == (not schemas.KAFKAS.is_dir())


def test_a_finding_is_a_line_with_file_and_field_and_fails(tmp_path):
    shutil.copytree(BASE, tmp_path / "base")
    broken = tmp_path / "base" / "sources" / "learning.requests.yaml"
    broken.write_text(broken.read_text().replace("ordering: unordered", "ordering: ordered"))

    done = run(tmp_path / "base")

    assert done.returncode == 1
    finding, summary, *_ = done.stdout.splitlines()
    assert finding.startswith(f"{os.path.relpath(broken)}: KafkaSource learning-requests: spec.ordering: ")
    assert summary.startswith("✗ policies")
    assert summary.endswith("1 found")


@pytest.mark.parametrize("text", ["- a list", "a: {", ""])
def test_what_cannot_be_read_is_said_and_fails(tmp_path, text):
    (tmp_path / "odd.yaml").write_text(text)
    folder = tmp_path if text else tmp_path / "nowhere"

    with pytest.raises(UnreadableError, match=r"odd\.yaml|no such folder"):
        read([folder])
    done = run(folder)
    assert done.returncode == 1
    assert done.stderr.startswith("✗ ")


@pytest.mark.parametrize(
    ("schema", "value", "paths"),
    [
        ({"type": "object", "properties": {"a": {}}}, {"b": 1}, [""]),
        ({"type": "object", "properties": {"a": {}}, "x-kubernetes-preserve-unknown-fields": True}, {"b": 1}, []),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {"b": 1}, ["b"]),
        ({"type": "object"}, {"b": 1}, []),
        ({"x-kubernetes-int-or-string": True}, "80", []),
        ({"x-kubernetes-int-or-string": True}, 80, []),
        ({"x-kubernetes-int-or-string": True}, [80], [""]),
        ({"type": "string", "nullable": True}, None, []),
        ({"type": "string"}, None, [""]),
        ({"type": "array", "items": {"type": "object", "properties": {"a": {}}}}, [{"a": 1}, {"b": 1}], ["1"]),
    ],
)
def test_a_structural_schema_refuses_what_it_does_not_list(tmp_path, schema, value, paths):
    version = {"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": schema}}}}
    crd = {"spec": {"group": "example.org", "names": {"kind": "Thing"}, "versions": [version]}}
    (tmp_path / "thing.yaml").write_text(yaml.safe_dump(crd))
    thing = {"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "one"}, "spec": value}

    found = schemas.check([Manifest(tmp_path, thing)], schemas.of_folder(tmp_path, ["Thing"]))

    assert [finding.path.removeprefix("spec").removeprefix(".") for finding in found] == paths


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A program that is built in no time, in the place of the real one."""
    if shutil.which("go") is None:
        pytest.skip("Go is not here")
    sources = tmp_path / "sources" / "types"
    sources.mkdir(parents=True)
    (sources / "go.mod").write_text("module small\n\ngo 1.21\n")
    (sources / "main.go").write_text(SMALL % '""')
    monkeypatch.setattr(go, "SOURCES", sources.parent)
    monkeypatch.setattr(go, "HOME", tmp_path)
    return sources


def test_the_program_is_built_once_and_again_when_its_source_changes(small):
    said = [io.StringIO() for _ in range(3)]
    finding = {"kind": "Service", "name": "triage", "file": "a.yaml", "message": "is odd"}

    go.build(said[0])
    go.build(said[1])
    first = list(go.check([]))
    (small / "main.go").write_text(SMALL % f"`{json.dumps(finding)}`")
    go.build(said[2])

    assert first == []
    assert list(map(str, go.check([]))) == ["a.yaml: Service triage: is odd"]
    assert [bool(out.getvalue()) for out in said] == [True, False, True]


def test_a_source_that_does_not_compile_is_no_reason_to_skip(small):
    (small / "main.go").write_text("package main\n\nfunc main() { nonsense }\n")

    with pytest.raises(go.TypesError, match="nonsense"):
        go.build(io.StringIO())


def test_modules_that_cannot_be_had_are_a_reason_to_skip(small, monkeypatch):
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("GOPROXY", "off")
    (small / "go.mod").write_text("module small\n\ngo 1.21\n\nrequire example.invalid/nowhere v1.0.0\n")

    with pytest.raises(go.NotHereError, match="nowhere"):
        go.build(io.StringIO())


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("document", "code", "said"),
    [
        ("", 0, ""),
        ("kind: ConfigMap\napiVersion: v1\n", 0, ""),
        ("kind: KafkaSink\napiVersion: eventing.knative.dev/v1alpha1\nspec: {nonsense: 1}\n", 0, ""),
        ("kind: Trigger\nkind: Trigger\n", 1, "already set"),
        ("kind: Trigger\napiVersion: eventing.knative.dev/v1\nmetadata: {name: one}\n", 1, "spec.broker"),
        ("kind: [1]\n", 1, "cannot unmarshal"),
    ],
)
def test_the_program_reads_documents_and_says_what_is_wrong(without_go, document, code, said):
    if without_go:
        pytest.skip(without_go)

    done = subprocess.run([go.TYPES.path], input=document, capture_output=True, text=True)

    assert done.returncode == code
    assert said in done.stdout
    assert bool(done.stdout) == bool(said)


@pytest.mark.timeout(900)
def test_the_program_ends_with_2_where_it_cannot_read(without_go, tmp_path):
    if without_go:
        pytest.skip(without_go)

    done = subprocess.run([go.TYPES.path, tmp_path / "nowhere.yaml"], capture_output=True, text=True)

    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr
    with pytest.raises(go.TypesError, match=r"nowhere\.yaml"):
        list(go.check([tmp_path / "nowhere.yaml"]))


@pytest.mark.timeout(900)
def test_an_overlay_is_held_to_the_same_as_the_base(without_go, tmp_path):
    if without_go:
        pytest.skip(without_go)
    shutil.copytree(BASE, tmp_path / "base")
    shutil.copytree("knative/overlays", tmp_path / "overlays")
    wrong = tmp_path / "overlays" / "local" / "kustomization.yaml"
    remove = "{op: remove, path: /spec/template/spec/containers/0/resources}"
    wrong.write_text(
        f"{wrong.read_text()}  - target: {{kind: Service, name: triage}}\n    patch: |\n      - {remove}\n"
    )

    done = run(tmp_path / "overlays" / "local", go_is_here=True)

    assert done.returncode == 1
    assert "Service triage: spec.template.spec.containers.0.resources" in done.stdout


@pytest.mark.timeout(900)
def test_an_overlay_that_cannot_be_rendered_says_why(without_go, tmp_path):
    if without_go:
        pytest.skip(without_go)
    folder = tmp_path / "overlays" / "astray"
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text("resources: [nowhere.yaml]\n")

    done = run(folder, go_is_here=True)

    assert done.returncode == 1
    assert "nowhere.yaml" in done.stderr
    assert "Traceback" not in done.stderr
