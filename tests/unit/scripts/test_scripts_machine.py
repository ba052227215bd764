"""What the machine lacks is said in one sentence with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.stack import disk, doctor, java
from scripts.stack.doctor import Options, make_plan
from scripts.stack.errors import NotHereError, StackError
from scripts.stack.places import Places
from scripts.stack.ports import free_port, free_ports


def program(folder: Path, name: str, script: str) -> None:
    """An executable that takes the place of a real one on a PATH of its own."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH that holds only what the test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


@pytest.fixture
def options() -> Options:
    port, gateway_port, kafka_port, realtime_port = free_ports(4)
    return Options(False, True, port, gateway_port, kafka_port, realtime_port=realtime_port)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("No Java runtime present, requesting install.", None),
    ],
)
def test_java_says_its_version_in_several_ways(said: str, version: int | None) -> None:
    assert java.major_version(said) == version


def test_an_old_java_is_named_with_the_version_that_is_needed(path: Path) -> None:
    program(path, "java", "echo 'openjdk version \"11.0.2\"' >&2")

    with pytest.raises(NotHereError, match=r"needs Java 17 or newer.* is Java 11\. Install"):
        java.java()


def test_a_java_that_only_says_where_to_get_one_is_none(path: Path) -> None:
    program(path, "java", "echo 'requesting install' >&2; exit 1")

    with pytest.raises(NotHereError, match="does not run"):
        java.java()


def test_java_home_goes_before_the_path(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "jdk"
    (home / "bin").mkdir(parents=True)
    program(home / "bin", "java", "echo 'openjdk version \"21\"' >&2")
    monkeypatch.setenv("JAVA_HOME", str(home))

    assert java.java() == str(home / "bin" / "java")


def test_without_java_the_plan_keeps_events_in_memory_and_says_so(path: Path, places: Places, options: Options) -> None:
    plan = make_plan(options, places)

    assert (plan.bootstrap, plan.log) == (None, "memory")
    assert plan.warning is not None
    assert "no 'java' is on the PATH" in plan.warning
    assert "KAFKA_BOOTSTRAP_SERVERS" in plan.warning


def test_without_maven_the_plan_keeps_events_in_memory_and_says_so(
    path: Path, places: Places, options: Options
) -> None:
    program(path, "java", "echo 'openjdk version \"17\"' >&2")

    plan = make_plan(options, places)

    assert plan.log == "memory"
    assert plan.warning is not None
    assert "no 'mvn' is on the PATH" in plan.warning


def test_maven_is_not_needed_once_the_jars_are_there(path: Path, places: Places, options: Options) -> None:
    program(path, "java", "echo 'openjdk version \"17\"' >&2")
    places.kafka_libs.mkdir(parents=True)
    (places.kafka_libs / ".pom.sha256").write_text(java._checksum())

    plan = make_plan(options, places)

    assert plan.bootstrap == f"127.0.0.1:{options.kafka_port}"
    assert plan.warning is None


def test_a_download_that_fails_says_why_and_where_to_read_more(path: Path, places: Places) -> None:
    program(path, "mvn", "echo '[ERROR] no route to the registry'; exit 1")

    with pytest.raises(NotHereError, match=r"(?s)Maven failed \(1\).*maven\.log.*no route to the registry"):
        java.fetch_jars(places.kafka_libs)
    assert not java.jars_are_there(places.kafka_libs)


def test_a_kafka_of_ones_own_that_does_not_answer_is_named(
    places: Places, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", address := f"127.0.0.1:{free_port()}")
    monkeypatch.setattr(doctor, "KAFKA_PATIENCE_SECONDS", 0.3)

    with pytest.raises(StackError, match=f"No Kafka answers at {address}.*--no-kafka"):
        make_plan(options, places)


def test_a_database_of_ones_own_that_does_not_answer_is_named(
    places: Places, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/none")

    with pytest.raises(StackError, match=r"DATABASE_URL does not answer.*refused.*unset it"):
        make_plan(options, places)


def test_too_little_disk_says_how_much_is_needed(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"needs 1000000000\.0 GB of disk.*GB free\. Make room"):
        disk.require(tmp_path, 10**18)


def test_two_parts_cannot_have_one_port(places: Places) -> None:
    port = free_port()

    with pytest.raises(StackError, match="must differ"):
        make_plan(Options(False, False, port, port, 9), places)
