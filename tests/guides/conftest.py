"""The system that readers of the pages have: a checkout in which `scripts/up` has run, as README.md begins."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from guide_pages import fences
from guide_reader import PORTS, Reader

from scripts.stack.errors import NotHereError
from scripts.stack.java import fetch_jars, java
from scripts.stack.places import ROOT, here
from tests.checkouts import a_checkout


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what records the examples of API.md."""
    parser.addoption("--update-examples", action="store_true", help="write what the API answers as what API.md shows")


@pytest.fixture(scope="package")
def reader() -> Iterator[Reader]:
    """One who has done what README.md begins with."""
    try:
        java()
        fetch_jars(here().kafka_libs)
    except NotHereError as why:
        pytest.skip(str(why))
    with a_checkout() as checkout:
        path = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"
        ports = dict(zip(PORTS, map(str, checkout.ports), strict=True))
        checkout.environment |= {"PATH": path, "PYTHONPATH": str(checkout.root), **ports}
        following = Reader(checkout)
        start = next(fence for fence in fences() if fence.page == "README.md" and fence.is_commands)
        code, following.said_at_start = following.run(start.text)
        assert code == 0, following.said_at_start
        yield following
