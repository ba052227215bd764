"""Webhooks: signed, to the public internet only, and honest about what came of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from notification_stage import receiving

from functions.notification import webhook
from functions.notification.parcel import NotSent, Parcel, Unsure
from functions.shared.webhooks import may_be_called, new_secret, read_webhook
from scripts.stack.ports import free_ports

PARCEL = Parcel(
    alert_id="a-1",
    channel="webhook",
    target="",
    secret=new_secret(),
    about="ada",
    kind="struggle",
    severity="warning",
    title="ada: the same error",
    message="NameError came up 4 times – “x”.",
    evidence={"times": 4},
    created_at=datetime(2026, 3, 20, 12, tzinfo=UTC),
)


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


def to(url):
    return replace(PARCEL, target=url)


def test_a_receiver_can_check_who_sent_it_by_the_rules_as_they_are_written_down(receiver):
    webhook.send(to(receiver.url), dev=True)

    ((headers, body),) = receiver.got
    assert receiver.paths == ["/hook?school=1"]
    key = base64.b64decode(PARCEL.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
    assert (headers["webhook-id"], headers["content-type"]) == ("a-1", "application/json")
    assert json.loads(body) == {
        "id": "a-1", "kind": "struggle", "severity": "warning", "about": "ada", "title": PARCEL.title,
        "message": PARCEL.message, "evidence": {"times": 4}, "created_at": "2026-03-20T12:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "hopeless"), [(400, True), (404, True), (410, True), (429, False), (500, False), (503, False)]
)
def test_a_refusal_is_for_now_or_for_ever(receiver, status, hopeless):
    receiver.says = [status]

    with pytest.raises(NotSent, match=str(status)) as refused:
        webhook.send(to(receiver.url), dev=True)

    assert refused.value.hopeless is hopeless


def test_a_redirect_is_not_followed(receiver):
    receiver.says = [302]

    with pytest.raises(NotSent, match="302"):
        webhook.send(to(receiver.url), dev=True)

    assert receiver.paths == ["/hook?school=1"]


def test_nobody_there_is_not_sent_but_silence_after_all_is_unsure(receiver):
    (port,) = free_ports(1)
    with pytest.raises(NotSent, match="no connection"):
        webhook.send(to(f"http://localhost:{port}/"), dev=True)
    receiver.says = [None]
    with pytest.raises(Unsure, match="no answer"):
        webhook.send(to(receiver.url), dev=True)

    assert len(receiver.got) == 1


def test_a_receiver_that_never_answers_is_left_in_time(receiver, monkeypatch):
    monkeypatch.setattr(webhook, "_WHOLE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unsure, match="TimeoutError"):
        webhook.send(to(f"http://127.0.0.1:{silent.getsockname()[1]}/"), dev=True)


@pytest.mark.parametrize(
    "found",
    ["127.0.0.1", "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "168.63.129.16",
     "::1", "fd00:ec2::254", "fe80::1", "::ffff:10.0.0.7", "64:ff9b::a00:7", "2002:a00:7::1",
     "64:ff9b:1::a00:7", "::a00:7", "fec0::7"],
)  # fmt: skip
def test_a_public_name_that_leads_inside_is_not_called(monkeypatch, found):
    family = socket.AF_INET6 if ":" in found else socket.AF_INET
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))
    answers = [public, (family, socket.SOCK_STREAM, 6, "", (found, 443))]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_, **__: answers)

    with pytest.raises(NotSent, match="not on the public internet") as refused:
        webhook.send(to("https://innocent.example.org/"), dev=False)

    assert refused.value.hopeless


def test_what_was_looked_up_and_checked_is_what_is_called(receiver, monkeypatch):
    port = receiver.server_address[1]
    asked = []

    def look_up(host, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(webhook.socket, "getaddrinfo", look_up)
    webhook.send(to(f"http://localhost:{port}/"), dev=True)

    assert asked[:1] == ["localhost"]
    assert len(receiver.got) == 1


def test_a_name_that_is_none_is_no_bug():
    for name in ("nowhere.invalid", f"{'x' * 70}.example.org", "..example.org"):
        with pytest.raises(NotSent):
            webhook.send(to(f"https://{name}/"), dev=False)


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost that nobody trusts, in a file with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    made = tmp_path / "localhost.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(tmp_path / "key"), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    made.write_text(made.read_text() + (tmp_path / "key").read_text())
    return made


SEND = """
import sys
from functions.notification import webhook
from test_notification_webhook import to
webhook.send(to(sys.argv[1]), dev=True)
"""


def test_https_is_only_spoken_with_whom_the_certificate_names(receiver, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    port = receiver.server_address[1]
    with pytest.raises(NotSent, match="Certificate"):
        webhook.send(to(f"https://localhost:{port}/"), dev=True)
    assert receiver.got == []

    def trusting(host):
        environment = {
            "PATH": os.environ["PATH"],
            "SSL_CERT_FILE": str(certificate),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, "-c", SEND, f"https://{host}:{port}/"]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    assert trusting("localhost").returncode == 0
    assert "Certificate" in trusting("127.0.0.1").stderr
    assert len(receiver.got) == 1


def test_the_addresses_of_the_public_internet_are_called_and_this_machine_only_in_dev():
    assert may_be_called(ip_address("93.184.216.34"), dev=False)
    assert may_be_called(ip_address("2606:2800:220:1:248:1893:25c8:1946"), dev=False)
    assert [may_be_called(ip_address("127.0.0.1"), dev=dev) for dev in (False, True)] == [False, True]
    assert read_webhook("https://example.org", dev=False).url == "https://example.org:443/"
