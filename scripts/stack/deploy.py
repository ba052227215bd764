"""`scripts/deploy`: an overlay onto a cluster, one step after the other, each told."""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence

import httpx
import yaml

from knative.check import go
from scripts.stack import cli
from scripts.stack.building import build_image
from scripts.stack.deploying import Manifest, builds, in_order, namespace_of, secrets_of, services_of
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT

OVERLAYS = ROOT / "knative" / "overlays"
LATEST = [{"latestRevision": True, "percent": 100}]
"""What applying alone does not bring back after a rollback."""
_TRIES = 6
_PAUSE_SECONDS = 5


def main() -> int:
    """Deploy, or roll back, and say what was done."""
    options = _options()
    manifests = _rendered(options.overlay)
    namespace = namespace_of(manifests)
    _kubectl("version", "--output=json")
    if options.rollback:
        return _roll_back(namespace, services_of(manifests, options.only))
    _require_secrets(namespace, manifests)
    if not options.no_build:
        _build(manifests, options)
    if options.only:
        _roll_out(namespace, manifests, options.only)
    else:
        _apply_all(namespace, manifests, options.wait)
    _wait_until_ready(namespace, services_of(manifests, options.only), options.wait)
    return _smoke(namespace, options.ingress)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/deploy", add_help=False, allow_abbrev=False)
    parser.add_argument("overlay", choices=sorted(path.parent.name for path in OVERLAYS.glob("*/kustomization.yaml")))
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--push", action="store_true")
    parser.add_argument("--load", default="", metavar="COMMAND")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--python-image", default="python:3.11-slim-bookworm")
    parser.add_argument("--ingress", default="")
    parser.add_argument("--rollback", action="store_true")
    parser.add_argument("--wait", type=int, default=300, metavar="SECONDS")
    return parser.parse_args()


def _rendered(overlay: str) -> list[Manifest]:
    try:
        go.build(sys.stderr, go.KUSTOMIZE)
        file = go.rendered(OVERLAYS / overlay)
    except (go.NotHereError, go.TypesError) as why:
        raise StackError(f"The overlay {overlay} cannot be rendered: {why}") from why
    return list(yaml.safe_load_all(file.read_text()))


def _require_secrets(namespace: str, manifests: Sequence[Manifest]) -> None:
    there = _kubectl("-n", namespace, "get", "secrets", "--output=name", "--ignore-not-found").split()
    missing = sorted(secrets_of(manifests) - {name.removeprefix("secret/") for name in there})
    if missing:
        raise StackError(
            f"Secrets are missing in namespace {namespace}: {', '.join(missing)}. Make them with "
            f"'kubectl -n {namespace} create secret generic NAME --from-file=…'; knative/README.md says what they hold."
        )


def _build(manifests: Sequence[Manifest], options: argparse.Namespace) -> None:
    if shutil.which("docker") is None:
        raise StackError("docker is not here. Install it, or say --no-build if the cluster has the images.")
    for build in builds(manifests, options.python_image, options.only):
        print(f"… {build.image}", flush=True)
        build_image(build)
        if options.push:
            _run("docker", "push", "--quiet", build.image)
        elif options.load:
            _run(*shlex.split(options.load), build.image)


def _apply_all(namespace: str, manifests: Sequence[Manifest], seconds: int) -> None:
    first, running, rest = in_order(manifests)
    _apply(first)
    # A Job cannot be changed: the one of the last deployment goes, and its traces with it.
    _kubectl("-n", namespace, "delete", "job", "migrations", "--ignore-not-found", "--wait=true")
    _apply(running)
    print("… migrating", flush=True)
    _kubectl("-n", namespace, "wait", "--for=condition=complete", "job/migrations", f"--timeout={seconds}s")
    _apply(rest)
    for name in services_of(manifests):
        _patch(namespace, name, {"traffic": LATEST})
    print(f"✓ {len(manifests)} manifests applied to {namespace}", flush=True)


def _roll_out(namespace: str, manifests: Sequence[Manifest], only: Sequence[str]) -> None:
    """Apply the Services of `only` alone, as new revisions: an image may be another under the same name."""
    stamp = {"metadata": {"annotations": {"learnflow.org/deployed-at": str(int(time.time()))}}}
    services = set(services_of(manifests, only))
    _apply([each for each in manifests if each["kind"] == "Service" and each["metadata"]["name"] in services])
    for name in services:
        _patch(namespace, name, {"template": stamp, "traffic": LATEST})


def _patch(namespace: str, service: str, spec: Manifest) -> None:
    _kubectl("-n", namespace, "patch", "ksvc", service, "--type=merge", f"--patch={json.dumps({'spec': spec})}")


def _apply(manifests: Sequence[Manifest]) -> None:
    """Apply, again if a webhook of Knative's is just being restarted."""
    document = yaml.safe_dump_all(manifests)
    for left in reversed(range(_TRIES)):
        done = subprocess.run(["kubectl", "apply", "-f", "-"], input=document, capture_output=True, text=True)
        if done.returncode == 0:
            return
        if left == 0 or "webhook" not in done.stderr:
            raise StackError(f"kubectl apply: {done.stderr.strip()[-2000:]}")
        time.sleep(_PAUSE_SECONDS)


def _wait_until_ready(namespace: str, services: Sequence[str], seconds: int) -> None:
    print(f"… waiting for {len(services)} functions", flush=True)
    named = [f"ksvc/{name}" for name in services]
    try:
        _kubectl("-n", namespace, "wait", "--for=condition=Ready", *named, f"--timeout={seconds}s")
    except StackError as why:
        # kubectl waits for one after the other, and names those too that it had no time left to look at.
        raise StackError(f"After {seconds} s: {'; '.join(_not_ready(namespace, services)) or why}") from why
    _kubectl("-n", namespace, "wait", "--for=condition=Ready", "broker,trigger", "--all", f"--timeout={seconds}s")
    print(f"✓ {len(services)} functions, the broker and its Triggers are ready", flush=True)


def _not_ready(namespace: str, services: Sequence[str]) -> list[str]:
    """Return which functions are not ready, each with what Knative says of it."""
    found = json.loads(_kubectl("-n", namespace, "get", "ksvc", "--output=json"))["items"]
    return [
        f"{each['metadata']['name']} is not ready: {condition.get('message', 'nothing is said of it')}"
        for each in found
        for condition in each.get("status", {}).get("conditions", ())
        if each["metadata"]["name"] in services and condition["type"] == "Ready" and condition["status"] != "True"
    ]


def _roll_back(namespace: str, services: Sequence[str]) -> int:
    for name in services:
        label = f"--selector=serving.knative.dev/service={name}"
        listed = json.loads(_kubectl("-n", namespace, "get", "revisions", label, "--output=json"))["items"]
        ready = [each for each in listed if _is_ready(each)]
        ready.sort(key=lambda each: int(each["metadata"]["labels"]["serving.knative.dev/configurationGeneration"]))
        if len(ready) < 2:
            print(f"- {name}: no revision before the latest")
            continue
        to = ready[-2]["metadata"]["name"]
        _patch(namespace, name, {"traffic": [{"revisionName": to, "percent": 100}]})
        print(f"✓ {name}: {to}", flush=True)
    return 0


def _is_ready(revision: Manifest) -> bool:
    conditions = revision.get("status", {}).get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _smoke(namespace: str, ingress: str) -> int:
    """Ask the gateway by its route whether it can take questions."""
    url = _kubectl("-n", namespace, "get", "ksvc", "gateway", "--output=jsonpath={.status.url}")
    host = url.split("://", 1)[-1]
    where = f"http://{ingress}/ready" if ingress else f"{url}/ready"
    for left in reversed(range(_TRIES)):
        try:
            answer = httpx.get(where, headers={"Host": host}, timeout=30).raise_for_status()
            print(f"✓ {url}/ready: {answer.json()['status']}")
            return 0
        except (httpx.HTTPError, ValueError) as why:
            if left == 0:
                raise StackError(f"{url}/ready does not answer: {why}. Is there a way to it? See --ingress.") from why
            time.sleep(_PAUSE_SECONDS)
    return 1


def _kubectl(*words: str) -> str:
    if shutil.which("kubectl") is None:
        raise StackError("kubectl is not here. Install it, and let KUBECONFIG name your cluster.")
    return _run("kubectl", *words)


def _run(*words: str) -> str:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise StackError(f"{' '.join(words[:6])}: {done.stderr.strip()[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    cli.run(main)
