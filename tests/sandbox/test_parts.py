"""The small parts: limits, output, folders, the filter."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox_runner import folder
from sandbox_runner.limits import LIMITS_FILE, load_limits
from sandbox_runner.output import MARK, Stream, cut, encoded_size
from sandbox_runner.seccomp import Filter

_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
OWN_PID = 4242
X86_64 = 0xC000003E


def test_the_limits_are_those_that_learners_are_promised() -> None:
    limits = load_limits()

    assert (limits.wall_seconds, limits.memory_bytes, limits.source_bytes) == (5, 50 * 2**20, 64 * 2**10)
    assert limits.graded().stream_bytes == limits.graded_stream_bytes < limits.stream_bytes
    assert json.loads(json.dumps(limits.as_dict()))["open_files"] == 64


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("open_files = 64", "", "missing or unknown: open_files"),
        ("open_files = 64", "open_fil = 64", "missing or unknown: open_fil, open_files"),
        ("open_files = 64", "open_files = 0", "not a positive number: open_files"),
        ("open_files = 64", "open_files = 1.5", "not a positive number: open_files"),
        ("wall_seconds = 5.0", "wall_seconds = true", "not a positive number: wall_seconds"),
    ],
)
def test_a_limit_that_is_missing_unknown_or_no_number_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    other = tmp_path / "limits.toml"
    other.write_text(LIMITS_FILE.read_text().replace(old, new))

    with pytest.raises(ValueError, match=why):
        load_limits(other)


@given(st.text(), st.integers(min_value=encoded_size(MARK), max_value=300))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, most_bytes: int) -> None:
    kept, was_cut = cut(text, most_bytes)

    assert encoded_size(kept) <= most_bytes
    assert was_cut is (encoded_size(text) > most_bytes)
    assert kept == text if not was_cut else kept.endswith(MARK) and text.startswith(kept.removesuffix(MARK))


def test_a_stream_is_full_only_past_its_bound_and_keeps_no_more() -> None:
    stream = Stream(10)

    stream.add(b"x" * 10)
    assert not stream.full
    stream.add(b"y" * 1000)

    assert stream.full
    assert len(stream.data) == 11


def test_bytes_that_are_no_text_are_shown_as_text() -> None:
    stream = Stream(1000)
    stream.add(b"a\xff\x00b")

    assert stream.text() == ("a\ufffd\u2400b", False)


def test_a_folder_is_emptied_however_deep_and_whatever_its_modes(tmp_path: Path) -> None:
    place, kept = tmp_path / "run", tmp_path / "kept"
    kept.write_text("kept")
    deepest = place
    for _ in range(60):
        deepest = deepest / ("d" * 20)
    deepest.mkdir(parents=True)
    (deepest / "file").write_text("x")
    (place / "link").symlink_to(kept)
    (place / "to-folder").symlink_to(tmp_path)
    (place / "a" / "b").mkdir(parents=True)
    (place / "a" / "b").chmod(0)
    (place / "a").chmod(0o300)
    fd = os.open(place, os.O_RDONLY | os.O_DIRECTORY)

    folder.empty(fd)

    assert os.listdir(fd) == []  # noqa: PTH208 - by descriptor
    assert kept.read_text() == "kept"
    os.close(fd)


def test_only_a_folder_that_was_never_written_to_is_used_again() -> None:
    folders = folder.Folders()

    with folders.one() as fd:
        first = os.fstat(fd).st_ino
    with folders.one() as fd:
        assert os.fstat(fd).st_ino == first
        os.close(os.open("trace", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
        base = Path(f"/proc/self/fd/{fd}").resolve().parent
    assert list(base.iterdir()) == []
    folders.close()
    assert not base.exists()


def test_a_folder_over_its_limits_is_noticed(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "file").write_bytes(b"x" * 100_000)
    folder.check(fd, 200_000, 2)

    with pytest.raises(folder.OverLimitError, match="larger"):
        folder.check(fd, 50_000, 2)
    with pytest.raises(folder.OverLimitError, match="more than 1 files"):
        folder.check(fd, 200_000, 1)
    (tmp_path / "/".join("d" * 20)).mkdir(parents=True)
    with pytest.raises(folder.OverLimitError, match="nested"):
        folder.check(fd, 10**9, 1000)
    os.close(fd)


def _verdict(number: int, *arguments: int, architecture: int = X86_64) -> int:
    """Run the filter as the kernel does, on one system call."""
    program, at, loaded = Filter().program(OWN_PID), 0, 0
    words = {0: number, 4: architecture}
    for index, value in enumerate(arguments):
        words |= {16 + 8 * index: value & 0xFFFFFFFF, 20 + 8 * index: value >> 32}
    while True:
        code, yes, no, constant = program[at]
        at += 1
        if code == 0x06:
            return constant
        if code == 0x20:
            loaded = words.get(constant, 0)
            continue
        true = {0x15: loaded == constant, 0x35: loaded >= constant, 0x45: bool(loaded & constant)}[code]
        at += yes if true else no


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86_64")
@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        ((0,), _ALLOW),  # read
        ((1,), _ALLOW),  # write
        ((41, 2, 1), _REFUSE),  # socket
        ((57,), _REFUSE),  # fork
        ((59,), _REFUSE),  # execve
        ((56, 0x10000 | 0x100), _ALLOW),  # clone of a thread
        ((56, 17), _REFUSE),  # clone of a process
        ((56, 0x10000 | 0x10000000), _REFUSE),  # clone of a thread with a namespace
        ((435,), 0x00050026),  # clone3: ENOSYS
        ((62, OWN_PID), _ALLOW),  # kill oneself
        ((62, 1), _REFUSE),
        ((62, 0xFFFFFFFF), _REFUSE),  # kill everybody
        ((234, OWN_PID), _ALLOW),  # tgkill
        ((72, 3, 1031), _REFUSE),  # fcntl: enlarge a pipe
        ((72, 3, 3), _ALLOW),
        ((16, 0, 0x5412), _REFUSE),  # ioctl: type into a terminal
        ((302, 0, 0, 0), _ALLOW),  # prlimit64: read one's own
        ((302, 0, 0, 1 << 32), _REFUSE),  # prlimit64: change it, by a pointer whose low half is 0
        ((302, 1, 0, 0), _REFUSE),
        ((0x40000000,), _KILL),  # x32
        ((999,), _REFUSE),  # what is not invented yet
    ],
)
def test_the_filter_allows_what_is_on_its_list(call: tuple[int, ...], verdict: int) -> None:
    assert _verdict(*call) == verdict


def test_the_filter_kills_what_comes_from_another_machine() -> None:
    assert _verdict(0, architecture=0x40000003) == _KILL
