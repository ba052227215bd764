"""What is in the image that the docker backend runs in."""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import PurePosixPath

import pytest

from sandbox_runner import image


@pytest.fixture(scope="module")
def root() -> dict[str, tarfile.TarInfo]:
    """The image's root, by path."""
    written = io.BytesIO()
    image.write(written)
    written.seek(0)
    with tarfile.open(fileobj=written) as tar:
        names = tar.getnames()
        assert len(names) == len(set(names))
        return {info.name: info for info in tar}


def test_it_has_an_interpreter_with_what_it_needs(root: dict[str, tarfile.TarInfo]) -> None:
    python = str(image.interpreter().relative_to("/"))

    assert root[python].mode == 0o555
    assert f"{PurePosixPath(python).parent}/python3" in root
    for part in ("/json/__init__.py", "/asyncio/__init__.py", "/zoneinfo/__init__.py"):
        assert any(name.endswith(f"python3.{sys.version_info.minor}{part}") for name in root)
    assert any(".so" in PurePosixPath(name).name and "libc" in name for name in root)
    assert {"proc", "dev", "sys", "tmp", "sandbox", "etc/passwd"} <= set(root)


def test_it_has_nothing_else(root: dict[str, tarfile.TarInfo]) -> None:
    parts = {part for name in root for part in PurePosixPath(name).parts}

    assert not parts & {"site-packages", "dist-packages", "idlelib", "tkinter", "sh", "bash", "test", "sandbox_runner"}


def test_everything_is_root_s_and_read_only(root: dict[str, tarfile.TarInfo]) -> None:
    for info in root.values():
        assert (info.uid, info.gid) == (0, 0)
        assert info.issym() or info.mode & 0o022 == 0, info.name
        assert info.mode & 0o7000 == 0, info.name
