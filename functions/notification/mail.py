"""E-mail: an alert as a letter of plain text, handed to one SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from functions.notification.parcel import NotSent, Parcel, Unsure

_SECONDS = 5.0
"""For each thing that is said to the server."""
_PORTS = {"smtp": 587, "smtps": 465}
_FOOTER = "\n\n--\nYou get this because you subscribed to it in LearnFlow."
_SEVEN_BIT = SMTP.clone(cte_type="7bit")


def send(parcel: Parcel, *, server: str, sender: str) -> None:
    """Hand a letter to the SMTP server, once. Raises NotSent or Unsure.

    `server` is smtps://[user:password@]host[:port], or smtp:// for STARTTLS where the server offers it; a password
    never leaves this machine in the clear. `sender` is an address, with or without a name.
    """
    if not server or not sender:
        raise NotSent("no e-mail server is set up: SMTP_URL, SMTP_FROM")
    letter = write_letter(parcel, sender)
    with _connected(urlsplit(server)) as smtp:
        _hand_over(smtp, letter, parcel.target)


def write_letter(parcel: Parcel, sender: str) -> EmailMessage:
    """Return the letter. Raises NotSent where an address is none: nothing that people write becomes a header."""
    letter = EmailMessage(policy=_SEVEN_BIT)
    name, address = parseaddr(sender)
    try:
        letter["From"] = Address(name, addr_spec=address)
        letter["To"] = Address(addr_spec=parcel.target)
        letter["Subject"] = parcel.title
    except (MessageError, ValueError, IndexError) as error:  # what the library raises for what is no address
        raise NotSent("this cannot be the head of a letter", hopeless=True) from error
    letter["Date"] = parcel.created_at
    letter["Message-ID"] = f"<{parcel.alert_id}@learnflow>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(parcel.message + _FOOTER)
    return letter


@contextmanager
def _connected(url: SplitResult) -> Iterator[smtplib.SMTP]:
    """Yield a connection that one can send on. Raises NotSent if there is none to be had."""
    try:
        smtp = _connect(url)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(f"no connection to the e-mail server: {type(error).__name__}") from error
    try:
        yield smtp
        with suppress(OSError, smtplib.SMTPException):  # it has the letter; how it says goodbye is nothing to us
            smtp.quit()
    finally:
        smtp.close()


def _connect(url: SplitResult) -> smtplib.SMTP:
    if url.scheme not in _PORTS or not url.hostname:
        raise ValueError("SMTP_URL is neither smtp:// nor smtps://")
    host, port = url.hostname, url.port or _PORTS[url.scheme]
    safe = ssl.create_default_context()
    if url.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=safe)
    else:
        smtp = smtplib.SMTP(host, port, timeout=_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=safe)
            smtp.ehlo()
        if url.username:
            if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_here(host):
                raise ValueError("the server offers no encryption, and a password is not sent without")
            smtp.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _hand_over(smtp: smtplib.SMTP, letter: EmailMessage, target: str) -> None:
    """Say from whom, to whom and what. Only once the letter itself is on its way can anything be unsure."""
    sender = letter["From"].addresses[0].addr_spec
    try:
        _judge(smtp.mail(sender))
        _judge(smtp.rcpt(target))
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"the e-mail server went away: {type(error).__name__}") from error
    try:
        _judge(smtp.data(letter.as_bytes()))
    except smtplib.SMTPDataError as error:  # it did not even want to begin
        raise _refused(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unsure(f"the e-mail server went away with the letter: {type(error).__name__}") from error


def _judge(answer: tuple[int, bytes]) -> None:
    if not 200 <= answer[0] < 300:
        raise _refused(answer[0])


def _refused(code: int) -> NotSent:
    """Return what a status says: 4xx is for now, 5xx for ever (RFC 5321, 4.2.1)."""
    return NotSent(f"the e-mail server answers {code}", hopeless=code >= 500)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
