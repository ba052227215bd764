"""What a program may use, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

LIMITS_FILE = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class Limits:
    """One run's limits; limits.toml explains each. Sizes in bytes, times in seconds."""

    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int
    thread_stack_bytes: int
    open_files: int
    file_bytes: int
    folder_bytes: int
    folder_entries: int
    processes: int
    source_bytes: int
    stdin_bytes: int
    stream_bytes: int
    value_bytes: int
    error_bytes: int
    runs_at_once: int
    graded_stream_bytes: int
    graded_value_bytes: int
    graded_error_bytes: int
    graded_together_seconds: int

    def graded(self) -> Limits:
        """Return the same with the smaller output of one test among many."""
        return replace(
            self,
            stream_bytes=self.graded_stream_bytes,
            value_bytes=self.graded_value_bytes,
            error_bytes=self.graded_error_bytes,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the limits as JSON can carry them."""
        return dict(vars(self))


def load_limits(path: Path = LIMITS_FILE) -> Limits:
    """Read limits from TOML. Raises ValueError naming what is missing, unknown or not a positive number."""
    found: dict[str, Any] = {}
    for section, values in tomllib.loads(path.read_text()).items():
        prefix = "graded_" if section == "graded" else ""
        found.update({prefix + name: value for name, value in values.items()})
    wanted = {field.name for field in fields(Limits)}
    if wrong := wanted.symmetric_difference(found):
        raise ValueError(f"{path.name}: missing or unknown: {', '.join(sorted(wrong))}")
    if wrong := {name for name, value in found.items() if not _is_positive(value, whole=name != "wall_seconds")}:
        raise ValueError(f"{path.name}: not a positive number: {', '.join(sorted(wrong))}")
    return Limits(**found)


def _is_positive(value: object, *, whole: bool) -> bool:
    kinds = (int,) if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool) and value > 0
