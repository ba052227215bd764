"""Where a request comes from is believed only of those who cannot make it up."""

import pytest

from functions.shared.edge.addresses import ELSEWHERE, came_by_https, client_address, is_this_machine


def scope(peer="10.0.0.9", *, scheme="http", **headers):
    """A request from `peer`; each header may be a list of values."""
    named = {
        name.replace("_", "-").encode(): each if isinstance(each, list) else [each] for name, each in headers.items()
    }
    return {
        "client": (peer, 1234) if peer else None,
        "scheme": scheme,
        "headers": [(name, value.encode("latin-1")) for name, values in named.items() for value in values],
    }


def test_without_proxies_of_ours_nothing_but_the_peer_is_believed():
    assert client_address(scope(x_forwarded_for="1.2.3.4"), 0) == "10.0.0.9"


@pytest.mark.parametrize(
    ("hops", "forwarded", "client"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, ["6.6.6.6, 203.0.113.7", "10.0.0.1"], "203.0.113.7"),
        (1, "203.0.113.7:51324", "203.0.113.7"),
        (1, "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
    ],
)
def test_behind_proxies_the_entry_that_the_first_of_them_made_counts(hops, forwarded, client):
    assert client_address(scope(x_forwarded_for=forwarded), hops) == client


@pytest.mark.parametrize(
    ("hops", "forwarded"), [(2, "203.0.113.7"), (1, "unknown"), (1, ""), (1, "_hidden"), (1, "1.2.3.4.5")]
)
def test_what_did_not_come_by_all_of_them_or_names_nobody_counts_for_the_peer(hops, forwarded):
    assert client_address(scope(x_forwarded_for=forwarded), hops) == "10.0.0.9"


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", ELSEWHERE),
        (None, ELSEWHERE),
    ],
)
def test_those_of_one_network_count_as_one(peer, client):
    assert client_address(scope(peer), 0) == client


@pytest.mark.parametrize(
    ("request_scope", "hops", "expected"),
    [
        (scope(scheme="https"), 0, True),
        (scope(), 0, False),
        (scope(x_forwarded_proto="https"), 0, False),
        (scope(x_forwarded_proto="https"), 1, True),
        (scope(x_forwarded_proto=["https", "http"]), 1, False),
        (scope(x_forwarded_proto="http"), 1, False),
    ],
)
def test_https_is_believed_of_ourselves_and_of_our_proxies(request_scope, hops, expected):
    assert came_by_https(request_scope, hops) is expected


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8080", "LOCALHOST", "localhost.", "gateway.learnflow.localhost:8090", "127.0.0.1",
     "127.0.0.1:80", "127.8.9.1", "[::1]", "[::1]:8080"],
)  # fmt: skip
def test_this_machine_is_known_by_its_names(host):
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host",
    ["", "example.org", "localhost.example.org", "127.0.0.1.example.org", "notlocalhost", "192.168.1.2", "0.0.0.0",
     "[2001:db8::1]", "127.0.0.1@example.org", "localhost:x", "localhost:80:80", "example.org#.localhost/",
     "[localhost]"],
)  # fmt: skip
def test_nothing_else_is_this_machine(host):
    assert not is_this_machine(host)
