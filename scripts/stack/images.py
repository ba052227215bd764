"""`scripts/images`: every image built, started and weighed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import docker
import httpx
import yaml

from scripts.stack import cli
from scripts.stack.building import build_image
from scripts.stack.deploying import Build, Manifest, builds
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT
from scripts.stack.ports import free_ports
from scripts.stack.processes import wait_until

START_SECONDS = 60
_MB = 1_000_000
_ENDS = frozenset({"migrations", "tidy"})
"""What does its work and ends, and needs a database for it."""
_COMPONENTS = ROOT / "knative" / "overlays" / "components"


def main() -> int:
    """Build, start and weigh; 1 if an image does not start or is too large."""
    options = _options()
    engine = _engine()
    wanted = builds(_manifests(), options.python_image, options.names)
    if missing := set(options.names) - {build.name for build in wanted}:
        raise StackError(f"There is no image of {', '.join(sorted(missing))}.")
    fine = True
    for build in wanted:
        build_image(build)
        ours, whole = _weights(engine, build.image, options.python_image)
        starts = options.no_start or build.name in _ENDS or _starts(engine, build)
        small = options.size_limit_mb is None or ours <= options.size_limit_mb * _MB
        fine &= starts and small
        mark, said = "✓" if starts and small else "✗", "" if starts else "; does not start"
        print(f"{mark} {build.image:<36} {ours / _MB:6.1f} MB of ours, {whole / _MB:6.1f} MB{said}", flush=True)
    return 0 if fine else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/images", add_help=False, allow_abbrev=False)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--python-image", default="python:3.11-slim-bookworm")
    parser.add_argument("--size-limit-mb", type=int, metavar="N")
    parser.add_argument("--no-start", action="store_true")
    return parser.parse_args()


def _engine() -> docker.DockerClient:
    try:
        return docker.from_env()
    except docker.errors.DockerException as why:
        raise StackError(f"No Docker engine answers: {why}. Start one, or let DOCKER_HOST name it.") from why


def _manifests() -> Sequence[Manifest]:
    files: list[Path] = [
        *sorted((ROOT / "knative" / "base").glob("*/service.yaml")),
        _COMPONENTS / "migrations" / "job.yaml",
        _COMPONENTS / "tidy" / "cronjob.yaml",
    ]
    return [document for file in files for document in yaml.safe_load_all(file.read_text())]


def _weights(engine: docker.DockerClient, image: str, base: str) -> tuple[int, int]:
    """Return how many bytes an image is larger than its base, and how large it is."""
    whole, without = (engine.images.get(name).attrs["Size"] for name in (image, base))
    return whole - without, whole


def _starts(engine: docker.DockerClient, build: Build) -> bool:
    (port,) = free_ports(1)
    container = engine.containers.run(
        build.image,
        detach=True,
        network_mode="host",
        read_only=True,
        tmpfs={"/tmp": "size=64m"},  # noqa: S108
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        environment={
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "AUTH_REQUIRED": "false",
            "DATABASE_URL": "postgresql://127.0.0.1:1/nowhere",
            "BROKER_URL": "http://127.0.0.1:1/",
        },
    )
    try:
        return wait_until(lambda: _is_alive(port), timeout_seconds=START_SECONDS)
    finally:
        container.remove(force=True)


def _is_alive(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    cli.run(main)
