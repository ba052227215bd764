"""Room on the disk, before it runs out half-way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from scripts.stack.errors import StackError

NEEDED_BYTES = 1_500_000_000
"""The environment 0.5 GB, Kafka's jars twice, both stores, and room to breathe."""


def require(folder: Path, needed: int | None = None) -> None:
    """Raise StackError unless `folder`'s disk has `needed` bytes free (LEARNFLOW_DISK_BYTES, else 1.5 GB)."""
    needed = needed if needed is not None else int(os.environ.get("LEARNFLOW_DISK_BYTES", NEEDED_BYTES))
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StackError(
            f"LearnFlow needs {needed / 1e9:.1f} GB of disk for its packages and stores, and {folder} has "
            f"{free / 1e9:.1f} GB free. Make room, or clone it onto a larger disk."
        )
