"""Ports: whose they are is told before anything starts."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from scripts.stack.errors import StackError
from scripts.stack.ports import free_ports, holder, is_answering, is_free, require_free


@pytest.fixture
def held_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(held_port: int) -> None:
    assert not is_free(held_port)
    assert is_answering(held_port)


def test_free_ports_are_free_and_all_different() -> None:
    ports = free_ports(5)

    assert len(set(ports)) == 5
    assert all(is_free(port) and not is_answering(port) for port in ports)


def test_the_holder_of_a_port_is_found(held_port: int) -> None:
    found = holder(held_port)

    assert found is not None
    assert found.pid == os.getpid()


def test_a_port_in_use_is_refused_with_its_holder_and_the_way_out(held_port: int) -> None:
    with pytest.raises(StackError) as refusal:
        require_free(held_port, what="the gateway", way_out="choose another with --gateway-port")

    said = str(refusal.value)
    assert str(held_port) in said
    assert f"process {os.getpid()}" in said
    assert "--gateway-port" in said
