"""Java and Maven: whether they are there, and Kafka's jars through them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.stack import cli
from scripts.stack.errors import NotHereError
from scripts.stack.places import ROOT, here, shown

OLDEST_JAVA = 17
POM = ROOT / "kafka" / "local" / "pom.xml"
DOWNLOAD_SECONDS = 600
INSTALL_JAVA = "Install a JDK (Debian, Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17)"
INSTALL_MAVEN = "Install Maven (Debian, Ubuntu: apt install maven; macOS: brew install maven)"


def java() -> str:
    """The command that runs Java. Raises NotHereError if there is none, or only an old one."""
    home = os.environ.get("JAVA_HOME")
    command = shutil.which("java", path=f"{home}/bin") if home else None
    command = command or shutil.which("java")
    if command is None:
        raise NotHereError(f"Kafka needs Java {OLDEST_JAVA} or newer, and no 'java' is on the PATH. {INSTALL_JAVA}.")
    said = subprocess.run([command, "-version"], capture_output=True, text=True, check=False, timeout=30)
    version = major_version(said.stderr + said.stdout)
    if version is None or said.returncode != 0:
        # macOS puts a stub at /usr/bin/java that only says where to get one.
        raise NotHereError(f"'{command}' does not run. {INSTALL_JAVA}.")
    if version < OLDEST_JAVA:
        raise NotHereError(
            f"Kafka needs Java {OLDEST_JAVA} or newer, and '{command}' is Java {version}. {INSTALL_JAVA}."
        )
    return command


def major_version(said: str) -> int | None:
    """17 of `openjdk version "17.0.15" …`, 8 of `java version "1.8.0_392"`; None if it says no version."""
    match = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(match.group(1)) if match else None


def jars_are_there(libs: Path) -> bool:
    """Whether `libs` holds what the present pom.xml asks for."""
    stamp = libs / ".pom.sha256"
    return stamp.is_file() and stamp.read_text() == _checksum()


def fetch_jars(libs: Path) -> None:
    """Fill `libs` with Kafka's jars by Maven, unless they are there. Two callers at once wait for each other.

    Raises NotHereError without Maven, or if it fails.
    """
    libs.parent.mkdir(parents=True, exist_ok=True)
    with (libs.parent / ".libs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars_are_there(libs):
            _download(libs)


def maven_unless(libs: Path) -> str | None:
    """The command that runs Maven, or None if the jars are there already. Raises NotHereError if it is needed."""
    if jars_are_there(libs):
        return None
    maven = shutil.which("mvn")
    if maven is None:
        raise NotHereError(f"Kafka's jars come through Maven, and no 'mvn' is on the PATH. {INSTALL_MAVEN}.")
    return maven


def _download(libs: Path) -> None:
    maven = maven_unless(libs)
    assert maven is not None  # only called when the jars are missing
    shutil.rmtree(libs, ignore_errors=True)
    log = libs.parent / "maven.log"
    command = [
        maven,
        "-B",
        "-ntp",
        "-f",
        str(POM),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={libs.resolve()}",
    ]
    with log.open("w") as output:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False,
                timeout=DOWNLOAD_SECONDS,
            )  # fmt: skip
            failed = f"failed ({done.returncode})" if done.returncode else ""
        except subprocess.TimeoutExpired:
            failed = f"did not end in {DOWNLOAD_SECONDS} s"
    if failed:
        errors = [line for line in log.read_text(errors="replace").splitlines() if "ERROR" in line][:3]
        raise NotHereError(
            f"Maven {failed} when it was to fetch Kafka's jars; all it said is in {shown(log)}.\n"
            + "\n".join(f"    {line[:300]}" for line in errors)
        )
    (libs / ".pom.sha256").write_text(_checksum())


def _checksum() -> str:
    return hashlib.sha256(POM.read_bytes()).hexdigest()


def main() -> int:
    """Get the jars, if this machine can use them. For beside pip, before there is an environment, and for tests."""
    java()
    fetch_jars(here().kafka_libs)
    return 0


if __name__ == "__main__":
    cli.run(main)
