"""E-mail: a letter handed to a real SMTP server, whose answers decide what becomes of it."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from notification_stage import deliveries, detected, receiving, subscribe, teach

from functions.notification import mail, outlets
from functions.notification.parcel import NotSent, Parcel, Unsure
from scripts.stack.ports import free_ports

FROM = "LearnFlow <tutor@example.org>"
PARCEL = Parcel(
    alert_id="a-1",
    channel="email",
    target="teacher@example.org",
    secret=None,
    about="ada",
    kind="struggle",
    severity="warning",
    title="ada: the same error – again",
    message="NameError came up 4 times.\n.\n“Every line” arrives: ä€😀",
    evidence={},
    created_at=datetime(2026, 3, 20, 12, tzinfo=UTC),
)


class Mailbox:
    """A mail server's decisions; `says` holds, by command, what it answers instead of 250."""

    def __init__(self):
        self.letters = []
        self.says = {}
        self.logins = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(envelope)
        if self.says.get("DATA") == "hang up":
            server.transport.abort()
        return self.says.get("DATA", "250 OK")


@pytest.fixture
def mailbox():
    mailbox = Mailbox()

    def known(_server, _session, _envelope, _mechanism, data):
        mailbox.logins.append((data.login, data.password))
        return AuthResult(success=True)

    (port,) = free_ports(1)
    server = Controller(mailbox, "127.0.0.1", port, authenticator=known, auth_require_tls=False)
    server.start()
    mailbox.url = f"smtp://127.0.0.1:{port}"
    yield mailbox
    server.stop()


def send(mailbox, parcel=PARCEL, sender=FROM, url=None):
    mail.send(parcel, server=url or mailbox.url, sender=sender)


def read(envelope):
    return email.message_from_bytes(envelope.original_content, policy=email.policy.default)


def test_a_letter_arrives_as_it_was_written(mailbox):
    send(mailbox)

    (envelope,) = mailbox.letters
    letter = read(envelope)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tutor@example.org", ["teacher@example.org"])
    assert (letter["From"], letter["To"]) == (FROM, "teacher@example.org")
    assert (letter["Subject"], letter["Message-ID"]) == (PARCEL.title, "<a-1@learnflow>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == PARCEL.created_at
    assert letter.get_content().replace("\r\n", "\n").startswith(PARCEL.message)
    assert envelope.original_content.isascii()


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "teacher@example.org\r\nBcc: everybody@example.org"},
        {"target": "teacher@example.org, everybody@example.org"},
        {"target": "teacher@example.org>\nRCPT TO:<everybody@example.org"},
        {"title": "Hello\r\nBcc: everybody@example.org"},
        {"title": "Hello\nBcc: everybody@example.org"},
        {"target": "nobody"},
        {"target": ""},
        {"target": "teächer@example.org"},
    ],
)
def test_nothing_that_people_write_becomes_a_header_or_a_command(mailbox, changes):
    with pytest.raises(NotSent) as refused:
        send(mailbox, replace(PARCEL, **changes))

    assert refused.value.hopeless
    assert mailbox.letters == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "hopeless"), [("451 not now", False), ("550 never", True)])
def test_a_refusal_is_for_now_or_for_ever(mailbox, command, answer, hopeless):
    mailbox.says[command] = answer

    with pytest.raises(NotSent, match=answer[:3]) as refused:
        send(mailbox)

    assert refused.value.hopeless is hopeless


def test_nobody_there_is_not_sent_but_who_goes_away_with_the_letter_leaves_it_unsure(mailbox):
    (port,) = free_ports(1)
    with pytest.raises(NotSent, match="no connection"):
        send(mailbox, url=f"smtp://127.0.0.1:{port}")
    mailbox.says["DATA"] = "hang up"
    with pytest.raises(Unsure, match="went away with the letter"):
        send(mailbox)

    assert len(mailbox.letters) == 1


def test_a_password_is_told_to_this_machine_but_to_no_other_in_the_clear(mailbox, monkeypatch):
    url = mailbox.url.replace("//", "//tutor:p%40ss@")
    send(mailbox, url=url)
    assert mailbox.logins == [(b"tutor", b"p@ss")]

    monkeypatch.setattr(mail, "_is_here", lambda _host: False)
    with pytest.raises(NotSent):
        send(mailbox, url=url)

    assert (len(mailbox.logins), len(mailbox.letters)) == (1, 1)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "smtp://", "127.0.0.1:25", "smtp://127.0.0.1:port"])
def test_a_server_that_is_none_is_not_sent_to(url):
    with pytest.raises(NotSent, match="no connection"):
        mail.send(PARCEL, server=url, sender=FROM)


def test_a_struggling_learners_teacher_gets_one_letter_however_often_it_is_said(
    function, db, mailbox, monkeypatch, tmp_path
):
    (tmp_path / "smtp-url").write_text(mailbox.url + "\n")
    monkeypatch.setenv("SMTP_URL_FILE", str(tmp_path / "smtp-url"))
    monkeypatch.setenv("SMTP_FROM", FROM)
    outlets.own_outlets.cache_clear()
    notification = function("notification")
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada", email="teacher@example.org")

    with receiving() as broker:
        monkeypatch.setenv("BROKER_URL", broker.url)
        assert [detected(notification).status for _ in range(2)] == [204, 204]
    outlets.own_outlets.cache_clear()

    (envelope,) = mailbox.letters
    assert read(envelope)["Subject"] == "ada: the same error again and again"
    assert "NameError came up 4 times within 10 minutes." in read(envelope).get_content()
    assert deliveries(db) == [("email", "sent", 1)]
