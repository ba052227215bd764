"""The words that TROUBLESHOOTING.md quotes are the system's own, and the tests that it names bring them about."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from guide_pages import UNTRIED
from guide_reader import Reader

from scripts.stack.places import ROOT

PAGE = (ROOT / "knative" / "TROUBLESHOOTING.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
SYMPTOMS = [row for row in ROWS if row[0] != "You see"]
TESTS = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
SOURCES = ("functions", "knative/local", "sandbox-runner/sandbox_runner", "scripts/stack")
OTHERS = ("scripts/lib/prologue.sh", "sandbox-runner/sandbox_runner/attacks.toml")
QUOTE = re.compile(r"`([^`]* [^`]*)`")
HOLE = "…"


@pytest.mark.parametrize("row", SYMPTOMS, ids=lambda row: row[0][:60])
def test_every_row_says_all_five_things_and_names_a_test_or_that_it_was_not_tried(row: list[str]):
    assert len(row) == 5
    assert UNTRIED.search(row[4]) or row[4].strip("`") in TESTS, row[4]


def test_the_words_that_are_quoted_are_the_system_s_own():
    quoted = {
        quote for row in SYMPTOMS for quote in QUOTE.findall(row[0]) if not quote.startswith(("scripts/", "Prefer"))
    }

    assert len(quoted) > 20
    assert sorted(quote for quote in quoted if not is_said(quote)) == []


def test_words_that_nothing_says_are_found():
    assert is_said("No Kafka answers at … (KAFKA_BOOTSTRAP_SERVERS)")
    assert not is_said("No Kafka replies at … (KAFKA_BOOTSTRAP_SERVERS)")


def test_a_password_that_is_not_theirs_is_told(reader: Reader):
    code, said = reader.run("LEARNFLOW_PASSWORD=not-a-password scripts/ask --as nobody-here 'What is a loop?'")

    assert code == 1
    assert re.search(r"nobody-here cannot log in at http://\S+", said)


def test_an_example_that_is_not_there_is_told(reader: Reader):
    code, said = reader.run("scripts/send question.asked/loop")

    assert (code, "There is no example 'question.asked/loop'. 'scripts/send --list' names all." in said) == (1, True)


def test_asking_where_nothing_runs_is_told(reader: Reader):
    run = reader.checkout.root / ".local" / "run"
    away = run.rename(run.with_name("away"))
    try:
        code, said = reader.run("scripts/ask 'What is a loop?'")
    finally:
        shutil.rmtree(run, ignore_errors=True)
        away.rename(run)

    assert (code, "LearnFlow does not run here. Start it with 'scripts/up'." in said) == (1, True), said


def test_an_overlay_that_cannot_be_rendered_is_told(tmp_path: Path):
    code, said = deployed("spec: nonsense, and no YAML: at all", tmp_path, tools={})

    assert (code, "The overlay local cannot be rendered: " in said) == (1, True), said


def test_secrets_that_are_missing_are_named_before_anything_is_built(tmp_path: Path):
    code, said = deployed(SMALL, tmp_path, tools={"kubectl": "exit 0"})

    assert code == 1
    assert "Secrets are missing in namespace school: learnflow-database." in said


def test_a_machine_without_kubectl_is_told(tmp_path: Path):
    code, said = deployed(SMALL, tmp_path, tools={})

    assert (code, "kubectl is not here. Install it, and let KUBECONFIG name your cluster." in said) == (1, True), said


SMALL = """
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: triage, namespace: school}
spec: {template: {spec: {volumes: [{secret: {secretName: learnflow-database}}], containers: [{image: triage}]}}}
"""
DEPLOY = """
import pathlib, sys
from knative.check import go
from scripts.stack import cli, deploy
file = pathlib.Path(sys.argv.pop())
go.build = lambda *_: None
def rendered(_):
    if "nonsense" in file.read_text():
        raise go.TypesError("a patch names what is not there")
    return file
go.rendered = rendered
cli.run(deploy.main)
"""
"""`scripts/deploy`, where kustomize has rendered or could not: it needs Go, and is tested where that is."""


def deployed(manifests: str, folder: Path, *, tools: dict[str, str]) -> tuple[int, str]:
    """Deploy manifests with these programs on the PATH; return the exit code and what was said."""
    (folder / "bin").mkdir()
    for name, does in tools.items():
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / "bin" / name).chmod(0o755)
    (folder / "rendered.yaml").write_text(manifests)
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "python", "-c", DEPLOY, "local", folder / "rendered.yaml"],
        cwd=ROOT, env=os.environ | {"PATH": str(folder / "bin")}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def is_said(quote: str) -> bool:
    """Whether one text of the sources has all parts of a quote, in their order."""
    parts = [re.escape(part.strip()) for part in quote.split(HOLE) if part.strip()]
    pattern = re.compile(".*".join(parts), re.S)
    return any(pattern.search(text) for text in said())


@cache
def said() -> tuple[str, ...]:
    """Every text in the sources; what is filled in there is a hole."""
    files = [file for folder in SOURCES for file in sorted((ROOT / folder).rglob("*.py"))]
    lines = [line for other in OTHERS for line in (ROOT / other).read_text().splitlines()]
    return (*(text for file in files for text in texts(ast.parse(file.read_text()))), *lines)


def texts(tree: ast.AST) -> Iterator[str]:
    """The texts of a module, those of f-strings whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
