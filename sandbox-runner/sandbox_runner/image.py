"""Make the image that the docker backend runs in, from what is on this machine: `python -m sandbox_runner.image`.

It holds the Python that runs this command: its interpreter, standard library and the shared libraries these need, each
at the same path as here; time zones; two accounts and empty folders. No shell, no tools, no package, and nothing is
fetched. The sandbox's own code is not in it: containers mount it, read-only, from where it is installed.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sandbox_runner.containers import DEFAULT_IMAGE, USER

LEFT_OUT = {
    "site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "ensurepip", "tkinter", "turtledemo",
    "pydoc_data", "venv", "turtle.py",
}  # fmt: skip
"""Of the standard library: other packages, tests, what needs a screen, what makes environments."""
_PARTS_LEFT_OUT = re.compile(r"config-|_?xx|_test|_tkinter|nis\.|.*\.opt-|.*\.a$|.*\.exe$")
_FOLDERS = ("dev", "etc", "proc", "sys", "tmp", "sandbox")
_DATA = (Path("/etc/ld.so.cache"), Path("/usr/share/zoneinfo"))
_ACCOUNTS = f"root:x:0:0:root:/:/nologin\nlearner:x:{USER}:{USER}:learner:/tmp:/nologin\n"
_LIBRARY = re.compile(r"(?:=>\s+|^\s*)(/\S+)\s+\(0x")


def interpreter() -> Path:
    """Return the running interpreter itself, whatever environment it was started from."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def standard_library() -> Iterator[Path]:
    """Yield its files, and those of its compiled modules."""
    for place in sorted({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}):
        for folder, inner, names in os.walk(place):
            inner[:] = sorted(filter(_is_wanted, inner))
            yield from (Path(folder, name) for name in sorted(filter(_is_wanted, names)))


def _is_wanted(name: str) -> bool:
    return name not in LEFT_OUT and not _PARTS_LEFT_OUT.match(name)


def libraries(binaries: list[Path]) -> set[Path]:
    """Return what the loader would load for these, by the paths it would use. Raises OSError without `ldd`."""
    done = subprocess.run(["ldd", *map(str, binaries)], capture_output=True, text=True)
    return {Path(os.path.normpath(found)) for line in done.stdout.splitlines() for found in _LIBRARY.findall(line)}


def files() -> list[Path]:
    """Return every file the image holds a copy of."""
    library = list(dict.fromkeys(standard_library()))
    compiled = [path for path in library if path.suffix == ".so"]
    data = [path for place in _DATA for path in (place.rglob("*") if place.is_dir() else [place])]
    known = [path for path in data if path.is_file() and not {"right", "posix"} & set(path.parts)]
    return [interpreter(), *library, *sorted(libraries([interpreter(), *compiled])), *sorted(known)]


def write(to: IO[bytes]) -> None:
    """Write the image's root as a tar: everything belongs to root, and nobody may write to it."""
    with tarfile.open(fileobj=to, mode="w") as tar:
        for name in _FOLDERS:
            _add_folder(tar, name)
        _add_text(tar, "etc/passwd", _ACCOUNTS)
        made = set(_FOLDERS)
        for path in files():
            for parent in reversed(path.relative_to("/").parents[:-1]):
                if (name := str(parent)) not in made:
                    _add_folder(tar, name)
                    made.add(name)
            _add_file(tar, path)
        _add_link(tar, interpreter().with_name("python3"), interpreter().name)


def _add_link(tar: tarfile.TarFile, path: Path, to: str) -> None:
    link = tarfile.TarInfo(str(path.relative_to("/")))
    link.type, link.linkname = tarfile.SYMTYPE, to
    if path.name != to:
        tar.addfile(link)


def _add_folder(tar: tarfile.TarFile, name: str) -> None:
    folder = tarfile.TarInfo(name)
    folder.type, folder.mode = tarfile.DIRTYPE, 0o755
    tar.addfile(folder)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text), 0o444
    tar.addfile(info, io.BytesIO(text.encode()))


def _add_file(tar: tarfile.TarFile, path: Path) -> None:
    """Links are followed: the loader asks for names that are links here."""
    info = tarfile.TarInfo(str(path.relative_to("/")))
    status = path.stat()
    info.size, info.mtime = status.st_size, int(status.st_mtime)  # compiled modules know the time of their source
    info.mode = 0o555 if status.st_mode & 0o111 else 0o444
    with path.open("rb") as file:
        tar.addfile(info, file)


def load(tag: str) -> str:
    """Make the image in the engine; return its id. Raises docker's errors, OSError."""
    import docker

    folder = interpreter().parent
    changes = [f"ENV PATH={folder}", "WORKDIR /", f"USER {USER}:{USER}", 'CMD ["python3", "-I", "-S"]']
    api = docker.from_env().api
    with tempfile.TemporaryFile() as root:
        write(root)
        root.seek(0)
        said = api.import_image(root, repository=tag, changes=changes)
    if "errorDetail" in said:
        raise OSError(said)
    return str(api.inspect_image(tag)["Id"])


def main() -> int:
    """Make it, and say what was made."""
    parser = argparse.ArgumentParser(prog="python -m sandbox_runner.image", description=__doc__.partition("\n")[0])
    parser.add_argument("--tag", default=DEFAULT_IMAGE)
    parser.add_argument("--tar", type=Path, metavar="FILE", help="write the root there; ask no engine")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]} from {interpreter().parent.parent}, as it is here", file=sys.stderr)
    if options.tar:
        with options.tar.open("wb") as file:
            write(file)
        return 0
    made = load(options.tag)
    print(f"{options.tag}: {made}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
