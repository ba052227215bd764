"""Webhooks: which addresses are taken, and a signature that others can check."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.webhooks import may_be_called, new_secret, read_webhook, signature


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://school.example.org", "https://school.example.org:443/"),
        ("https://School.example.org:8443/hook?key=1", "https://school.example.org:8443/hook?key=1"),
        ("https://93.184.216.34/", "https://93.184.216.34:443/"),
        ("https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://[2606:2800:220:1:248:1893:25c8:1946]:443/"),
    ],
)
def test_an_address_on_the_public_internet_is_taken(url, read):
    assert read_webhook(url, dev=False).url == read


@pytest.mark.parametrize("url", ["http://localhost:9/", "http://127.0.0.1:9/", "http://[::1]:9/", "https://127.0.0.1/"])
def test_this_machine_is_taken_in_dev_alone(url):
    assert read_webhook(url, dev=True).target == "/"
    with pytest.raises(ValueError, match=r"only https|public internet"):
        read_webhook(url, dev=False)


@pytest.mark.parametrize(
    "url",
    ["", "school.example.org", "ftp://school.example.org/", "http://school.example.org/", "//school.example.org",
     "https://", "https:///hook", "https://me:secret@school.example.org/", "https://good.org\\@evil.org/",
     "https://school.example.org/a b", "https://school.example.org/\r\nHost: other", "https://school.example.org:0/",
     "https://school.example.org:70000/", "https://school.example.org/#there", "https://schööl.example.org/",
     "https://10.0.0.7/", "https://169.254.169.254/latest", "https://[fd00:ec2::254]/", "https://[::ffff:10.0.0.7]/",
     "https://[fe80::1%25eth0]/", "https://[::1", "http://127.0.0.2/", "http://localhost.example.org/",
     "https://school.example.org/" + "x" * 2000],
)  # fmt: skip
def test_any_other_is_refused_with_a_reason(url):
    with pytest.raises(ValueError, match=r".{10}"):
        read_webhook(url, dev=True)


@given(st.text(max_size=60) | st.text(max_size=60).map("https://{}".format))
def test_no_text_is_more_than_refused(url):
    try:
        webhook = read_webhook(url, dev=False)
    except ValueError:
        return
    assert read_webhook(webhook.url, dev=False) == webhook


@given(st.ip_addresses())
def test_what_is_called_in_production_is_always_public(address):
    if may_be_called(address, dev=False):
        assert address.is_global
        assert not address.is_loopback | address.is_private | address.is_link_local | address.is_multicast
        assert may_be_called(address, dev=True)


def test_a_signature_is_the_one_that_the_standards_own_example_has():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@given(st.binary(), st.binary())
def test_another_body_or_secret_has_another_signature(one, other):
    secret = new_secret()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, b"id.7." + one, hashlib.sha256).digest()

    assert signature(secret, "id", 7, one) == f"v1,{base64.b64encode(expected).decode()}"
    assert (signature(secret, "id", 7, one) == signature(secret, "id", 7, other)) is (one == other)
    assert signature(new_secret(), "id", 7, one) != signature(secret, "id", 7, one)
