"""The JSON of notifications: request bodies, and alerts and subscriptions as their owners see them."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, time
from functools import cache
from typing import Annotated, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.gateway.notification_queries import KeptSubscription, NewSubscription
from functions.shared.alerting import AlertKind, AlertRequested, Channel, Severity
from functions.shared.edge.alerts import KeptAlert, NotificationDocument, notification
from functions.shared.edge.documents import Body
from functions.shared.events import LEARNER_ID
from functions.shared.webhooks import LONGEST_URL, new_secret

_KINDS: tuple[AlertKind, ...] = ("struggle", "progress", "message")
_EMAIL = re.compile(r"(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")

UserId = Annotated[str, Field(pattern=f"^{LEARNER_ID.pattern}$")]


def _an_address(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise PydanticCustomError("email", "An e-mail address of ASCII characters, as in ada@example.org")
    return text


def _a_clock_time(moment: time) -> time:
    if moment.tzinfo is not None:
        raise PydanticCustomError("time", "A time of day as 22:00; its time zone is the field time_zone")
    return moment


def _a_zone(name: str) -> str:
    if name not in _zones():
        raise PydanticCustomError("time_zone", "An IANA time zone, as in Europe/Vienna")
    return name


ClockTime = Annotated[time, AfterValidator(_a_clock_time)]
TimeZone = Annotated[str, AfterValidator(_a_zone)]


class Notice(Body):
    """Something to tell people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "Tutorial moved", "message": "We meet at 10 on Friday.", "recipients": ["ada"]},
                {"title": "Remember", "message": "Hand in the exercise on loops.", "severity": "warning"},
            ]
        }
    )

    title: str = Field(min_length=1, max_length=200, pattern=r"\S")
    message: str = Field(max_length=4000)
    severity: Severity = "info"
    recipients: tuple[UserId, ...] = Field(
        default=(), max_length=100, description="Who is told: yourself, your teachers, or whom you teach; if left out, "
        "yourself alone.",
    )  # fmt: skip

    def requested(self) -> AlertRequested:
        """Return the event's payload."""
        return AlertRequested(**self.model_dump())


class SubscriptionWish(Body):
    """What to be told of, about whom, and by which ways beside the list of notifications."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"learner_id": "ada", "kinds": ["struggle"], "email": "teacher@example.org"},
                {"learner_id": None, "webhook_url": "https://school.example.org/learnflow"},
                {"email": "ada@example.org", "quiet_from": "22:00", "quiet_to": "07:00", "time_zone": "Europe/Vienna"},
            ]
        }
    )

    learner_id: UserId | None = Field(
        None, description="Whom it is about; null: everybody whom you teach; if left out, yourself.", examples=["ada"]
    )
    kinds: tuple[AlertKind, ...] = Field(_KINDS, min_length=1)
    channels: tuple[Channel, ...] | None = Field(
        None, description="If given: `in_app`, always there, and those of the addresses below."
    )
    webhook_url: str | None = Field(None, max_length=LONGEST_URL, description="https:// on the public internet.")
    email: Annotated[str, AfterValidator(_an_address)] | None = None
    quiet_from: ClockTime | None = Field(None, description="From then on nothing disturbs: it waits.")
    quiet_to: ClockTime | None = Field(None, description="Until then, over midnight where it is the earlier one.")
    time_zone: TimeZone = Field("UTC", examples=["Europe/Vienna"])

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise PydanticCustomError("quiet", "quiet_from and quiet_to belong together")
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise PydanticCustomError("quiet", "quiet_from and quiet_to are the same: quiet never, or always?")
        if self.channels is not None and {*self.channels, "in_app"} != set(self.ways):
            raise PydanticCustomError("channels", "channels: webhook comes with webhook_url, email with email")
        return self

    @property
    def ways(self) -> list[Channel]:
        """The channels that there are addresses for."""
        addressed: dict[Channel, str | None] = {"webhook": self.webhook_url, "email": self.email}
        return ["in_app", *(channel for channel, address in addressed.items() if address is not None)]

    def wanted(self, subscriber: str) -> NewSubscription:
        """Return the subscription that this is for whoever asks, with a secret of its own."""
        return NewSubscription(
            id=str(uuid.uuid4()),
            subscriber_id=subscriber,
            learner_id=self.learner_id if "learner_id" in self.model_fields_set else subscriber,
            kinds=list(dict.fromkeys(self.kinds)),
            channels=self.ways,
            webhook_url=self.webhook_url,
            webhook_secret=new_secret() if self.webhook_url is not None else None,
            email=self.email,
            quiet_from=self.quiet_from,
            quiet_to=self.quiet_to,
            time_zone=self.time_zone,
        )


class NotificationsDocument(BaseModel):
    """A page of what somebody is told, the latest first."""

    notifications: list[NotificationDocument]
    unread: int = Field(description="How many there are in all that were not read.")
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


class SubscriptionDocument(BaseModel):
    """What somebody subscribed to."""

    id: str
    learner_id: str | None = Field(description="Null: everybody.")
    kinds: list[AlertKind]
    channels: list[Channel]
    webhook_url: str | None
    email: str | None
    quiet_from: time | None
    quiet_to: time | None
    time_zone: str
    created_at: datetime


class SubscribedDocument(SubscriptionDocument):
    """The same, with what the receiver of a webhook checks signatures with."""

    webhook_secret: str | None = Field(description="Keep it: it is shown nowhere else.")


class SubscriptionsDocument(BaseModel):
    """Everything that somebody subscribed to."""

    subscriptions: list[SubscriptionDocument]


def page(alerts: list[KeptAlert], unread: int, size: int) -> NotificationsDocument:
    """Return a page of `size` out of alerts, of which there is one more where there is another page."""
    shown = alerts[:size]
    return NotificationsDocument(
        notifications=[notification(alert) for alert in shown],
        unread=unread,
        next=str(shown[-1].seq) if len(alerts) > size else None,
    )


def subscription(kept: KeptSubscription) -> SubscriptionDocument:
    """Return a subscription as its owner sees it."""
    return SubscriptionDocument.model_validate(kept, from_attributes=True)


def subscribed(kept: KeptSubscription) -> SubscribedDocument:
    """Return a subscription that was just made."""
    return SubscribedDocument.model_validate(kept, from_attributes=True)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
