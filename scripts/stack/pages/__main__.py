"""Write what is generated of the pages, or say what has drifted.

python -m scripts.stack.pages --write
python -m scripts.stack.pages --check
"""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.stack import cli
from scripts.stack.pages import api, architecture
from scripts.stack.pages.regions import filled
from scripts.stack.places import ROOT


def generated() -> dict[Path, str]:
    """Return what every generated page must hold, by its path within the repository."""
    pages = {module.PAGE: module.parts() for module in (architecture, api)}
    return {page: filled((ROOT / page).read_text(), parts) for page, parts in pages.items()} | {
        api.OPENAPI: api.openapi()
    }


def drifted() -> list[str]:
    """Return one sentence per page that is not as generated."""
    return [f"{path} is out of date" for path, text in generated().items() if _text(path) != text]


def write() -> None:
    """Write every generated page."""
    for path, text in generated().items():
        (ROOT / path).write_text(text)


def _text(path: Path) -> str | None:
    return (ROOT / path).read_text() if (ROOT / path).exists() else None


def main() -> int:
    """Run the command line; exit 1 where --check finds something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write the pages")
    what.add_argument("--check", action="store_true", help="say what has drifted, and fail if anything has")
    if parser.parse_args().write:
        write()
        return 0
    problems = drifted()
    print("\n".join(problems) or "the pages agree with what they are made from")
    return 1 if problems else 0


if __name__ == "__main__":
    cli.run(main)
