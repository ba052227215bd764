"""Building an image with Docker."""

from __future__ import annotations

import os
import subprocess

from scripts.stack.deploying import Build
from scripts.stack.errors import StackError
from scripts.stack.places import ROOT


def build_image(build: Build) -> None:
    """Build an image. Raises StackError, with what Docker said, if that fails.

    DOCKER_BUILD_HOST_NETWORK, if it is set, has the build reach the package registries by this machine's own network.
    """
    network = ("--network=host",) if os.environ.get("DOCKER_BUILD_HOST_NETWORK") else ()
    command = ["docker", "build", "--quiet", *network, *build.words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise StackError(f"{build.image} could not be built: {done.stderr.strip()[-2000:]}")
