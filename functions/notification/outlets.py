"""Outlets: the ways out that this process has, wired from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from functions.notification.parcel import Outlet
from functions.shared.alerting import Channel
from functions.shared.settings import Settings, read_settings


@cache
def own_outlets() -> Mapping[Channel, Outlet]:
    """Return the outlets of this process's environment, read when there is first something to send."""
    return outlets(read_settings())


def outlets(settings: Settings) -> Mapping[Channel, Outlet]:
    """Return an outlet for each channel that leads out of the app."""
    from functions.notification import mail, webhook  # a tenth of a second that only what is sent has to pay

    return {
        "webhook": partial(webhook.send, dev=settings.profile == "dev"),
        "email": partial(mail.send, server=settings.smtp_url, sender=settings.smtp_from),
    }
